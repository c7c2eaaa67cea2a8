// Copies between the pageable memory of the host and the device, by way of two pinned buffers: the
// pool's threads fill (or empty) one while the device reads (or writes) the other. For large
// copies; DeviceBuffer's own do for small ones.
//
//   Staging staging(stream);
//   BURGEON_RETURN_IF_ERROR(staging.CopyToDevice(pool, host, bytes, buffer.data()));
//
// The pinned buffers are made on first use, and kept. Used by one thread at a time; the stream must
// outlive it.
#ifndef BURGEON_CUDA_STAGING_H_
#define BURGEON_CUDA_STAGING_H_

#include <array>
#include <cstdint>

#include "cuda/stream.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"

struct CUevent_st;  // what a cudaEvent_t points to

namespace burgeon::cuda {

class Staging {
 public:
  static constexpr int64_t kBufferBytes = int64_t{8} << 20;

  explicit Staging(const Stream& stream) : stream_(stream) {}
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // The host side may be reused or freed when it returns; the copy is queued on the stream.
  // kResourceExhausted when the host has no memory to pin.
  absl::Status CopyToDevice(ThreadPool& pool, const void* from, int64_t bytes, void* to);
  // The values are there when it returns.
  absl::Status CopyToHost(ThreadPool& pool, const void* from, int64_t bytes, void* to);

 private:
  static constexpr int kBuffers = 2;
  absl::Status Prepare();
  absl::Status Wait(int buffer) const;

  const Stream& stream_;
  std::array<void*, kBuffers> buffers_ = {};
  std::array<CUevent_st*, kBuffers> done_ = {};  // what last used the buffer has finished
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_STAGING_H_
