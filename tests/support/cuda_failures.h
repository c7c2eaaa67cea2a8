// What an operation owes when device memory runs out, tried at every allocation it makes. Without
// CUDA in the build it is never reached: the tests that call it are skipped.
#ifndef BURGEON_TESTS_SUPPORT_CUDA_FAILURES_H_
#define BURGEON_TESTS_SUPPORT_CUDA_FAILURES_H_

#include <functional>

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// Runs `work` with its 1st, 2nd, ... allocation failing, until none does: each time the status is
// kResourceExhausted, and no more is live afterwards than the workspace holds; at last it is OK.
void ExpectFailingAllocationsAreMet(ExecutionContext& context,
                                    const std::function<absl::Status()>& work);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_CUDA_FAILURES_H_
