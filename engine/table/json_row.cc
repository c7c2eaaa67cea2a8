#include "engine/table/json_row.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;

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

// "[json.exception.parse_error.101] parse error at line 1, column 7: syntax error ..." without what
// comes before the error itself: the line is one and known.
std::string_view WithoutPlace(std::string_view what) {
  const size_t column = what.find("column ");
  const size_t colon = what.find(": ", column == std::string_view::npos ? 0 : column);
  return colon == std::string_view::npos ? what : what.substr(colon + 2);
}

// Receives the parts of a line as the parser finds them (no tree is built, nothing recurs).
class Handler : public nlohmann::json_sax<Json> {
 public:
  using Take = std::vector<std::optional<std::string>>;
  Handler(const StringMap<size_t>& positions, Take& values)
      : positions_(positions), values_(values), seen_(values.size(), false) {}

  std::string problem;
  std::vector<std::string> top_keys;

  bool null() override { return Scalar("null", std::nullopt); }
  bool boolean(bool value) override {
    return Scalar(value ? "true" : "false", value ? "true" : "false");
  }
  bool number_integer(int64_t value) override { return Number(Concat(value)); }
  bool number_unsigned(uint64_t value) override { return Number(Concat(value)); }
  bool number_float(double, const std::string& as_written) override { return Number(as_written); }
  bool string(std::string& value) override {
    BeforeValue();
    if (captures_.empty()) return Store(std::move(value));
    AppendJsonString(value, text_);
    return Store(std::move(value));
  }
  bool binary(Json::binary_t&) override { return false; }  // JSON text has none
  bool start_object(size_t) override { return Open('{'); }
  bool start_array(size_t) override { return Open('['); }
  bool end_object() override { return Close('}'); }
  bool end_array() override { return Close(']'); }

  bool key(std::string& name) override {
    Level& level = levels_.back();
    if (levels_.size() == 1) top_keys.push_back(name);
    if (!captures_.empty()) {
      Comma(level);
      AppendJsonString(name, text_);
      text_ += ':';
    }
    path_.resize(level.path_size);
    if (level.path_size > 0) path_ += '.';
    path_ += name;
    return true;
  }

  bool parse_error(size_t, const std::string&, const Json::exception& error) override {
    if (problem.empty()) {
      problem = "is not JSON: " + Printable(WithoutPlace(error.what()), 200);
    }
    return false;
  }

 private:
  struct Level {
    bool object = false;
    bool first = true;               // nothing of it was written to text_ yet
    size_t path_size = 0;            // of path_ for the object itself
    bool reachable = true;           // no array above: its fields have paths
    std::optional<size_t> position;  // where the whole of it is wanted
  };

  bool Fail(std::string reason) {
    problem = std::move(reason);
    return false;
  }

  void Comma(Level& level) {
    if (!std::exchange(level.first, false)) text_ += ',';
  }

  // Within an array that is being written, a comma comes before every value but the first; within
  // an object key() has seen to it.
  void BeforeValue() {
    if (captures_.empty() || levels_.empty() || levels_.back().object) return;
    Comma(levels_.back());
  }

  // Where the value that comes now is wanted, if it is.
  std::optional<size_t> Position() const {
    if (levels_.empty() || !levels_.back().object || !levels_.back().reachable) return {};
    const auto found = positions_.find(path_);
    return found == positions_.end() ? std::nullopt : std::optional<size_t>(found->second);
  }

  bool Claim(size_t position) {
    if (seen_[position]) return Fail(Concat("has the field '", Printable(path_), "' twice"));
    seen_[position] = true;
    return true;
  }

  bool Store(std::optional<std::string> value) {
    if (levels_.empty()) return Fail("is not a JSON object");
    const auto position = Position();
    if (!position) return true;
    if (!Claim(*position)) return false;
    values_[*position] = std::move(value);
    return true;
  }

  bool Scalar(std::string_view token, std::optional<std::string> value) {
    BeforeValue();
    if (!captures_.empty()) text_ += token;
    return Store(std::move(value));
  }
  bool Number(std::string token) {
    BeforeValue();
    if (!captures_.empty()) text_ += token;
    return Store(std::move(token));
  }

  bool Open(char bracket) {
    if (levels_.empty() && bracket != '{') return Fail("is not a JSON object");
    if (static_cast<int>(levels_.size()) >= limits::kMaxJsonDepth) {
      return Fail(Concat("is nested deeper than ", limits::kMaxJsonDepth, " levels"));
    }
    BeforeValue();
    Level level;
    level.object = bracket == '{';
    level.reachable = levels_.empty() || (levels_.back().reachable && levels_.back().object);
    level.path_size = levels_.empty() ? 0 : path_.size();
    level.position = Position();
    if (level.position) {
      if (!Claim(*level.position)) return false;
      if (captures_.empty()) text_.clear();
      captures_.push_back(text_.size());
    }
    if (!captures_.empty()) text_ += bracket;
    levels_.push_back(level);
    return true;
  }

  bool Close(char bracket) {
    const Level level = levels_.back();
    levels_.pop_back();
    if (!captures_.empty()) text_ += bracket;
    if (level.position) {
      values_[*level.position] = text_.substr(captures_.back());
      captures_.pop_back();
    }
    return true;
  }

  const StringMap<size_t>& positions_;
  Take& values_;
  std::vector<bool> seen_;
  std::string path_;  // of the key read last, dotted
  std::vector<Level> levels_;
  std::vector<size_t> captures_;  // where each wanted object or array begins in text_
  std::string text_;              // of the outermost of them and what is in it
};

}  // namespace

JsonRow::JsonRow(const std::vector<std::string>& paths) : values_(paths.size()) {
  for (size_t i = 0; i < paths.size(); ++i) positions_.emplace(paths[i], i);
}

std::string JsonRow::Parse(std::string_view line) {
  for (auto& value : values_) value.reset();
  Handler handler(positions_, values_);
  Json::sax_parse(line.begin(), line.end(), &handler);
  return std::move(handler.problem);
}

absl::StatusOr<std::vector<std::string>> JsonKeys(std::string_view line) {
  const StringMap<size_t> nothing;
  Handler::Take no_values;
  Handler handler(nothing, no_values);
  Json::sax_parse(line.begin(), line.end(), &handler);
  if (!handler.problem.empty()) return InvalidArgument(handler.problem);
  return std::move(handler.top_keys);
}

}  // namespace burgeon
