// The file-system seam: everything Burgeon writes or reads of its own goes through here, so that a
// test can crash it after any step (tests/support/fault_file_system.h).
//
// Errors: kNotFound, kAlreadyExists, kResourceExhausted (ENOSPC, EDQUOT, out of descriptors),
// kInvalidArgument (a folder opened as a file), kUnavailable (EIO and the rest); every message
// names the path and the system's reason. Writes are gathered in memory, so a full disk may show
// only at Sync or Close. A failed Sync means that nothing more may be trusted to reach the disk:
// callers give up, they never retry it.
#ifndef BURGEON_ENGINE_STORAGE_FILE_SYSTEM_H_
#define BURGEON_ENGINE_STORAGE_FILE_SYSTEM_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

class WritableFile {
 public:
  virtual ~WritableFile() = default;  // closes, dropping what was not flushed by Close
  virtual absl::Status Append(std::string_view bytes) = 0;
  virtual absl::Status Sync() = 0;  // fsync
  virtual absl::Status Close() = 0;
};

// Positioned reads; thread-safe.
class RandomAccessFile {
 public:
  virtual ~RandomAccessFile() = default;
  virtual int64_t size() const = 0;
  // Exactly out.size() bytes; kDataLoss when the file ends before.
  virtual absl::Status ReadAt(int64_t offset, std::span<char> out) const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // Creates or truncates.
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) = 0;
  // Creates or goes on at the end.
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) = 0;
  virtual absl::StatusOr<std::unique_ptr<RandomAccessFile>> OpenForRead(
      const std::string& path) = 0;
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status RemoveFile(const std::string& path) = 0;
  virtual absl::Status RemoveTree(const std::string& path) = 0;  // OK when it is not there
  // With parents; what it creates is durable when it returns. OK when it is there.
  virtual absl::Status MakeDirectories(const std::string& path) = 0;
  virtual absl::Status SyncDirectory(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // Names (not paths) in a folder, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& path) = 0;
};

// The real one. Stateless, thread-safe, lives for ever.
FileSystem& RealFileSystem();

// The whole of a file; kResourceExhausted when it is larger than max_bytes.
absl::StatusOr<std::string> ReadWholeFile(FileSystem& files, const std::string& path,
                                          int64_t max_bytes);

// Replaces `path` as one step: writes path + ".tmp", syncs it, renames it, syncs the folder. After
// a crash either the old content or the new is there.
absl::Status WriteFileAtomically(FileSystem& files, const std::string& path,
                                 std::string_view content);

// Folders are written under a name with this prefix and renamed when they are whole.
inline constexpr char kTemporaryPrefix[] = ".tmp-";
// Removes what a crash left behind in `folder` under such names. The caller is the only writer.
absl::Status RemoveTemporaries(FileSystem& files, const std::string& folder);

std::string JoinPath(std::string_view folder, std::string_view name);
// The folder a path lies in: "a/b" gives "a", "b" gives ".", "/b" gives "/".
std::string ParentOf(std::string_view path);

// One writer a workspace: holds an exclusive lock (flock) on `path` until it is destroyed.
// kFailedPrecondition when another process has it.
class FileLock {
 public:
  static absl::StatusOr<FileLock> Acquire(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_STORAGE_FILE_SYSTEM_H_
