#include "engine/insight/satisfaction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

Answer Nps(uint32_t customer, double score, std::string_view channel, double day = 1) {
  return {AnswerKind::kNps, score, 10, Day(day), customer, std::string(channel), ""};
}

// `count` customers from `first` on, each with one answer.
void AddMany(uint32_t first, int count, double score, std::string_view channel, AnswerLog* log) {
  for (int k = 0; k < count; ++k) {
    log->answers.push_back(Nps(first + static_cast<uint32_t>(k), score, channel));
  }
}

const SatisfactionFigures& GroupOf(const SatisfactionBreakdown& breakdown, std::string_view group) {
  for (const SatisfactionFigures& figures : breakdown.groups) {
    if (figures.group == group) return figures;
  }
  ADD_FAILURE() << "no group " << group;
  return breakdown.groups.front();
}

TEST(Satisfaction, TotalsAndGroupsByHand) {
  AnswerLog log;
  AddMany(0, 12, 10, "app", &log);     // NPS 100
  AddMany(100, 8, 8, "app", &log);     // with these 60
  AddMany(200, 10, 3, "phone", &log);  // NPS -100
  log.answers.push_back({AnswerKind::kCsat, 5, 5, Day(1), 0, "app", ""});
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  EXPECT_EQ(report.total.customers, 30);
  EXPECT_NEAR(report.total.nps.score(), 100.0 * (12 - 10) / 30, 1e-12);
  ASSERT_EQ(report.breakdowns.size(), 1U);
  EXPECT_NEAR(GroupOf(report.breakdowns[0], "app").nps.score(), 60, 1e-12);
  EXPECT_EQ(GroupOf(report.breakdowns[0], "app").csat.top_two, 1);
  EXPECT_NEAR(GroupOf(report.breakdowns[0], "phone").nps.score(), -100, 1e-12);
}

TEST(Satisfaction, MonthsAreATrendAndNotCompared) {
  AnswerLog log;
  for (uint32_t c = 0; c < 10; ++c) {
    log.answers.push_back(Nps(c, 10, "app", 3));      // 2011-01-04
    log.answers.push_back(Nps(c, 0, "app", 31 + 3));  // 2011-02-04
  }
  const SatisfactionReport report = ReportSatisfaction(log, Day(90), {ByMonth()}, {});
  ASSERT_EQ(report.breakdowns[0].groups.size(), 2U);
  EXPECT_EQ(report.breakdowns[0].groups[0].group, "2011-01");
  EXPECT_EQ(report.breakdowns[0].groups[0].nps.score(), 100);
  EXPECT_EQ(report.breakdowns[0].groups[1].group, "2011-02");
  EXPECT_EQ(report.breakdowns[0].groups[1].nps.score(), -100);
  EXPECT_TRUE(report.drivers.empty());
}

TEST(Satisfaction, SmallGroupsAreHiddenAndSoIsWhatWouldGiveThemAway) {
  AnswerLog log;
  AddMany(0, 30, 10, "app", &log);
  AddMany(100, 20, 8, "web", &log);
  AddMany(200, 9, 3, "phone", &log);  // one customer short
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  EXPECT_FALSE(GroupOf(report.breakdowns[0], "app").suppressed);
  const SatisfactionFigures& phone = GroupOf(report.breakdowns[0], "phone");
  EXPECT_TRUE(phone.suppressed);
  EXPECT_EQ(phone.customers, 0);
  EXPECT_EQ(phone.nps.answers(), 0);
  // 59 of the total less 30 and 20 would be phone's 9.
  EXPECT_TRUE(GroupOf(report.breakdowns[0], "web").suppressed);
  for (const SatisfactionDriver& driver : report.drivers) EXPECT_EQ(driver.group, "app");
}

TEST(Satisfaction, GroupsAreCountedInCustomersNotInAnswers) {
  AnswerLog log;
  AddMany(0, 10, 10, "app", &log);
  for (int k = 0; k < 50; ++k) log.answers.push_back(Nps(77, 1, "phone"));
  AddMany(100, 10, 8, "web", &log);
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  EXPECT_TRUE(GroupOf(report.breakdowns[0], "phone").suppressed);
}

