#include "training/recommender/tune_recommender.h"

#include <algorithm>
#include <cmath>

#include "engine/dataset/interaction_order.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

constexpr int kCut = 20;

double MetricOf(const RankingMetrics& metrics, TuneMetric metric) {
  switch (metric) {
    case TuneMetric::kNdcg:
      return metrics.ndcg;
    case TuneMetric::kRecall:
      return metrics.recall;
    case TuneMetric::kHitRate:
      return metrics.hit_rate;
  }
  return 0;
}

absl::Status ShortenEpochs(RecommenderKind kind, double share, RecommenderOptions* options) {
  const auto shorten = [share](int* epochs) {
    *epochs = std::max(1, static_cast<int>(std::lround(share * *epochs)));
    return absl::OkStatus();
  };
  if (kind == RecommenderKind::kAls) return shorten(&options->als.epochs);
  if (kind == RecommenderKind::kSequence) return shorten(&options->sequence.epochs);
  if (kind == RecommenderKind::kTwoTower) return shorten(&options->two_tower.epochs);
  return InvalidArgument("tune.halving.fidelity: epochs is for a model that is trained in ",
                         "epochs (als, sequence, two_tower), not for ", RecommenderKindName(kind));
}

}  // namespace

absl::StatusOr<double> EvaluateTrial(ExecutionContext& context, const ValidationSplit& split,
                                     const TuneOptions& tune, RecommenderKind kind,
                                     const RecommenderOptions& options, double share,
                                     TrainingReport* report) {
  RecommenderOptions used = options;
  CsrMatrix train;      // of some customers
  CsrMatrix held_out;   // of some customers
  ItemSequences order;  // of some customers
  CsrView train_view = split.train.view();
  CsrView held_out_view = split.held_out.view();
  SequenceView order_view = split.order.view();
  if (tune.fidelity == FidelityKind::kEpochs) {
    BURGEON_RETURN_IF_ERROR(ShortenEpochs(kind, share, &used));
  } else if (share < 1) {
    held_out = KeepCustomers(held_out_view, share, tune.seed);
    held_out_view = held_out.view();
    if (tune.fidelity == FidelityKind::kCustomers) {
      train = KeepCustomers(train_view, share, tune.seed);
      train_view = train.view();
      if (order_view.rows() > 0) {
        order = KeepInteractions(order_view, train_view);
        order_view = order.view();
      }
    }
  }
  if (held_out_view.nonzeros() == 0) {
    return FailedPrecondition("tune: nothing is held out of ", share,
                              " of the customers; a larger share of validation, or fewer rounds");
  }
  BURGEON_ASSIGN_OR_RETURN(
      const RecommenderModel model,
      TrainRecommender(context, {.interactions = train_view, .sequences = order_view}, kind, used,
                       report));
  BURGEON_ASSIGN_OR_RETURN(
      const RankingMetrics metrics,
      EvaluateModel(context, model, train_view, split.mask.view(), held_out_view, kCut));
  return MetricOf(metrics, tune.metric);
}

}  // namespace burgeon
