// Negative items for training, drawn with Philox: uniformly, or by popularity to a power (0.75 in
// Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality",
// 2013). The contract of both the CPU and the CUDA form, which draw the same items, bit for bit.
//
//   BURGEON_ASSIGN_OR_RETURN(const SamplingTable table, PopularityTable(counts, /*power=*/0.75));
//   BURGEON_ASSIGN_OR_RETURN(const int64_t seen, SampleNegatives(context, table,
//       {.seed = seed, .stream = kNegatives, .first = step * rows * k}, seen_items, out));
//
// Draw number first + row * k + column fills out(row, column) whatever the batch it stands in, so
// the same rows drawn together or apart get the same items.
#ifndef BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_H_
#define BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/alias_draw.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// Probabilities are multiples of 2^-32 / items, exactly those of the draws.
struct SamplingTable {
  int64_t items = 0;
  std::vector<uint32_t> accept;  // empty: uniform
  std::vector<uint32_t> alias;
  std::vector<float> log_probabilities;  // natural; -infinity of what is never drawn

  AliasView view() const;
  // What a sampled softmax takes off a logit.
  float LogProbability(uint32_t item) const;
};

// kInvalidArgument for no items, or more than there may be.
absl::StatusOr<SamplingTable> UniformTable(int64_t items);

// Item i in proportion to counts[i] ^ power; counts of zero are not drawn (unless power is 0). A
// positive count is drawn with at least 2^-32 / items, however small.
absl::StatusOr<SamplingTable> PopularityTable(std::span<const int64_t> counts, double power);

struct DrawRange {
  uint64_t seed = 0;
  uint64_t stream = 0;
  uint64_t first = 0;  // number of the first draw
};

// out: [rows, k]. `seen`: [rows, items], or without rows; what a row has seen is drawn again, at
// most 16 times (kDrawAttempts). Returns how many draws ended with a seen item nevertheless.
absl::StatusOr<int64_t> SampleNegatives(ExecutionContext& context, const SamplingTable& table,
                                        const DrawRange& range, const CsrView& seen,
                                        MatrixView<uint32_t> out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_H_
