#include "training/churn/train_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(ParseChurnTrainOptionsTest, ReadsEveryField) {
  auto config = Config::Parse(
      "train: {hidden: 8, epochs: 3, patience: 2, batch_size: 64, learning_rate: 0.5,"
      " weight_decay: 0, logistic_l2: 7, shards: 2, ensemble: 1, linear_share: 0, random_seed: 9}",
      "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const ChurnTrainOptions options = ParseChurnTrainOptions(config->root().Child("train"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.hidden, 8);
  EXPECT_EQ(options.epochs, 3);
  EXPECT_EQ(options.patience, 2);
  EXPECT_EQ(options.batch_size, 64);
  EXPECT_EQ(options.learning_rate, 0.5F);
  EXPECT_EQ(options.weight_decay, 0);
  EXPECT_EQ(options.logistic_l2, 7);
  EXPECT_EQ(options.shards, 2);
  EXPECT_EQ(options.ensemble, 1);
  EXPECT_EQ(options.linear_share, 0);
  EXPECT_EQ(options.seed, 9U);
}

TEST(ParseChurnTrainOptionsTest, RefusesWhatCannotTrain) {
  for (const std::string field : {"hidden: 0", "learning_rate: 0", "linear_share: 1",
                                  "logistic_l2: 0", "shards: 0", "dropout: 0.5"}) {
    auto config = Config::Parse("train: {" + field + "}", "c.yaml");
    ASSERT_TRUE(config.ok()) << config.status();
    ParseChurnTrainOptions(config->root().Child("train"));
    EXPECT_EQ(config->Finish().code(), absl::StatusCode::kInvalidArgument) << field;
    EXPECT_THAT(MessageOf(config->Finish()), HasSubstr(field.substr(0, field.find(':'))));
  }
}

TEST(PlanChurnTest, ByHand) {
  const DataCounts data = {.customers = 10, .items = 5, .interactions = 20, .events = 100};
  const auto phases = PlanChurn(data, 3, 7);
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[1].bytes, 41 * 100 + 96 * 15 + 30 * 57);
  EXPECT_EQ(phases[0].bytes, 41 * 100 + 96 * 15 + SnapshotBytes(data) + 30 * 29);
}

}  // namespace
}  // namespace burgeon
