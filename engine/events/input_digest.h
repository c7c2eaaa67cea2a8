// SHA-256 of a file while somebody reads it, so that a large input is not read twice.
//
//   DigestingFileSystem files(real, path);
//   ... OpenTable(files, path, ...), read to its end ...
//   BURGEON_ASSIGN_OR_RETURN(const FileDigest digest, files.Finish());
//
// What is read in the order of the file is taken as it goes by; the rest (the footer of a Parquet
// file, columns nobody wanted) is read by Finish.
#ifndef BURGEON_ENGINE_EVENTS_INPUT_DIGEST_H_
#define BURGEON_ENGINE_EVENTS_INPUT_DIGEST_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

// Passes everything on; reads of `path` are digested. Thread-safe.
class DigestingFileSystem : public FileSystem {
 public:
  DigestingFileSystem(FileSystem& files, std::string path);
  absl::StatusOr<FileDigest> Finish();  // once

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
  class Reader;
  void Take(int64_t offset, std::span<const char> bytes);

  FileSystem& files_;
  const std::string path_;
  std::mutex mutex_;
  Sha256 hash_;
  int64_t digested_ = 0;  // of the file, from its beginning
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_INPUT_DIGEST_H_
