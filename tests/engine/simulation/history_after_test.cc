// What follows a purchase and what comes beside the sessions (history_after.cc).
#include <gtest/gtest.h>

#include <cmath>

#include "engine/simulation/history.h"
#include "engine/simulation/history_maker.h"

namespace burgeon {
namespace {

TEST(HistoryAfter, SentimentGoesWithTheScore) {
  using internal::SentimentOf;
  EXPECT_EQ(SentimentOf(SimFeedback::kNps, 6), SimSentiment::kNegative);
  EXPECT_EQ(SentimentOf(SimFeedback::kNps, 7), SimSentiment::kNeutral);
  EXPECT_EQ(SentimentOf(SimFeedback::kNps, 9), SimSentiment::kPositive);
  EXPECT_EQ(SentimentOf(SimFeedback::kReview, 2), SimSentiment::kNegative);
  EXPECT_EQ(SentimentOf(SimFeedback::kCsat, 3), SimSentiment::kNeutral);
  EXPECT_EQ(SentimentOf(SimFeedback::kReview, 4), SimSentiment::kPositive);
}

TEST(HistoryAfter, LinesAreReturnedCancelledAndReviewedAtTheirRates) {
  WorldConfig config;
  config.items = 200;
  config.days = 400;
  config.present_at_start = 1;
  config.hazard_mean_per_day = 0;
  const World world(config);
  double lines = 0;
  double cancelled = 0;
  double returned = 0;
  double reviews = 0;
  for (uint64_t p = 0; p < 1500; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    // Purchases long enough before the end for all that follows; what follows is found by item.
    for (const SimEvent& event : history.events) {
      if (event.type == EventType::kPurchase) ++lines;
      if (event.type == EventType::kCancel) ++cancelled;
      if (event.type == EventType::kReturn) ++returned;
      if (event.type == EventType::kFeedback && event.feedback == SimFeedback::kReview) ++reviews;
    }
  }
  // The end cuts off half a day of cancels, 16 days of returns and 11.5 days of reviews on average,
  // of 400 days over which purchases are about even.
  const auto near = [lines](double count, double p, double cut_days) {
    const double kept = p * (1 - cut_days / 400);
    EXPECT_NEAR(count / lines, kept, 5 * std::sqrt(p * (1 - p) / lines) + 0.3 * p * cut_days / 400);
  };
  ASSERT_GT(lines, 2000);
  near(cancelled, config.funnel.cancel, 0.5);
  near(returned, (1 - config.funnel.cancel) * config.funnel.return_line, 16);
  near(reviews, config.feedback.review, 11.5);
}

TEST(HistoryAfter, ScoresStayOnTheirScales) {
  const World world(WorldConfig{});
  int scores = 0;
  for (uint64_t p = 0; p < 400; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    for (const SimEvent& event : history.events) {
      if (event.type != EventType::kFeedback) continue;
      const bool nps = event.feedback == SimFeedback::kNps;
      const bool five =
          event.feedback == SimFeedback::kCsat || event.feedback == SimFeedback::kReview;
      if (!nps && !five) continue;
      ++scores;
      EXPECT_GE(static_cast<int>(event.detail), nps ? 0 : 1);
      EXPECT_LE(event.detail, nps ? 10U : 5U);
      EXPECT_EQ(event.sentiment,
                internal::SentimentOf(event.feedback, static_cast<int>(event.detail)));
    }
  }
  EXPECT_GT(scores, 100);
}

}  // namespace
}  // namespace burgeon
