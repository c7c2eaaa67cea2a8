// Device memory: typed, move-only, allocated and freed in stream order from the device's pool.
//
//   BURGEON_ASSIGN_OR_RETURN(auto scores, DeviceBuffer<float>::Allocate(stream, count));
//   BURGEON_RETURN_IF_ERROR(scores.CopyToDevice(values));
//   Kernel<<<..., stream.handle()>>>(scores.data());
//   BURGEON_RETURN_IF_ERROR(scores.CopyToHost(values));   // waits: the values are there
//
// A buffer belongs to the stream it was allocated on, which must outlive it, and is used by one
// thread at a time. Contents are undefined until written.
#ifndef BURGEON_CUDA_DEVICE_BUFFER_H_
#define BURGEON_CUDA_DEVICE_BUFFER_H_

#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "cuda/stream.h"
#include "engine/base/check.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// Bytes of device memory on a stream; what DeviceBuffer gives a type to.
class DeviceMemory {
 public:
  // kResourceExhausted, with the size, when the device is full or the stream's account refuses.
  static absl::StatusOr<DeviceMemory> Allocate(const Stream& stream, int64_t bytes);
  DeviceMemory() = default;
  ~DeviceMemory();
  DeviceMemory(DeviceMemory&& other) noexcept;
  DeviceMemory& operator=(DeviceMemory&& other) noexcept;

  // The host side may be reused or freed when CopyToDevice returns.
  absl::Status CopyToDevice(const void* from, int64_t bytes);
  // `rows` rows of `row_bytes`, `stride_bytes` apart on the host, close together on the device.
  absl::Status CopyRowsToDevice(const void* from, int64_t rows, int64_t row_bytes,
                                int64_t stride_bytes);
  absl::Status CopyToHost(void* to, int64_t bytes) const;
  absl::Status CopyRowsToHost(void* to, int64_t rows, int64_t row_bytes,
                              int64_t stride_bytes) const;
  absl::Status SetToZero();

  void* data() const { return data_; }
  int64_t bytes() const { return bytes_; }

 private:
  void Free();

  StreamHandle stream_ = nullptr;
  MemoryAccount* account_ = nullptr;  // of the stream
  void* data_ = nullptr;
  int64_t bytes_ = 0;
};

template <class T>
class DeviceBuffer {
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr int64_t kBytes = sizeof(T);

 public:
  // `count` may be 0: the buffer then has no memory, and data() is null.
  static absl::StatusOr<DeviceBuffer> Allocate(const Stream& stream, int64_t count) {
    if (count < 0 || count > std::numeric_limits<int64_t>::max() / kBytes) {
      return ResourceExhausted("CUDA: a buffer of ", count, " elements of ", kBytes,
                               " bytes is beyond any memory");
    }
    BURGEON_ASSIGN_OR_RETURN(DeviceMemory memory, DeviceMemory::Allocate(stream, count * kBytes));
    DeviceBuffer buffer;
    buffer.memory_ = std::move(memory);
    return buffer;
  }
  // A buffer of exactly these values.
  static absl::StatusOr<DeviceBuffer> Of(const Stream& stream, std::span<const T> values) {
    BURGEON_ASSIGN_OR_RETURN(DeviceBuffer buffer,
                             Allocate(stream, static_cast<int64_t>(values.size())));
    BURGEON_RETURN_IF_ERROR(buffer.CopyToDevice(values));
    return buffer;
  }
  // [rows, cols], row-major and without gaps on the device, whatever the stride on the host.
  static absl::StatusOr<DeviceBuffer> Of(const Stream& stream, MatrixView<const T> matrix) {
    BURGEON_ASSIGN_OR_RETURN(DeviceBuffer buffer, Allocate(stream, matrix.rows * matrix.cols));
    BURGEON_RETURN_IF_ERROR(buffer.memory_.CopyRowsToDevice(
        matrix.data, matrix.rows, matrix.cols * kBytes, matrix.stride * kBytes));
    return buffer;
  }

  T* data() const { return static_cast<T*>(memory_.data()); }
  int64_t size() const { return memory_.bytes() / kBytes; }

  // As many values as the buffer holds, no more and no fewer.
  absl::Status CopyToDevice(std::span<const T> from) {
    BURGEON_CHECK(static_cast<int64_t>(from.size()) == size());
    return memory_.CopyToDevice(from.data(), memory_.bytes());
  }
  absl::Status CopyToHost(std::span<T> to) const {
    BURGEON_CHECK(static_cast<int64_t>(to.size()) == size());
    return memory_.CopyToHost(to.data(), memory_.bytes());
  }
  absl::Status CopyToHost(MatrixView<T> to) const {
    BURGEON_CHECK(to.rows * to.cols == size());
    return memory_.CopyRowsToHost(to.data, to.rows, to.cols * kBytes, to.stride * kBytes);
  }
  absl::Status SetToZero() { return memory_.SetToZero(); }

 private:
  DeviceMemory memory_;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_DEVICE_BUFFER_H_
