#include "cuda/device_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DeviceBufferTest, WithoutMemoryThereIsNothingToCopy) {
  DeviceBuffer<float> buffer;
  EXPECT_EQ(buffer.data(), nullptr);
  EXPECT_EQ(buffer.size(), 0);
  EXPECT_TRUE(buffer.CopyToDevice(std::span<const float>()).ok());
  EXPECT_TRUE(buffer.CopyToHost(std::span<float>()).ok());
  EXPECT_TRUE(buffer.SetToZero().ok());
}

TEST(DeviceBufferDeathTest, SizesMustAgree) {
  DeviceBuffer<float> buffer;
  const std::vector<float> one(1);
  EXPECT_DEATH(static_cast<void>(buffer.CopyToDevice(one)), "size");
}

class DeviceBufferCudaTest : public CudaDeviceTest {};

TEST_F(DeviceBufferCudaTest, RoundTripAndZero) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const size_t count : {1U, 31U, 33U, 1023U, 1'000'003U}) {
    std::vector<int> values(count);
    std::iota(values.begin(), values.end(), 7);
    auto buffer = DeviceBuffer<int>::Of(*stream, values);
    ASSERT_TRUE(buffer.ok()) << buffer.status();
    EXPECT_EQ(buffer->size(), static_cast<int64_t>(count));
    std::vector<int> back(count);
    ASSERT_TRUE(buffer->CopyToHost(std::span(back)).ok());
    EXPECT_EQ(back, values);
    ASSERT_TRUE(buffer->SetToZero().ok());
    ASSERT_TRUE(buffer->CopyToHost(std::span(back)).ok());
    EXPECT_THAT(back, Each(0));
  }
}

TEST_F(DeviceBufferCudaTest, RowsWithAStrideLieCloseOnTheDevice) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  std::vector<float> host = {1, 2, -1, 3, 4, -1, 5, 6, -1};
  const MatrixView<float> view{host.data(), 3, 2, 3};
  const auto buffer = DeviceBuffer<float>::Of(*stream, MatrixView<const float>(view));
  ASSERT_TRUE(buffer.ok()) << buffer.status();
  std::vector<float> close(6);
  ASSERT_TRUE(buffer->CopyToHost(std::span(close)).ok());
  EXPECT_THAT(close, ElementsAre(1, 2, 3, 4, 5, 6));
  std::vector<float> wide(9, 9);
  ASSERT_TRUE(buffer->CopyToHost(MatrixView<float>{wide.data(), 3, 2, 3}).ok());
  EXPECT_THAT(wide, ElementsAre(1, 2, 9, 3, 4, 9, 5, 6, 9));
}

TEST_F(DeviceBufferCudaTest, Moves) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  auto made = DeviceBuffer<float>::Allocate(*stream, 10);
  ASSERT_TRUE(made.ok()) << made.status();
  float* const data = made->data();
  DeviceBuffer<float> buffer = *std::move(made);
  EXPECT_EQ(buffer.data(), data);
  EXPECT_EQ(made->data(), nullptr);
  buffer = DeviceBuffer<float>();
  EXPECT_EQ(buffer.data(), nullptr);
}

TEST_F(DeviceBufferCudaTest, AFullDeviceIsAStatusAndTheDeviceStaysUsable) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto full = DeviceBuffer<float>::Allocate(*stream, int64_t{1} << 44);
  ASSERT_EQ(full.status().code(), absl::StatusCode::kResourceExhausted) << full.status();
  EXPECT_THAT(MessageOf(full.status()), HasSubstr("70368744177664 bytes"));
  const auto beyond = DeviceBuffer<float>::Allocate(*stream, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(beyond.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(DeviceBuffer<float>::Allocate(*stream, 1000).ok());
  EXPECT_TRUE(stream->Synchronize().ok());
}

}  // namespace
}  // namespace burgeon::cuda
