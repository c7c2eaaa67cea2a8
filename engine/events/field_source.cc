#include "engine/events/field_source.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr std::string_view kStripPrefix = "strip_prefix=";

std::optional<Transform> ParseTransform(const std::string& text) {
  if (text == "trim") return Transform{TransformKind::kTrim, ""};
  if (text == "lower") return Transform{TransformKind::kLower, ""};
  if (text == "upper") return Transform{TransformKind::kUpper, ""};
  if (text == "strip_decimal") return Transform{TransformKind::kStripDecimal, ""};
  if (text == "absolute") return Transform{TransformKind::kAbsolute, ""};
  if (text.starts_with(kStripPrefix) && text.size() > kStripPrefix.size()) {
    return Transform{TransformKind::kStripPrefix, text.substr(kStripPrefix.size())};
  }
  return std::nullopt;
}

// "17850.0" -> "17850". False when a fraction is there and is not zeros.
bool StripDecimal(std::string* text) {
  const size_t point = text->find('.');
  if (point == std::string::npos) return true;
  const std::string_view whole = std::string_view(*text).substr(0, point);
  const std::string_view fraction = std::string_view(*text).substr(point + 1);
  const bool digits = !whole.empty() && std::all_of(whole.begin(), whole.end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || fraction.find_first_not_of('0') != std::string_view::npos) return false;
  text->resize(point);
  return true;
}

char LowerOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char UpperOf(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// False, with what was wanted, when the text does not fit the transform.
bool Apply(const Transform& transform, std::string* text, std::string* wanted) {
  switch (transform.kind) {
    case TransformKind::kTrim:
      *text = std::string(TrimAscii(*text));
      return true;
    case TransformKind::kLower:
      std::transform(text->begin(), text->end(), text->begin(), LowerOf);
      return true;
    case TransformKind::kUpper:
      std::transform(text->begin(), text->end(), text->begin(), UpperOf);
      return true;
    case TransformKind::kStripDecimal:
      if (StripDecimal(text)) return true;
      *wanted = "a whole number, at most with zeros after the point (strip_decimal)";
      return false;
    case TransformKind::kStripPrefix:
      if (text->starts_with(transform.prefix)) text->erase(0, transform.prefix.size());
      return true;
    case TransformKind::kAbsolute:
      if (text->starts_with('-')) text->erase(0, 1);
      return true;
  }
  return true;
}

std::string NamesOf(const StringMap<std::string>& values) {
  std::vector<std::string> names;
  for (const auto& entry : values) names.push_back(entry.first);
  std::sort(names.begin(), names.end());
  return JoinComma(names);
}

}  // namespace

FieldSource ParseFieldSource(const ConfigNode& node) {
  FieldSource out;
  out.column = node.GetString("column", "");
  out.constant = node.GetString("constant", "");
  if (node.Has("column") == node.Has("constant")) {
    node.Fail("column", "exactly one of `column` and `constant` is wanted");
  }
  for (const std::string& text : node.GetStrings("transforms")) {
    if (const auto transform = ParseTransform(text)) {
      out.transforms.push_back(*transform);
    } else {
      node.Fail("transforms", Concat("'", Printable(text), "' is none of trim, lower, upper, ",
                                     "strip_decimal, strip_prefix=TEXT, absolute"));
    }
  }
  out.has_values = node.Has("values");
  for (auto& [from, to] : node.GetMap("values")) out.values.emplace(from, to);
  if (node.Has("otherwise")) {
    out.otherwise = node.GetString("otherwise", "");
    if (!out.has_values) node.Fail("otherwise", "has no meaning without `values`");
  }
  out.required = node.GetBool("required", false);
  return out;
}

ColumnIndex ColumnIndex::Of(const std::vector<std::string>& names, const std::string& file) {
  ColumnIndex out;
  out.names = names;
  out.file = file;
  for (size_t i = 0; i < names.size(); ++i) out.positions.emplace(names[i], i);
  return out;
}

absl::StatusOr<size_t> ColumnIndex::Find(std::string_view column, std::string_view field) const {
  if (const auto found = positions.find(column); found != positions.end()) return found->second;
  return InvalidArgument(file, ": has no column '", Printable(column),
                         "', which the mapping wants for ", field,
                         "; its columns are: ", Printable(JoinComma(names), 2000));
}

absl::StatusOr<BoundField> BoundField::Bind(const std::string& name, const FieldSource& source,
                                            const std::vector<std::string>& null_values,
                                            const ColumnIndex& columns) {
  BoundField out;
  out.bound_ = true;
  out.name_ = name;
  out.source_ = source;
  out.null_values_.insert(null_values.begin(), null_values.end());
  if (!source.column.empty()) {
    BURGEON_ASSIGN_OR_RETURN(out.column_, columns.Find(source.column, name));
  }
  return out;
}

Presence BoundField::Read(const TextBatch& batch, int64_t row, std::string* text,
                          FieldProblem* problem) const {
  text->clear();
  if (!bound_) return Presence::kAbsent;
  if (column_) {
    const TextColumn& column = batch.columns[*column_];
    const std::string_view raw = column.is_null(row) ? std::string_view() : column.value(row);
    if (null_values_.empty() || !null_values_.contains(raw)) text->assign(raw);
  } else {
    text->assign(source_.constant);
  }
  std::string wanted;
  for (const Transform& transform : source_.transforms) {
    if (text->empty()) break;
    if (!Apply(transform, text, &wanted)) {
      *problem = Problem(batch, row, std::move(wanted));
      return Presence::kBad;
    }
  }
  if (source_.has_values && !text->empty()) {
    if (const auto found = source_.values.find(*text); found != source_.values.end()) {
      *text = found->second;
    } else if (source_.otherwise) {
      *text = *source_.otherwise;
    } else {
      *problem = Problem(batch, row, Concat("one of ", NamesOf(source_.values)));
      return Presence::kBad;
    }
  }
  if (!text->empty()) return Presence::kPresent;
  if (!source_.required) return Presence::kAbsent;
  *problem = Problem(batch, row, "a value");
  return Presence::kBad;
}

Presence BoundField::Read(const TextBatch& batch, int64_t row, std::string_view* text,
                          FieldScratch* scratch, FieldProblem* problem) const {
  const Presence presence = Read(batch, row, &scratch->text, problem);
  *text = scratch->text;
  return presence;
}

FieldProblem BoundField::Problem(const TextBatch& batch, int64_t row, std::string wanted) const {
  FieldProblem out{name_, source_.constant, std::move(wanted)};
  if (column_) {
    const TextColumn& column = batch.columns[*column_];
    out.value = column.is_null(row) ? "" : std::string(column.value(row));
  }
  return out;
}

std::string_view ProblemOfId(std::string_view id) {
  if (id.size() > static_cast<size_t>(limits::kMaxIdBytes)) return "an id of at most 512 bytes";
  if (!IsValidUtf8(id)) return "an id in UTF-8";
  for (const char c : id) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return "an id without control characters";
    }
  }
  return "";
}

}  // namespace burgeon
