#include "engine/insight/satisfaction_measures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

TEST(NetPromoter, CountsByTheBoxesOfTheScore) {
  NetPromoter nps;
  for (const double score : {0, 6, 7, 8, 9, 10, 10}) nps.Add(score);
  EXPECT_EQ(nps.detractors, 2);
  EXPECT_EQ(nps.passives, 2);
  EXPECT_EQ(nps.promoters, 3);
  EXPECT_NEAR(nps.score(), 100.0 / 7, 1e-12);
}

TEST(NetPromoter, StandardErrorIsTheMultinomialOne) {
  // 50, 30, 20 of 100: D = 0.3, q = 0.7, (0.7 - 0.09) / 100 = 0.0061.
  const NetPromoter nps{50, 30, 20};
  EXPECT_NEAR(nps.score(), 30, 1e-12);
  EXPECT_NEAR(nps.standard_error(), 100 * std::sqrt(0.0061), 1e-12);
}

// The ends of the interval are where the inequality it inverts holds with equality.
TEST(NetPromoter, IntervalInvertsTheScoreTest) {
  for (const NetPromoter nps : {NetPromoter{50, 30, 20}, NetPromoter{3, 5, 1}, NetPromoter{0, 2, 9},
                                NetPromoter{12, 1, 0}}) {
    const auto n = static_cast<double>(nps.answers());
    const double q = static_cast<double>(nps.promoters + nps.detractors) / n;
    const double estimate = nps.score() / 100;
    for (const double end : {nps.interval().low / 100, nps.interval().high / 100}) {
      const double left = (estimate - end) * (estimate - end);
      const double right = kNormal95 * kNormal95 * (q - end * end) / n;
      EXPECT_NEAR(left, right, 1e-12);
    }
    EXPECT_LT(nps.interval().low, nps.score());
    EXPECT_GE(nps.interval().high, nps.score());
  }
}

TEST(NetPromoter, IntervalWithoutPassivesIsWilsons) {
  // Wilson's interval of 8 successes in 10 trials is 0.4902 to 0.9433 (two decimals more below).
  const Interval wilson = WilsonInterval(8, 10);
  EXPECT_NEAR(wilson.low, 0.4901625, 1e-6);
  EXPECT_NEAR(wilson.high, 0.9433178, 1e-6);
  const Interval nps = NetPromoter{8, 0, 2}.interval();
  EXPECT_NEAR(nps.low, 100 * (2 * wilson.low - 1), 1e-9);
  EXPECT_NEAR(nps.high, 100 * (2 * wilson.high - 1), 1e-9);
}

TEST(NetPromoter, IntervalStaysOnTheScaleAndIsNoPointForPromotersOnly) {
  const Interval all = NetPromoter{5, 0, 0}.interval();
  EXPECT_NEAR(all.high, 100, 1e-9);
  EXPECT_LT(all.low, 50);
  const Interval none = NetPromoter{}.interval();
  EXPECT_EQ(none.low, -100);
  EXPECT_EQ(none.high, 100);
}

TEST(ScoreSummary, TopTwoMeanAndIntervalByHand) {
  ScoreSummary csat;
  for (const double score : {5, 4, 3, 2, 5}) csat.Add(score, 5, 5);
  EXPECT_EQ(csat.top_two, 3);
  EXPECT_NEAR(csat.mean(), 3.8, 1e-12);
  // Squares about the mean: 1.44 + 0.04 + 0.64 + 3.24 + 1.44 = 6.8; s^2 = 1.7.
  const double half = 1.959963984540054 * std::sqrt(1.7 / 5);
  EXPECT_NEAR(csat.mean_interval().low, 3.8 - half, 1e-9);
  EXPECT_NEAR(csat.mean_interval().high, 3.8 + half, 1e-9);
  EXPECT_NEAR(csat.top_two_share(), 0.6, 1e-12);
}

TEST(ScoreSummary, CarriesOtherScalesOver) {
  ScoreSummary csat;
  csat.Add(10, 10, 5);   // 5, top two
  csat.Add(9, 10, 5);    // 1 + 8 * 4 / 9, top two
  csat.Add(1, 10, 5);    // 1
  csat.Add(5.5, 10, 5);  // 3
  EXPECT_EQ(csat.top_two, 2);
  EXPECT_NEAR(csat.sum, 5 + (1 + 32.0 / 9) + 1 + 3, 1e-12);
}

TEST(ScoreSummary, OneAnswerHasNoSpread) {
  ScoreSummary one;
  one.Add(4, 5, 5);
  EXPECT_EQ(one.mean_interval().low, 4);
  EXPECT_EQ(one.mean_interval().high, 4);
}

TEST(PValues, OfTheNormalDistribution) {
  EXPECT_NEAR(NormalPValue(1.959963984540054), 0.05, 1e-12);
  EXPECT_NEAR(NormalPValue(0), 1, 1e-12);
  EXPECT_NEAR(DifferencePValue(3, 1, 1.25), 0.045500263896358, 1e-9);  // z = 2
  EXPECT_EQ(DifferencePValue(1, 0, 0), 1);
}

TEST(Holm, MultipliesDownTheOrderedValues) {
  // Ordered 0.005 (x 4), 0.01 (x 3), 0.03 (x 2), 0.04 (x 1, but not below the one before).
  EXPECT_THAT(
      HolmAdjusted({0.01, 0.04, 0.03, 0.005}),
      testing::ElementsAre(testing::DoubleNear(0.03, 1e-12), testing::DoubleNear(0.06, 1e-12),
                           testing::DoubleNear(0.06, 1e-12), testing::DoubleNear(0.02, 1e-12)));
  EXPECT_THAT(HolmAdjusted({0.9, 0.8}), testing::ElementsAre(1, 1));
  EXPECT_TRUE(HolmAdjusted({}).empty());
}

}  // namespace
}  // namespace burgeon
