// Rows of a source to events, by a mapping tied to the columns of one file.
//
//   BURGEON_ASSIGN_OR_RETURN(const RowMapper mapper, RowMapper::Bind(source, columns));
//   MappedRow mapped;                                     // one a thread, used again and again
//   switch (mapper.Map(batch, row, &mapped, &problem)) { ... }
//
// Immutable and thread-safe. Nothing is copied or allocated for a row whose fields are plain.
#ifndef BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_
#define BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/events/currency_rates.h"
#include "engine/events/decimal.h"
#include "engine/events/event.h"
#include "engine/events/event_view.h"
#include "engine/events/field_source.h"
#include "engine/events/mapping.h"
#include "engine/events/word_dictionary.h"
#include "engine/table/table.h"

namespace burgeon {

enum class RowOutcome { kEvent, kIgnored, kBad };

struct MappedRow {
  // As the source has it: the customer id is not yet a pseudonym; event_id is "" unless the client
  // gave one; unmapped, ingest and line are not set. It points into the batch, the mapping and this
  // row, and is void at the next Map.
  EventView event;
  // Of an id_link, which then is in event.properties too.
  std::map<std::string, std::string> properties;
  // Index into the mapping's attributes, and the value.
  std::vector<std::pair<size_t, std::string>> customer_attributes;
  std::vector<std::pair<size_t, std::string>> item_attributes;
  // What transforms changed; of attributes the field is "customer_attributes.<name>" or
  // "item_attributes.<name>", of properties "properties.<name>".
  std::vector<FieldChange> changes;

  // Writes `properties`, which the caller changed, into the event.
  void EncodeOwnProperties();

 private:
  friend class RowMapper;
  enum Text { kCustomer, kItem, kSession, kChannel, kEventId, kCurrency, kOther, kTexts };
  std::array<FieldScratch, kTexts> scratch_;
  std::string properties_text_;
  Event checked_;  // for event_rules.h and currency_rates.h
};

class RowMapper {
 public:
  // `rates` are those of source.currency; nullptr when it has none.
  static absl::StatusOr<RowMapper> Bind(const SourceConfig& source, const ColumnIndex& columns,
                                        std::shared_ptr<const CurrencyRates> rates = nullptr);

  RowOutcome Map(const TextBatch& batch, int64_t row, MappedRow* out, FieldProblem* problem) const;
  const BoundField& customer() const { return customer_; }
  // The columns it takes an event's fields from, in no order; one may be there more than once.
  // Those of attributes are not among them: what they say is no part of the event.
  const std::vector<size_t>& used_columns() const { return used_columns_; }

 private:
  struct Rule {
    TypeRule rule;
    size_t column = 0;
    Decimal bound;
  };
  enum class TypeOutcome { kTyped, kIgnored, kBad };

  absl::Status BindEventFields(const SourceConfig& source, const ColumnIndex& columns);
  absl::Status BindType(const TypeMapping& type, const ColumnIndex& columns);
  absl::Status BindProperties(const SourceConfig& source, const ColumnIndex& columns);
  void CollectUsedColumns();
  TypeOutcome Take(const TypeTarget& target, std::string_view own_name, MappedRow* out) const;
  TypeOutcome MapType(const TextBatch& batch, int64_t row, MappedRow* out,
                      FieldProblem* problem) const;
  bool MapIds(const TextBatch& batch, int64_t row, MappedRow* out, FieldProblem* problem) const;
  bool MapTimes(const TextBatch& batch, int64_t row, MappedRow* out, FieldProblem* problem) const;
  bool MapAmounts(const TextBatch& batch, int64_t row, MappedRow* out, FieldProblem* problem) const;
  bool MapCurrency(MappedRow* out, FieldProblem* problem) const;
  bool MapProperties(const TextBatch& batch, int64_t row, MappedRow* out,
                     FieldProblem* problem) const;
  bool MapAttributes(const TextBatch& batch, int64_t row, MappedRow* out,
                     FieldProblem* problem) const;

  BoundField customer_, item_, session_, channel_, event_id_;
  BoundField time_, known_at_;
  BoundField quantity_, value_, unit_price_, currency_;
  TimeFormat time_format_, known_at_format_;
  TimeMicros known_lag_ = 0;
  std::shared_ptr<const CurrencyRates> rates_;
  bool log_changes_ = false;
  std::vector<Rule> rules_;
  std::optional<size_t> type_column_;
  // By the text of the column: the mapping's values, all type names.
  WordDictionary type_texts_{WordDictionary::Bytes::kCopied};
  std::vector<TypeTarget> types_;
  std::optional<TypeTarget> otherwise_;
  std::vector<std::pair<std::string, size_t>> properties_;
  std::vector<BoundField> property_fields_;
  std::optional<size_t> properties_from_;
  bool has_properties_ = false;  // by any of these
  std::vector<BoundField> customer_attributes_;
  std::vector<BoundField> item_attributes_;
  std::vector<size_t> used_columns_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ROW_MAPPER_H_
