#include "engine/events/field_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/limits.h"
#include "engine/storage/file_system.h"

namespace burgeon {
namespace {

constexpr std::string_view kStripPrefix = "strip_prefix=";
constexpr std::string_view kHash = "sha256";

// One of standard_transform.h. Of those with a file only that the file is named is checked here.
absl::StatusOr<Transform> ParseStandard(const ConfigNode& node, const std::string& text) {
  const size_t equals = text.find('=');
  Transform out{TransformKind::kStandard, text, "", text.substr(0, equals)};
  if (equals != std::string::npos) out.argument = text.substr(equals + 1);
  if (TakesFile(out.name) && !out.argument.empty()) {
    out.argument = node.PathOf(out.argument);
    return out;
  }
  BURGEON_ASSIGN_OR_RETURN(out.standard, MakeTransform(RealFileSystem(), out.name, out.argument));
  return out;
}

absl::StatusOr<Transform> ParseTransform(const ConfigNode& node, const std::string& text) {
  if (text == "trim") return Transform{TransformKind::kTrim, text};
  if (text == "lower") return Transform{TransformKind::kLower, text};
  if (text == "upper") return Transform{TransformKind::kUpper, text};
  if (text == "strip_decimal") return Transform{TransformKind::kStripDecimal, text};
  if (text == "absolute") return Transform{TransformKind::kAbsolute, text};
  if (text.starts_with(kStripPrefix) && text.size() > kStripPrefix.size()) {
    return Transform{TransformKind::kStripPrefix, text, text.substr(kStripPrefix.size())};
  }
  if (IsStandardTransform(std::string_view(text).substr(0, text.find('=')))) {
    return ParseStandard(node, text);
  }
  return InvalidArgument("'", Printable(text), "' is none of trim, lower, upper, strip_decimal, ",
                         "strip_prefix=TEXT, absolute, ", JoinComma(StandardTransformNames()));
}

// "17850.0" -> "17850". Nothing when a fraction is there and is not zeros.
std::optional<std::string_view> StripDecimal(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return text;
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(point + 1);
  const bool digits = !whole.empty() && std::all_of(whole.begin(), whole.end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  return whole;
}

char LowerOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char UpperOf(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Each character of `text` by `of`; `text` itself where that changes nothing.
template <char (*of)(char)>
std::string_view MapCharacters(std::string_view text, FieldScratch* scratch) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return of(c) == c; })) return text;
  scratch->spare.resize(text.size());
  std::transform(text.begin(), text.end(), scratch->spare.begin(), of);
  scratch->text.swap(scratch->spare);
  return scratch->text;
}

// The text after the transform: a part of it, or in scratch->text. Nothing, with what was wanted,
// when it does not fit.
std::optional<std::string_view> Apply(const Transform& transform, std::string_view text,
                                      FieldScratch* scratch, std::string* wanted) {
  switch (transform.kind) {
    case TransformKind::kTrim:
      return TrimAscii(text);
    case TransformKind::kLower:
      return MapCharacters<LowerOf>(text, scratch);
    case TransformKind::kUpper:
      return MapCharacters<UpperOf>(text, scratch);
    case TransformKind::kStripDecimal: {
      const auto whole = StripDecimal(text);
      if (!whole) *wanted = "a whole number, at most with zeros after the point (strip_decimal)";
      return whole;
    }
    case TransformKind::kStripPrefix:
      if (text.starts_with(transform.prefix)) text.remove_prefix(transform.prefix.size());
      return text;
    case TransformKind::kAbsolute:
      if (text.starts_with('-')) text.remove_prefix(1);
      return text;
    case TransformKind::kStandard:
      scratch->spare.clear();
      if (!transform.standard(text, &scratch->spare, wanted)) return std::nullopt;
      if (scratch->spare == text) return text;
      scratch->text.swap(scratch->spare);
      return scratch->text;
  }
  return text;
}

// False for control bytes and what is not ASCII, at times for other text too: then look closely.
bool IsPlainId(std::string_view id) {
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  constexpr uint64_t kHighBits = 0x8080808080808080ULL;
  uint64_t odd = 0;
  const auto look = [&](uint64_t word) {
    const uint64_t deletes = word ^ (kOnes * 0x7f);
    odd |= word | ((word - kOnes * 0x20) & ~word) | ((deletes - kOnes) & ~deletes);
  };
  uint64_t word = kOnes * ' ';
  if (id.size() < sizeof(word)) {
    for (size_t i = 0; i < id.size(); ++i) word = word << 8 | static_cast<unsigned char>(id[i]);
    look(word);
    return (odd & kHighBits) == 0;
  }
  for (size_t at = 0; at < id.size(); at += sizeof(word)) {
    std::memcpy(&word, id.data() + std::min(at, id.size() - sizeof(word)), sizeof(word));
    look(word);
  }
  return (odd & kHighBits) == 0;
}

