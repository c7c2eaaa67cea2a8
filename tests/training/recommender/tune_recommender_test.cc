#include "training/recommender/tune_recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

class TuneRecommenderTest : public testing::Test {
 protected:
  TuneRecommenderTest() {
    options_.spectral.rank = 6;
    options_.spectral.oversample = 8;
    options_.als.dim = 6;
    options_.als.epochs = 9;
  }
  absl::StatusOr<double> Evaluate(RecommenderKind kind, double share) {
    report_.lines.clear();
    return EvaluateTrial(context_, split_, tune_, kind, options_, share, &report_);
  }
  const TasteGroups world_ = MakeTasteGroups(200, 100, 5);
  ValidationSplit split_ = HoldOutRandom(world_.train.view(), 0.2, 3);
  TuneOptions tune_;
  RecommenderOptions options_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(TuneRecommenderTest, TheWholeShareIsTheMetricOfTheModel) {
  const auto model = TrainSpectral(context_, split_.train.view(), options_.spectral, &report_);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto metrics = EvaluateModel(context_, *model, split_.train.view(), split_.mask.view(),
                                     split_.held_out.view(), 20);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  const std::pair<TuneMetric, double> wanted[] = {{TuneMetric::kNdcg, metrics->ndcg},
                                                  {TuneMetric::kRecall, metrics->recall},
                                                  {TuneMetric::kHitRate, metrics->hit_rate}};
  for (const auto& [metric, value] : wanted) {
    tune_.metric = metric;
    for (const FidelityKind fidelity :
         {FidelityKind::kCustomers, FidelityKind::kEvaluatedCustomers}) {
      tune_.fidelity = fidelity;
      const auto got = Evaluate(RecommenderKind::kSpectral, 1);
      ASSERT_TRUE(got.ok()) << got.status();
      EXPECT_EQ(*got, value) << MetricName(metric);
    }
  }
}

TEST_F(TuneRecommenderTest, AShareOfTheCustomersIsTrainedOnAndRanked) {
  const double share = 0.4;
  const CsrMatrix train = KeepCustomers(split_.train.view(), share, tune_.seed);
  const CsrMatrix held_out = KeepCustomers(split_.held_out.view(), share, tune_.seed);
  const auto ndcg = [&](const CsrView& learned) {
    const auto model = TrainSpectral(context_, learned, options_.spectral, &report_);
    EXPECT_TRUE(model.ok()) << model.status();
    return EvaluateModel(context_, *model, learned, split_.mask.view(), held_out.view(), 20)->ndcg;
  };
  const auto some = Evaluate(RecommenderKind::kSpectral, share);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(*some, ndcg(train.view()));
  tune_.fidelity = FidelityKind::kEvaluatedCustomers;
  const auto ranked = Evaluate(RecommenderKind::kSpectral, share);
  ASSERT_TRUE(ranked.ok()) << ranked.status();
  EXPECT_EQ(*ranked, ndcg(split_.train.view()));
}

TEST_F(TuneRecommenderTest, AShareOfTheEpochsIsForWhatHasThem) {
  tune_.fidelity = FidelityKind::kEpochs;
  const auto short_run = Evaluate(RecommenderKind::kAls, 1.0 / 3);
  ASSERT_TRUE(short_run.ok()) << short_run.status();
  tune_.fidelity = FidelityKind::kCustomers;
  options_.als.epochs = 3;
  const auto three = Evaluate(RecommenderKind::kAls, 1);
  ASSERT_TRUE(three.ok()) << three.status();
  EXPECT_EQ(*short_run, *three);
  tune_.fidelity = FidelityKind::kEpochs;
  EXPECT_THAT(MessageOf(Evaluate(RecommenderKind::kSpectral, 0.5).status()),
              HasSubstr("epochs (als, sequence, two_tower), not for spectral"));
}

// The train items of a customer as they lie; of a share of the customers their rows alone.
TEST_F(TuneRecommenderTest, AKindThatReadsAnOrderIsGivenIt) {
  options_.sequence = {.dim = 8, .length = 10, .batch_size = 64, .epochs = 4, .patience = 0};
  EXPECT_THAT(MessageOf(Evaluate(RecommenderKind::kSequence, 1).status()),
              HasSubstr("it needs items in order of time"));
  split_.order = {.offsets = split_.train.offsets, .items = split_.train.columns, .times = {}};
  const auto ndcg = [&](const CsrView& learned, const SequenceView& order, const CsrView& wanted) {
    const auto model = TrainSequence(context_, learned, order, options_.sequence, &report_);
    EXPECT_TRUE(model.ok()) << model.status();
    return EvaluateModel(context_, *model, learned, split_.mask.view(), wanted, 20)->ndcg;
  };
  const auto all = Evaluate(RecommenderKind::kSequence, 1);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(*all, ndcg(split_.train.view(), split_.order.view(), split_.held_out.view()));
  const CsrMatrix train = KeepCustomers(split_.train.view(), 0.5, tune_.seed);
  const CsrMatrix held_out = KeepCustomers(split_.held_out.view(), 0.5, tune_.seed);
  const ItemSequences order = {.offsets = train.offsets, .items = train.columns, .times = {}};
  const auto half = Evaluate(RecommenderKind::kSequence, 0.5);
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_EQ(*half, ndcg(train.view(), order.view(), held_out.view()));
  tune_.fidelity = FidelityKind::kEpochs;
  const auto short_run = Evaluate(RecommenderKind::kSequence, 0.5);
  ASSERT_TRUE(short_run.ok()) << short_run.status();
  options_.sequence.epochs = 2;
  EXPECT_EQ(*short_run, *Evaluate(RecommenderKind::kSequence, 1));
}

TEST_F(TuneRecommenderTest, NothingHeldOutIsAnError) {
  ValidationSplit nothing = split_;
  nothing.held_out.columns.clear();
  nothing.held_out.offsets.assign(nothing.held_out.offsets.size(), 0);
  const auto got =
      EvaluateTrial(context_, nothing, tune_, RecommenderKind::kSpectral, options_, 1, &report_);
  EXPECT_EQ(got.status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
