#include "cli/evaluate_steps.h"

#include "cli/pipeline.h"
#include "engine/dataset/interaction_order.h"
#include "engine/dataset/interaction_time.h"
#include "engine/dataset/time_split.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

std::string_view PartName(HeldOutPart part) {
  return part == HeldOutPart::kTest ? "test" : "validation";
}

absl::StatusOr<RecommenderQuality> Compare(Session& session, const EvaluationRequest& request,
                                           const EvaluationData& data) {
  ComparisonOptions comparison = request.options.comparison;
  BURGEON_ASSIGN_OR_RETURN(comparison.runs, RunsOf(request.options, request.job.recommender));
  AddBaselines(data, request.job.recommender, &comparison.runs);
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  return CompareRecommenders(*context, data, comparison);
}

}  // namespace

absl::StatusOr<RecommenderEvaluation> EvaluateRecommenderByTime(Session& session,
                                                                const EvaluationRequest& request) {
  const JobConfig& job = request.job;
  const int64_t window_days = request.options.window_days;
  const int64_t windows = request.part == HeldOutPart::kTest ? 1 : 2;  // before the end
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = job.snapshot_options(Purpose::kRecommend);
  options.overrides = &overlay.customers;
  options.as_of = store.manifest().max_event_time - windows * window_days * kMicrosPerDay;
  BURGEON_ASSIGN_OR_RETURN(const TimeSplit split,
                           BuildTimeSplit(session.pool(), store, options, window_days));
  const CsrMatrix test = NewItems(split);
  const std::vector<TimeMicros> times = InteractionTimes(split.train, job.weights);
  const CsrView train = split.train.interactions.view();
  const ItemSequences order = InteractionOrder(split.train.events, train, job.weights);
  RecommenderEvaluation out;
  BURGEON_ASSIGN_OR_RETURN(out.quality,
                           Compare(session, request,
                                   {.train = {.interactions = train, .sequences = order.view()},
                                    .interaction_times = times,
                                    .mask = split.train.seen.view(),
                                    .test = test.view()}));
  out.title =
      Concat("time split at ", FormatTime(options.as_of), ", window ", window_days, " days");
  out.about = {Concat(split.train.customers.size(), " customers and ", split.train.items.size(),
                      " items known at the split, ", test.columns.size(),
                      " new items bought after; left out: ", split.new_customer_pairs,
                      " pairs of customers and ", split.new_item_pairs,
                      " of items unknown at the split")};
  out.split = {{"split", "time"},
               {"part", PartName(request.part)},
               {"split_time", FormatTime(options.as_of)},
               {"window_days", window_days},
               {"customers", split.train.customers.size()},
               {"train_pairs", split.train.interactions.view().nonzeros()},
               {"test_pairs", test.view().nonzeros()},
               {"new_customer_pairs", split.new_customer_pairs},
               {"new_item_pairs", split.new_item_pairs}};
  return out;
}

absl::StatusOr<RecommenderEvaluation> EvaluateRecommenderByLastOut(
    Session& session, const EvaluationRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = request.job.snapshot_options(Purpose::kRecommend);
  options.overrides = &overlay.customers;
  BURGEON_ASSIGN_OR_RETURN(const LeaveLastOut split,
                           BuildLeaveLastOut(session.pool(), store, options, request.part));
  const CsrView train = split.train.view();
  const ItemSequences order =
      InteractionOrder(split.known.events, train, request.job.weights, {.cut = split.cut});
  RecommenderEvaluation out;
  BURGEON_ASSIGN_OR_RETURN(out.quality,
                           Compare(session, request,
                                   {.train = {.interactions = train, .sequences = order.view()},
                                    .interaction_times = split.train_times,
                                    .mask = split.mask.view(),
                                    .test = split.test.view()}));
  out.title = Concat("leave last out, ", PartName(request.part), ", events to ",
                     FormatTime(split.known.as_of));
  out.about = {Concat(split.known.customers.size(), " customers and ", split.known.items.size(),
                      " items; ", split.test.columns.size(), " last new items of ",
                      split.test_customers, " customers to be found; ", split.short_customers,
                      " customers have too few times to hold one out"),
               "other customers' later events are in train: the time split is the one to trust"};
  out.split = {{"split", "leave-last-out"},
               {"part", PartName(request.part)},
               {"as_of", FormatTime(split.known.as_of)},
               {"customers", split.known.customers.size()},
               {"short_customers", split.short_customers},
               {"train_pairs", split.train.view().nonzeros()},
               {"test_pairs", split.test.view().nonzeros()}};
  return out;
}

absl::StatusOr<nlohmann::json> EvaluateChurn(Session& session, const JobConfig& job) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const ChurnTraining training,
                           TrainChurnOnWorkspace(session, job, store));
  return ChurnJson(training);
}

}  // namespace burgeon
