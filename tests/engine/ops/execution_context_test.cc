#include "engine/ops/execution_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "engine/ops/device_query.h"
#include "tests/support/cuda_device.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ExecutionContextTest, TheCpuNeedsNothing) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  EXPECT_EQ(context.device(), Device{});
  EXPECT_EQ(&context.pool(), &pool);
  EXPECT_EQ(context.cuda(), nullptr);
  EXPECT_TRUE(ExecutionContext::Create(Device{}, &pool).ok());
}

TEST(ExecutionContextTest, MovesKeepPoolAndDevice) {
  ThreadPool pool(1);
  ThreadPool other(1);
  ExecutionContext context(&pool);
  ExecutionContext moved(std::move(context));
  EXPECT_EQ(&moved.pool(), &pool);
  ExecutionContext assigned(&other);
  assigned = std::move(moved);
  EXPECT_EQ(&assigned.pool(), &pool);
}

TEST(ExecutionContextTest, RefusesASecondCpu) {
  ThreadPool pool(1);
  const auto context = ExecutionContext::Create({DeviceKind::kCpu, 1}, &pool);
  EXPECT_EQ(context.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ExecutionContextTest, ADeviceThatIsNotThereIsUnavailableAndNamed) {
  ThreadPool pool(1);
  const auto context = ExecutionContext::Create({DeviceKind::kCuda, 999}, &pool);
  ASSERT_EQ(context.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(context.status()), StartsWith("cuda:999: "));
  if (!QueryDevices().cuda_built_in) {
    EXPECT_THAT(MessageOf(context.status()), HasSubstr("has no CUDA"));
  }
}

TEST(ExecutionContextDeathTest, NeedsAPool) {
  EXPECT_DEATH(ExecutionContext(nullptr), "pool != nullptr");
}

class ExecutionContextCudaTest : public CudaDeviceTest {};

TEST_F(ExecutionContextCudaTest, HasItsResources) {
  ThreadPool pool(1);
  auto context = ExecutionContext::Create(device_, &pool);
  ASSERT_TRUE(context.ok()) << context.status();
  EXPECT_EQ(context->device(), device_);
  ASSERT_NE(context->cuda(), nullptr);
  const ExecutionContext moved = *std::move(context);
  EXPECT_NE(moved.cuda(), nullptr);
}

}  // namespace
}  // namespace burgeon
