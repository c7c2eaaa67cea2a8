// A file system in memory: files are strings a test can look into, cut and damage, and writing can
// be made to fail. Not thread-safe. Folders are not kept: every path may be written.
//
//   MemoryFileSystem files;
//   files.contents["a.csv"] = "x,y\n1,2\n";
//   files.fail_appends_after = 10;             // the disk is full after 10 bytes
//   files.steps                                // {"write a.tmp", "sync a.tmp", "rename ...", ...}
#ifndef BURGEON_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_
#define BURGEON_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/storage/file_system.h"

namespace burgeon {

class MemoryFileSystem : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<RandomAccessFile>> OpenForRead(const std::string& path) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status RemoveFile(const std::string& path) override;
  absl::Status RemoveTree(const std::string& path) override;
  absl::Status MakeDirectories(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& path) override;
  bool Exists(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;

  std::map<std::string, std::string> contents;
  std::vector<std::string> steps;  // of writing: write, sync, close, rename, remove, syncdir
  int64_t fail_appends_after = std::numeric_limits<int64_t>::max();  // bytes: kResourceExhausted
  int64_t fail_reads_after = std::numeric_limits<int64_t>::max();    // bytes: kUnavailable
  bool fail_sync = false;                                            // kUnavailable
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_
