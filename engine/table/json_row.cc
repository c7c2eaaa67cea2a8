#include "engine/table/json_row.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

#include "engine/base/limits.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

void AppendJsonString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

// Whether a JSON value other than an object begins here.
bool IsOtherValue(std::string_view text) {
  if (text.empty()) return false;
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text.starts_with(word)) return true;
  }
  return std::string_view("[\"-0123456789").find(text[0]) != std::string_view::npos;
}

// The value of a {"key": ..., "value": {...}} record: the first of these that is not null.
constexpr std::string_view kTypedValues[] = {"string_value", "int_value", "float_value",
                                             "double_value"};

}  // namespace

// Walks all of an object, wanted or not: a line that is no JSON is a bad row whatever was wanted.
class JsonRows::Walker {
 public:
  explicit Walker(const JsonPlan* plan)
      : plan_(*plan),
        single_(plan_.slots.size()),
        seen_(plan_.slots.size()),
        extra_fields_(plan_.extras.size()) {}

  std::string Parse(std::string_view text);
  int64_t rows() const { return static_cast<int64_t>(rows_.size()); }
  std::optional<std::string_view> value(int64_t row, size_t column);
  // Where not nullptr, the keys of the object go there.
  std::vector<std::string>* top_keys = nullptr;

 private:
  using Text = std::optional<std::string_view>;
  struct Field {
    std::string name;
    std::string_view value;
  };
  struct Row {
    int64_t element = -1;
    int extra = -1;
    size_t field = 0;
  };
  // What a value is to a record of an array of them, apart from its path.
  enum class Role { kPlain, kRoot, kRecord, kRecordKey, kRecordValue, kTyped };
  // What the way to a value says of it.
  struct Place {
    int node = -1;  // of the plan; -1: not wanted
    int each = -1;  // extra rows it gives a field to, under the name in each_name_
    int depth = 0;  // of objects and arrays around it
    Role role = Role::kPlain;
    int typed = -1;  // of kTyped: which of kTypedValues
  };

  void Reset();
  bool Fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }
  // Makes a text live as long as the row.
  std::string_view Keep(std::string text) {
    kept_.push_back(std::move(text));
    return kept_.back();
  }

  bool WalkValue(const Place& place);
  bool WalkNested(char open, const Place& place);
  bool WalkObject(const Place& place);
  bool WalkArray(const Place& place);
  bool WalkElements(const Place& place);
  bool WalkRecords(const Place& place);
  bool WalkScalar(char first, const Place& place);
  // Whether another value of an array, or field of an object, comes; steps over the comma.
  bool More(char close, bool* first, bool* more);
  const JsonPlan::Node* NodeOf(const Place& place) const {
    return place.node < 0 ? nullptr : &plan_.nodes[static_cast<size_t>(place.node)];
  }
  bool StoreRecord(const JsonPlan::Node& node);
  Place PlaceOf(const Place& object, const JsonPlan::Node* node, int each,
                std::string_view key) const;
  bool Store(const Place& place, Text text);
  bool StoreSlot(int slot, Text text);
  std::string CheckSlots() const;
  void MakeRows();
  Text OwnValue(const JsonPlan::Column& column) const;
  bool Applies(const JsonPlan::Extra& extra) const;
  Text PartOf(const Row& row, const JsonPlan::Part& part);
  void Number(const Row& row, std::string* text) const;

  const JsonPlan& plan_;
  JsonCursor cursor_;
  std::string problem_;
  std::vector<Text> single_;    // a value a slot
  std::vector<Text> elements_;  // of each element a value a slot
  int64_t element_count_ = 0;
  bool in_element_ = false;
  std::vector<uint8_t> seen_;
  std::vector<std::vector<Field>> extra_fields_;
  std::string each_name_;
  int capturing_ = 0;    // wanted objects and arrays that we are in
  std::string capture_;  // the outermost of them and what is in it, as compact JSON
  std::deque<std::string> kept_;
  Text record_key_, record_value_;  // of the record we are in
  int record_typed_ = 0;            // which of kTypedValues its value is
  std::vector<Row> rows_;
  std::string numbered_;
};