TEST(Satisfaction, TooFewCustomersAtAllShowNothing) {
  AnswerLog log;
  AddMany(0, 9, 10, "app", &log);
  log.by_kind["nps"] = 9;
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  EXPECT_TRUE(report.total.suppressed);
  EXPECT_EQ(report.total.nps.answers(), 0);
  EXPECT_TRUE(report.breakdowns.empty());
  EXPECT_TRUE(report.responses_by_kind.empty());
}

TEST(Satisfaction, DriversByHandWithHolm) {
  AnswerLog log;
  // phone: 5 promoters, 15 detractors of 20: D = -0.5, q = 1, variance (1 - 0.25) / 20 = 0.0375.
  // web: 60 promoters, 20 detractors of 80: D = 0.5, variance (1 - 0.25) / 80 = 0.009375.
  AddMany(0, 5, 10, "phone", &log);
  AddMany(10, 15, 0, "phone", &log);
  AddMany(100, 60, 9, "web", &log);
  AddMany(200, 20, 6, "web", &log);
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  ASSERT_EQ(report.drivers.size(), 2U);  // phone against web, and web against phone
  for (const SatisfactionDriver& driver : report.drivers) {
    const double sign = driver.group == "web" ? 1 : -1;
    EXPECT_NEAR(driver.difference, sign * 100, 1e-9);
    // All together: D = 0.3, variance 1 - 0.09 = 0.91 an answer; z = 1 / sqrt(0.91 / 20 + 0.91 /
    // 80) = 4.193139; two comparisons.
    EXPECT_NEAR(driver.p_value, NormalPValue(1 / std::sqrt(0.056875)), 1e-12);
    EXPECT_NEAR(driver.adjusted_p_value, 2 * driver.p_value, 1e-12);
    EXPECT_TRUE(driver.stands_out);
    EXPECT_NEAR(driver.interval.high - driver.interval.low,
                2 * 1.959963984540054 * 100 * std::sqrt(0.046875), 1e-9);
  }
}

TEST(Satisfaction, AFewAnswersAreNotCompared) {
  AnswerLog log;
  AddMany(0, 12, 10, "app", &log);
  AddMany(100, 30, 0, "web", &log);
  // The one CSAT of the app is the best there is; it says nothing.
  log.answers.push_back({AnswerKind::kCsat, 5, 5, Day(1), 0, "app", ""});
  for (uint32_t c = 100; c < 130; ++c) {
    log.answers.push_back({AnswerKind::kCsat, c % 2 == 0 ? 5.0 : 1.0, 5, Day(1), c, "web", ""});
  }
  const SatisfactionReport report = ReportSatisfaction(log, Day(9), {ByChannel()}, {});
  EXPECT_EQ(report.drivers.size(), 2U);
  for (const SatisfactionDriver& driver : report.drivers) EXPECT_EQ(driver.measure, "nps");
}

TEST(Satisfaction, ByItemAndCustomerValue) {
  AnswerLog log;
  for (uint32_t c = 0; c < 20; ++c) {
    Answer answer{AnswerKind::kReview,        c < 10 ? 5.0 : 1.0, 5, Day(1), c, "web",
                  c % 2 == 0 ? "cup" : "lamp"};
    log.answers.push_back(answer);
  }
  std::vector<std::string> regions(20, "north");
  for (size_t c = 10; c < 20; ++c) regions[c] = "";
  const SatisfactionReport report =
      ReportSatisfaction(log, Day(9),
                         {ByItemValue("item_category", {{"cup", "Cups"}, {"lamp", "Lamps"}}),
                          ByCustomerValue("region", regions)},
                         {.min_group = 5});
  ASSERT_EQ(report.breakdowns.size(), 2U);
  EXPECT_EQ(GroupOf(report.breakdowns[0], "Cups").review.answers, 10);
  EXPECT_NEAR(GroupOf(report.breakdowns[0], "Cups").review.mean(), 3, 1e-12);
  EXPECT_NEAR(GroupOf(report.breakdowns[1], "north").review.mean(), 5, 1e-12);
  EXPECT_NEAR(GroupOf(report.breakdowns[1], "").review.mean(), 1, 1e-12);
}

}  // namespace
}  // namespace burgeon
