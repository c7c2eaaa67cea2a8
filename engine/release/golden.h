// Golden queries: lists that a release gave when it was published, and that it must give again, bit
// for bit, each time it is loaded. They show that tensors, masks and ranking together still do what
// they did, which no checksum of a file can.
//
// Scores from a release's own tensors are canonical (engine/ops/top_k.h): the same bits on every
// machine and device. Nothing else (a fold-in, an approximate search) is put into a golden list.
#ifndef BURGEON_ENGINE_RELEASE_GOLDEN_H_
#define BURGEON_ENGINE_RELEASE_GOLDEN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/recommend/recommend.h"
#include "engine/release/release_data.h"

namespace burgeon {

struct GoldenList {
  CustomerRow customer;
  RecommendMethod method = RecommendMethod::kModel;  // asked for: model or popularity
  std::vector<ScoredItem> items;                     // best first, at most kGoldenK
};
inline constexpr int kGoldenK = 10;

// Customers spread over all rows, by the model; one of them also by popularity.
absl::StatusOr<std::vector<GoldenList>> MakeGoldenLists(ExecutionContext& context,
                                                        const ReleaseData& data);

// kDataLoss naming the query, the place and both entries when a list is another now.
absl::Status CheckGoldenLists(ExecutionContext& context, const ReleaseData& data,
                              std::span<const GoldenList> expected);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_GOLDEN_H_
