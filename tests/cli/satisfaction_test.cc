// burgeon satisfaction over a simulated world, whose truth says what must come out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/verb.h"
#include "tests/cli/run_burgeon.h"
#include "tests/support/sim_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr int64_t kCustomers = 150;

// The world of the command below.
WorldConfig Config150() {
  WorldConfig config;
  config.customers = kCustomers;
  config.items = 40;
  config.days = 300;
  config.events_per_customer = 40;
  config.seed = 11;
  return config;
}

const std::string& World() {
  static const std::string folder = [] {
    const std::string made = FreshFolder("satisfaction");
    EXPECT_EQ(Burgeon({"simulate", "--customers", "150", "--items", "40", "--days", "300", "--seed",
                       "11", "--events-per-customer", "40", "--out", made + "/world", "--quiet"})
                  .exit_code,
              0);
    const Outcome ingested = Burgeon(
        {"ingest", "--config", made + "/world/job.yaml", "--workspace", made + "/work", "--quiet"});
    EXPECT_EQ(ingested.exit_code, 0) << ingested.err;
    return made;
  }();
  return folder;
}

Outcome Satisfaction(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {
      "satisfaction", "--config", World() + "/world/job.yaml", "--workspace", World() + "/work",
      "--json",       "--quiet"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Burgeon(arguments);
}

TEST(SatisfactionVerb, CountsTheAnswersOfWhoConsents) {
  const SimWorld world(Config150());
  int64_t promoters = 0;
  int64_t detractors = 0;
  int64_t answers = 0;
  for (const uint64_t person : world.persons()) {
    const PersonHistory& history = world.history(person);
    constexpr size_t kScore = 1;
    if (!history.consent_at_end[kScore]) continue;
    for (const SimEvent& event : history.events) {
      if (event.type != EventType::kFeedback || event.feedback != SimFeedback::kNps) continue;
      ++answers;
      if (event.detail >= 9) ++promoters;
      if (event.detail <= 6) ++detractors;
    }
  }
  ASSERT_GT(answers, 50);
  const Outcome outcome = Satisfaction({"--by", "channel"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json nps = outcome.json()["total"]["nps"];
  EXPECT_EQ(nps["answers"], answers);
  EXPECT_EQ(nps["promoters"], promoters);
  EXPECT_EQ(nps["detractors"], detractors);
  EXPECT_NEAR(nps["score"].get<double>(),
              100.0 * static_cast<double>(promoters - detractors) / static_cast<double>(answers),
              1e-9);
  EXPECT_GT(outcome.json()["without_consent"], 0);
}

TEST(SatisfactionVerb, BreaksDownAndHidesSmallGroups) {
  const Outcome outcome =
      Satisfaction({"--by", "region", "--by", "item_category", "--by", "month"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json breakdowns = outcome.json()["breakdowns"];
  ASSERT_EQ(breakdowns.size(), 3U);
  EXPECT_EQ(breakdowns[0]["dimension"], "region");
  bool hidden = false;
  for (const nlohmann::json& breakdown : breakdowns) {
    for (const nlohmann::json& group : breakdown["groups"]) {
      if (group["suppressed"]) {
        hidden = true;
        EXPECT_FALSE(group.contains("customers"));
        EXPECT_FALSE(group.contains("nps"));
      } else {
        EXPECT_GE(group["customers"], 10);
      }
    }
  }
  EXPECT_TRUE(hidden);
}

TEST(SatisfactionVerb, AsOfAnEarlierTimeKnowsLess) {
  const Outcome early = Satisfaction({"--as-of", "2024-05-01", "--by", "month"});
  const Outcome late = Satisfaction({"--by", "month"});
  ASSERT_EQ(early.exit_code, 0) << early.err;
  EXPECT_LT(early.json()["total"]["nps"]["answers"], late.json()["total"]["nps"]["answers"]);
  EXPECT_EQ(early.json()["as_of"], "2024-05-01T00:00:00Z");
}

TEST(SatisfactionVerb, NamesWhatIsWrong) {
  EXPECT_THAT(Satisfaction({"--by", "shoe_size"}).err, HasSubstr("--by 'shoe_size'"));
  EXPECT_THAT(Satisfaction({"--by", "shoe_size"}).err, HasSubstr("loyalty_tier"));
  EXPECT_THAT(Satisfaction({"--as-of", "soon"}).err, HasSubstr("--as-of: 'soon'"));
}

}  // namespace
}  // namespace burgeon
