// The CUDA form of negative sampling draws what the CPU form draws.
#include "engine/ops/negative_sampling_cuda.h"

#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"
#include "tests/support/negative_sampling_cases.h"

namespace burgeon {
namespace {

class NegativeSamplingCudaTest : public CudaDeviceTest {
 protected:
  ThreadPool pool_{2};
};

TEST_F(NegativeSamplingCudaTest, DrawsWhatTheCpuDraws) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  ExecutionContext cpu(&pool_);
  for (const NegativeSamplingCase& c : NegativeSamplingCases()) {
    const NegativeItems on_cpu = Draw(cpu, c);
    const NegativeItems on_gpu = Draw(*context, c);
    EXPECT_EQ(on_gpu.items.values(), on_cpu.items.values()) << c.name;
    EXPECT_EQ(on_gpu.left, on_cpu.left) << c.name;
  }
}

}  // namespace
}  // namespace burgeon
