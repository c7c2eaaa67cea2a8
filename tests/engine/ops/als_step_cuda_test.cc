// The CUDA form of the ALS half-step, held to the cases and the fp64 reference of the CPU form.
#include "engine/ops/als_step_cuda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"
#include "engine/ops/als_step.h"
#include "tests/support/als_step_cases.h"
#include "tests/support/cuda_device.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

class AlsStepCudaTest : public CudaDeviceTest {
 protected:
  ThreadPool pool_{2};
};

// Every third column of every row, and no weights.
AlsStepCase Regular(int64_t rows, int64_t columns, int64_t dim) {
  const Philox random(5, 0);
  AlsStepCase c;
  c.name = Concat(rows, " x ", columns, ", dim ", dim);
  c.fixed = FloatMatrix(columns, dim);
  for (size_t i = 0; i < c.fixed.values().size(); ++i) {
    c.fixed.values()[i] = static_cast<float>(random.Normal(i));
  }
  c.start = FloatMatrix(rows, dim);
  c.rows.cols = columns;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = row % 3; column < columns; column += 3) {
      c.rows.columns.push_back(static_cast<uint32_t>(column));
    }
    c.rows.offsets.push_back(static_cast<int64_t>(c.rows.columns.size()));
  }
  return c;
}

TEST_F(AlsStepCudaTest, MatchesTheReference) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  for (const AlsStepCase& c : AlsStepCases()) ExpectAlsStepMatchesReference(*context, c);
}

// 500 dimensions do not fit the shared memory of a block: the other memory is then used.
TEST_F(AlsStepCudaTest, MatchesTheReferencePastSharedMemory) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  ExpectAlsStepMatchesReference(*context, Regular(5, 700, 500));
}

TEST_F(AlsStepCudaTest, TheSameBitsFromRunToRun) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  const AlsStepCase c = Regular(1000, 900, 33);
  FloatMatrix first = c.start;
  FloatMatrix second = c.start;
  ASSERT_TRUE(AlsStep(*context, c.rows.view(), c.fixed.view(), c.params, first.view()).ok());
  ASSERT_TRUE(AlsStep(*context, c.rows.view(), c.fixed.view(), c.params, second.view()).ok());
  EXPECT_EQ(first.values(), second.values());
}

TEST_F(AlsStepCudaTest, NamesTheFirstRowThatCannotBeSolved) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  AlsStepCase c = Regular(4, 9, 5);
  for (float& y : c.fixed.values()) y = 0;
  c.params.regularization = 0;
  const absl::Status status =
      AlsStep(*context, c.rows.view(), c.fixed.view(), c.params, c.start.view());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("row 0 are not positive definite"));
}

}  // namespace
}  // namespace burgeon
