#include "cli/evaluate_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class EvaluateSplitTest : public testing::Test {
 protected:
  Outcome Evaluate(const std::string& train, const std::string& test,
                   std::vector<std::string> more = {}) {
    WriteText(folder_ + "/train.txt", train);
    WriteText(folder_ + "/test.txt", test);
    std::vector<std::string> arguments = {
        "evaluate", "recommender",         "--train", folder_ + "/train.txt",
        "--test",   folder_ + "/test.txt", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Burgeon(arguments);
  }
  const std::string folder_ = FreshFolder("evaluate");
};

// Popularity by hand: item counts in train are 10:3, 11:2, 12:1, 13:1. User a (train 10, test 11)
// is offered 11, 12, 13: a hit at rank 1. User b (train 10 11, test 13) is offered 12, 13: a hit at
// rank 2. User c (train 10 11 12) has no test item, d (train 13, test 10): a hit at rank 1.
TEST_F(EvaluateSplitTest, PopularityMatchesAComputationByHand) {
  const Outcome outcome = Evaluate("a 10\nb 10 11\nc 10 11 12\nd 13\n", "a 11\nb 13\nd 10\n",
                                   {"--model", "popularity"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_DOUBLE_EQ(result["recall@20"].get<double>(), 1.0);
  EXPECT_NEAR(result["ndcg@20"].get<double>(), (1.0 + 1.0 / 1.5849625007211562 + 1.0) / 3, 1e-12);
  EXPECT_EQ(result["customers"], 3);
  EXPECT_GT(result["peak_memory_bytes"].get<int64_t>(), 0);
  EXPECT_TRUE(result.contains("seconds"));
}

TEST_F(EvaluateSplitTest, BothModelsRunAndAreRepeatable) {
  std::string train;
  std::string test;
  for (int user = 0; user < 40; ++user) {
    train += Concat("u", user);
    for (int j = 0; j < 6; ++j) train += Concat(" i", (user % 4) * 10 + (user / 4 + j) % 9);
    train += "\n";
    test += Concat("u", user, " i", (user % 4) * 10 + (user / 4 + 6) % 9, "\n");
  }
  for (const char* model : {"spectral", "als"}) {
    const Outcome first = Evaluate(train, test, {"--model", model, "--threads", "1"});
    const Outcome second = Evaluate(train, test, {"--model", model, "--threads", "3"});
    ASSERT_EQ(first.exit_code, 0) << model << first.err;
    EXPECT_EQ(first.json()["embeddings_sha256"], second.json()["embeddings_sha256"]) << model;
    // Users of a group share ten items of forty: any model that learns beats chance by far.
    EXPECT_GT(first.json()["recall@20"].get<double>(), 0.9) << model;
  }
}

TEST_F(EvaluateSplitTest, BadSplitFilesAreNamedWithTheirLine) {
  const Outcome twice = Evaluate("a 10\na 11\n", "a 12\n", {"--model", "popularity"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("train.txt:2"));
  const Outcome empty = Evaluate("", "a 1\n", {"--model", "popularity"});
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_THAT(empty.err, HasSubstr("train.txt"));
  const Outcome absent = Burgeon(
      {"evaluate", "recommender", "--train", "/no/such", "--test", "/no/such", "--model", "als"});
  EXPECT_EQ(absent.exit_code, 3);
}

TEST(EvaluateTimeTest, TheWorkspaceIsSplitByTime) {
  const Outcome outcome =
      Burgeon({"evaluate", "recommender", "--config", SampleConfig(), "--workspace",
               PublishedWorkspace(), "--window-days", "60", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  for (const char* model : {"spectral", "als", "popularity"}) {
    ASSERT_TRUE(result["models"].contains(model)) << model;
    EXPECT_GT(result["models"][model]["customers"].get<int64_t>(), 0) << model;
  }
  EXPECT_EQ(result["window_days"], 60);
}

}  // namespace
}  // namespace burgeon
