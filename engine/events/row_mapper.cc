#include "engine/events/row_mapper.h"

#include <algorithm>

#include "engine/events/event_rules.h"
#include "engine/events/json_properties.h"

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

absl::Status BindAll(const std::vector<std::pair<std::string, FieldSource>>& sources,
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
  return batch.columns[column].value(row);
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
bool TakeId(const BoundField& field, const TextBatch& batch, int64_t row, std::string_view* id,
            FieldScratch* scratch, FieldProblem* problem) {
  *id = {};
  if (!field.bound()) return true;
  if (field.Read(batch, row, id, scratch, problem) == Presence::kBad) return false;
  const std::string_view wanted = ProblemOfId(*id);
  if (wanted.empty()) return true;
  *problem = field.Problem(batch, row, std::string(wanted));
  return false;
}

std::optional<Decimal> TypedNumber(const BoundField& field, const TextBatch& batch, int64_t row) {
  const TypedValues* const typed = field.Typed(batch, row);
  if (typed == nullptr) return std::nullopt;
  if (typed->kind == TypedValues::Kind::kReals) return DecimalOf(typed->reals[row]);
  if (typed->kind == TypedValues::Kind::kIntegers) return DecimalOf(typed->integers[row]);
  return std::nullopt;
}

// Reads a number; absent leaves *number as it was and *present false.
bool TakeNumber(const BoundField& field, const TextBatch& batch, int64_t row, EventType type,
                FieldScratch* scratch, Decimal* number, bool* present, FieldProblem* problem) {
  *present = false;
  if (!field.bound()) return true;
  std::optional<Decimal> parsed = TypedNumber(field, batch, row);
  if (!parsed) {
    std::string_view text;
    const Presence presence = field.Read(batch, row, &text, scratch, problem);
    if (presence != Presence::kPresent) return presence == Presence::kAbsent;
    parsed = ParseDecimal(TrimAscii(text));
    if (!parsed) {
      *problem = field.Problem(batch, row, "a number");
      return false;
    }
  }
  *present = true;
  *number = *parsed;
  if (SettleSign(type, number)) return true;
  *problem = field.Problem(
      batch, row, Concat("a number not below 0 for an event of type ", EventTypeName(type)));
  return false;
}

bool TakeTypedTime(const BoundField& field, const TimeFormat& format, const TextBatch& batch,
                   int64_t row, TimeMicros* time) {
  using Kind = TypedValues::Kind;
  const TypedValues* const typed = field.Typed(batch, row);
  if (typed == nullptr) return false;
  if (typed->kind != Kind::kInstants && typed->kind != Kind::kLocalTimes) return false;
  const TickKind kind = typed->kind == Kind::kInstants ? TickKind::kInstant : TickKind::kLocal;
  const auto taken = format.FromTicks(typed->integers[row], typed->ticks_a_second, kind);
  if (taken) *time = *taken;
  return taken.has_value();
}

bool TakeTime(const BoundField& field, const TimeFormat& format, const TextBatch& batch,
              int64_t row, std::string_view text, TimeMicros* time, FieldProblem* problem) {
  const auto parsed = format.Parse(TrimAscii(text));
  if (parsed) *time = *parsed;
  if (!parsed) *problem = field.Problem(batch, row, format.Wanted());
  return parsed.has_value();
}

// Whether event_rules.h has a word on events of this type without properties.
bool HasRules(EventType type) {
  return type == EventType::kConsent || type == EventType::kAttribute ||
         type == EventType::kIdLink || type == EventType::kFeedback || type == EventType::kRating;
}

// Names the changes from `begin` on after where their field lies.
void NameChanges(std::string_view where, size_t begin, std::vector<FieldChange>* changes) {
  for (size_t i = begin; i < changes->size(); ++i) {
    (*changes)[i].field = Concat(where, ".", (*changes)[i].field);
  }
}

}  // namespace

void MappedRow::EncodeOwnProperties() {
  properties_text_ = EncodeProperties(properties);
  event.properties = properties_text_;
}

