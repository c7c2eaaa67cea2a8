// The identity of a raw row, from which the event id of a source without its own is made.
//
// id of the n-th equal row of a file (n counts from 1, in the order of lines):
//   n == 1   SHA-256 of the row
//   n > 1    SHA-256 of (that digest, n as 8 bytes little-endian)
// written as 64 hexadecimal digits. So a second ingest of a file finds its own ids again, and a
// file that overlaps an earlier one adds only what is new.
//
// The row's digest is over: "burgeon row 1", the source's name, then for each column that is not
// empty, in the order of column names: name and value. Each text is preceded by its length as 4
// bytes little-endian. The order of columns in the file, and columns that are empty, do not count.
#ifndef BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_
#define BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/table/table.h"

namespace burgeon {

// Immutable, thread-safe.
class RowDigester {
 public:
  // `replaced`: the column whose value is given to Digest instead of being taken from the row (the
  // customer's, when it is stored as a pseudonym: a digest over the plain id could be searched
  // for).
  RowDigester(std::string_view source, const std::vector<std::string>& column_names,
              std::optional<size_t> replaced);

  Sha256Digest Digest(const TextBatch& batch, int64_t row, std::string_view replacement) const;

 private:
  std::string head_;
  std::vector<std::pair<size_t, std::string>> columns_;  // position, name as it is hashed
  std::optional<size_t> replaced_;
};

// The event id of the n-th equal row, n >= 1.
std::string EventIdOf(const Sha256Digest& row, int64_t occurrence);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_DIGEST_H_