void JsonRows::Walker::Reset() {
  problem_.clear();
  std::fill(single_.begin(), single_.end(), std::nullopt);
  std::fill(seen_.begin(), seen_.end(), uint8_t{0});
  elements_.clear();
  element_count_ = 0;
  in_element_ = false;
  for (auto& fields : extra_fields_) fields.clear();
  each_name_.clear();
  capturing_ = 0;
  capture_.clear();
  kept_.clear();
  rows_.clear();
}

std::string JsonRows::Walker::Parse(std::string_view text) {
  Reset();
  cursor_.Begin(text);
  const char first = cursor_.Peek();
  if (first == '{') {
    cursor_.Step();
    if (WalkObject({.node = 0, .depth = 1, .role = Role::kRoot}) && cursor_.Peek() != '\0') {
      cursor_.Fail("nothing after the object");
    }
  } else if (IsOtherValue(text.substr(text.size() - cursor_.left()))) {
    Fail("is not a JSON object");
  } else {
    cursor_.Fail("an object is wanted");
  }
  if (problem_.empty()) problem_ = cursor_.problem();
  if (problem_.empty()) problem_ = CheckSlots();
  if (problem_.empty()) MakeRows();
  return std::move(problem_);
}

bool JsonRows::Walker::StoreSlot(int slot, Text text) {
  const auto at = static_cast<size_t>(slot);
  if (seen_[at] != 0) {
    return Fail(Concat("has the field '", Printable(plan_.slots[at].path), "' twice"));
  }
  seen_[at] = 1;
  if (plan_.slots[at].of_element) {
    // A path that leads past the array ("a.b": null, or a key with dots in it) is no element's.
    if (!in_element_) return true;
    elements_[(static_cast<size_t>(element_count_) - 1) * plan_.slots.size() + at] = text;
  } else {
    single_[at] = text;
  }
  return true;
}

bool JsonRows::Walker::Store(const Place& place, Text text) {
  if (place.role == Role::kRecordKey) record_key_ = text;
  if (place.role == Role::kRecordValue && !record_value_) record_value_ = text;
  if (place.role == Role::kTyped && text && place.typed < record_typed_) {
    record_value_ = text;
    record_typed_ = place.typed;
  }
  const JsonPlan::Node* node = NodeOf(place);
  if (node != nullptr && node->slot >= 0 && !StoreSlot(node->slot, text)) return false;
  if (place.each >= 0 && text) {
    extra_fields_[static_cast<size_t>(place.each)].push_back({each_name_, *text});
  }
  return true;
}

bool JsonRows::Walker::WalkScalar(char first, const Place& place) {
  std::string_view text;
  if (first == '"') {
    if (!cursor_.ReadString(&text)) return false;
    if (capturing_ > 0) AppendJsonString(text, capture_);
    return Store(place, text);
  }
  bool null = false;
  if (first == 't' || first == 'f' || first == 'n') {
    null = first == 'n';
    text = null ? "null" : first == 't' ? "true" : "false";
    if (!cursor_.ReadWord(text)) return false;
  } else if (!cursor_.ReadNumber(&text)) {
    return false;
  }
  if (capturing_ > 0) capture_ += text;
  return Store(place, null ? std::nullopt : Text(text));
}

bool JsonRows::Walker::WalkValue(const Place& place) {
  const char first = cursor_.Peek();
  const bool array = first == '[';
  const JsonPlan::Node* node = NodeOf(place);
  const bool takes_apart = node != nullptr && node->explode && !in_element_;
  if (takes_apart && !array && first != 'n') {
    return Fail("has something else than an array where `explode` wants one");
  }
  if (!array && first != '{') return WalkScalar(first, place);
  if (place.depth >= limits::kMaxJsonDepth) {
    return Fail(Concat("is nested deeper than ", limits::kMaxJsonDepth, " levels"));
  }
  cursor_.Step();

  // Of what becomes rows by its fields, an array is a value; an object gives its own fields.
  const bool gives_row = place.each >= 0 && array;
  const bool wanted = (node != nullptr && node->slot >= 0 && !takes_apart) || gives_row;
  if (!wanted) return WalkNested(first, place);
  if (capturing_++ == 0) capture_.clear();
  const size_t begin = capture_.size();
  Place inside = place;
  if (gives_row) inside.each = -1;
  if (!WalkNested(first, inside)) return false;
  --capturing_;
  Place whole = place;
  if (!gives_row) whole.each = -1;
  return Store(whole, Keep(capture_.substr(begin)));
}

