#include "engine/table/atomic_file.h"

#include <filesystem>

namespace burgeon {

absl::Status ReplaceFile(FileSystem& files, const std::string& path,
                         const std::function<absl::Status(const std::string& temporary)>& write) {
  const std::string temporary = path + ".tmp";
  absl::Status status = write(temporary);
  if (status.ok()) status = files.Rename(temporary, path);
  if (!status.ok()) {
    // The first error is the one to report: a leftover that cannot be removed is overwritten by
    // the next attempt.
    if (files.Exists(temporary)) static_cast<void>(files.RemoveFile(temporary));
    return status;
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return files.SyncDirectory(folder.empty() ? "." : folder);
}

}  // namespace burgeon
