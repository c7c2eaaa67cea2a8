// A CUDA stream: the queue that every copy and kernel of one ExecutionContext goes through. The
// default stream is used nowhere.
//
//   BURGEON_ASSIGN_OR_RETURN(Stream stream, Stream::Create(/*ordinal=*/0));
//   BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());   // once at the start of an operation
//   ...
//   BURGEON_RETURN_IF_ERROR(stream.Synchronize());
//
// Move-only; used by one thread at a time. Must outlive the buffers allocated on it.
#ifndef BURGEON_CUDA_STREAM_H_
#define BURGEON_CUDA_STREAM_H_

#include <cstdint>
#include <memory>

#include "cuda/memory_account.h"
#include "engine/base/status.h"

struct CUstream_st;  // what a cudaStream_t points to

namespace burgeon::cuda {

using StreamHandle = CUstream_st*;

class Stream {
 public:
  // kUnavailable when the device is not there or this build has no code for it.
  static absl::StatusOr<Stream> Create(int ordinal);
  ~Stream();
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;

  // Makes the stream's device the calling thread's current one.
  absl::Status MakeCurrent() const;
  // Waits for everything queued, and reports what went wrong in it.
  absl::Status Synchronize() const;

  StreamHandle handle() const { return handle_; }
  int ordinal() const { return ordinal_; }
  int multiprocessors() const { return multiprocessors_; }
  int64_t shared_memory_per_block_bytes() const { return shared_memory_per_block_bytes_; }
  // Of the buffers allocated on this stream.
  MemoryAccount& memory() const { return *memory_; }
  // Bytes of the device that nobody holds, this process or another.
  absl::StatusOr<int64_t> FreeBytes() const;

 private:
  Stream() = default;
  void Destroy();

  StreamHandle handle_ = nullptr;
  std::unique_ptr<MemoryAccount> memory_;  // stays where it is when the stream moves
  int ordinal_ = 0;
  int multiprocessors_ = 0;
  int64_t shared_memory_per_block_bytes_ = 0;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_STREAM_H_
