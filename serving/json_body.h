// A request's body as JSON, and its fields with every check; what the routes' parsers share.
#ifndef BURGEON_SERVING_JSON_BODY_H_
#define BURGEON_SERVING_JSON_BODY_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include "engine/base/clock.h"
#include "engine/base/status.h"

namespace burgeon {

using Json = nlohmann::json;

// kInvalidArgument when it is not one JSON object, is nested too deep, or has a field twice.
absl::StatusOr<Json> ParseObject(std::string_view body);

// kInvalidArgument for a field that is not `known`; `where` begins the message ("events[2].").
absl::Status CheckFields(const Json& object, std::string_view where,
                         std::initializer_list<std::string_view> known);

// The field, or nullptr. null is not "absent": it is a value of the wrong type.
const Json* Find(const Json& object, const char* name);

absl::StatusOr<std::string> ReadText(const Json& value, std::string_view field);
// Not empty, at most limits::kMaxIdBytes.
absl::StatusOr<std::string> ReadId(const Json& value, std::string_view field);
absl::StatusOr<int64_t> ReadInteger(const Json& value, std::string_view field, int64_t low,
                                    int64_t high);
// A time in ISO 8601, in UTC unless it says otherwise.
absl::StatusOr<TimeMicros> ReadTime(const Json& value, std::string_view field);
// An array of low to high entries.
absl::Status CheckArray(const Json& value, std::string_view field, int64_t low, int64_t high);
absl::StatusOr<std::vector<std::string>> ReadIds(const Json& value, std::string_view field,
                                                 int64_t low, int64_t high);

}  // namespace burgeon

#endif  // BURGEON_SERVING_JSON_BODY_H_
