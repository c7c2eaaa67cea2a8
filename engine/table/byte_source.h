// Bytes of a file from front to back. Internal to this room.
//
//   std::unique_ptr<ByteSource> source = MakeFileSource(std::move(file));
//   if (gzip) source = MakeGzipSource(path, std::move(source));    // gzip_source.h
#ifndef BURGEON_ENGINE_TABLE_BYTE_SOURCE_H_
#define BURGEON_ENGINE_TABLE_BYTE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <span>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills some of `out` (not empty) and returns how much; 0 only at the end.
  virtual absl::StatusOr<size_t> Read(std::span<char> out) = 0;
  // Of the file as it lies on the disk: read so far, and in all.
  virtual int64_t file_bytes_read() const = 0;
  virtual int64_t file_bytes() const = 0;
};

std::unique_ptr<ByteSource> MakeFileSource(std::unique_ptr<RandomAccessFile> file);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_BYTE_SOURCE_H_
