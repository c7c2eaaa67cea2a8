// From rows of a batch to staged records: maps, gives pseudonyms and digests, and writes down what
// goes to quarantine. Knows nothing of files, so blocks of a batch run side by side.
//
//   BURGEON_ASSIGN_OR_RETURN(const RowStager stager,
//                            RowStager::Make(source, columns, pseudonym, now));
//   StagedBlock block = stager.Stage(batch, begin, end);
#ifndef BURGEON_ENGINE_EVENTS_ROW_STAGER_H_
#define BURGEON_ENGINE_EVENTS_ROW_STAGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/events/field_source.h"
#include "engine/events/mapping.h"
#include "engine/events/row_digest.h"
#include "engine/events/row_mapper.h"
#include "engine/table/table.h"

namespace burgeon {

// The stored form of a customer id; an empty function keeps ids as they are.
using Pseudonymise = std::function<std::string(std::string_view)>;

// Encoded records one after another, each with its bucket.
struct StagedRecords {
  std::string bytes;
  std::vector<std::pair<int, size_t>> records;  // bucket, size
};

struct StagedBlock {
  StagedRecords events;
  StagedRecords customer_attributes;
  StagedRecords item_attributes;
  StagedRecords aggregates;
  struct Bad {
    int64_t line = 0;
    std::string reason;  // "time: wanted a time ..."
    std::string text;    // a line of the quarantine file
  };
  std::vector<Bad> bad;  // in the order of lines
  int64_t ignored = 0;
  int64_t attribute_rows = 0;
};

// Immutable, thread-safe if the pseudonym function is.
class RowStager {
 public:
  static absl::StatusOr<RowStager> Make(const SourceConfig& source, const ColumnIndex& columns,
                                        Pseudonymise pseudonym, TimeMicros ingested_at);

  StagedBlock Stage(const TextBatch& batch, int64_t begin, int64_t end) const;
  // A row the reader could not take apart.
  StagedBlock::Bad Refuse(const BadRow& bad) const;

 private:
  RowStager(const SourceConfig& source, const ColumnIndex& columns, Pseudonymise pseudonym,
            TimeMicros ingested_at);
  absl::Status BindAttributeTable(const ColumnIndex& columns);
  void StageEvent(const TextBatch& batch, int64_t row, MappedRow* mapped, StagedBlock* out) const;
  void StageAttributes(const TextBatch& batch, int64_t row, StagedBlock* out) const;
  void AddBad(const TextBatch& batch, int64_t row, const FieldProblem& problem,
              StagedBlock* out) const;
  std::string StoredId(std::string_view id) const;
  // The field the customer id comes from; unbound when the source has none.
  const BoundField& CustomerField() const;

  SourceConfig source_;
  std::vector<std::string> column_names_;
  Pseudonymise pseudonym_;
  TimeMicros ingested_at_;
  RowMapper mapper_;  // of events
  UnmappedDigest unmapped_;
  BoundField id_, time_;  // of tables of customers or items
  std::vector<BoundField> attributes_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_STAGER_H_
