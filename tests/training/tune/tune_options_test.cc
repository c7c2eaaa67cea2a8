#include "training/tune/tune_options.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(TuneOptionsTest, TheWholeSectionIsRead) {
  auto config = Config::Parse(
      "tune: {model: als, space: {als.dim: {int: [8, 64]}}, metric: recall@20, "
      "budget: {trials: 27, minutes: 1.5}, seed: 9, validation: {kind: time, window_days: 30}, "
      "halving: {fidelity: epochs, eta: 2, rounds: 4}}",
      "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const TuneOptions options = ParseTuneOptions(config->root().Child("tune"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.model, "als");
  EXPECT_EQ(options.space.size(), 1U);
  EXPECT_EQ(options.metric, TuneMetric::kRecall);
  EXPECT_EQ(options.trials, 27);
  EXPECT_EQ(options.minutes, 1.5);
  EXPECT_EQ(options.seed, 9U);
  EXPECT_EQ(options.validation, ValidationKind::kTime);
  EXPECT_EQ(options.window_days, 30);
  EXPECT_EQ(options.fidelity, FidelityKind::kEpochs);
  EXPECT_DOUBLE_EQ(options.ShareOfRound(0), 0.125);
  EXPECT_DOUBLE_EQ(options.ShareOfRound(3), 1);
}

TEST(TuneOptionsTest, RoundsKeepOneInEta) {
  TuneOptions options;
  options.trials = 30;
  EXPECT_EQ(options.TrialsOfRound(0), 30);
  EXPECT_EQ(options.TrialsOfRound(1), 10);
  EXPECT_EQ(options.TrialsOfRound(2), 3);
  options.trials = 2;
  EXPECT_EQ(options.TrialsOfRound(2), 1);
}

TEST(TuneOptionsTest, SearchTextTellsSearchesApartAndLeavesTheMinutesOut) {
  const TuneOptions base;
  TuneOptions minutes = base;
  minutes.minutes = 5;
  EXPECT_EQ(SearchText(base), SearchText(minutes));
  TuneOptions changed = base;
  changed.seed = 2;
  EXPECT_NE(SearchText(base), SearchText(changed));
  changed = base;
  changed.trials = 31;
  EXPECT_NE(SearchText(base), SearchText(changed));
  changed = base;
  changed.space.push_back({.field = "a", .low = 1, .high = 2, .choices = {}});
  EXPECT_NE(SearchText(base), SearchText(changed));
}

}  // namespace
}  // namespace burgeon
