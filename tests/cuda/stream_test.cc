#include "cuda/stream.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

TEST(StreamTest, ADeviceThatIsNotThere) {
  EXPECT_EQ(Stream::Create(999).status().code(), absl::StatusCode::kUnavailable);
}

class StreamCudaTest : public CudaDeviceTest {};

TEST_F(StreamCudaTest, IsNotTheDefaultStreamAndMoves) {
  auto made = Stream::Create(device_.ordinal);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_NE(made->handle(), nullptr);
  EXPECT_GT(made->multiprocessors(), 0);
  const StreamHandle handle = made->handle();
  Stream stream = *std::move(made);
  EXPECT_EQ(stream.handle(), handle);
  EXPECT_EQ(stream.ordinal(), device_.ordinal);
  EXPECT_TRUE(stream.MakeCurrent().ok());
  EXPECT_TRUE(stream.Synchronize().ok());
  auto other = Stream::Create(device_.ordinal);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE(other->handle(), handle);
  stream = *std::move(other);
  EXPECT_TRUE(stream.Synchronize().ok());
}

}  // namespace
}  // namespace burgeon::cuda