absl::Status RowMapper::BindEventFields(const SourceConfig& source, const ColumnIndex& columns) {
  const EventMapping& map = source.events;
  const std::pair<const char*, std::pair<const std::optional<FieldSource>*, BoundField*>> fields[] =
      {{"customer", {&map.customer, &customer_}}, {"item", {&map.item, &item_}},
       {"session", {&map.session, &session_}},    {"channel", {&map.channel, &channel_}},
       {"event_id", {&map.event_id, &event_id_}}, {"quantity", {&map.quantity, &quantity_}},
       {"value", {&map.value, &value_}},          {"unit_price", {&map.unit_price, &unit_price_}},
       {"currency", {&map.currency, &currency_}}};
  for (const auto& [name, field] : fields) {
    BURGEON_RETURN_IF_ERROR(BindOptional(name, *field.first, source, columns, field.second));
  }
  BURGEON_RETURN_IF_ERROR(BindOptional("time", map.time.source, source, columns, &time_));
  time_format_ = map.time.format;
  if (map.known_at) {
    BURGEON_RETURN_IF_ERROR(
        BindOptional("known_at", map.known_at->source, source, columns, &known_at_));
    known_at_format_ = map.known_at->format;
  }
  known_lag_ = source.known_lag_seconds * kMicrosPerSecond;
  return absl::OkStatus();
}

absl::Status RowMapper::BindType(const TypeMapping& type, const ColumnIndex& columns) {
  for (const TypeRule& rule : type.rules) {
    Rule bound{rule, 0, ParseDecimal(rule.bound).value_or(Decimal{})};
    BURGEON_ASSIGN_OR_RETURN(bound.column, columns.Find(rule.column, "a rule of type"));
    rules_.push_back(std::move(bound));
  }
  otherwise_ = type.otherwise;
  if (type.column.empty()) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(type_column_, columns.Find(type.column, "type"));
  const auto add = [this](std::string_view text, TypeTarget target) {
    if (type_texts_.Find(text) >= 0) return;
    type_texts_.Code(text);
    types_.push_back(std::move(target));
  };
  for (const auto& [text, target] : type.values) {
    TypeTarget own = target;
    if (own.name.empty()) own.name = text;
    add(text, std::move(own));
  }
  for (int i = 0; i < kEventTypes; ++i) {
    const auto own = static_cast<EventType>(i);
    add(EventTypeName(own), TypeTarget{own, ""});
  }
  return absl::OkStatus();
}

absl::Status RowMapper::BindProperties(const SourceConfig& source, const ColumnIndex& columns) {
  const EventMapping& map = source.events;
  for (const auto& [name, column] : map.properties) {
    BURGEON_ASSIGN_OR_RETURN(const size_t at, columns.Find(column, Concat("property ", name)));
    properties_.emplace_back(name, at);
  }
  BURGEON_RETURN_IF_ERROR(BindAll(map.property_fields, source, columns, &property_fields_));
  if (map.properties_from.empty()) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(properties_from_, columns.Find(map.properties_from, "properties_from"));
  return absl::OkStatus();
}

absl::StatusOr<RowMapper> RowMapper::Bind(const SourceConfig& source, const ColumnIndex& columns,
                                          std::shared_ptr<const CurrencyRates> rates) {
  RowMapper out;
  out.rates_ = std::move(rates);
  const EventMapping& map = source.events;
  BURGEON_RETURN_IF_ERROR(out.BindEventFields(source, columns));
  BURGEON_RETURN_IF_ERROR(out.BindType(map.type, columns));
  BURGEON_RETURN_IF_ERROR(out.BindProperties(source, columns));
  BURGEON_RETURN_IF_ERROR(
      BindAll(map.customer_attributes, source, columns, &out.customer_attributes_));
  BURGEON_RETURN_IF_ERROR(BindAll(map.item_attributes, source, columns, &out.item_attributes_));
  out.log_changes_ = source.log_changes;
  out.has_properties_ =
      !out.properties_.empty() || !out.property_fields_.empty() || out.properties_from_.has_value();
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
  for (const BoundField& field : property_fields_) use(field);
  if (properties_from_) used_columns_.push_back(*properties_from_);
}

RowMapper::TypeOutcome RowMapper::Take(const TypeTarget& target, std::string_view own_name,
                                       MappedRow* out) const {
  if (!target.type) return TypeOutcome::kIgnored;
  out->event.type = *target.type;
  const std::string_view name = target.name.empty() ? own_name : target.name;
  if (out->event.type == EventType::kOther && !name.empty()) {
    out->properties[std::string(kTypeProperty)] = std::string(name);
  }
  return TypeOutcome::kTyped;
}