bool JsonRows::Walker::WalkNested(char open, const Place& place) {
  Place inside = place;
  ++inside.depth;
  return open == '{' ? WalkObject(inside) : WalkArray(inside);
}

bool JsonRows::Walker::More(char close, bool* first, bool* more) {
  const char next = cursor_.Peek();
  *more = next != close;
  if (!*more) {
    cursor_.Step();
    if (capturing_ > 0) capture_ += close;
    *first = false;
    return true;
  }
  if (!std::exchange(*first, false)) {
    if (next != ',') {
      return cursor_.Fail(close == '}' ? "a comma or } is wanted" : "a comma or ] is wanted");
    }
    cursor_.Step();
    if (capturing_ > 0) capture_ += ',';
  }
  return true;
}

bool JsonRows::Walker::WalkObject(const Place& place) {
  const JsonPlan::Node* node = NodeOf(place);
  const int each = node != nullptr && node->each >= 0 ? node->each : place.each;
  const size_t name_size = each == place.each ? each_name_.size() : 0;
  if (capturing_ > 0) capture_ += '{';
  bool first = true;
  for (bool more = true;;) {
    if (!More('}', &first, &more)) return false;
    if (!more) break;
    std::string_view key;
    if (!cursor_.ReadString(&key)) return false;
    if (cursor_.Peek() != ':') return cursor_.Fail("a colon is wanted");
    cursor_.Step();
    if (place.role == Role::kRoot && top_keys != nullptr) top_keys->emplace_back(key);
    if (capturing_ > 0) {
      AppendJsonString(key, capture_);
      capture_ += ':';
    }
    if (each >= 0) {
      each_name_.resize(name_size);
      if (name_size > 0) each_name_ += '.';
      each_name_ += key;
    }
    if (!WalkValue(PlaceOf(place, node, each, key))) return false;
  }
  each_name_.resize(std::min(name_size, each_name_.size()));
  return true;
}

bool JsonRows::Walker::WalkArray(const Place& place) {
  const JsonPlan::Node* node = NodeOf(place);
  if (capturing_ > 0) capture_ += '[';
  if (node != nullptr && node->explode && !in_element_) return WalkElements(place);
  if (node != nullptr && !node->key_values.empty()) return WalkRecords(place);
  bool first = true;
  for (bool more = true;;) {
    if (!More(']', &first, &more)) return false;
    if (!more) return true;
    if (!WalkValue({.depth = place.depth})) return false;
  }
}

// An array whose elements are rows.
bool JsonRows::Walker::WalkElements(const Place& place) {
  const size_t slots = plan_.slots.size();
  if (element_count_ > 0) return Fail("has the array that `explode` takes apart twice");
  bool first = true;
  for (bool more = true;;) {
    if (!More(']', &first, &more)) return false;
    if (!more) return true;
    ++element_count_;
    elements_.resize(static_cast<size_t>(element_count_) * slots);
    for (size_t i = 0; i < slots; ++i) {
      if (plan_.slots[i].of_element) seen_[i] = 0;
    }
    in_element_ = true;
    if (!WalkValue({.node = place.node, .depth = place.depth})) return false;
    in_element_ = false;
  }
}

