#include "serving/json_body.h"

#include <functional>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/events/time_format.h"
#include "serving/limits.h"

namespace burgeon {
namespace {

// Watches a parse for what the library lets pass: depth, and a field given twice.
class ParseWatch {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (depth >= limits::kMaxJsonDepth) too_deep_ = true;
      if (event == Event::object_start) open_.emplace_back();
    } else if (event == Event::object_end) {
      open_.pop_back();
    } else if (event == Event::key) {
      const std::string& name = parsed.get_ref<const std::string&>();
      if (!open_.back().insert(name).second && twice_.empty()) twice_ = Printable(name);
    }
    return !too_deep_;  // false: what is deeper is not kept
  }

  absl::Status status() const {
    if (too_deep_) {
      return InvalidArgument("body: nested deeper than ", limits::kMaxJsonDepth, " levels");
    }
    if (!twice_.empty()) return InvalidArgument("body: ", twice_, " is given twice");
    return absl::OkStatus();
  }

 private:
  std::vector<StringSet> open_;  // field names of the objects being read, outermost first
  bool too_deep_ = false;
  std::string twice_;
};

}  // namespace

absl::StatusOr<Json> ParseObject(std::string_view body) {
  ParseWatch watch;
  Json json;
  try {
    json = Json::parse(body.begin(), body.end(), std::ref(watch));
  } catch (const Json::parse_error& error) {
    BURGEON_RETURN_IF_ERROR(watch.status());
    return InvalidArgument("body: not JSON at byte ", error.byte);
  } catch (const Json::out_of_range&) {
    return InvalidArgument("body: a number is out of range");
  }
  BURGEON_RETURN_IF_ERROR(watch.status());
  if (!json.is_object()) return InvalidArgument("body: ", json.type_name(), ", want an object");
  return json;
}

absl::Status CheckFields(const Json& object, std::string_view where,
                         std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.items()) {
    bool found = false;
    for (const std::string_view field : known) found = found || field == name;
    if (!found) {
      std::string list;
      for (const std::string_view field : known) list += Concat(list.empty() ? "" : ", ", field);
      return InvalidArgument(where, Printable(name), ": not a field; there are ", list);
    }
  }
  return absl::OkStatus();
}

const Json* Find(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

absl::StatusOr<std::string> ReadText(const Json& value, std::string_view field) {
  if (!value.is_string()) {
    return InvalidArgument(field, ": ", value.type_name(), ", want a string");
  }
  return value.get<std::string>();
}

absl::StatusOr<TimeMicros> ReadTime(const Json& value, std::string_view field) {
  static const TimeFormat* const format = new TimeFormat();  // never destroyed: no order at exit
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadText(value, field));
  const std::optional<TimeMicros> time = format->Parse(text);
  if (time) return *time;
  return InvalidArgument(field, ": '", Printable(text), "' is not ", format->Wanted());
}

absl::StatusOr<std::string> ReadId(const Json& value, std::string_view field) {
  BURGEON_ASSIGN_OR_RETURN(std::string id, ReadText(value, field));
  if (id.empty()) return InvalidArgument(field, ": is empty");
  if (static_cast<int64_t>(id.size()) > limits::kMaxIdBytes) {
    return InvalidArgument(field, ": ", id.size(), " bytes, at most ", limits::kMaxIdBytes);
  }
  return id;
}

absl::StatusOr<int64_t> ReadInteger(const Json& value, std::string_view field, int64_t low,
                                    int64_t high) {
  const bool unsigned_fits =
      value.is_number_unsigned() && value.get<uint64_t>() <= static_cast<uint64_t>(high);
  const bool is_signed = value.is_number_integer() && !value.is_number_unsigned();
  const bool fits = unsigned_fits || (is_signed && value.get<int64_t>() <= high);
  if (!fits || value.get<int64_t>() < low) {
    return InvalidArgument(field, ": ", Printable(value.dump(-1, ' ', true)),
                           " is not a whole number from ", low, " to ", high);
  }
  return value.get<int64_t>();
}

absl::Status CheckArray(const Json& value, std::string_view field, int64_t low, int64_t high) {
  if (!value.is_array()) return InvalidArgument(field, ": ", value.type_name(), ", want an array");
  const auto size = static_cast<int64_t>(value.size());
  if (size >= low && size <= high) return absl::OkStatus();
  return InvalidArgument(field, ": ", size, " entries, want ", low, " to ", high);
}

absl::StatusOr<std::vector<std::string>> ReadIds(const Json& value, std::string_view field,
                                                 int64_t low, int64_t high) {
  BURGEON_RETURN_IF_ERROR(CheckArray(value, field, low, high));
  std::vector<std::string> ids;
  ids.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    BURGEON_ASSIGN_OR_RETURN(std::string id, ReadId(value[i], Concat(field, "[", i, "]")));
    ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace burgeon
