#include "cuda/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cuda/stream.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

using ::testing::HasSubstr;

// Values of cudaError_t, from driver_types.h: fixed numbers of the runtime's interface.
constexpr int kMemoryAllocation = 2;
constexpr int kInvalidValue = 1;
constexpr int kInsufficientDriver = 35;
constexpr int kNoDevice = 100;
constexpr int kNoKernelImage = 209;
constexpr int kIllegalAddress = 700;
constexpr int kLaunchFailure = 719;

TEST(CudaStatusTest, Kinds) {
  EXPECT_EQ(ErrorKindOf(0), ErrorKind::kNone);
  EXPECT_EQ(ErrorKindOf(kMemoryAllocation), ErrorKind::kOutOfMemory);
  EXPECT_EQ(ErrorKindOf(kInsufficientDriver), ErrorKind::kNoDevice);
  EXPECT_EQ(ErrorKindOf(kNoDevice), ErrorKind::kNoDevice);
  EXPECT_EQ(ErrorKindOf(kNoKernelImage), ErrorKind::kNoDevice);
  EXPECT_EQ(ErrorKindOf(kIllegalAddress), ErrorKind::kSticky);
  EXPECT_EQ(ErrorKindOf(kLaunchFailure), ErrorKind::kSticky);
  EXPECT_EQ(ErrorKindOf(kInvalidValue), ErrorKind::kOther);
}

TEST(CudaStatusTest, CodesAndWords) {
  EXPECT_TRUE(CudaStatus(0, "anything").ok());
  const absl::Status full = CudaStatus(kMemoryAllocation, "12 bytes on cuda:0");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(full), HasSubstr("12 bytes on cuda:0"));
  EXPECT_THAT(MessageOf(full), HasSubstr("cudaErrorMemoryAllocation"));
  EXPECT_EQ(CudaStatus(kNoDevice, "x").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CudaStatus(kInvalidValue, "x").code(), absl::StatusCode::kInternal);
}

TEST(CudaStatusDeathTest, AStickyErrorAborts) {
  EXPECT_DEATH(static_cast<void>(CudaStatus(kIllegalAddress, "a kernel")),
               "a kernel: .*cudaErrorIllegalAddress.*the device context is lost");
}

class LaunchStatusTest : public CudaDeviceTest {};

TEST_F(LaunchStatusTest, AnEarlierErrorIsNotBlamedOnTheNextLaunch) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_FALSE(Stream::Create(999).ok());
  EXPECT_TRUE(LaunchStatus("nothing").ok());
}

}  // namespace
}  // namespace burgeon::cuda
