#include "tests/support/cuda_failures.h"

#include <gtest/gtest.h>

#ifdef BURGEON_CUDA
#include "engine/ops/cuda_resources.h"
#endif

namespace burgeon {

#ifdef BURGEON_CUDA
void ExpectFailingAllocationsAreMet(ExecutionContext& context,
                                    const std::function<absl::Status()>& work) {
  CudaResources& cuda = *context.cuda();
  cuda::MemoryAccount& memory = cuda.stream.memory();
  constexpr int kMost = 1000;
  int failed = 0;
  for (; failed < kMost; ++failed) {
    cuda.workspace.Release();
    ASSERT_EQ(memory.live_bytes(), 0);
    memory.FailAt(failed + 1);
    const int64_t before = memory.allocations();
    const absl::Status status = work();
    memory.FailAt(0);
    ASSERT_EQ(memory.live_bytes(), cuda.workspace.held_bytes()) << "allocation " << failed + 1;
    if (memory.allocations() - before <= failed) {
      ASSERT_TRUE(status.ok()) << status;
      break;
    }
    ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  }
  EXPECT_GT(failed, 0) << "nothing was allocated";
  EXPECT_LT(failed, kMost);
}
#else
void ExpectFailingAllocationsAreMet(ExecutionContext&, const std::function<absl::Status()>&) {
  FAIL() << "this build has no CUDA";
}
#endif

}  // namespace burgeon
