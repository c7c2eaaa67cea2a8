#include "cuda/device_buffer.h"

#include <cuda_runtime_api.h>

#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

absl::Status Wait(cudaStream_t stream, std::string_view what) {
  return CudaStatus(cudaStreamSynchronize(stream), what);
}

}  // namespace

absl::StatusOr<DeviceMemory> DeviceMemory::Allocate(const Stream& stream, int64_t bytes) {
  BURGEON_CHECK(bytes >= 0);
  DeviceMemory memory;
  memory.stream_ = stream.handle();
  if (bytes == 0) return memory;
  const std::string what = Concat(bytes, " bytes of memory on cuda:", stream.ordinal());
  if (const absl::Status refused = stream.memory().Take(bytes); !refused.ok()) {
    return Annotate(refused, Concat("CUDA: ", what));
  }
  const absl::Status made =
      CudaStatus(cudaMallocAsync(&memory.data_, static_cast<size_t>(bytes), stream.handle()), what);
  if (!made.ok()) {
    stream.memory().GiveBack(bytes);
    return made;
  }
  memory.account_ = &stream.memory();
  memory.bytes_ = bytes;
  return memory;
}

DeviceMemory::~DeviceMemory() { Free(); }

DeviceMemory::DeviceMemory(DeviceMemory&& other) noexcept { *this = std::move(other); }

DeviceMemory& DeviceMemory::operator=(DeviceMemory&& other) noexcept {
  if (this == &other) return *this;
  Free();
  stream_ = std::exchange(other.stream_, nullptr);
  account_ = std::exchange(other.account_, nullptr);
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

void DeviceMemory::Free() {
  if (data_ == nullptr) return;
  // An error here is of earlier work on the stream, and the next call on it tells it again.
  static_cast<void>(cudaFreeAsync(data_, stream_));
  account_->GiveBack(bytes_);
  data_ = nullptr;
  bytes_ = 0;
}

// The host memory is pageable: the runtime may or may not have read it when a copy returns (its
// reference leaves that open for some drivers), so that both directions wait.
absl::Status DeviceMemory::CopyToDevice(const void* from, int64_t bytes) {
  return CopyRowsToDevice(from, 1, bytes, bytes);
}

absl::Status DeviceMemory::CopyRowsToDevice(const void* from, int64_t rows, int64_t row_bytes,
                                            int64_t stride_bytes) {
  BURGEON_CHECK(rows * row_bytes <= bytes_ && stride_bytes >= row_bytes);
  if (rows * row_bytes == 0) return absl::OkStatus();
  const auto width = static_cast<size_t>(row_bytes);
  const std::string what = Concat("copy of ", rows * row_bytes, " bytes to the device");
  const cudaError_t queued =
      stride_bytes == row_bytes || rows == 1
          ? cudaMemcpyAsync(data_, from, width * static_cast<size_t>(rows), cudaMemcpyHostToDevice,
                            stream_)
          : cudaMemcpy2DAsync(data_, width, from, static_cast<size_t>(stride_bytes), width,
                              static_cast<size_t>(rows), cudaMemcpyHostToDevice, stream_);
  BURGEON_RETURN_IF_ERROR(CudaStatus(queued, what));
  return Wait(stream_, what);
}

absl::Status DeviceMemory::CopyToHost(void* to, int64_t bytes) const {
  return CopyRowsToHost(to, 1, bytes, bytes);
}

absl::Status DeviceMemory::CopyRowsToHost(void* to, int64_t rows, int64_t row_bytes,
                                          int64_t stride_bytes) const {
  BURGEON_CHECK(rows * row_bytes <= bytes_ && stride_bytes >= row_bytes);
  if (rows * row_bytes == 0) return absl::OkStatus();
  const auto width = static_cast<size_t>(row_bytes);
  const std::string what = Concat("copy of ", rows * row_bytes, " bytes to the host");
  const cudaError_t queued =
      stride_bytes == row_bytes || rows == 1
          ? cudaMemcpyAsync(to, data_, width * static_cast<size_t>(rows), cudaMemcpyDeviceToHost,
                            stream_)
          : cudaMemcpy2DAsync(to, static_cast<size_t>(stride_bytes), data_, width, width,
                              static_cast<size_t>(rows), cudaMemcpyDeviceToHost, stream_);
  BURGEON_RETURN_IF_ERROR(CudaStatus(queued, what));
  return Wait(stream_, what);
}

absl::Status DeviceMemory::SetToZero() {
  if (bytes_ == 0) return absl::OkStatus();
  return CudaStatus(cudaMemsetAsync(data_, 0, static_cast<size_t>(bytes_), stream_),
                    Concat("zeroing of ", bytes_, " bytes"));
}

}  // namespace burgeon::cuda
