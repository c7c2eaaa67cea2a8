#include "cuda/staging.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "cuda/device_buffer.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class StagingCudaTest : public CudaDeviceTest {};

TEST_F(StagingCudaTest, RoundTripsOfEverySizeAroundTheBuffers) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  ThreadPool pool(3);
  Staging staging(*stream);
  constexpr int64_t kBuffer = Staging::kBufferBytes;
  for (const int64_t bytes : {int64_t{0}, int64_t{1}, kBuffer - 1, kBuffer, kBuffer + 1,
                              2 * kBuffer, 2 * kBuffer + 3, 5 * kBuffer + 17}) {
    std::vector<uint8_t> values(static_cast<size_t>(bytes));
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<uint8_t>(i * 2654435761U >> 13);
    const auto buffer = DeviceBuffer<uint8_t>::Allocate(*stream, bytes);
    ASSERT_TRUE(buffer.ok()) << buffer.status();
    const std::vector<uint8_t> kept = values;
    ASSERT_TRUE(staging.CopyToDevice(pool, values.data(), bytes, buffer->data()).ok());
    std::fill(values.begin(), values.end(), uint8_t{1});  // the host side is free again
    std::vector<uint8_t> back(values.size(), 2);
    ASSERT_TRUE(staging.CopyToHost(pool, buffer->data(), bytes, back.data()).ok());
    ASSERT_EQ(back, kept) << bytes;
  }
}

}  // namespace
}  // namespace burgeon::cuda
