#include "cuda/stream.h"

#include <cuda_runtime_api.h>

#include <utility>

#include "cuda/device_info.h"
#include "cuda/status.h"

namespace burgeon::cuda {

absl::StatusOr<Stream> Stream::Create(int ordinal) {
  BURGEON_ASSIGN_OR_RETURN(const DeviceProperties device, PropertiesOf(ordinal));
  if (const std::string why = WhyUnusable(device); !why.empty()) return Unavailable(why);
  Stream stream;
  stream.memory_ = std::make_unique<MemoryAccount>();
  stream.ordinal_ = ordinal;
  stream.multiprocessors_ = device.multiprocessors;
  stream.shared_memory_per_block_bytes_ = device.shared_memory_per_block_bytes;
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  BURGEON_RETURN_IF_ERROR(
      CudaStatus(cudaStreamCreateWithFlags(&stream.handle_, cudaStreamNonBlocking),
                 Concat("stream on cuda:", ordinal)));
  return stream;
}

Stream::~Stream() { Destroy(); }

Stream::Stream(Stream&& other) noexcept { *this = std::move(other); }

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this == &other) return *this;
  Destroy();
  handle_ = std::exchange(other.handle_, nullptr);
  memory_ = std::move(other.memory_);
  ordinal_ = other.ordinal_;
  multiprocessors_ = other.multiprocessors_;
  shared_memory_per_block_bytes_ = other.shared_memory_per_block_bytes_;
  return *this;
}

void Stream::Destroy() {
  if (handle_ == nullptr) return;
  // At process exit the runtime may be gone already; there is nobody left to tell.
  static_cast<void>(cudaStreamDestroy(handle_));
  handle_ = nullptr;
}

absl::Status Stream::MakeCurrent() const {
  return CudaStatus(cudaSetDevice(ordinal_), Concat("use of cuda:", ordinal_));
}

absl::StatusOr<int64_t> Stream::FreeBytes() const {
  BURGEON_RETURN_IF_ERROR(MakeCurrent());
  size_t free = 0;
  size_t total = 0;
  BURGEON_RETURN_IF_ERROR(
      CudaStatus(cudaMemGetInfo(&free, &total), Concat("free memory of cuda:", ordinal_)));
  return static_cast<int64_t>(free);
}

absl::Status Stream::Synchronize() const {
  return CudaStatus(cudaStreamSynchronize(handle_), Concat("work queued on cuda:", ordinal_));
}

}  // namespace burgeon::cuda
