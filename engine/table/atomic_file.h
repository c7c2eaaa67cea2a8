// Replacing a file as one step, for writers that stream. Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_ATOMIC_FILE_H_
#define BURGEON_ENGINE_TABLE_ATOMIC_FILE_H_

#include <functional>
#include <string>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Calls write(path + ".tmp"), which must sync and close what it writes, renames that to `path` and
// syncs the folder. After a failure the old `path` is as it was and the temporary file is gone.
absl::Status ReplaceFile(FileSystem& files, const std::string& path,
                         const std::function<absl::Status(const std::string& temporary)>& write);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_ATOMIC_FILE_H_
