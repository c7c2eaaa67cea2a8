#include "engine/events/input_digest.h"

#include <algorithm>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kPieceBytes = 1 << 20;

}  // namespace

class DigestingFileSystem::Reader : public RandomAccessFile {
 public:
  Reader(DigestingFileSystem* owner, std::unique_ptr<RandomAccessFile> file)
      : owner_(owner), file_(std::move(file)) {}
  int64_t size() const override { return file_->size(); }
  absl::Status ReadAt(int64_t offset, std::span<char> out) const override {
    BURGEON_RETURN_IF_ERROR(file_->ReadAt(offset, out));
    owner_->Take(offset, out);
    return absl::OkStatus();
  }

 private:
  DigestingFileSystem* owner_;
  std::unique_ptr<RandomAccessFile> file_;
};

DigestingFileSystem::DigestingFileSystem(FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)) {}

void DigestingFileSystem::Take(int64_t offset, std::span<const char> bytes) {
  const std::lock_guard lock(mutex_);
  const int64_t end = offset + static_cast<int64_t>(bytes.size());
  if (offset > digested_ || end <= digested_) return;
  const auto known = static_cast<size_t>(digested_ - offset);
  hash_.Update(bytes.data() + known, bytes.size() - known);
  digested_ = end;
}

absl::StatusOr<FileDigest> DigestingFileSystem::Finish() {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(path_));
  std::vector<char> piece;
  while (digested_ < file->size()) {
    piece.resize(static_cast<size_t>(std::min(kPieceBytes, file->size() - digested_)));
    BURGEON_RETURN_IF_ERROR(file->ReadAt(digested_, piece));
    Take(digested_, piece);
  }
  return FileDigest{digested_, ToHex(hash_.Finish())};
}

absl::StatusOr<std::unique_ptr<RandomAccessFile>> DigestingFileSystem::OpenForRead(
    const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(auto file, files_.OpenForRead(path));
  if (path != path_) return file;
  return std::make_unique<Reader>(this, std::move(file));
}

absl::StatusOr<std::unique_ptr<WritableFile>> DigestingFileSystem::OpenForWrite(
    const std::string& path) {
  return files_.OpenForWrite(path);
}
absl::StatusOr<std::unique_ptr<WritableFile>> DigestingFileSystem::OpenForAppend(
    const std::string& path) {
  return files_.OpenForAppend(path);
}
absl::Status DigestingFileSystem::Rename(const std::string& from, const std::string& to) {
  return files_.Rename(from, to);
}
absl::Status DigestingFileSystem::RemoveFile(const std::string& path) {
  return files_.RemoveFile(path);
}
absl::Status DigestingFileSystem::RemoveTree(const std::string& path) {
  return files_.RemoveTree(path);
}
absl::Status DigestingFileSystem::MakeDirectories(const std::string& path) {
  return files_.MakeDirectories(path);
}
absl::Status DigestingFileSystem::SyncDirectory(const std::string& path) {
  return files_.SyncDirectory(path);
}
bool DigestingFileSystem::Exists(const std::string& path) { return files_.Exists(path); }
absl::StatusOr<std::vector<std::string>> DigestingFileSystem::List(const std::string& path) {
  return files_.List(path);
}

}  // namespace burgeon
