#include "engine/events/mapping.h"

#include "engine/base/limits.h"
#include "engine/events/read_options.h"
#include "engine/events/source_presets.h"
#include "engine/expression/standard_currency.h"

namespace burgeon {
namespace {

std::optional<FieldSource> ParseOptional(const ConfigNode& fields, std::string_view name) {
  if (!fields.Has(name)) return std::nullopt;
  return ParseFieldSource(fields.Child(name));
}

TimeField ParseTimeField(const ConfigNode& node) {
  TimeField out;
  out.source = ParseFieldSource(node);
  const std::string format = node.GetString("format", "iso8601");
  const std::string zone = node.GetString("time_zone", "UTC");
  auto parsed = TimeFormat::Make(format, zone);
  if (parsed.ok()) {
    out.format = *std::move(parsed);
  } else {
    node.Fail(TimeFormat::Make(format, "UTC").ok() ? "time_zone" : "format",
              MessageOf(parsed.status()));
  }
  return out;
}

void ParseProperties(const ConfigNode& fields, EventMapping* out) {
  const ConfigNode node = fields.Child("properties");
  for (const std::string& name : fields.GetNames("properties")) {
    if (node.HoldsMap(name)) {
      out->property_fields.emplace_back(name, ParseFieldSource(node.Child(name)));
    } else {
      out->properties.emplace_back(name, node.RequireString(name));
    }
  }
  out->properties_from = fields.GetString("properties_from", "");
}

std::vector<std::pair<std::string, FieldSource>> ParseAttributes(const ConfigNode& node,
                                                                 std::string_view field) {
  std::vector<std::pair<std::string, FieldSource>> out;
  for (const auto& [name, child] : node.GetNodes(field)) {
    out.emplace_back(name, ParseFieldSource(child));
  }
  return out;
}

EventMapping ParseEventMapping(const ConfigNode& source,
                               const std::vector<std::string>& null_values) {
  const ConfigNode fields = source.Child("fields");
  EventMapping out;
  out.customer = ParseOptional(fields, "customer");
  out.item = ParseOptional(fields, "item");
  out.quantity = ParseOptional(fields, "quantity");
  out.value = ParseOptional(fields, "value");
  out.unit_price = ParseOptional(fields, "unit_price");
  out.currency = ParseOptional(fields, "currency");
  out.session = ParseOptional(fields, "session");
  out.channel = ParseOptional(fields, "channel");
  out.event_id = ParseOptional(fields, "event_id");
  if (!fields.Has("time")) fields.Fail("time", "is missing");
  out.time = ParseTimeField(fields.Child("time"));
  if (fields.Has("known_at")) out.known_at = ParseTimeField(fields.Child("known_at"));
  if (!fields.Has("type")) fields.Fail("type", "is missing");
  out.type = ParseTypeMapping(fields.Child("type"), null_values);
  ParseProperties(fields, &out);
  out.customer_attributes = ParseAttributes(source, "customer_attributes");
  out.item_attributes = ParseAttributes(source, "item_attributes");

  if (out.value && out.unit_price) {
    fields.Fail("unit_price", "stands beside `value`: one of the two is wanted");
  }
  if ((out.value || out.unit_price) && !out.currency) {
    fields.Fail("currency", "is missing: a value needs one, as in {constant: GBP}");
  }
  if (!out.customer_attributes.empty() && !out.customer) {
    source.Fail("customer_attributes", "need the field `customer`");
  }
  if (!out.item_attributes.empty() && (!out.item || !out.customer)) {
    source.Fail("item_attributes", "need the fields `item` and `customer`");
  }
  return out;
}

AttributeMapping ParseAttributeMapping(const ConfigNode& source) {
  const ConfigNode fields = source.Child("fields");
  AttributeMapping out;
  if (!fields.Has("id")) fields.Fail("id", "is missing");
  out.id = ParseFieldSource(fields.Child("id"));
  out.id.required = true;
  if (fields.Has("time")) out.time = ParseTimeField(fields.Child("time"));
  out.attributes = ParseAttributes(fields, "attributes");
  if (out.attributes.empty()) fields.Fail("attributes", "is missing");
  return out;
}

// Whose data it is. The further from us it was collected, the less it is believed by default.
void ParseOrigin(const ConfigNode& node, SourceConfig* out) {
  constexpr std::pair<Party, int64_t> kTrust[] = {
      {Party::kFirst, 100}, {Party::kSecond, 60}, {Party::kThird, 30}};
  const std::string party = node.GetEnum("party", "first", {"first", "second", "third"});
  for (const auto& [value, trust] : kTrust) {
    if (PartyName(value) != party) continue;
    out->party = value;
    out->trust = node.GetInt("trust", trust, {0, 100});
  }
  out->origin = node.GetString("origin", "");
  out->licence = node.GetString("licence", "");
}

CurrencyConversion ParseCurrency(const ConfigNode& node) {
  CurrencyConversion out;
  out.base = node.RequireString("base");
  if (!out.base.empty() && !MinorUnitsOf(out.base)) {
    node.Fail("base", Concat("'", Printable(out.base), "' is no currency of ISO 4217"));
  }
  out.rates = node.GetPath("rates");
  if (out.rates.empty()) node.Fail("rates", "is missing: a CSV file of date,currency,rate");
  out.max_age_days = node.GetInt("max_age_days", out.max_age_days, {0, 3660});
  return out;
}

void ParseEventSource(const ConfigNode& node, SourceConfig* out) {
  const std::string duplicates = node.GetEnum("duplicates", "drop", {"keep", "drop"});
  out->duplicates = duplicates == "keep" ? Duplicates::kKeep : Duplicates::kDrop;
  constexpr int64_t kTenYears = 10LL * 366 * 86'400;
  out->known_lag_seconds = node.GetInt("known_lag_seconds", 0, {0, kTenYears});
  out->lateness_seconds = node.GetInt("lateness_seconds", 0, {0, kTenYears});
  out->events = ParseEventMapping(node, out->null_values);
  if (!node.Has("currency")) return;
  out->currency = ParseCurrency(node.Child("currency"));
  if (!out->events.currency) {
    node.Fail("currency", "converts values, and this source has none (fields.value, unit_price)");
  }
}

void ParseAttributeSource(const ConfigNode& node, const std::string& kind, SourceConfig* out) {
  if (kind == "customers") out->kind = SourceKind::kCustomers;
  if (kind == "items") out->kind = SourceKind::kItems;
  if (kind == "aggregates") out->kind = SourceKind::kAggregates;
  out->attributes = ParseAttributeMapping(node);
  if (kind == "aggregates") out->attributes.key = node.RequireString("key");
}

}  // namespace

SourceConfig ParseSourceConfig(const ConfigNode& node) {
  SourceConfig out;
  ApplyPreset(node);
  out.name = node.RequireString("name");
  if (out.name.size() > static_cast<size_t>(limits::kMaxIdBytes)) {
    node.Fail("name", "is longer than 512 bytes");
  }
  out.input = node.GetPath("input");
  ParseOrigin(node, &out);
  const std::string kind =
      node.GetEnum("kind", "events", {"events", "customers", "items", "aggregates"});
  out.read = ParseReadOptions(node);
  out.null_values = node.GetStrings("null_values");
  out.max_bad_fraction = node.GetDouble("max_bad_fraction", out.max_bad_fraction, {0, 1});
  out.memory_limit_mib = node.GetInt("memory_limit_mib", out.memory_limit_mib, {1, 1 << 20});
  out.log_changes = node.GetBool("log_changes", true);
  if (kind == "events") {
    ParseEventSource(node, &out);
  } else {
    ParseAttributeSource(node, kind, &out);
  }
  out.read.json_columns = ColumnsOfMapping(out);
  return out;
}

}  // namespace burgeon
