// Lines of ids parted by blanks, as split, sequence and session files are made of.
#ifndef BURGEON_ENGINE_DATASET_ID_LINES_H_
#define BURGEON_ENGINE_DATASET_ID_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

// kInvalidArgument, naming `path` and `line`, unless it is UTF-8 of 1 to limits::kMaxIdBytes bytes.
absl::Status CheckFileId(std::string_view id, int64_t line, const std::string& path);

// What stands between spaces, tabs and carriage returns; views into `text`.
std::vector<std::string_view> SplitAtBlanks(std::string_view text);

// The same, each checked.
absl::StatusOr<std::vector<std::string_view>> ReadIds(std::string_view text, int64_t line,
                                                      const std::string& path);

// Calls visit(number, line) for every line, from 1, until one fails.
template <class Visit>
absl::Status ForEachLine(std::string_view text, const Visit& visit) {
  for (int64_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    BURGEON_RETURN_IF_ERROR(visit(number, text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return absl::OkStatus();
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_ID_LINES_H_
