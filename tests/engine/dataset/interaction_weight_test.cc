#include "engine/dataset/interaction_weight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

EventWeights ViewsToo() {
  EventWeights weights = DefaultEventWeights();
  weights.weight[static_cast<size_t>(EventType::kView)] = 0.25F;
  return weights;
}

TEST(ItemTallyTest, SumsWeights) {
  ItemTally tally;
  EXPECT_EQ(tally.Weight(ViewsToo()), 0);
  tally.Add(EventType::kView, 1, ViewsToo());
  EXPECT_FALSE(tally.bought());
  tally.Add(EventType::kPurchase, 12, ViewsToo());
  tally.Add(EventType::kPurchase, 4, ViewsToo());
  tally.Add(EventType::kClick, 1, ViewsToo());
  EXPECT_TRUE(tally.bought());
  EXPECT_FLOAT_EQ(tally.Weight(ViewsToo()), 2.25F);
}

TEST(ItemTallyTest, AReturnTakesOffItsShareOfThePurchases) {
  ItemTally tally;
  tally.Add(EventType::kPurchase, 10, ViewsToo());
  tally.Add(EventType::kReturn, 2, ViewsToo());
  EXPECT_FLOAT_EQ(tally.Weight(ViewsToo()), 0.8F);
  tally.Add(EventType::kReturn, 8, ViewsToo());
  EXPECT_EQ(tally.Weight(ViewsToo()), 0);
  tally.Add(EventType::kReturn, 5, ViewsToo());  // bought before the log begins
  tally.Add(EventType::kView, 1, ViewsToo());
  EXPECT_FLOAT_EQ(tally.Weight(ViewsToo()), 0.25F);
  EXPECT_TRUE(tally.bought());
}

TEST(ItemTallyTest, TheSumIsCappedWhenALimitIsSet) {
  EventWeights weights = ViewsToo();
  weights.max_weight = 1.5F;
  ItemTally tally;
  tally.Add(EventType::kPurchase, 1, weights);
  EXPECT_FLOAT_EQ(tally.Weight(weights), 1.0F);
  tally.Add(EventType::kPurchase, 1, weights);
  EXPECT_FLOAT_EQ(tally.Weight(weights), 1.5F);
}

TEST(ItemTallyTest, AReturnOfSomethingNeverBoughtIsNothing) {
  ItemTally tally;
  tally.Add(EventType::kReturn, 3, ViewsToo());
  EXPECT_EQ(tally.Weight(ViewsToo()), 0);
  EXPECT_FALSE(tally.bought());
}

EventWeights Parse(const std::string& yaml, absl::Status* finish) {
  auto config = Config::Parse(yaml, "test.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  const EventWeights weights = ParseEventWeights(config->root().Child("interactions"));
  *finish = config->Finish();
  return weights;
}

TEST(ParseEventWeightsTest, ReadsNamesOfTypes) {
  absl::Status finish;
  const EventWeights weights = Parse("interactions: {view: 0.5, add_to_cart: 2}", &finish);
  EXPECT_TRUE(finish.ok()) << finish;
  EXPECT_EQ(weights.of(EventType::kView), 0.5F);
  EXPECT_EQ(weights.of(EventType::kAddToCart), 2);
  EXPECT_EQ(weights.of(EventType::kPurchase), 0);
}

TEST(ParseEventWeightsTest, AbsentGivesPurchases) {
  absl::Status finish;
  const EventWeights weights = Parse("{}", &finish);
  EXPECT_TRUE(finish.ok()) << finish;
  EXPECT_EQ(weights.weight, DefaultEventWeights().weight);
  EXPECT_EQ(weights.of(EventType::kPurchase), 1);
}

TEST(ParseEventWeightsTest, TheSumForOneItemMayBeCapped) {
  absl::Status finish;
  const EventWeights weights = Parse("interactions: {max_weight: 1.5}", &finish);
  EXPECT_TRUE(finish.ok()) << finish;
  EXPECT_EQ(weights.of(EventType::kPurchase), 1);
  ItemTally tally;
  tally.Add(EventType::kPurchase, 1, weights);
  EXPECT_EQ(tally.Weight(weights), 1);
  tally.Add(EventType::kPurchase, 1, weights);
  EXPECT_EQ(tally.Weight(weights), 1.5F);
  EXPECT_EQ(Parse("interactions: {view: 1, max_weight: 2}", &finish).max_weight, 2);
  EXPECT_TRUE(finish.ok()) << finish;
}

TEST(ParseEventWeightsTest, RefusesWhatMeansNothing) {
  for (const std::string yaml : {"interactions: {purchase: -1}", "interactions: {return: 1}",
                                 "interactions: {consent: 1}", "interactions: {purchase: 0}"}) {
    absl::Status finish;
    Parse(yaml, &finish);
    EXPECT_EQ(finish.code(), absl::StatusCode::kInvalidArgument) << yaml;
    EXPECT_THAT(MessageOf(finish), HasSubstr("interactions")) << yaml;
  }
}

}  // namespace
}  // namespace burgeon
