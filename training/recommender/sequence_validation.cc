#include "training/recommender/sequence_validation.h"

#include <algorithm>

#include "engine/experiment/ranking_metrics.h"
#include "engine/ops/top_k.h"

namespace burgeon {
namespace {

constexpr int kCut = 10;

}  // namespace

absl::StatusOr<SequenceValidation> HoldOutLast(const SequenceView& sequences, int64_t items) {
  SequenceValidation out;
  out.seen.cols = out.held_out.cols = items;
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    const auto row = sequences.row(u);
    const size_t kept = row.size() >= 3 ? row.size() - 1 : row.size();
    out.train.items.insert(out.train.items.end(), row.begin(), row.begin() + kept);
    out.train.offsets.push_back(std::ssize(out.train.items));
    std::vector<uint32_t> seen(row.begin(), row.begin() + kept);
    std::ranges::sort(seen);
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    if (kept < row.size() && !std::ranges::binary_search(seen, row.back())) {
      out.held_out.columns.push_back(row.back());
    }
    out.seen.columns.insert(out.seen.columns.end(), seen.begin(), seen.end());
    out.seen.offsets.push_back(std::ssize(out.seen.columns));
    out.held_out.offsets.push_back(std::ssize(out.held_out.columns));
  }
  if (out.held_out.columns.empty()) {
    return FailedPrecondition("sequence: no customer has three items, the last of them new, to ",
                              "choose the number of epochs by; patience 0 takes it as given");
  }
  return out;
}

absl::StatusOr<SequenceQuality> ValidateSequences(ExecutionContext& context,
                                                  const SequenceValidation& validation,
                                                  const SequenceEncoder& encoder,
                                                  MatrixView<const float> item_embeddings) {
  BURGEON_ASSIGN_OR_RETURN(const FloatMatrix queries,
                           EncodeSequences(context.pool(), encoder, validation.train.view()));
  BURGEON_ASSIGN_OR_RETURN(const TopKResult top, TopK(context,
                                                      {.queries = queries.view(),
                                                       .items = item_embeddings,
                                                       .excluded = validation.seen.view(),
                                                       .allowed = {}},
                                                      {.k = kCut}));
  RankedLists lists;
  for (int64_t u = 0; u < queries.rows(); ++u) {
    for (const ScoredItem& entry : top.list(u)) lists.items.push_back(entry.item.value);
    lists.EndList();
  }
  const RankingMetrics metrics = MeanMetrics(lists, validation.held_out.view(), kCut);
  return SequenceQuality{.hit_rate = metrics.hit_rate, .ndcg = metrics.ndcg};
}

}  // namespace burgeon