// An array of {"key": ..., "value": ...} records.
bool JsonRows::Walker::WalkRecords(const Place& place) {
  bool first = true;
  for (bool more = true;;) {
    if (!More(']', &first, &more)) return false;
    if (!more) return true;
    if (cursor_.Peek() != '{') {
      return Fail("has something else than {\"key\": ..., \"value\": ...} in an array of them");
    }
    record_key_.reset();
    record_value_.reset();
    record_typed_ = std::size(kTypedValues);
    if (!WalkValue({.depth = place.depth, .role = Role::kRecord})) return false;
    if (!StoreRecord(*NodeOf(place))) return false;
  }
}

bool JsonRows::Walker::StoreRecord(const JsonPlan::Node& node) {
  if (!record_key_) return true;
  for (const auto& [key, slot] : node.key_values) {
    if (key == *record_key_) return StoreSlot(slot, record_value_);
  }
  return true;
}

JsonRows::Walker::Place JsonRows::Walker::PlaceOf(const Place& object, const JsonPlan::Node* node,
                                                  int each, std::string_view key) const {
  Place out = {.node = node == nullptr ? -1 : plan_.ChildOf(*node, key),
               .each = each,
               .depth = object.depth};
  if (object.role == Role::kRecord) {
    if (key == "key") out.role = Role::kRecordKey;
    if (key == "value") out.role = Role::kRecordValue;
  } else if (object.role == Role::kRecordValue) {
    const auto* const found = std::find(std::begin(kTypedValues), std::end(kTypedValues), key);
    if (found != std::end(kTypedValues)) {
      out.role = Role::kTyped;
      out.typed = static_cast<int>(found - std::begin(kTypedValues));
    }
  }
  return out;
}

// What is wrong with a value, or with all of them together.
std::string JsonRows::Walker::CheckSlots() const {
  int64_t single_bytes = 0;
  const auto check = [&](const Text& value, size_t slot) -> std::string {
    if (!value) return {};
    const auto words = [&] { return Concat("column '", Printable(plan_.slots[slot].path), "'"); };
    if (value->size() > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(words(), " has ", value->size(), " bytes; at most ", limits::kMaxFieldBytes,
                    " wanted");
    }
    const std::string_view problem = TextProblem(*value);
    return problem.empty() ? std::string() : Concat(words(), " ", problem);
  };
  for (size_t i = 0; i < single_.size(); ++i) {
    if (std::string problem = check(single_[i], i); !problem.empty()) return problem;
    if (single_[i]) single_bytes += static_cast<int64_t>(single_[i]->size());
  }
  for (size_t i = 0; i < elements_.size(); ++i) {
    std::string problem = check(elements_[i], i % plan_.slots.size());
    if (!problem.empty()) return problem;
  }
  int64_t rows = element_count_;
  for (size_t extra = 0; extra < extra_fields_.size(); ++extra) {
    for (const Field& field : extra_fields_[extra]) {
      ++rows;
      single_bytes = std::max(single_bytes, static_cast<int64_t>(field.value.size()));
      if (field.value.size() > static_cast<size_t>(limits::kMaxFieldBytes) ||
          !TextProblem(field.value).empty() || !TextProblem(field.name).empty()) {
        return Concat("row '", Printable(plan_.extras[extra].row), "' '", Printable(field.name),
                      "' has a NUL, is not valid UTF-8 or is longer than ", limits::kMaxFieldBytes,
                      " bytes");
      }
    }
  }
  if (rows > 1 && single_bytes > kMaxRepeatedBytes / rows) {
    return Concat("gives ", rows, " rows that repeat ", single_bytes, " bytes each; at most ",
                  kMaxRepeatedBytes, " bytes in all wanted");
  }
  return {};
}

JsonRows::Walker::Text JsonRows::Walker::OwnValue(const JsonPlan::Column& column) const {
  for (const JsonPlan::Part& part : column) {
    const Text& value = single_[static_cast<size_t>(part.slot)];
    if (value && !value->empty()) return value;
  }
  return std::nullopt;
}