uint64_t SizeBit(std::string_view text) { return uint64_t{1} << std::min<size_t>(text.size(), 63); }

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
    auto transform = ParseTransform(node, text);
    if (transform.ok()) {
      out.transforms.push_back(*std::move(transform));
    } else {
      node.Fail("transforms", MessageOf(transform.status()));
    }
  }
  out.has_values = node.Has("values");
  for (auto& [from, to] : node.GetMap("values")) out.values.emplace(from, to);
  if (node.Has("otherwise")) {
    out.otherwise = node.GetString("otherwise", "");
    if (!out.has_values) node.Fail("otherwise", "has no meaning without `values`");
  }
  out.null_values = node.GetStrings("null_values");
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
  out.null_values_.insert(source.null_values.begin(), source.null_values.end());
  for (const std::string& value : out.null_values_) out.null_sizes_ |= SizeBit(value);
  for (Transform& transform : out.source_.transforms) {
    out.hashed_ = out.hashed_ || transform.rule == kHash;
    if (transform.kind != TransformKind::kStandard || transform.standard) continue;
    BURGEON_ASSIGN_OR_RETURN(transform.standard,
                             MakeTransform(RealFileSystem(), transform.name, transform.argument));
  }
  if (!source.column.empty()) {
    BURGEON_ASSIGN_OR_RETURN(out.column_, columns.Find(source.column, name));
  }
  out.as_is_ =
      source.transforms.empty() && !source.has_values && (out.null_values_.empty() || !out.column_);
  out.plain_ = out.as_is_ && !source.required;
  return out;
}

bool BoundField::IsNull(std::string_view raw) const {
  // Most values are told from the null values by their size alone, without a hash.
  return (null_sizes_ & SizeBit(raw)) != 0 && null_values_.contains(raw);
}

std::string_view BoundField::RawOf(const TextBatch& batch, int64_t row) const {
  if (!column_) return source_.constant;
  const TextColumn& column = batch.columns[*column_];
  return column.is_null(row) ? std::string_view() : column.value(row);
}

bool BoundField::ApplyAll(std::string_view* text, FieldScratch* scratch,
                          std::string* wanted) const {
  std::string before;  // Apply may write over what *text points to
  bool hidden = hashed_;
  const auto note = [&](std::string_view rule, std::string_view after) {
    if (scratch->changes == nullptr || before == after) return;
    const bool hid = std::exchange(hidden, hidden && rule != kHash);
    scratch->changes->push_back({name_, std::string(rule), hid ? std::string() : before,
                                 hidden ? std::string() : std::string(after)});
  };
  for (const Transform& transform : source_.transforms) {
    if (text->empty()) return true;
    if (scratch->changes != nullptr) before.assign(*text);
    const auto after = Apply(transform, *text, scratch, wanted);
    if (!after) return false;
    note(transform.rule, *after);
    *text = *after;
  }
  if (!source_.has_values || text->empty()) return true;
  if (scratch->changes != nullptr) before.assign(*text);
  if (const auto found = source_.values.find(*text); found != source_.values.end()) {
    *text = found->second;
  } else if (source_.otherwise) {
    *text = *source_.otherwise;
  } else {
    *wanted = Concat("one of ", NamesOf(source_.values));
    return false;
  }
  note("values", *text);
  return true;
}

Presence BoundField::ReadAny(const TextBatch& batch, int64_t row, std::string_view* text,
                             FieldScratch* scratch, FieldProblem* problem) const {
  *text = {};
  if (!bound_) return Presence::kAbsent;
  const std::string_view raw = RawOf(batch, row);
  if (!column_ || !IsNull(raw)) *text = raw;
  if (!source_.transforms.empty() || source_.has_values) {
    std::string wanted;
    if (!ApplyAll(text, scratch, &wanted)) {
      *problem = Problem(batch, row, std::move(wanted));
      return Presence::kBad;
    }
  }
  if (!text->empty()) return Presence::kPresent;
  if (!source_.required) return Presence::kAbsent;
  *problem = Problem(batch, row, "a value");
  return Presence::kBad;
}

Presence BoundField::Read(const TextBatch& batch, int64_t row, std::string* text,
                          FieldProblem* problem) const {
  FieldScratch scratch;
  std::string_view view;
  const Presence presence = Read(batch, row, &view, &scratch, problem);
  text->assign(view);
  return presence;
}

FieldProblem BoundField::Problem(const TextBatch& batch, int64_t row, std::string wanted) const {
  return {name_, std::string(RawOf(batch, row)), std::move(wanted)};
}

std::string_view ProblemOfId(std::string_view id) {
  if (id.size() > static_cast<size_t>(limits::kMaxIdBytes)) return "an id of at most 512 bytes";
  if (IsPlainId(id)) return "";
  bool ascii = true;
  bool control = false;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    ascii &= byte < 0x80;
    control |= byte < 0x20 || byte == 0x7f;
  }
  if (!ascii && !IsValidUtf8(id)) return "an id in UTF-8";
  return control ? "an id without control characters" : "";
}

}  // namespace burgeon
