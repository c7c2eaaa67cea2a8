// A file system in memory that can crash after any step, and shows what a disk may hold afterwards.
//
//   FaultFileSystem files;
//   ... prepare ...
//   auto run = files.Clone();
//   run->CrashAfter(n);                     // n more steps work, then every call fails
//   EXPECT_FALSE(Publish(*run, ...).ok());
//   auto disk = run->Survivor(Survival::kDropUnsynced, seed);   // after the restart
//   EXPECT_TRUE(LoadRelease(*disk, ...).ok());
//
// What is promised after a crash, and no more: the bytes of a file as at its last Sync, and the
// names in a folder as at its last SyncDirectory (the file's own Sync does not keep its name).
// Between that and the latest state anything is possible; Survival says what happens. Thread-safe.
#ifndef BURGEON_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
#define BURGEON_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/storage/file_system.h"

namespace burgeon {

enum class Survival {
  kDropUnsynced,  // nothing that was not synced
  kKeepAll,       // everything, as if the kernel had written all in time
  kKeepNames,     // names reached the disk, bytes did not: files empty or old behind a new name
  kTorn,          // by the seed: some of the names, and bytes cut or zeroed from a random place on
};
inline constexpr Survival kAllSurvivals[] = {Survival::kDropUnsynced, Survival::kKeepAll,
                                             Survival::kKeepNames, Survival::kTorn};
std::string_view SurvivalName(Survival survival);

enum class FaultKind {
  kIoError,   // one call fails with EIO; a Sync that failed never makes these bytes durable
  kDiskFull,  // from then on whatever needs space fails with ENOSPC, after half of the bytes
};

class FaultFileSystem : public FileSystem {
 public:
  FaultFileSystem();
  ~FaultFileSystem() override;

  // Steps (calls that touch the disk: one an open, append, sync, close, read, rename, remove,
  // folder made or synced) done so far.
  int64_t steps() const;
  // What each step was, "sync releases/.tmp-x/manifest.json".
  std::vector<std::string> log() const;
  // `steps` more steps work; then every call fails, for good.
  void CrashAfter(int64_t steps);
  // The step after `steps` more fails.
  void FailAfter(int64_t steps, FaultKind kind);
  bool crashed() const;

  // The latest state, everything durable, no faults.
  std::unique_ptr<FaultFileSystem> Clone() const;
  // What a restart finds.
  std::unique_ptr<FaultFileSystem> Survivor(Survival survival, uint64_t seed) const;

  // For tests that look into files and damage them, past all faults. Empty when not there.
  std::string Content(const std::string& path) const;
  void SetContent(const std::string& path, std::string content);

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

 private:
  struct Node;
  using NodePointer = std::shared_ptr<Node>;
  class Writer;
  class Reader;
  enum class Space { kNeeded, kFreed };

  // Counts a step and fails it when a fault is due. `space`: whether it needs room on the disk.
  absl::Status Step(std::string_view what, std::string_view path, Space space);
  NodePointer Find(const std::string& path) const;  // nullptr when not there
  absl::StatusOr<NodePointer> FindFolder(const std::string& path) const;
  absl::StatusOr<std::unique_ptr<WritableFile>> OpenWritable(const std::string& path,
                                                             bool truncate);
  absl::Status RemoveEntries(const std::string& path, Node* folder);

  mutable std::mutex mutex_;
  NodePointer root_;
  int64_t steps_ = 0;
  std::vector<std::string> log_;
  int64_t crash_at_ = INT64_MAX;
  int64_t fail_at_ = INT64_MAX;
  FaultKind fault_ = FaultKind::kIoError;
  bool crashed_ = false;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
