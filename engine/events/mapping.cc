#include "engine/events/mapping.h"

#include "engine/base/limits.h"
#include "engine/events/decimal.h"

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

TypeTarget ParseTarget(const ConfigNode& node, std::string_view field, const std::string& text) {
  if (text == "ignore") return {};
  TypeTarget out;
  out.type = ParseEventType(text);
  if (!out.type && !text.empty()) {
    node.Fail(field, Concat("'", Printable(text), "' is neither an event type (view, click, ",
                            "search, favourite, add_to_cart, purchase, return, rating, consent, ",
                            "attribute, id_link, feedback, other) nor ignore"));
  }
  return out;
}

TypeRule ParseRule(const ConfigNode& node) {
  TypeRule out;
  out.column = node.RequireString("column");
  int tests = 0;
  if (node.Has("equals")) {
    ++tests;
    out.texts = {node.RequireString("equals")};
  }
  if (node.Has("in")) {
    ++tests;
    out.texts = node.GetStrings("in");
  }
  if (node.Has("starts_with")) {
    ++tests;
    out.test = TypeRule::Test::kStartsWith;
    out.texts = {node.RequireString("starts_with")};
  }
  if (node.Has("less_than")) {
    ++tests;
    out.test = TypeRule::Test::kLessThan;
    out.bound = node.RequireString("less_than");
    if (!ParseDecimal(out.bound)) {
      node.Fail("less_than", Concat("'", Printable(out.bound), "' is not a number"));
    }
  }
  if (tests != 1) {
    node.Fail("column", "exactly one of `equals`, `in`, `starts_with`, `less_than` is wanted");
  }
  out.target = ParseTarget(node, "type", node.RequireString("type"));
  out.target.name = node.GetString("name", "");
  if (!out.target.name.empty() && out.target.type != EventType::kOther) {
    node.Fail("name", "has a meaning only with `type: other`");
  }
  return out;
}

TypeMapping ParseType(const ConfigNode& node) {
  TypeMapping out;
  for (const ConfigNode& rule : node.Children("rules")) out.rules.push_back(ParseRule(rule));
  out.column = node.GetString("column", "");
  for (const auto& [from, to] : node.GetMap("values")) {
    out.values.emplace(from, ParseTarget(node, "values", to));
  }
  if (node.Has("default")) {
    out.otherwise = ParseTarget(node, "default", node.RequireString("default"));
  }
  if (!out.values.empty() && out.column.empty()) {
    node.Fail("values", "has no meaning without `column`");
  }
  if (out.column.empty() && !out.otherwise) {
    node.Fail("default", "is missing: without `column` it is the type of every row no rule takes");
  }
  return out;
}

std::vector<std::pair<std::string, FieldSource>> ParseAttributes(const ConfigNode& node,
                                                                 std::string_view field) {
  std::vector<std::pair<std::string, FieldSource>> out;
  for (const auto& [name, child] : node.GetNodes(field)) {
    out.emplace_back(name, ParseFieldSource(child));
  }
  return out;
}

EventMapping ParseEventMapping(const ConfigNode& source) {
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
  out.type = ParseType(fields.Child("type"));
  out.properties = fields.GetMap("properties");
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

ReadOptions ParseReadOptions(const ConfigNode& node) {
  ReadOptions out;
  const std::string format =
      node.GetEnum("format", "automatic", {"automatic", "csv", "json_lines", "parquet"});
  if (format == "csv") out.format = TableFormat::kCsv;
  if (format == "json_lines") out.format = TableFormat::kJsonLines;
  if (format == "parquet") out.format = TableFormat::kParquet;
  const std::string delimiter = node.GetString("delimiter", "");
  if (delimiter == "tab") {
    out.delimiter = '\t';
  } else if (delimiter.size() > 1) {
    node.Fail("delimiter", Concat("'", Printable(delimiter), "' is not one character or `tab`"));
  } else if (!delimiter.empty()) {
    out.delimiter = delimiter[0];
  }
  out.column_names = node.GetStrings("columns");
  return out;
}

}  // namespace

SourceConfig ParseSourceConfig(const ConfigNode& node) {
  SourceConfig out;
  out.name = node.RequireString("name");
  if (out.name.size() > static_cast<size_t>(limits::kMaxIdBytes)) {
    node.Fail("name", "is longer than 512 bytes");
  }
  out.input = node.GetPath("input");
  const std::string kind = node.GetEnum("kind", "events", {"events", "customers", "items"});
  out.read = ParseReadOptions(node);
  out.null_values = node.GetStrings("null_values");
  out.max_bad_fraction = node.GetDouble("max_bad_fraction", out.max_bad_fraction, {0, 1});
  out.memory_limit_mib = node.GetInt("memory_limit_mib", out.memory_limit_mib, {1, 1 << 20});
  if (kind == "events") {
    const std::string duplicates = node.GetEnum("duplicates", "drop", {"keep", "drop"});
    out.duplicates = duplicates == "keep" ? Duplicates::kKeep : Duplicates::kDrop;
    constexpr int64_t kTenYears = 10LL * 366 * 86'400;
    out.known_lag_seconds = node.GetInt("known_lag_seconds", 0, {0, kTenYears});
    out.events = ParseEventMapping(node);
  } else {
    out.kind = kind == "customers" ? SourceKind::kCustomers : SourceKind::kItems;
    out.attributes = ParseAttributeMapping(node);
  }
  return out;
}

}  // namespace burgeon
