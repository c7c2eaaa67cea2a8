#include "engine/table/byte_window.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {

ByteWindow::ByteWindow(std::unique_ptr<ByteSource> source, size_t chunk_bytes)
    : source_(std::move(source)), chunk_bytes_(chunk_bytes) {
  BURGEON_CHECK(chunk_bytes > 0);
}

absl::Status ByteWindow::Fill() {
  if (at_end_) return absl::OkStatus();
  if (begin_ > 0 && buffer_.size() - end_ < chunk_bytes_) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < chunk_bytes_) {
    buffer_.resize(std::max(end_ + chunk_bytes_, 2 * buffer_.size()));
  }
  const std::span<char> free = std::span(buffer_).subspan(end_, chunk_bytes_);
  BURGEON_ASSIGN_OR_RETURN(const size_t read, source_->Read(free));
  end_ += read;
  at_end_ = read == 0;
  return absl::OkStatus();
}

absl::Status ByteWindow::FillTo(size_t bytes) {
  while (end_ - begin_ < bytes && !at_end_) BURGEON_RETURN_IF_ERROR(Fill());
  return absl::OkStatus();
}

void ByteWindow::Drop(size_t bytes) {
  BURGEON_CHECK(bytes <= end_ - begin_);
  begin_ += bytes;
}

int64_t ByteWindow::TakeFileBytes() {
  const int64_t read = source_->file_bytes_read();
  return read - std::exchange(file_bytes_taken_, read);
}

}  // namespace burgeon
