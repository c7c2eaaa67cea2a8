// A file of lines that only grows: one append a change, durable when it returns. A last line
// without its end was never acknowledged: readers leave it out, and the next append cuts it off.
// One writer at a time; a reader may come at any time.
#ifndef BURGEON_ENGINE_STORAGE_LINE_LOG_H_
#define BURGEON_ENGINE_STORAGE_LINE_LOG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// `line` without its end; several lines in one append have ends between them. Makes the folder.
// `max_bytes`: of the file that is read again when its tail is torn.
absl::Status AppendDurably(FileSystem& files, const std::string& path, std::string_view line,
                           int64_t max_bytes);

// Calls visit(line, number from 1) for each whole line and stops at the first error, which is
// given back. An absent file has no lines; kResourceExhausted past max_bytes.
absl::Status ReadLines(FileSystem& files, const std::string& path, int64_t max_bytes,
                       const std::function<absl::Status(std::string_view, int64_t)>& visit);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_STORAGE_LINE_LOG_H_
