#include "cuda/staging.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstring>

#include "cuda/status.h"
#include "engine/base/check.h"

namespace burgeon::cuda {
namespace {

constexpr int64_t kCopyBlock = int64_t{1} << 20;  // one thread's share

void CopyOnHost(ThreadPool& pool, const char* from, int64_t bytes, char* to) {
  pool.ParallelFor(bytes, kCopyBlock, [&](int64_t begin, int64_t end) {
    std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
  });
}

}  // namespace

Staging::~Staging() {
  // At process exit the runtime may be gone already; there is nobody left to tell.
  for (int b = 0; b < kBuffers; ++b) {
    if (done_[b] != nullptr) {
      static_cast<void>(cudaEventSynchronize(done_[b]));
      static_cast<void>(cudaEventDestroy(done_[b]));
    }
    if (buffers_[b] != nullptr) static_cast<void>(cudaFreeHost(buffers_[b]));
  }
}

absl::Status Staging::Prepare() {
  for (int b = 0; b < kBuffers; ++b) {
    if (buffers_[b] == nullptr) {
      BURGEON_RETURN_IF_ERROR(CudaStatus(cudaMallocHost(&buffers_[b], kBufferBytes),
                                         Concat(kBufferBytes, " bytes of pinned memory")));
    }
    if (done_[b] == nullptr) {
      BURGEON_RETURN_IF_ERROR(
          CudaStatus(cudaEventCreateWithFlags(&done_[b], cudaEventDisableTiming), "an event"));
    }
  }
  return absl::OkStatus();
}

absl::Status Staging::Wait(int buffer) const {
  return CudaStatus(cudaEventSynchronize(done_[buffer]), "a copy through pinned memory");
}

absl::Status Staging::CopyToDevice(ThreadPool& pool, const void* from, int64_t bytes, void* to) {
  BURGEON_CHECK(bytes >= 0);
  BURGEON_RETURN_IF_ERROR(stream_.MakeCurrent());
  BURGEON_RETURN_IF_ERROR(Prepare());
  int buffer = 0;
  for (int64_t begin = 0; begin < bytes; begin += kBufferBytes, buffer = 1 - buffer) {
    const int64_t size = std::min(kBufferBytes, bytes - begin);
    BURGEON_RETURN_IF_ERROR(Wait(buffer));
    CopyOnHost(pool, static_cast<const char*>(from) + begin, size,
               static_cast<char*>(buffers_[buffer]));
    BURGEON_RETURN_IF_ERROR(CudaStatus(
        cudaMemcpyAsync(static_cast<char*>(to) + begin, buffers_[buffer], static_cast<size_t>(size),
                        cudaMemcpyHostToDevice, stream_.handle()),
        Concat("copy of ", size, " bytes to the device")));
    BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventRecord(done_[buffer], stream_.handle()), "event"));
  }
  return absl::OkStatus();
}

absl::Status Staging::CopyToHost(ThreadPool& pool, const void* from, int64_t bytes, void* to) {
  BURGEON_CHECK(bytes >= 0);
  BURGEON_RETURN_IF_ERROR(stream_.MakeCurrent());
  BURGEON_RETURN_IF_ERROR(Prepare());
  // Piece i is on its way while piece i - 1 is taken out of the other buffer.
  const int64_t pieces = (bytes + kBufferBytes - 1) / kBufferBytes;
  for (int64_t i = 0; i <= pieces; ++i) {
    if (i < pieces) {
      const int buffer = static_cast<int>(i % kBuffers);
      const int64_t begin = i * kBufferBytes;
      const int64_t size = std::min(kBufferBytes, bytes - begin);
      BURGEON_RETURN_IF_ERROR(CudaStatus(
          cudaMemcpyAsync(buffers_[buffer], static_cast<const char*>(from) + begin,
                          static_cast<size_t>(size), cudaMemcpyDeviceToHost, stream_.handle()),
          Concat("copy of ", size, " bytes to the host")));
      BURGEON_RETURN_IF_ERROR(
          CudaStatus(cudaEventRecord(done_[buffer], stream_.handle()), "event"));
    }
    if (i == 0) continue;
    const int buffer = static_cast<int>((i - 1) % kBuffers);
    const int64_t begin = (i - 1) * kBufferBytes;
    BURGEON_RETURN_IF_ERROR(Wait(buffer));
    CopyOnHost(pool, static_cast<const char*>(buffers_[buffer]),
               std::min(kBufferBytes, bytes - begin), static_cast<char*>(to) + begin);
  }
  return absl::OkStatus();
}

}  // namespace burgeon::cuda
