// The ranker of a blend (engine/models/list_ranker.h), learned from what customers did next: of
// each the last item, or where no order is known a share of the items, is held out, the members
// are trained without it, and the network learns to put it before the rest of the blend's pool.
//
//   const RankerSplit split = HoldOutForRanker(data, options);
//   const ItemTrends trends(data.sequences, items, options.trend_days);
//   ... blend = a blend of members trained on split.train and split.sequences
//   BURGEON_ASSIGN_OR_RETURN(ListRanker ranker,
//                            TrainRanker(context, blend, split, trends, options, report));
//
// Trends are as they stood just before the event that is to be found, so that they hold what others
// did before it and nothing later.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_RANKER_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_RANKER_H_

#include <vector>

#include "engine/base/clock.h"
#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/item_trends.h"
#include "training/recommender/ranker_options.h"
#include "training/recommender/training_report.h"

namespace burgeon {

struct RankerSplit {
  CsrMatrix train;                     // [customers, items]
  ItemSequences sequences;             // [customers], or without offsets where no order is known
  CsrMatrix held_out;                  // [customers, items] pattern
  std::vector<TimeMicros> held_times;  // [customers] of the last event; empty: times not known
};

// A customer with one item keeps it. With an order: every event of the last item is held out.
RankerSplit HoldOutForRanker(const CsrView& interactions, const SequenceView& sequences,
                             const RankerOptions& options);

// blend: trained on split.train, with its customers' embeddings and without a ranker. A ranker with
// pool 0 when it orders the lists of customers that it did not learn from no better than the blend
// does; report->lines says so, with both figures. kFailedPrecondition when too few lists hold what
// is to be found.
absl::StatusOr<ListRanker> TrainRanker(ExecutionContext& context, const RecommenderModel& blend,
                                       const RankerSplit& split, const ItemTrends& trends,
                                       const RankerOptions& options, TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_RANKER_H_
