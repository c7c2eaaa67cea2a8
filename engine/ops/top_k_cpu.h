// The CPU form of engine/ops/top_k.h: a scan over packed items where that pays
// (engine/ops/top_k_packed.h), else an fp32 scan by tiles selects candidates; canonical scores
// decide. Input that ValidateTopK let pass.
#ifndef BURGEON_ENGINE_OPS_TOP_K_CPU_H_
#define BURGEON_ENGINE_OPS_TOP_K_CPU_H_

#include "engine/base/thread_pool.h"
#include "engine/ops/top_k.h"

namespace burgeon {

absl::StatusOr<TopKResult> TopKCpu(ThreadPool& pool, const TopKInput& input,
                                   const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TOP_K_CPU_H_
