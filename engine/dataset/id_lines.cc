#include "engine/dataset/id_lines.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace burgeon {

absl::Status CheckFileId(std::string_view id, int64_t line, const std::string& path) {
  if (!id.empty() && id.size() <= static_cast<size_t>(limits::kMaxIdBytes) && IsValidUtf8(id)) {
    return absl::OkStatus();
  }
  return InvalidArgument(path, ":", line, ": '", Printable(id),
                         "' is not an id; wanted UTF-8 of at most ", limits::kMaxIdBytes, " bytes");
}

std::vector<std::string_view> SplitAtBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<std::string_view> words;
  for (size_t begin = text.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

absl::StatusOr<std::vector<std::string_view>> ReadIds(std::string_view text, int64_t line,
                                                      const std::string& path) {
  std::vector<std::string_view> ids = SplitAtBlanks(text);
  for (const std::string_view id : ids) BURGEON_RETURN_IF_ERROR(CheckFileId(id, line, path));
  return ids;
}

}  // namespace burgeon
