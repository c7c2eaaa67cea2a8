// The CUDA form of top-k, held to the cases and the brute-force answer of the CPU form.
#include "engine/ops/top_k_cuda.h"

#include <gtest/gtest.h>

#include "engine/ops/top_k.h"
#include "tests/support/cuda_device.h"
#include "tests/support/top_k_cases.h"

namespace burgeon {
namespace {

class TopKCudaTest : public CudaDeviceTest {
 protected:
  ThreadPool pool_{2};
};

TEST_F(TopKCudaTest, MatchesBruteForce) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  for (const TopKCase& c : TopKCases()) ExpectTopKMatchesBruteForce(*context, c);
}

TEST_F(TopKCudaTest, AViewWithAStrideGivesTheSameLists) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  FloatMatrix wide(50, 9);
  for (size_t i = 0; i < wide.values().size(); ++i) {
    wide.values()[i] = static_cast<float>(i * 31 % 17) - 8;
  }
  FloatMatrix narrow(50, 6);
  for (int64_t i = 0; i < 50; ++i) {
    for (int64_t j = 0; j < 6; ++j) narrow.at(i, j) = wide.at(i, j);
  }
  TopKInput strided;
  strided.queries = {wide.data(), 20, 6, 9};
  strided.items = {wide.data(), 50, 6, 9};
  const auto lists = TopK(*context, strided, {.k = 7});
  ASSERT_TRUE(lists.ok()) << lists.status();
  TopKInput close;
  close.queries = narrow.view().Rows(0, 20);
  close.items = narrow.view();
  EXPECT_EQ(lists->items, BruteForceTopK(close, 7).items);
}

}  // namespace
}  // namespace burgeon
