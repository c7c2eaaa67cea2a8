// The fields of a JSON object as properties of an event (mapping.h: properties_from).
//
//   std::map<std::string, std::string> properties;
//   AddJsonProperties(R"({"plan": "pro", "seats": 5, "address": {"city": "Hull"}})", &properties,
//                     &wanted);    // plan, seats, address.city
//
// Texts are taken as they are, numbers as they are written, true and false as words; null and ""
// are left out; an array is its JSON text. Thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_JSON_PROPERTIES_H_
#define BURGEON_ENGINE_EVENTS_JSON_PROPERTIES_H_

#include <map>
#include <string>
#include <string_view>

namespace burgeon {

// Adds those whose names are not there yet; of a name twice in the object the first counts. False,
// with what was wanted, for text that is no JSON object, is deeper than limits::kMaxJsonDepth or
// has a name longer than limits::kMaxIdBytes; *properties may then hold a part of it. Empty text
// adds nothing.
bool AddJsonProperties(std::string_view json, std::map<std::string, std::string>* properties,
                       std::string* wanted);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_JSON_PROPERTIES_H_
