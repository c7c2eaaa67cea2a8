// What tells two rows apart that the mapping makes the same event: the raw text of the columns it
// does not use. A table as CSV and as Parquet gives the same events, and the same digests unless an
// unused number is written otherwise.
#ifndef BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_
#define BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/events/field_source.h"
#include "engine/table/table.h"

namespace burgeon {

// Immutable, thread-safe.
class UnmappedDigest {
 public:
  UnmappedDigest() = default;
  // `used` are the positions of the columns that the mapping reads.
  UnmappedDigest(const ColumnIndex& columns, const std::vector<size_t>& used);

  // XXH3 (64 bits) of the unused columns that are not empty, by name, each as the hash of its name
  // and its text; 0 when all of them are empty or all columns are used. Stable: it is stored.
  uint64_t Of(const TextBatch& batch, int64_t row) const;

 private:
  struct Unused {
    size_t column = 0;
    uint64_t name_hash = 0;
  };
  std::vector<Unused> unused_;  // by name
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_
