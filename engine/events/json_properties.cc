#include "engine/events/json_properties.h"

#include <vector>

#include <nlohmann/json.hpp>
#include "engine/base/limits.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;

// Hears a JSON text piece by piece. Within an array it writes the text again, without blanks.
class Listener final : public nlohmann::json_sax<Json> {
 public:
  Listener(std::map<std::string, std::string>* properties, std::string* wanted)
      : properties_(properties), wanted_(wanted) {}

  bool null() override { return array_depth_ == 0 ? InObject() : Write("null"); }
  bool boolean(bool value) override { return Value(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Value(Concat(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Value(Concat(value)); }
  bool number_float(number_float_t, const string_t& text) override { return Value(text); }
  bool string(string_t& text) override {
    return array_depth_ == 0 ? Value(text) : Write(Json(text).dump());
  }
  bool binary(binary_t&) override { return Refuse("JSON"); }

  bool start_object(size_t) override {
    if (array_depth_ > 0) return Open('{');
    if (!in_object_) {
      in_object_ = true;
      return true;
    }
    // The name on top becomes the beginning of those within.
    names_.back() += '.';
    prefixes_.push_back(names_.back());
    return Deep();
  }
  bool key(string_t& name) override {
    if (array_depth_ > 0) {
      if (!Write(Json(name).dump())) return false;
      array_ += ':';
      separate_ = false;
      return true;
    }
    std::string whole = prefixes_.empty() ? name : prefixes_.back() + name;
    if (whole.size() > static_cast<size_t>(limits::kMaxIdBytes)) {
      return Refuse("a JSON object whose names have at most 512 bytes");
    }
    names_.push_back(std::move(whole));
    return true;
  }
  bool end_object() override {
    if (array_depth_ > 0) return Close('}');
    if (!prefixes_.empty()) {
      prefixes_.pop_back();
      names_.pop_back();
    }
    return true;
  }
  bool start_array(size_t) override { return InObject(false) && Open('['); }
  bool end_array() override {
    Close(']');
    if (array_depth_ > 0) return true;
    const bool taken = Value(array_);
    array_.clear();
    return taken;
  }
  bool parse_error(size_t, const std::string&, const Json::exception&) override {
    return Refuse("a JSON object");
  }

 private:
  bool Refuse(std::string_view wanted) {
    *wanted_ = std::string(wanted);
    return false;
  }
  // Refuses a value that is not within the object; a null's name is done with.
  bool InObject(bool done = true) {
    if (!in_object_) return Refuse("a JSON object");
    if (done) names_.pop_back();
    return true;
  }
  bool Deep() {
    const size_t depth = 1 + prefixes_.size() + static_cast<size_t>(array_depth_);
    return depth <= static_cast<size_t>(limits::kMaxJsonDepth) ||
           Refuse(Concat("a JSON object at most ", limits::kMaxJsonDepth, " deep"));
  }
  bool Value(std::string_view text) {
    if (array_depth_ > 0) return Write(text);
    if (!in_object_) return Refuse("a JSON object");
    if (!text.empty()) properties_->emplace(std::move(names_.back()), text);
    names_.pop_back();
    return true;
  }
  bool Write(std::string_view text) {
    if (separate_) array_ += ',';
    array_ += text;
    separate_ = true;
    return true;
  }
  bool Open(char bracket) {
    Write(std::string_view(&bracket, 1));
    separate_ = false;
    ++array_depth_;
    return Deep();
  }
  bool Close(char bracket) {
    array_ += bracket;
    separate_ = true;
    --array_depth_;
    if (array_depth_ == 0) separate_ = false;
    return true;
  }

  std::map<std::string, std::string>* properties_;
  std::string* wanted_;
  bool in_object_ = false;
  std::vector<std::string> prefixes_;  // of the objects within, "address."
  std::vector<std::string> names_;     // of the values that are yet to come, the innermost last
  int array_depth_ = 0;                // brackets of both kinds, from the array on
  std::string array_;                  // the text of the array so far
  bool separate_ = false;              // whether a comma comes before what is next in array_
};

}  // namespace

bool AddJsonProperties(std::string_view json, std::map<std::string, std::string>* properties,
                       std::string* wanted) {
  if (json.empty()) return true;
  Listener listener(properties, wanted);
  return Json::sax_parse(json, &listener);
}

}  // namespace burgeon
