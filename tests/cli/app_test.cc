#include "cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

const std::vector<std::vector<std::string>> kVerbs = {{"ingest"},
                                                      {"train", "recommender"},
                                                      {"train", "churn"},
                                                      {"evaluate", "recommender"},
                                                      {"publish"},
                                                      {"releases"},
                                                      {"rollback"},
                                                      {"recommend"},
                                                      {"score", "churn"},
                                                      {"lookalike"},
                                                      {"similar"},
                                                      {"serve"},
                                                      {"run"},
                                                      {"doctor"}};

TEST(AppTest, EveryVerbHasHelpWithAnExample) {
  for (std::vector<std::string> verb : kVerbs) {
    const std::string name = verb.front();
    verb.emplace_back("--help");
    const Outcome outcome = Burgeon(verb);
    EXPECT_EQ(outcome.exit_code, 0) << name;
    EXPECT_THAT(outcome.out, HasSubstr("burgeon " + name)) << name;
    EXPECT_THAT(outcome.out, HasSubstr("Example")) << name;
  }
  EXPECT_THAT(Burgeon({"--help"}).out, HasSubstr("Exit codes"));
  EXPECT_THAT(Burgeon({"--version"}).out, HasSubstr("burgeon 0."));
}

TEST(AppTest, WrongFlagsAreExitCodeTwoWithTheReason) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"plant"},
      {"doctor", "--no-such-flag"},
      {"recommend"},
      {"doctor", "--threads", "-1"},
      {"recommend", "--customers", "all", "--out", "x.csv", "--k", "0"},
      {"recommend", "--customers", "all", "--out", "x.csv", "--method", "magic"},
      {"doctor", "--device", "tpu"},
      {"ingest"}};
  for (const auto& arguments : wrong) {
    const Outcome outcome = Burgeon(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, HasSubstr("burgeon: ")) << testing::PrintToString(arguments);
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(AppTest, AnErrorIsOneJsonDocumentWithJson) {
  const Outcome failed = Burgeon({"rollback", "--json", "--workspace", FreshFolder("app_empty")});
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_EQ(failed.json()["error"]["code"], "not_found");
  const Outcome usage = Burgeon({"doctor", "--json", "--no-such-flag"});
  EXPECT_EQ(usage.exit_code, 2);
  EXPECT_EQ(usage.json()["error"]["code"], "invalid_argument");
}

}  // namespace
}  // namespace burgeon
