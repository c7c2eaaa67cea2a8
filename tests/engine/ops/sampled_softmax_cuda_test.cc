// The CUDA form of the sampled softmax, held to the cases and the fp64 reference of the CPU form
// within the bounds of engine/ops/sampled_softmax.h.
#include "engine/ops/sampled_softmax_cuda.h"

#include <gtest/gtest.h>

#include "engine/ops/sampled_softmax.h"
#include "tests/support/cuda_device.h"
#include "tests/support/sampled_softmax_cases.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

class SampledSoftmaxCudaTest : public CudaDeviceTest {
 protected:
  ThreadPool pool_{2};
};

// 64, 128 and 384 padded dimensions, and more than one part of them a block.
SampledSoftmaxCase OfDim(int64_t rows, int64_t candidates, int64_t dim) {
  SampledSoftmaxCase c;
  c.name = Concat(rows, " x ", candidates, ", dim ", dim);
  c.queries = NormalVectors(rows, dim, 1);
  c.positives = NormalVectors(rows, dim, 2);
  c.candidates = NormalVectors(candidates, dim, 3);
  c.temperature = static_cast<float>(dim);
  return c;
}

TEST_F(SampledSoftmaxCudaTest, MatchesTheReference) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  for (const auto precision : {SoftmaxPrecision::kBf16, SoftmaxPrecision::kSplitBf16}) {
    for (const SampledSoftmaxCase& c : SampledSoftmaxCases()) {
      ExpectSampledSoftmaxMatchesReference(*context, c, SoftmaxErrorOfCuda(c, precision),
                                           precision);
    }
  }
}

TEST_F(SampledSoftmaxCudaTest, MatchesTheReferenceForAnyDimension) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  for (const int64_t dim : {1, 63, 64, 65, 127, 129, 200, 256, 384}) {
    const SampledSoftmaxCase c = OfDim(150, 333, dim);
    ExpectSampledSoftmaxMatchesReference(*context, c,
                                         SoftmaxErrorOfCuda(c, SoftmaxPrecision::kBf16));
  }
}

TEST_F(SampledSoftmaxCudaTest, TheSameBitsFromRunToRun) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  const SampledSoftmaxCase c = OfDim(1000, 3000, 128);
  SampledSoftmaxResult first(c);
  SampledSoftmaxResult second(c);
  ASSERT_TRUE(SampledSoftmax(*context, c.input(), {.temperature = 9}, first.output()).ok());
  ASSERT_TRUE(SampledSoftmax(*context, c.input(), {.temperature = 9}, second.output()).ok());
  EXPECT_EQ(first.losses, second.losses);
  EXPECT_EQ(first.queries.values(), second.queries.values());
  EXPECT_EQ(first.positives.values(), second.positives.values());
  EXPECT_EQ(first.candidates.values(), second.candidates.values());
}

TEST_F(SampledSoftmaxCudaTest, RefusesTooManyDimensionsByName) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  const SampledSoftmaxCase c = OfDim(2, 3, 385);
  SampledSoftmaxResult result(c);
  absl::Status status = SampledSoftmax(*context, c.input(), {}, result.output());
  EXPECT_EQ(MessageOf(status),
            "sampled softmax: 385 dimensions; on a CUDA device at most 384 in bf16");
  status = SampledSoftmax(*context, c.input(), {.precision = SoftmaxPrecision::kSplitBf16},
                          result.output());
  EXPECT_EQ(MessageOf(status),
            "sampled softmax: 385 dimensions; on a CUDA device at most 128 in split bf16");
}

}  // namespace
}  // namespace burgeon