bool JsonRows::Walker::Applies(const JsonPlan::Extra& extra) const {
  for (const JsonPlan::Column& column : extra.present) {
    if (!OwnValue(column)) return false;
  }
  for (const auto& [column, texts] : extra.where) {
    const Text value = OwnValue(column);
    if (!value || std::find(texts.begin(), texts.end(), *value) == texts.end()) return false;
  }
  return true;
}

void JsonRows::Walker::MakeRows() {
  if (element_count_ == 0) rows_.push_back({});
  for (int64_t i = 0; i < element_count_; ++i) rows_.push_back({.element = i});
  for (size_t i = 0; i < plan_.extras.size(); ++i) {
    if (!Applies(plan_.extras[i])) continue;
    const int extra = static_cast<int>(i);
    if (!plan_.extras[i].each) rows_.push_back({.element = -1, .extra = extra});
    for (size_t field = 0; field < extra_fields_[i].size(); ++field) {
      rows_.push_back({.element = -1, .extra = extra, .field = field});
    }
  }
}

// What tells a row from the others of its object.
void JsonRows::Walker::Number(const Row& row, std::string* text) const {
  if (row.element >= 0) *text += Concat('#', row.element + 1);
  if (row.extra < 0) return;
  const auto extra = static_cast<size_t>(row.extra);
  *text += Concat('#', plan_.extras[extra].row);
  if (plan_.extras[extra].each) *text += Concat(':', extra_fields_[extra][row.field].name);
}

std::optional<std::string_view> JsonRows::Walker::value(int64_t row, size_t column) {
  for (const JsonPlan::Part& part : plan_.columns[column]) {
    const Text text = PartOf(rows_[static_cast<size_t>(row)], part);
    if (text) return text;
  }
  return std::nullopt;
}

JsonRows::Walker::Text JsonRows::Walker::PartOf(const Row& row, const JsonPlan::Part& part) {
  using Kind = JsonPlan::Part::Kind;
  const JsonPlan::Extra* extra =
      row.extra < 0 ? nullptr : &plan_.extras[static_cast<size_t>(row.extra)];
  const Field* field = extra != nullptr && extra->each
                           ? &extra_fields_[static_cast<size_t>(row.extra)][row.field]
                           : nullptr;
  switch (part.kind) {
    case Kind::kElement:
      if (row.element < 0) return std::nullopt;
      numbered_ = Concat(row.element + 1);
      return numbered_;
    case Kind::kRow:
      return extra == nullptr ? std::nullopt : Text(extra->row);
    case Kind::kName:
      return field == nullptr ? std::nullopt : Text(field->name);
    case Kind::kValue:
      if (extra == nullptr || (!part.row.empty() && part.row != extra->row)) return std::nullopt;
      return field == nullptr ? OwnValue(extra->value) : Text(field->value);
    case Kind::kSlot:
    case Kind::kNumbered:
      break;
  }
  const auto slot = static_cast<size_t>(part.slot);
  Text text;
  if (!plan_.slots[slot].of_element) {
    text = single_[slot];
  } else if (row.element >= 0) {
    text = elements_[static_cast<size_t>(row.element) * plan_.slots.size() + slot];
  }
  if (part.kind == Kind::kSlot || !text) return text;
  numbered_ = *text;
  Number(row, &numbered_);
  return numbered_;
}

JsonRows::JsonRows(const JsonPlan* plan) : walker_(std::make_unique<Walker>(plan)) {}
JsonRows::~JsonRows() = default;

std::string JsonRows::Parse(std::string_view text) { return walker_->Parse(text); }
int64_t JsonRows::rows() const { return walker_->rows(); }
std::optional<std::string_view> JsonRows::value(int64_t row, size_t column) {
  return walker_->value(row, column);
}

absl::StatusOr<std::vector<std::string>> JsonRows::Keys(std::string_view text) {
  const JsonPlan nothing = {.nodes = {JsonPlan::Node{}}};
  std::vector<std::string> keys;
  Walker walker(&nothing);
  walker.top_keys = &keys;
  const std::string problem = walker.Parse(text);
  if (!problem.empty()) return InvalidArgument(problem);
  return keys;
}

}  // namespace burgeon
