#include "training/tune/successive_halving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/fault_file_system.h"
#include "training/tune/trial_journal.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// What was evaluated, in order: "number@round".
using Sequence = std::vector<std::string>;

class SuccessiveHalvingTest : public testing::Test {
 protected:
  SuccessiveHalvingTest() {
    SearchDimension x;
    x.field = "x";
    x.high = 1;
    SearchDimension noise = x;
    noise.field = "noise";
    request_.options.space = {x, noise};
    request_.options.trials = 27;
    request_.journal = "j";
    request_.identity = "abc";
  }

  // The metric is a peak at x = .7; the config as it stands has 0.
  static double Peak(const Trial& trial) {
    if (trial.number == 0) return 0;
    const double x = ParseDouble(trial.values[0].second).value();
    return 1 - (x - 0.7) * (x - 0.7) + 1e-3 * trial.share;
  }

  absl::StatusOr<TuneOutcome> Run(FileSystem& files, Sequence* sequence) {
    return SuccessiveHalving(files, request_, [&](const Trial& trial) -> absl::StatusOr<double> {
      sequence->push_back(Concat(trial.number, "@", trial.round));
      return Peak(trial);
    });
  }

  TuneRequest request_;
  FaultFileSystem files_;
};

TEST_F(SuccessiveHalvingTest, TheBestGoOnAndTheBestOfTheLastRoundIsFound) {
  Sequence sequence;
  const auto outcome = Run(files_, &sequence);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->complete);
  // 27, then the best 9 and trial 0, then the best 3 and trial 0.
  ASSERT_EQ(outcome->results.size(), 27U + 10 + 4);
  std::vector<std::pair<double, int64_t>> by_metric;
  for (int64_t number = 1; number < 27; ++number) {
    const Trial trial{.number = number, .values = DrawTrial(request_.options.space, 1, number)};
    by_metric.emplace_back(-Peak(trial), number);
  }
  std::ranges::sort(by_metric);
  std::set<int64_t> second;
  for (size_t k = 27; k < 37; ++k) second.insert(outcome->results[k].trial.number);
  std::set<int64_t> wanted = {0};
  for (size_t k = 0; k < 9; ++k) wanted.insert(by_metric[k].second);
  EXPECT_EQ(second, wanted);
  ASSERT_TRUE(outcome->best.has_value());
  EXPECT_EQ(outcome->best->trial.number, by_metric[0].second);
  EXPECT_EQ(outcome->best->trial.round, 2);
  EXPECT_DOUBLE_EQ(outcome->best->trial.share, 1);
}

// Killed after any step on the disk and started again, every trial follows as if nothing had been.
TEST_F(SuccessiveHalvingTest, KilledAnywhereTheSameTrialsFollow) {
  request_.options.trials = 7;
  Sequence straight;
  const auto whole = Run(files_, &straight);
  ASSERT_TRUE(whole.ok()) << whole.status();
  const std::string journal = files_.Content("j");
  const FaultFileSystem empty;
  int kills = 0;
  for (int64_t steps = 0;; steps += 3, ++kills) {
    const auto files = empty.Clone();
    files->CrashAfter(steps);
    Sequence before;
    const auto broken = Run(*files, &before);
    const bool crashed = files->crashed();
    for (const Survival survival : kAllSurvivals) {
      const auto disk = files->Survivor(survival, static_cast<uint64_t>(steps));
      Sequence after;
      const auto resumed = Run(*disk, &after);
      ASSERT_TRUE(resumed.ok()) << resumed.status() << " steps " << steps;
      // One trial at most, whose line was not whole, is done a second time.
      EXPECT_LE(before.size() + after.size(), straight.size() + 1) << "steps " << steps;
      ASSERT_EQ(resumed->results.size(), whole->results.size());
      for (size_t k = 0; k < whole->results.size(); ++k) {
        EXPECT_EQ(resumed->results[k].trial.number, whole->results[k].trial.number);
        EXPECT_EQ(resumed->results[k].trial.values, whole->results[k].trial.values);
        EXPECT_EQ(resumed->results[k].metric, whole->results[k].metric);
      }
    }
    if (!crashed) break;
  }
  EXPECT_GT(kills, 5);
}

TEST_F(SuccessiveHalvingTest, AFinishedJournalIsNotEvaluatedAgain) {
  Sequence first;
  ASSERT_TRUE(Run(files_, &first).ok());
  Sequence second;
  int told = 0;
  request_.told = [&](const TrialResult&, bool from_journal) { told += from_journal ? 1 : 0; };
  const auto outcome = Run(files_, &second);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(second.empty());
  EXPECT_EQ(told, static_cast<int>(first.size()));
}

TEST_F(SuccessiveHalvingTest, AnotherSearchIsRefused) {
  Sequence sequence;
  ASSERT_TRUE(Run(files_, &sequence).ok());
  request_.identity = "xyz";
  const auto refused = Run(files_, &sequence);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr("another search"));
}

