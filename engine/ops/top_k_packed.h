// The form of engine/ops/top_k_cpu.h over PackedItems: a scan in bf16 or int8 selects candidates,
// canonical scores decide. For CPUs with the instructions; the same answers as any other form.
#ifndef BURGEON_ENGINE_OPS_TOP_K_PACKED_H_
#define BURGEON_ENGINE_OPS_TOP_K_PACKED_H_

#include <optional>

#include "engine/base/thread_pool.h"
#include "engine/ops/top_k.h"

namespace burgeon {

// Nothing when this form does not apply: too few queries to be worth packing the items, vectors too
// long for bf16, or a CPU without the instructions. Input that ValidateTopK let pass.
absl::StatusOr<std::optional<TopKResult>> TopKPacked(ThreadPool& pool, const TopKInput& input,
                                                     const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TOP_K_PACKED_H_