RowMapper::TypeOutcome RowMapper::MapType(const TextBatch& batch, int64_t row, MappedRow* out,
                                          FieldProblem* problem) const {
  for (const Rule& rule : rules_) {
    if (RuleMatches(rule.rule, rule.bound, TrimAscii(TextAt(batch, rule.column, row)))) {
      return Take(rule.rule.target, "", out);
    }
  }
  std::string_view text;
  if (type_column_) {
    text = TrimAscii(TextAt(batch, *type_column_, row));
    if (const int32_t code = type_texts_.Find(text); code >= 0) {
      return Take(types_[static_cast<size_t>(code)], "", out);
    }
  }
  if (otherwise_) return Take(*otherwise_, text, out);
  *problem = {"type", std::string(text),
              "the name of an event type, or one the mapping's values know"};
  return TypeOutcome::kBad;
}

bool RowMapper::MapIds(const TextBatch& batch, int64_t row, MappedRow* out,
                       FieldProblem* problem) const {
  EventView& event = out->event;
  auto& scratch = out->scratch_;
  const auto take = [&](const BoundField& field, MappedRow::Text text, std::string_view* id) {
    return TakeId(field, batch, row, id, &scratch[text], problem);
  };
  return take(customer_, MappedRow::kCustomer, &event.customer_id) &&
         take(item_, MappedRow::kItem, &event.item_id) &&
         take(session_, MappedRow::kSession, &event.session_id) &&
         take(channel_, MappedRow::kChannel, &event.channel) &&
         take(event_id_, MappedRow::kEventId, &event.event_id);
}

bool RowMapper::MapTimes(const TextBatch& batch, int64_t row, MappedRow* out,
                         FieldProblem* problem) const {
  EventView& event = out->event;
  FieldScratch* scratch = &out->scratch_[MappedRow::kOther];
  std::string_view text;
  if (!TakeTypedTime(time_, time_format_, batch, row, &event.event_time)) {
    if (time_.Read(batch, row, &text, scratch, problem) == Presence::kBad) return false;
    if (!TakeTime(time_, time_format_, batch, row, text, &event.event_time, problem)) return false;
  }
  event.known_at = event.event_time + known_lag_;
  if (!known_at_.bound()) return true;
  if (TakeTypedTime(known_at_, known_at_format_, batch, row, &event.known_at)) return true;
  switch (known_at_.Read(batch, row, &text, scratch, problem)) {
    case Presence::kAbsent:
      return true;
    case Presence::kBad:
      return false;
    case Presence::kPresent:
      break;
  }
  return TakeTime(known_at_, known_at_format_, batch, row, text, &event.known_at, problem);
}

bool RowMapper::MapAmounts(const TextBatch& batch, int64_t row, MappedRow* out,
                           FieldProblem* problem) const {
  EventView& event = out->event;
  FieldScratch* scratch = &out->scratch_[MappedRow::kOther];
  event.quantity = 1;
  event.value_micros.reset();
  event.currency = {};
  Decimal quantity{.mantissa = 1, .scale = 0};
  bool present = false;
  if (!TakeNumber(quantity_, batch, row, event.type, scratch, &quantity, &present, problem)) {
    return false;
  }
  if (present) event.quantity = ToDouble(quantity);

  const BoundField& money = value_.bound() ? value_ : unit_price_;
  Decimal amount;
  if (!TakeNumber(money, batch, row, event.type, scratch, &amount, &present, problem)) {
    return false;
  }
  if (!present) return true;
  event.value_micros = value_.bound() ? ToMicros(amount) : ProductMicros(amount, quantity);
  if (!event.value_micros) {
    *problem = money.Problem(batch, row, "an amount below 9.2e12 for the line");
    return false;
  }
  if (currency_.Read(batch, row, &event.currency, &out->scratch_[MappedRow::kCurrency], problem) ==
      Presence::kBad) {
    return false;
  }
  if (!IsCurrency(event.currency)) {
    *problem = currency_.Problem(batch, row, "an ISO 4217 currency, three capital letters");
    return false;
  }
  return rates_ == nullptr || MapCurrency(out, problem);
}

