#include "engine/events/row_mapper.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr std::string_view kTypeProperty = "type";

absl::Status BindOptional(const std::string& name, const std::optional<FieldSource>& source,
                          const SourceConfig& config, const ColumnIndex& columns,
                          BoundField* field) {
  if (!source) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(*field, BoundField::Bind(name, *source, config.null_values, columns));
  return absl::OkStatus();
}

absl::Status BindAttributes(const std::vector<std::pair<std::string, FieldSource>>& sources,
                            const SourceConfig& config, const ColumnIndex& columns,
                            std::vector<BoundField>* fields) {
  for (const auto& [name, source] : sources) {
    BURGEON_ASSIGN_OR_RETURN(BoundField field,
                             BoundField::Bind(name, source, config.null_values, columns));
    fields->push_back(std::move(field));
  }
  return absl::OkStatus();
}

std::string_view TextAt(const TextBatch& batch, size_t column, int64_t row) {
  const TextColumn& values = batch.columns[column];
  return values.is_null(row) ? std::string_view() : values.value(row);
}

// Brings the sign to what the type allows; false when it allows none of it.
bool SettleSign(EventType type, Decimal* number) {
  if (number->mantissa >= 0 || type == EventType::kOther) return true;
  if (type != EventType::kReturn && type != EventType::kCancel) return false;
  number->mantissa = -number->mantissa;
  return true;
}

bool IsCurrency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Reads an id; false fills *problem.
bool TakeId(const BoundField& field, const TextBatch& batch, int64_t row, std::string* id,
            FieldProblem* problem) {
  if (field.Read(batch, row, id, problem) == Presence::kBad) return false;
  const std::string_view wanted = ProblemOfId(*id);
  if (wanted.empty()) return true;
  *problem = field.Problem(batch, row, std::string(wanted));
  return false;
}

// Reads a number; absent leaves *number as it was and *present false.
bool TakeNumber(const BoundField& field, const TextBatch& batch, int64_t row, EventType type,
                Decimal* number, bool* present, FieldProblem* problem) {
  std::string text;
  const Presence presence = field.Read(batch, row, &text, problem);
  *present = presence == Presence::kPresent;
  if (!*present) return presence == Presence::kAbsent;
  const auto parsed = ParseDecimal(TrimAscii(text));
  if (!parsed) {
    *problem = field.Problem(batch, row, "a number");
    return false;
  }
  *number = *parsed;
  if (SettleSign(type, number)) return true;
  *problem = field.Problem(
      batch, row, Concat("a number not below 0 for an event of type ", EventTypeName(type)));
  return false;
}

}  // namespace

absl::StatusOr<RowMapper> RowMapper::Bind(const SourceConfig& source, const ColumnIndex& columns) {
  const EventMapping& map = source.events;
  RowMapper out;
  const std::pair<const char*, std::pair<const std::optional<FieldSource>*, BoundField*>> fields[] =
      {{"customer", {&map.customer, &out.customer_}},
       {"item", {&map.item, &out.item_}},
       {"session", {&map.session, &out.session_}},
       {"channel", {&map.channel, &out.channel_}},
       {"event_id", {&map.event_id, &out.event_id_}},
       {"quantity", {&map.quantity, &out.quantity_}},
       {"value", {&map.value, &out.value_}},
       {"unit_price", {&map.unit_price, &out.unit_price_}},
       {"currency", {&map.currency, &out.currency_}}};
  for (const auto& [name, field] : fields) {
    BURGEON_RETURN_IF_ERROR(BindOptional(name, *field.first, source, columns, field.second));
  }
  BURGEON_RETURN_IF_ERROR(BindOptional("time", map.time.source, source, columns, &out.time_));
  out.time_format_ = map.time.format;
  if (map.known_at) {
    BURGEON_RETURN_IF_ERROR(
        BindOptional("known_at", map.known_at->source, source, columns, &out.known_at_));
    out.known_at_format_ = map.known_at->format;
  }
  out.known_lag_ = source.known_lag_seconds * kMicrosPerSecond;
  out.type_ = map.type;
  for (const TypeRule& rule : map.type.rules) {
    Rule bound{rule, 0, ParseDecimal(rule.bound).value_or(Decimal{})};
    BURGEON_ASSIGN_OR_RETURN(bound.column, columns.Find(rule.column, "a rule of type"));
    out.rules_.push_back(std::move(bound));
  }
  if (!map.type.column.empty()) {
    BURGEON_ASSIGN_OR_RETURN(out.type_column_, columns.Find(map.type.column, "type"));
  }
  for (const auto& [name, column] : map.properties) {
    BURGEON_ASSIGN_OR_RETURN(const size_t at, columns.Find(column, Concat("property ", name)));
    out.properties_.emplace_back(name, at);
  }
  BURGEON_RETURN_IF_ERROR(
      BindAttributes(map.customer_attributes, source, columns, &out.customer_attributes_));
  BURGEON_RETURN_IF_ERROR(
      BindAttributes(map.item_attributes, source, columns, &out.item_attributes_));
  out.CollectUsedColumns();
  return out;
}

void RowMapper::CollectUsedColumns() {
  const auto use = [&](const BoundField& field) {
    if (field.column()) used_columns_.push_back(*field.column());
  };
  for (const BoundField* field : {&customer_, &item_, &session_, &channel_, &event_id_, &time_,
                                  &known_at_, &quantity_, &value_, &unit_price_, &currency_}) {
    use(*field);
  }
  for (const Rule& rule : rules_) used_columns_.push_back(rule.column);
  if (type_column_) used_columns_.push_back(*type_column_);
  for (const auto& [name, column] : properties_) used_columns_.push_back(column);
  // Attribute columns are not: what they say is no part of the event.
}

