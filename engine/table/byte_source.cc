#include "engine/table/byte_source.h"

#include <algorithm>
#include <utility>

namespace burgeon {
namespace {

class FileSource : public ByteSource {
 public:
  explicit FileSource(std::unique_ptr<RandomAccessFile> file) : file_(std::move(file)) {}

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    const auto left = static_cast<size_t>(file_->size() - position_);
    const size_t bytes = std::min(out.size(), left);
    if (bytes == 0) return bytes;
    BURGEON_RETURN_IF_ERROR(file_->ReadAt(position_, out.first(bytes)));
    position_ += static_cast<int64_t>(bytes);
    return bytes;
  }
  int64_t file_bytes_read() const override { return position_; }
  int64_t file_bytes() const override { return file_->size(); }

 private:
  const std::unique_ptr<RandomAccessFile> file_;
  int64_t position_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> MakeFileSource(std::unique_ptr<RandomAccessFile> file) {
  return std::make_unique<FileSource>(std::move(file));
}

}  // namespace burgeon
