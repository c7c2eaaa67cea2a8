// The wanted fields of one JSON object, as text. Internal to this room.
//
//   JsonRow row({"user.id", "price"});
//   const std::string problem = row.Parse(R"({"user":{"id":"u1"},"price":1.50})");
//   row.values()[1]      // "1.50": numbers are kept as they are written
#ifndef BURGEON_ENGINE_TABLE_JSON_ROW_H_
#define BURGEON_ENGINE_TABLE_JSON_ROW_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"

namespace burgeon {

class JsonRow {
 public:
  // Dotted paths into nested objects, each a name of its own. A key that has a dot in it is found
  // under the same path.
  explicit JsonRow(const std::vector<std::string>& paths);

  // Empty, or why the line cannot be taken: not one JSON object, nested too deeply, a wanted field
  // twice.
  std::string Parse(std::string_view line);

  // Of the last line, in the order of the paths; nothing where the field is null or absent. Strings
  // without their escapes, true and false as such, objects and arrays as compact JSON.
  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  StringMap<size_t> positions_;
  std::vector<std::optional<std::string>> values_;
};

// The keys of a JSON object, in order. kInvalidArgument with the reason.
absl::StatusOr<std::vector<std::string>> JsonKeys(std::string_view line);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_JSON_ROW_H_
