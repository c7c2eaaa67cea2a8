// The rows of one JSON object, as text, by a plan. Internal to this room.
//
//   JsonRows rows(&plan);                      // the columns "user.id" and "price"
//   const std::string problem = rows.Parse(line, readable);
//   rows.value(0, 1)                           // "1.50": numbers are kept as they are written
//
// Not thread-safe; the plan may be shared. Views are void at the next Parse.
#ifndef BURGEON_ENGINE_TABLE_JSON_ROW_H_
#define BURGEON_ENGINE_TABLE_JSON_ROW_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/table/json_cursor.h"
#include "engine/table/json_plan.h"

namespace burgeon {

// An array taken apart repeats the columns around it: in all at most so many bytes an object.
inline constexpr int64_t kMaxRepeatedBytes = int64_t{64} << 20;

class JsonRows {
 public:
  explicit JsonRows(const JsonPlan* plan);
  ~JsonRows();

  // Empty, or why the text cannot be taken: not one JSON object, nested too deeply, a wanted field
  // twice, not UTF-8 or with a NUL, a value longer than limits::kMaxFieldBytes. kJsonPadding bytes
  // behind the text must be readable.
  std::string Parse(std::string_view text);

  int64_t rows() const;
  // Nothing where the field is null or absent. Strings without their escapes, true and false as
  // such, objects and arrays as compact JSON.
  std::optional<std::string_view> value(int64_t row, size_t column);

  // The keys of a JSON object, in order. kInvalidArgument with the reason. Padding as for Parse.
  static absl::StatusOr<std::vector<std::string>> Keys(std::string_view text);

 private:
  class Walker;
  std::unique_ptr<Walker> walker_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_JSON_ROW_H_
