#include "engine/events/read_options.h"

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/events/source_presets.h"

namespace burgeon {
namespace {

TableFormat FormatNamed(const std::string& name) {
  if (name == "csv" || name == "recbole") return TableFormat::kCsv;
  if (name == "json_lines" || name == "segment" || name == "ga4") return TableFormat::kJsonLines;
  if (name == "parquet") return TableFormat::kParquet;
  if (name == "blanks") return TableFormat::kBlanks;
  if (name == "fixed_width") return TableFormat::kFixedWidth;
  return TableFormat::kAutomatic;
}

ExtraRows ParseExtraRows(const ConfigNode& node) {
  ExtraRows out;
  out.row = node.RequireString("row");
  out.each = node.GetString("each", "");
  out.value = node.GetString("value", "");
  out.present = node.GetStrings("present");
  const ConfigNode where = node.Child("where");
  for (const std::string& path : node.GetNames("where")) {
    out.where.emplace_back(path, where.GetStrings(path));
  }
  if (!out.each.empty() && !out.value.empty()) {
    node.Fail("value", "stands beside `each`, whose fields have values of their own");
  }
  return out;
}

class Columns {
 public:
  void Add(const std::string& column) {
    if (!column.empty() && seen_.insert(column).second) names_.push_back(column);
  }
  void Add(const FieldSource& field) { Add(field.column); }
  void Add(const std::optional<FieldSource>& field) {
    if (field) Add(field->column);
  }
  void Add(const std::vector<std::pair<std::string, FieldSource>>& fields) {
    for (const auto& [name, field] : fields) Add(field);
  }
  std::vector<std::string> Take() { return std::move(names_); }

 private:
  StringSet seen_;
  std::vector<std::string> names_;
};

void AddEventColumns(const EventMapping& map, Columns* columns) {
  for (const auto* field : {&map.customer, &map.item, &map.quantity, &map.value, &map.unit_price,
                            &map.currency, &map.session, &map.channel, &map.event_id}) {
    columns->Add(*field);
  }
  columns->Add(map.time.source);
  if (map.known_at) columns->Add(map.known_at->source);
  for (const TypeRule& rule : map.type.rules) columns->Add(rule.column);
  columns->Add(map.type.column);
  for (const auto& [name, column] : map.properties) columns->Add(column);
  columns->Add(map.property_fields);
  columns->Add(map.properties_from);
  columns->Add(map.customer_attributes);
  columns->Add(map.item_attributes);
}

void CheckJsonOnly(const ConfigNode& source, const ReadOptions& read) {
  // Without a format the file's name says it, which may stand elsewhere.
  if (read.format == TableFormat::kAutomatic || read.format == TableFormat::kJsonLines) return;
  for (const char* field : {"explode", "rows"}) {
    if (source.Has(field)) source.Fail(field, "has a meaning only for JSON");
  }
}

}  // namespace

ReadOptions ParseReadOptions(const ConfigNode& source) {
  ReadOptions out;
  std::vector<std::string> formats = {"automatic", "csv",    "json_lines",
                                      "parquet",   "blanks", "fixed_width"};
  for (const std::string& preset : PresetNames()) formats.push_back(preset);
  out.format = FormatNamed(source.GetEnum("format", "automatic", formats));
  const std::string delimiter = source.GetString("delimiter", "");
  if (delimiter == "tab") {
    out.delimiter = '\t';
  } else if (delimiter.size() > 1) {
    source.Fail("delimiter", Concat("'", Printable(delimiter), "' is not one character or `tab`"));
  } else if (!delimiter.empty()) {
    out.delimiter = delimiter[0];
  }
  out.column_names = source.GetStrings("columns");
  for (const std::string& text : source.GetStrings("widths")) {
    const auto width = ParseInt64(text);
    if (!width || *width < 1 || *width > limits::kMaxFieldBytes) {
      source.Fail("widths", Concat("'", Printable(text), "' is not an integer from 1 to ",
                                   limits::kMaxFieldBytes));
      break;
    }
    out.widths.push_back(*width);
  }
  if (out.widths.empty() != (out.format != TableFormat::kFixedWidth)) {
    source.Fail("widths", out.widths.empty() ? "is missing: the bytes of each column"
                                             : "has a meaning only with `format: fixed_width`");
  }
  if (!out.widths.empty() && out.column_names.empty()) {
    source.Fail("columns", "is missing: the names of the columns that `widths` cuts");
  }
  out.explode = source.GetString("explode", "");
  for (const ConfigNode& rows : source.Children("rows")) {
    out.extra_rows.push_back(ParseExtraRows(rows));
  }
  CheckJsonOnly(source, out);
  return out;
}

std::vector<std::string> ColumnsOfMapping(const SourceConfig& source) {
  Columns columns;
  if (source.kind == SourceKind::kEvents) {
    AddEventColumns(source.events, &columns);
  } else {
    columns.Add(source.attributes.id);
    if (source.attributes.time) columns.Add(source.attributes.time->source);
    columns.Add(source.attributes.attributes);
  }
  if (!source.read.explode.empty()) columns.Add(std::string("#element"));
  if (!source.read.extra_rows.empty()) {
    for (const char* column : {"#row", "#name", "#value"}) columns.Add(std::string(column));
  }
  return columns.Take();
}

}  // namespace burgeon
