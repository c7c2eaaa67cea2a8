// Rows of a source to events, by a mapping tied to the columns of one file.
//
//   BURGEON_ASSIGN_OR_RETURN(const RowMapper mapper, RowMapper::Bind(source, columns));
//   switch (mapper.Map(batch, row, &mapped, &problem)) { ... }
//
// Immutable and thread-safe; memory of *mapped is used again from row to row.
#ifndef BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_
#define BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/decimal.h"
#include "engine/events/event.h"
#include "engine/events/field_source.h"
#include "engine/events/mapping.h"
#include "engine/table/table.h"

namespace burgeon {

enum class RowOutcome { kEvent, kIgnored, kBad };

struct MappedRow {
  // As the source has it: the customer id is not yet a pseudonym; event_id is "" unless the client
  // gave one; source and ingested_at are not set.
  Event event;
  // Index into the mapping's attributes, and the value.
  std::vector<std::pair<size_t, std::string>> customer_attributes;
  std::vector<std::pair<size_t, std::string>> item_attributes;
};

class RowMapper {
 public:
  static absl::StatusOr<RowMapper> Bind(const SourceConfig& source, const ColumnIndex& columns);

  RowOutcome Map(const TextBatch& batch, int64_t row, MappedRow* out, FieldProblem* problem) const;
  const BoundField& customer() const { return customer_; }
  // The columns it reads, in no order; a column may be there more than once.
  const std::vector<size_t>& used_columns() const { return used_columns_; }

 private:
  struct Rule {
    TypeRule rule;
    size_t column = 0;
    Decimal bound;
  };
  enum class TypeOutcome { kTyped, kIgnored, kBad };

  void CollectUsedColumns();
  TypeOutcome MapType(const TextBatch& batch, int64_t row, Event* event,
                      FieldProblem* problem) const;
  bool MapIds(const TextBatch& batch, int64_t row, Event* event, FieldProblem* problem) const;
  bool MapTimes(const TextBatch& batch, int64_t row, Event* event, FieldProblem* problem) const;
  bool MapAmounts(const TextBatch& batch, int64_t row, Event* event, FieldProblem* problem) const;
  bool MapAttributes(const TextBatch& batch, int64_t row, MappedRow* out,
                     FieldProblem* problem) const;

  BoundField customer_, item_, session_, channel_, event_id_;
  BoundField time_, known_at_;
  BoundField quantity_, value_, unit_price_, currency_;
  TimeFormat time_format_, known_at_format_;
  TimeMicros known_lag_ = 0;
  std::vector<Rule> rules_;
  std::optional<size_t> type_column_;
  TypeMapping type_;
  std::vector<std::pair<std::string, size_t>> properties_;
  std::vector<BoundField> customer_attributes_;
  std::vector<BoundField> item_attributes_;
  std::vector<size_t> used_columns_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_
