// What a text file begins with: the UTF-8 mark is skipped; UTF-16 and files that are no text at all
// are refused with a message that says what was wanted. Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_TEXT_ENCODING_H_
#define BURGEON_ENGINE_TABLE_TEXT_ENCODING_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"
#include "engine/table/byte_window.h"

namespace burgeon {

// kInvalidArgument for an empty file, a UTF-16 or UTF-32 mark, and the magic numbers of gzip, zip
// (Excel workbooks) and Parquet. `format` names what was wanted: "CSV".
absl::Status SkipByteOrderMark(ByteWindow& window, const std::string& path,
                               std::string_view format);

inline constexpr size_t kLongestMark = 4;

// The same, for a file whose first kLongestMark bytes (or all) are in `begin`: bytes to skip.
absl::StatusOr<size_t> ByteOrderMark(std::string_view begin, const std::string& path,
                                     std::string_view format);

// Empty, or why `text` cannot be taken: "has a NUL byte ..." or "is not valid UTF-8".
std::string_view TextProblem(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_TEXT_ENCODING_H_
