#include "tests/support/memory_file_system.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace burgeon {
namespace {

class MemoryWritableFile : public WritableFile {
 public:
  MemoryWritableFile(MemoryFileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}

  absl::Status Append(std::string_view bytes) override {
    files_.steps.push_back("write " + path_);
    const auto size = static_cast<int64_t>(bytes.size());
    if (size > files_.fail_appends_after) {
      return ResourceExhausted(path_, ": no space left on device");
    }
    files_.fail_appends_after -= size;
    files_.contents[path_].append(bytes);
    return absl::OkStatus();
  }
  absl::Status Sync() override {
    files_.steps.push_back("sync " + path_);
    if (files_.fail_sync) return Unavailable(path_, ": input/output error");
    return absl::OkStatus();
  }
  absl::Status Close() override {
    files_.steps.push_back("close " + path_);
    return absl::OkStatus();
  }

 private:
  MemoryFileSystem& files_;
  const std::string path_;
};

class MemoryReadFile : public RandomAccessFile {
 public:
  MemoryReadFile(MemoryFileSystem& files, std::string path)
      : files_(files), path_(std::move(path)), bytes_(files_.contents[path_]) {}

  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }
  absl::Status ReadAt(int64_t offset, std::span<char> out) const override {
    const auto wanted = static_cast<int64_t>(out.size());
    if (offset < 0 || offset + wanted > size()) return DataLoss(path_, ": ends before");
    if (wanted > files_.fail_reads_after) return Unavailable(path_, ": input/output error");
    files_.fail_reads_after -= wanted;
    std::copy_n(bytes_.begin() + offset, out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  MemoryFileSystem& files_;
  const std::string path_;
  const std::string bytes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WritableFile>> MemoryFileSystem::OpenForWrite(
    const std::string& path) {
  contents[path].clear();
  return std::make_unique<MemoryWritableFile>(*this, path);
}

absl::StatusOr<std::unique_ptr<WritableFile>> MemoryFileSystem::OpenForAppend(
    const std::string& path) {
  contents[path];
  return std::make_unique<MemoryWritableFile>(*this, path);
}

absl::StatusOr<std::unique_ptr<RandomAccessFile>> MemoryFileSystem::OpenForRead(
    const std::string& path) {
  if (!Exists(path)) return NotFound(path, ": no such file");
  return std::make_unique<MemoryReadFile>(*this, path);
}

absl::Status MemoryFileSystem::Rename(const std::string& from, const std::string& to) {
  steps.push_back("rename " + from + " " + to);
  if (!Exists(from)) return NotFound(from, ": no such file");
  contents[to] = contents[from];
  contents.erase(from);
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::RemoveFile(const std::string& path) {
  steps.push_back("remove " + path);
  if (contents.erase(path) == 0) return NotFound(path, ": no such file");
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::RemoveTree(const std::string& path) {
  std::erase_if(contents, [&](const auto& entry) { return entry.first.starts_with(path + "/"); });
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::MakeDirectories(const std::string&) { return absl::OkStatus(); }

absl::Status MemoryFileSystem::SyncDirectory(const std::string& path) {
  steps.push_back("syncdir " + path);
  return absl::OkStatus();
}

bool MemoryFileSystem::Exists(const std::string& path) { return contents.count(path) > 0; }

absl::StatusOr<std::vector<std::string>> MemoryFileSystem::List(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : contents) {
    if (name.starts_with(path + "/")) names.push_back(name.substr(path.size() + 1));
  }
  return names;
}

}  // namespace burgeon