// Brings the value to the base currency.
bool RowMapper::MapCurrency(MappedRow* out, FieldProblem* problem) const {
  Event& money = out->checked_;
  money.event_time = out->event.event_time;
  money.value_micros = out->event.value_micros;
  money.currency = out->event.currency;
  if (!rates_->Convert(&money, log_changes_ ? &out->changes : nullptr, problem)) return false;
  out->event.value_micros = money.value_micros;
  out->event.currency = money.currency;
  return true;
}

bool RowMapper::MapProperties(const TextBatch& batch, int64_t row, MappedRow* out,
                              FieldProblem* problem) const {
  if (!has_properties_ && out->properties.empty() && !HasRules(out->event.type)) {
    out->event.properties = {};
    return true;
  }
  for (const auto& [name, column] : properties_) {
    const std::string_view text = TextAt(batch, column, row);
    if (!text.empty()) out->properties[name] = std::string(text);
  }
  FieldScratch* scratch = &out->scratch_[MappedRow::kOther];
  const size_t changes = out->changes.size();
  for (const BoundField& field : property_fields_) {
    std::string_view text;
    const Presence presence = field.Read(batch, row, &text, scratch, problem);
    if (presence == Presence::kBad) return false;
    if (presence == Presence::kPresent) out->properties[field.name()] = std::string(text);
  }
  NameChanges("properties", changes, &out->changes);
  if (properties_from_) {
    const std::string_view text = TextAt(batch, *properties_from_, row);
    std::string wanted;
    if (!AddJsonProperties(text, &out->properties, &wanted)) {
      *problem = {"properties_from", std::string(text), std::move(wanted)};
      return false;
    }
  }
  if (out->properties.empty() && !HasRules(out->event.type)) {
    out->event.properties = {};
    return true;
  }
  Event& checked = out->checked_;
  checked.type = out->event.type;
  checked.customer_id = out->event.customer_id;
  std::swap(checked.properties, out->properties);
  const bool good = CheckEvent(checked, problem);
  std::swap(checked.properties, out->properties);
  out->EncodeOwnProperties();
  return good;
}

bool RowMapper::MapAttributes(const TextBatch& batch, int64_t row, MappedRow* out,
                              FieldProblem* problem) const {
  if (customer_attributes_.empty() && item_attributes_.empty()) return true;
  if (out->event.customer_id.empty() || out->event.type == EventType::kOther) return true;
  const auto take = [&](const std::vector<BoundField>& fields, std::string_view where,
                        std::vector<std::pair<size_t, std::string>>* values) {
    const size_t changes = out->changes.size();
    for (size_t i = 0; i < fields.size(); ++i) {
      std::string_view text;
      const Presence presence =
          fields[i].Read(batch, row, &text, &out->scratch_[MappedRow::kOther], problem);
      if (presence == Presence::kBad) return false;
      if (presence == Presence::kPresent) values->emplace_back(i, text);
    }
    NameChanges(where, changes, &out->changes);
    return true;
  };
  if (!take(customer_attributes_, "customer_attributes", &out->customer_attributes)) return false;
  return out->event.item_id.empty() ||
         take(item_attributes_, "item_attributes", &out->item_attributes);
}

RowOutcome RowMapper::Map(const TextBatch& batch, int64_t row, MappedRow* out,
                          FieldProblem* problem) const {
  if (!out->properties.empty()) out->properties.clear();
  out->customer_attributes.clear();
  out->item_attributes.clear();
  if (!out->changes.empty()) out->changes.clear();
  for (FieldScratch& scratch : out->scratch_) {
    scratch.changes = log_changes_ ? &out->changes : nullptr;
  }
  switch (MapType(batch, row, out, problem)) {
    case TypeOutcome::kIgnored:
      return RowOutcome::kIgnored;
    case TypeOutcome::kBad:
      return RowOutcome::kBad;
    case TypeOutcome::kTyped:
      break;
  }
  const bool good = MapIds(batch, row, out, problem) && MapTimes(batch, row, out, problem) &&
                    MapAmounts(batch, row, out, problem) &&
                    MapProperties(batch, row, out, problem) &&
                    MapAttributes(batch, row, out, problem);
  return good ? RowOutcome::kEvent : RowOutcome::kBad;
}

}  // namespace burgeon