TEST_F(SuccessiveHalvingTest, AStopEndsWithTheBestSoFarAndGoesOn) {
  StopFlag stop;
  request_.stop = &stop;
  request_.told = [&](const TrialResult& result, bool) {
    if (result.trial.number == 5 && result.trial.round == 0) stop.Request();
  };
  Sequence sequence;
  const auto stopped = Run(files_, &sequence);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_FALSE(stopped->complete);
  EXPECT_EQ(stopped->ended, "stopped");
  EXPECT_EQ(stopped->results.size(), 6U);
  ASSERT_TRUE(stopped->best.has_value());
  EXPECT_GT(*stopped->best->metric, 0);
  request_.stop = nullptr;
  request_.told = nullptr;
  Sequence rest;
  const auto whole = Run(files_, &rest);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(rest.front(), "6@0");
  EXPECT_EQ(whole->results.size(), 41U);
}

TEST_F(SuccessiveHalvingTest, AStopInsideATrialLeavesItUndone) {
  const auto outcome =
      SuccessiveHalving(files_, request_, [&](const Trial& trial) -> absl::StatusOr<double> {
        if (trial.number == 3) return MakeStatus(absl::StatusCode::kCancelled, "stopped");
        return Peak(trial);
      });
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->results.size(), 3U);
  Sequence rest;
  ASSERT_TRUE(Run(files_, &rest).ok());
  EXPECT_EQ(rest.front(), "3@0");
}

TEST_F(SuccessiveHalvingTest, AFailedTrialIsWrittenDownAndTheSearchGoesOn) {
  const auto evaluate = [&](const Trial& trial) -> absl::StatusOr<double> {
    if (trial.number % 2 == 1) return ResourceExhausted("too \"large\"");
    if (trial.number == 4) return std::nan("");
    return Peak(trial);
  };
  const auto outcome = SuccessiveHalving(files_, request_, evaluate);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->complete);
  EXPECT_FALSE(outcome->results[1].metric.has_value());
  EXPECT_EQ(outcome->results[1].error, "too \"large\"");
  EXPECT_FALSE(outcome->results[4].metric.has_value());
  EXPECT_EQ(outcome->best->trial.number % 2, 0);
  // Read back from the journal.
  const auto journal = TrialJournal::Open(files_, "j", "abc");
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_EQ(journal->Find(1, 0)->error, "too \"large\"");
  EXPECT_EQ(*journal->Find(2, 0)->metric, *outcome->results[2].metric);
  EXPECT_EQ(journal->Find(2, 7), nullptr);
}

TEST_F(SuccessiveHalvingTest, WhenAllFailItSaysWhy) {
  const auto outcome = SuccessiveHalving(files_, request_, [](const Trial&) {
    return absl::StatusOr<double>(InvalidArgument("rank is too large"));
  });
  EXPECT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(outcome.status()), HasSubstr("rank is too large"));
}

TEST_F(SuccessiveHalvingTest, TimeThatIsUpEndsIt) {
  request_.options.minutes = 1e-9;
  Sequence sequence;
  const auto outcome = Run(files_, &sequence);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->complete);
  EXPECT_THAT(outcome->ended, HasSubstr("minutes are over"));
}

TEST_F(SuccessiveHalvingTest, ADamagedJournalIsNotGuessedAt) {
  Sequence sequence;
  ASSERT_TRUE(Run(files_, &sequence).ok());
  files_.SetContent("j", "{\"burgeon_tune\":1,\"identity\":\"abc\"}\nnot json\n");
  const auto outcome = Run(files_, &sequence);
  EXPECT_EQ(outcome.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(outcome.status()), HasSubstr("j:2"));
}

TEST_F(SuccessiveHalvingTest, TheDimensionThatMattersComesFirst) {
  Sequence sequence;
  const auto outcome = Run(files_, &sequence);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const auto summaries = SummarizeDimensions(request_.options.space, outcome->results);
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].field, "x");
  EXPECT_GT(summaries[0].share_of_variance, 0.5);
  EXPECT_LT(summaries[1].share_of_variance, 0.3);
  EXPECT_EQ(summaries[0].mean.size(), 3U);
}

TEST(SummarizeDimensionsTest, ChoicesAreGroupsByHand) {
  SearchDimension choice{
      .field = "c", .type = SearchType::kChoice, .choices = {"a", "b", "unused"}};
  std::vector<TrialResult> results;
  for (const auto& [value, metric] :
       std::vector<std::pair<std::string, double>>{{"a", 1}, {"a", 3}, {"b", 5}, {"b", 7}}) {
    results.push_back({.trial = {.values = {{"c", value}}}, .metric = metric, .error = {}});
  }
  const auto summaries = SummarizeDimensions({choice}, results);
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_DOUBLE_EQ(summaries[0].share_of_variance, 16.0 / 20.0);  // 4 x 2^2 of 9 + 1 + 1 + 9
  ASSERT_EQ(summaries[0].mean.size(), 2U);
  EXPECT_DOUBLE_EQ(summaries[0].mean[1].second, 6);
}

}  // namespace
}  // namespace burgeon
