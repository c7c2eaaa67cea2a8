// The part of a byte source that a reader looks at: it grows at the end and is dropped at the
// front. Internal to this room.
//
//   while (no line end in window.bytes() && !window.at_end()) window.Fill();
//   ... use the line ...
//   window.Drop(line.size() + 1);      // views into bytes() are void after Fill and Drop
#ifndef BURGEON_ENGINE_TABLE_BYTE_WINDOW_H_
#define BURGEON_ENGINE_TABLE_BYTE_WINDOW_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/table/byte_source.h"

namespace burgeon {

inline constexpr size_t kReadChunkBytes = size_t{256} << 10;

class ByteWindow {
 public:
  // `chunk_bytes`: read at a time. Tests make it small.
  explicit ByteWindow(std::unique_ptr<ByteSource> source, size_t chunk_bytes = kReadChunkBytes);

  std::string_view bytes() const { return {buffer_.data() + begin_, end_ - begin_}; }
  bool at_end() const { return at_end_; }  // nothing more will come

  absl::Status Fill();
  // Fills until there are `bytes` of them, or the end is reached.
  absl::Status FillTo(size_t bytes);
  void Drop(size_t bytes);

  // Bytes of the file read since the last call.
  int64_t TakeFileBytes();
  int64_t file_bytes() const { return source_->file_bytes(); }

 private:
  const std::unique_ptr<ByteSource> source_;
  const size_t chunk_bytes_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;
  int64_t file_bytes_taken_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_BYTE_WINDOW_H_
