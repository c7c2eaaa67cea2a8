#include "training/recommender/als_validation.h"

#include "engine/base/philox.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

constexpr int kK = 20;
constexpr uint64_t kCustomerDraw = 0x616c737663;  // "alsvc"
constexpr uint64_t kItemDraw = 0x616c737669;      // "alsvi"
constexpr size_t kNone = SIZE_MAX;

// Row u of `from` without entry number `left_out`.
void AppendRow(const CsrView& from, int64_t u, size_t left_out, CsrMatrix* to) {
  const auto columns = from.row_columns(u);
  const auto values = from.row_values(u);
  for (size_t k = 0; k < columns.size(); ++k) {
    if (k == left_out) continue;
    to->columns.push_back(columns[k]);
    if (!values.empty()) to->values.push_back(values[k]);
  }
  to->offsets.push_back(static_cast<int64_t>(to->columns.size()));
}

}  // namespace

absl::StatusOr<AlsValidation> HoldOutForAls(const CsrView& interactions, double share,
                                            uint64_t seed) {
  const Philox customer_draw(seed, kCustomerDraw);
  const Philox item_draw(seed, kItemDraw);
  AlsValidation out;
  out.train.cols = out.histories.cols = out.held_out.cols = interactions.cols;
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto columns = interactions.row_columns(u);
    const auto index = static_cast<uint64_t>(u);
    if (columns.size() < 2 || customer_draw.Uniform(index) >= share) {
      AppendRow(interactions, u, kNone, &out.train);
      continue;
    }
    const size_t held = item_draw.Below(index, columns.size());
    AppendRow(interactions, u, held, &out.train);
    AppendRow(interactions, u, held, &out.histories);
    out.held_out.columns.push_back(columns[held]);
    out.held_out.offsets.push_back(static_cast<int64_t>(out.held_out.columns.size()));
  }
  if (out.held_out.rows() == 0) {
    return FailedPrecondition("als: validation_share ", share, " of ", interactions.rows(),
                              " customers draws nobody with two interactions or more");
  }
  return out;
}

absl::StatusOr<double> AlsValidationNdcg(ExecutionContext& context, const AlsValidation& validation,
                                         const FloatMatrix& items, const AlsStepParams& params) {
  RecommenderModel model;
  model.kind = RecommenderKind::kAls;
  model.item_embeddings = items;
  model.als = params;
  const CsrView histories = validation.histories.view();
  BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                           FoldIn(context, model, {.weights = histories}));
  BURGEON_ASSIGN_OR_RETURN(
      const RankingMetrics metrics,
      EvaluateModel(context, model, histories, histories, validation.held_out.view(), kK));
  return metrics.ndcg;
}

}  // namespace burgeon
