// What engine/ops/als_step_cuda.h cannot show of the step: nothing to do is done without a launch.
// The formula is held to its reference in tests/engine/ops/als_step_cuda_test.cc, and the source of
// the kernel in row_solver_test.cc.
#include "cuda/als_step.h"

#include <gtest/gtest.h>

#include "cuda/device_buffer.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class AlsStepTest : public CudaDeviceTest {};

TEST_F(AlsStepTest, NothingToSolve) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_TRUE(AlsStep(*stream, {.dim = 8}, {.unobserved_weight = 1}).ok());
}

// One row, one entry, one dimension: (a0 y^2 + w y^2 + lambda) x = w y, with lambda scaled by
// w + a0 to the power of one half.
TEST_F(AlsStepTest, OneByOneByHand) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto offsets = DeviceBuffer<int64_t>::Of(*stream, std::vector<int64_t>{0, 1});
  const auto columns = DeviceBuffer<uint32_t>::Of(*stream, std::vector<uint32_t>{0});
  const auto values = DeviceBuffer<float>::Of(*stream, std::vector<float>{3});
  const auto fixed = DeviceBuffer<float>::Of(*stream, std::vector<float>{2});
  const auto factors = DeviceBuffer<float>::Of(*stream, std::vector<float>{7});
  ASSERT_TRUE(offsets.ok() && columns.ok() && values.ok() && fixed.ok() && factors.ok());
  const AlsStepView view = {
      offsets->data(), columns->data(), values->data(), 1, fixed->data(), 1, 1, factors->data()};
  const AlsStepOptions options = {
      .unobserved_weight = 1, .regularization = 2, .regularization_exponent = 0.5F};
  const absl::Status status = AlsStep(*stream, view, options);
  ASSERT_TRUE(status.ok()) << status;
  std::vector<float> x(1);
  ASSERT_TRUE(factors->CopyToHost(std::span(x)).ok());
  EXPECT_FLOAT_EQ(x[0], 6.0F / (4 + 12 + 4));  // lambda = 2 sqrt(3 + 1)
}

}  // namespace
}  // namespace burgeon::cuda
