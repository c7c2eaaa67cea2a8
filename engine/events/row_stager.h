// From the rows of a piece to staged records: maps, gives pseudonyms and digests, and writes down
// what goes to quarantine. Knows nothing of files, so pieces run side by side.
//
//   BURGEON_ASSIGN_OR_RETURN(const RowStager stager,
//                            RowStager::Make(source, columns, pseudonym, now));
//   StagedPiece piece = stager.Stage(batch);
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
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/events/event_view.h"
#include "engine/events/field_source.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/mapping.h"
#include "engine/events/row_digest.h"
#include "engine/events/row_mapper.h"
#include "engine/table/table.h"

namespace burgeon {

// The stored form of a customer id; an empty function keeps ids as they are.
using Pseudonymise = std::function<std::string(std::string_view)>;
// Whether a stored customer id was erased; an empty function: nobody was.
using IsErased = std::function<bool(std::string_view)>;

struct StagedPiece {
  BucketedRecords events;     // by bucket of the customer (staged_record.h)
  BucketedRecords customers;  // attribute values, by hash of their id (staged_attribute.h)
  BucketedRecords items;
  BucketedRecords aggregates;
  BucketedRecords changes;  // by bucket of the customer (cleaning_log.h)
  struct Bad {
    int64_t line = 0;
    std::string reason;  // "time: wanted a time ..."
    std::string text;    // a line of the quarantine file
  };
  std::vector<Bad> bad;  // in the order of lines
  int64_t source_bytes = 0;
  int64_t rows = 0;  // bad ones among them
  int64_t ignored = 0;
  int64_t erased_dropped = 0;  // rows that name somebody who was erased: nothing is kept of them
  int64_t attribute_rows = 0;
  int64_t values_cleaned = 0;
  EventFields fields = 0;  // of all events
  int64_t bytes() const;   // of all records
};

// Immutable, thread-safe if the pseudonym function is.
class RowStager {
 public:
  static absl::StatusOr<RowStager> Make(const SourceConfig& source, const ColumnIndex& columns,
                                        Pseudonymise pseudonym, TimeMicros ingested_at,
                                        std::shared_ptr<const CurrencyRates> rates = nullptr);

  StagedPiece Stage(const TextBatch& batch) const;

  // Rows of these customers, and links to them, are left out and counted. Thread-safe.
  void LeaveOut(IsErased erased) { erased_ = std::move(erased); }

 private:
  struct Work;  // what is kept from row to row of a piece

  RowStager(const SourceConfig& source, const ColumnIndex& columns, Pseudonymise pseudonym,
            TimeMicros ingested_at);
  absl::Status BindAttributeTable(const ColumnIndex& columns);
  void StageEvent(const TextBatch& batch, int64_t row, Work* work) const;
  void StageMappedAttributes(int64_t line, Work* work) const;
  void StageChanges(int64_t line, Work* work) const;
  void StageAttributes(const TextBatch& batch, int64_t row, Work* work) const;
  bool AttributeTime(const TextBatch& batch, int64_t row, TimeMicros* time,
                     FieldProblem* problem) const;
  bool NamesAnErased(const MappedRow& mapped, Work* work) const;
  void AddBad(const TextBatch& batch, int64_t row, const FieldProblem& problem, Work* work) const;
  void AddUnreadable(const BadRow& bad, Work* work) const;
  std::string_view StoredId(std::string_view id, Work* work) const;
  // The field the customer id comes from; unbound when the source has none.
  const BoundField& CustomerField() const;

  SourceConfig source_;
  std::vector<std::string> column_names_;
  Pseudonymise pseudonym_;
  IsErased erased_;
  TimeMicros ingested_at_;
  RowMapper mapper_;  // of events
  UnmappedDigest unmapped_;
  BoundField id_, time_;  // of other tables
  std::vector<BoundField> attributes_;
  std::vector<std::string> attribute_names_;  // as stored
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_STAGER_H_