RowMapper::TypeOutcome RowMapper::MapType(const TextBatch& batch, int64_t row, Event* event,
                                          FieldProblem* problem) const {
  const auto take = [&](const TypeTarget& target, std::string_view own_name) {
    if (!target.type) return TypeOutcome::kIgnored;
    event->type = *target.type;
    const std::string_view name = target.name.empty() ? own_name : target.name;
    if (event->type == EventType::kOther && !name.empty()) {
      event->properties[std::string(kTypeProperty)] = std::string(name);
    }
    return TypeOutcome::kTyped;
  };
  for (const Rule& rule : rules_) {
    if (RuleMatches(rule.rule, rule.bound, TrimAscii(TextAt(batch, rule.column, row)))) {
      return take(rule.rule.target, "");
    }
  }
  std::string text;
  if (type_column_) {
    text = std::string(TrimAscii(TextAt(batch, *type_column_, row)));
    if (const auto found = type_.values.find(text); found != type_.values.end()) {
      return take(found->second, text);
    }
    if (const auto type = ParseEventType(text)) return take({type, ""}, "");
  }
  if (type_.otherwise) return take(*type_.otherwise, text);
  *problem = {"type", text, "the name of an event type, or one the mapping's values know"};
  return TypeOutcome::kBad;
}

bool RowMapper::MapIds(const TextBatch& batch, int64_t row, Event* event,
                       FieldProblem* problem) const {
  return TakeId(customer_, batch, row, &event->customer_id, problem) &&
         TakeId(item_, batch, row, &event->item_id, problem) &&
         TakeId(session_, batch, row, &event->session_id, problem) &&
         TakeId(channel_, batch, row, &event->channel, problem) &&
         TakeId(event_id_, batch, row, &event->event_id, problem);
}

bool RowMapper::MapTimes(const TextBatch& batch, int64_t row, Event* event,
                         FieldProblem* problem) const {
  std::string text;
  if (time_.Read(batch, row, &text, problem) == Presence::kBad) return false;
  const auto time = time_format_.Parse(TrimAscii(text));
  if (!time) {
    *problem = time_.Problem(batch, row, time_format_.Wanted());
    return false;
  }
  event->event_time = *time;
  event->known_at = *time + known_lag_;
  switch (known_at_.Read(batch, row, &text, problem)) {
    case Presence::kAbsent:
      return true;
    case Presence::kBad:
      return false;
    case Presence::kPresent:
      break;
  }
  const auto known_at = known_at_format_.Parse(TrimAscii(text));
  if (!known_at) {
    *problem = known_at_.Problem(batch, row, known_at_format_.Wanted());
    return false;
  }
  event->known_at = *known_at;
  return true;
}

bool RowMapper::MapAmounts(const TextBatch& batch, int64_t row, Event* event,
                           FieldProblem* problem) const {
  Decimal quantity{.mantissa = 1, .scale = 0};
  bool present = false;
  if (!TakeNumber(quantity_, batch, row, event->type, &quantity, &present, problem)) return false;
  event->quantity = ToDouble(quantity);

  const BoundField& money = value_.bound() ? value_ : unit_price_;
  Decimal amount;
  if (!TakeNumber(money, batch, row, event->type, &amount, &present, problem)) return false;
  if (!present) return true;
  event->value_micros = value_.bound() ? ToMicros(amount) : ProductMicros(amount, quantity);
  if (!event->value_micros) {
    *problem = money.Problem(batch, row, "an amount below 9.2e12 for the line");
    return false;
  }
  if (currency_.Read(batch, row, &event->currency, problem) == Presence::kBad) return false;
  if (IsCurrency(event->currency)) return true;
  *problem = currency_.Problem(batch, row, "an ISO 4217 currency, three capital letters");
  return false;
}

bool RowMapper::MapAttributes(const TextBatch& batch, int64_t row, MappedRow* out,
                              FieldProblem* problem) const {
  if (out->event.customer_id.empty() || out->event.type == EventType::kOther) return true;
  const auto take = [&](const std::vector<BoundField>& fields,
                        std::vector<std::pair<size_t, std::string>>* values) {
    std::string text;
    for (size_t i = 0; i < fields.size(); ++i) {
      const Presence presence = fields[i].Read(batch, row, &text, problem);
      if (presence == Presence::kBad) return false;
      if (presence == Presence::kPresent) values->emplace_back(i, text);
    }
    return true;
  };
  if (!take(customer_attributes_, &out->customer_attributes)) return false;
  return out->event.item_id.empty() || take(item_attributes_, &out->item_attributes);
}

RowOutcome RowMapper::Map(const TextBatch& batch, int64_t row, MappedRow* out,
                          FieldProblem* problem) const {
  Event& event = out->event;
  event.properties.clear();
  event.value_micros.reset();
  event.currency.clear();
  out->customer_attributes.clear();
  out->item_attributes.clear();
  switch (MapType(batch, row, &event, problem)) {
    case TypeOutcome::kIgnored:
      return RowOutcome::kIgnored;
    case TypeOutcome::kBad:
      return RowOutcome::kBad;
    case TypeOutcome::kTyped:
      break;
  }
  if (!MapIds(batch, row, &event, problem) || !MapTimes(batch, row, &event, problem) ||
      !MapAmounts(batch, row, &event, problem)) {
    return RowOutcome::kBad;
  }
  for (const auto& [name, column] : properties_) {
    const std::string_view text = TextAt(batch, column, row);
    if (!text.empty()) event.properties[name] = std::string(text);
  }
  return MapAttributes(batch, row, out, problem) ? RowOutcome::kEvent : RowOutcome::kBad;
}

}  // namespace burgeon
