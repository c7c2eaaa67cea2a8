#include "cli/evaluate_recommender.h"
#include "cli/evaluate_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/evaluate_steps.h"
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
  const nlohmann::json& model = result["models"]["popularity"];
  EXPECT_DOUBLE_EQ(model["recall@20"].get<double>(), 1.0);
  EXPECT_NEAR(model["ndcg@20"].get<double>(), (1.0 + 1.0 / 1.5849625007211562 + 1.0) / 3, 1e-12);
  EXPECT_NEAR(model["mrr@20"].get<double>(), (1.0 + 0.5 + 1.0) / 3, 1e-12);
  EXPECT_NEAR(model["precision@20"].get<double>(), 1.0 / 20, 1e-12);
  // 11, 12, 13; 12, 13; and 10, 11, 12 to d: all four items.
  EXPECT_DOUBLE_EQ(model["coverage@20"].get<double>(), 1.0);
  EXPECT_EQ(model["intervals"]["recall@20"], nlohmann::json({1.0, 1.0}));
  EXPECT_FALSE(model.contains("difference"));
  EXPECT_EQ(result["evaluated_customers"], 3);
  EXPECT_EQ(result["k"], nlohmann::json({5, 10, 20}));
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
    const nlohmann::json one = first.json()["models"][model];
    const nlohmann::json three = second.json()["models"][model];
    EXPECT_EQ(one["embeddings_sha256"], three["embeddings_sha256"]) << model;
    EXPECT_EQ(one["intervals"], three["intervals"]) << model;
    EXPECT_EQ(one["difference"], three["difference"]) << model;
    // Users of a group share ten items of forty: any model that learns beats chance by far.
    EXPECT_GT(one["recall@20"].get<double>(), 0.9) << model;
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

// Of 10, 11, 12 and 13 user a has 10; without 12 and 13 only 11 is left to be listed first.
TEST_F(EvaluateSplitTest, WhatAMaskHoldsIsNeverListed) {
  WriteText(folder_ + "/mask.txt", "a 12 13\n");
  const std::string train = "a 10\nb 12 13\nc 12 13\nd 11\n";
  const std::vector<std::string> flags = {"--models", "popularity", "--k", "1", "--bootstrap", "0"};
  std::vector<std::string> masked = flags;
  masked.insert(masked.end(), {"--mask", folder_ + "/mask.txt"});
  EXPECT_EQ(Evaluate(train, "a 11\n", flags).json()["models"]["popularity"]["recall@1"], 0.0);
  EXPECT_EQ(Evaluate(train, "a 11\n", masked).json()["models"]["popularity"]["recall@1"], 1.0);
  // What is to be found may not be masked.
  EXPECT_EQ(Evaluate(train, "a 12\n", masked).exit_code, 2);
  EXPECT_EQ(Burgeon({"evaluate", "recommender", "--sequences", folder_ + "/train.txt", "--mask",
                     folder_ + "/mask.txt"})
                .exit_code,
            2);
}

TEST_F(EvaluateSplitTest, FlagsSayWhatIsMeasured) {
  const Outcome outcome = Evaluate("a 10\nb 10 11\nc 10 11 12\nd 13\n", "a 11\nb 13\nd 10\n",
                                   {"--models", "als,popularity", "--k", "1,2", "--bootstrap", "0",
                                    "--baseline", "als", "--set", "recommender.als.dim=2"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["k"], nlohmann::json({1, 2}));
  EXPECT_EQ(result["baseline"], "als");
  EXPECT_EQ(result["model_order"][0], "als");
  EXPECT_TRUE(result["models"]["popularity"].contains("recall@2"));
  EXPECT_FALSE(result["models"]["popularity"].contains("intervals"));
  EXPECT_TRUE(result["models"]["popularity"]["difference"].contains("recall@1"));
  const Outcome unknown = Evaluate("a 10\n", "a 11\n", {"--baseline", "nobody"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("'nobody' is none of the models evaluated"));
  EXPECT_EQ(Evaluate("a 10\n", "a 11\n", {"--k", "5,5"}).exit_code, 2);
  EXPECT_EQ(Evaluate("a 10\n", "a 11\n", {"--models", "sepctral"}).exit_code, 2);
}

TEST_F(EvaluateSplitTest, AConfigWithoutSourcesHasRunsSideBySide) {
  const std::string config = folder_ + "/runs.yaml";
  WriteText(config,
            "evaluation:\n  k: [2]\n  runs:\n"
            "    - {name: one, chosen_by: hand, recommender: {spectral: {rank: 1}}}\n"
            "    - {name: sum, recommender: {spectral: {parts: [{rank: 1}, {rank: 2}]}}}\n");
  const std::string train = "a 10\nb 10 11\nc 10 11 12\nd 13 12\n";
  const Outcome outcome = Evaluate(train, "a 11\nb 13\nd 10\n", {"--config", config});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["model_order"][0], "one");
  EXPECT_EQ(result["model_order"][1], "sum");
  EXPECT_EQ(result["models"]["one"]["chosen_by"], "hand");
  EXPECT_FALSE(result["models"]["sum"].contains("chosen_by"));
  EXPECT_TRUE(result["models"].contains("popularity"));
  EXPECT_THAT(outcome.err, HasSubstr("one: chosen by hand"));
  // A flag says otherwise.
  const Outcome popularity =
      Evaluate(train, "a 11\n", {"--config", config, "--models", "popularity"});
  ASSERT_EQ(popularity.exit_code, 0) << popularity.err;
  EXPECT_FALSE(popularity.json()["models"].contains("one"));
  WriteText(config, "evaluation: {runs: [{name: one}]}\nfoo: 1\n");
  EXPECT_EQ(Evaluate(train, "a 11\n", {"--config", config}).exit_code, 2);
}

TEST_F(EvaluateSplitTest, SequencesLeaveTheLastItemOut) {
  std::string text;
  for (int user = 0; user < 30; ++user) {
    text += Concat("u", user, " a", user % 5, " b", user % 5, " c", user % 5, "\n");
  }
  WriteText(folder_ + "/s.txt", text);
  const std::vector<std::string> command = {
      "evaluate",
      "recommender",
      "--sequences",
      folder_ + "/s.txt",
      "--json",
      "--k",
      "1,2",
      "--set",
      "recommender.sequence={dim: 8, epochs: 40, patience: 0, learning_rate: 0.02}"};
  const Outcome outcome = Burgeon(command);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["split"], "leave-last-item-out");
  EXPECT_EQ(result["test_customers"], 30);
  EXPECT_EQ(result["model_order"][0], "sequence");
  EXPECT_TRUE(result["models"].contains("item_knn"));
  std::vector<std::string> both = command;
  both.insert(both.end(), {"--split", "time"});
  EXPECT_EQ(Burgeon(both).exit_code, 2);
  // Where no order is known, the kind that needs one says so.
  const Outcome unordered = Evaluate("a 10\nb 10 11\n", "a 11\n", {"--models", "sequence"});
  EXPECT_EQ(unordered.exit_code, 2);
  EXPECT_THAT(unordered.err, HasSubstr("it needs items in order of time"));
}

TEST(EvaluateSessionsTest, TheNextItemOfASession) {
  const std::string folder = FreshFolder("sessions");
  std::string train;
  for (int s = 0; s < 60; ++s) train += Concat("a", s % 3, " b", s % 3, " c", s % 3, "\n");
  WriteText(folder + "/train.txt", train);
  WriteText(folder + "/test.txt", "a0 b0\tc0\na1\tb1\n");
  const std::vector<std::string> command = {
      "evaluate",
      "sessions",
      "--train",
      folder + "/train.txt",
      "--test",
      folder + "/test.txt",
      "--json",
      "--k",
      "2",
      "--set",
      "recommender.sequence={dim: 8, epochs: 30, patience: 0, learning_rate: 0.02}",
      "--set",
      "evaluation.session_neighbours=5"};
  const Outcome outcome = Burgeon(command);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["queries"], 2);
  EXPECT_EQ(result["items"], 9);
  for (const char* model : {"sequence", "session_knn", "popularity"}) {
    EXPECT_TRUE(result["models"][model].contains("hit_rate@2")) << model;
    EXPECT_TRUE(result["models"][model].contains("mrr@2")) << model;
  }
  EXPECT_EQ(result["models"]["sequence"]["hit_rate@2"], 1.0);
  WriteText(folder + "/test.txt", "a0 b0\n");
  const Outcome damaged = Burgeon(command);
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_THAT(damaged.err, HasSubstr("test.txt:1"));
}

TEST(EvaluateTimeTest, TheWorkspaceIsSplitByTime) {
  const std::vector<std::string> command = {"evaluate",      "recommender", "--config",
                                            SampleConfig(),  "--workspace", PublishedWorkspace(),
                                            "--window-days", "60"};
  std::vector<std::string> as_json = command;
  as_json.emplace_back("--json");
  const Outcome outcome = Burgeon(as_json);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["split"], "time");
  EXPECT_EQ(result["window_days"], 60);
  int64_t grouped = 0;
  for (const nlohmann::json& group : result["groups"]) grouped += group["customers"].get<int64_t>();
  EXPECT_EQ(grouped, result["evaluated_customers"].get<int64_t>());
  for (const char* model : {"spectral", "als", "popularity", "popularity_recent"}) {
    ASSERT_TRUE(result["models"].contains(model)) << model;
    const nlohmann::json& quality = result["models"][model];
    EXPECT_GT(quality["customers"].get<int64_t>(), 0) << model;
    const double recall = quality["recall@20"].get<double>();
    EXPECT_GE(recall, quality["recall@5"].get<double>()) << model;
    EXPECT_LE(quality["intervals"]["recall@20"][0].get<double>(), recall) << model;
    EXPECT_GE(quality["intervals"]["recall@20"][1].get<double>(), recall) << model;
    EXPECT_EQ(quality["lorenz"]["20"].size(), 101U) << model;
    for (const char* name : {"ndcg@20", "map@20", "novelty@20", "diversity@20", "gini@20",
                             "coverage@20", "popularity@20", "popularity_lift@20"}) {
      EXPECT_TRUE(quality.contains(name)) << model << " " << name;
    }
    EXPECT_EQ(quality.contains("difference"), std::string(model) != "popularity");
  }
  const Outcome text = Burgeon(command);
  EXPECT_THAT(text.out, HasSubstr("time split at "));
  EXPECT_THAT(text.out, HasSubstr("minus popularity"));
  EXPECT_THAT(text.out, HasSubstr("95 % of 1000 bootstrap replicates"));
}

TEST_F(EvaluateSplitTest, ASplitThatLeaksIsRefused) {
  const Outcome leak = Evaluate("a 10 11\nb 12\n", "a 11\n", {"--model", "popularity"});
  EXPECT_EQ(leak.exit_code, 2);
  EXPECT_THAT(leak.err, HasSubstr("test.txt:1: item '11' of user 'a' is in train too ("));
  const std::string header = "user_id:token\titem_id:token\ttimestamp:float\n";
  const Outcome future = Evaluate(header + "a\tx\t9\nb\ty\t5\n", header + "a\ty\t8\n",
                                  {"--model", "popularity", "--split", "leave-last-out"});
  EXPECT_EQ(future.exit_code, 2);
  EXPECT_THAT(future.err, HasSubstr("later than what is held out of the user"));
  const Outcome fine = Evaluate(header + "a\tx\t7\nb\ty\t5\n", header + "a\ty\t8\n",
                                {"--model", "popularity", "--split", "time"});
  EXPECT_EQ(fine.exit_code, 0) << fine.err;
  EXPECT_TRUE(fine.json()["models"].contains("popularity_recent"));  // there are times
  EXPECT_EQ(Evaluate("a x\n", "a y\n", {"--split", "time"}).exit_code, 2);
  EXPECT_EQ(Evaluate("a x\n", "a y\n", {"--part", "validation"}).exit_code, 2);
}

TEST(EvaluateLastOutTest, TestAndValidationAreWrittenAsHtmlToo) {
  const std::string html = FreshFolder("evaluate_html") + "/report.html";
  for (const char* part : {"test", "validation"}) {
    const Outcome outcome =
        Burgeon({"evaluate", "recommender", "--config", SampleConfig(), "--workspace",
                 PublishedWorkspace(), "--split", "leave-last-out", "--part", part, "--models",
                 "spectral", "--bootstrap", "100", "--html", html, "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const nlohmann::json result = outcome.json();
    EXPECT_EQ(result["split"], "leave-last-out");
    EXPECT_EQ(result["part"], part);
    EXPECT_GT(result["evaluated_customers"].get<int64_t>(), 10);
    EXPECT_GT(result["models"]["spectral"]["recall@20"].get<double>(), 0);
    EXPECT_TRUE(result["models"].contains("popularity_recent"));
    const std::string page = ReadText(html);
    EXPECT_THAT(page, HasSubstr(Concat("leave last out, ", part)));
    EXPECT_THAT(page, HasSubstr("<title>Lorenz curve of exposure</title>"));
  }
}

TEST(EvaluateTimeTest, ValidationIsTheWindowBefore) {
  const Outcome outcome =
      Burgeon({"evaluate", "recommender", "--config", SampleConfig(), "--workspace",
               PublishedWorkspace(), "--window-days", "60", "--part", "validation", "--models",
               "popularity", "--bootstrap", "0", "--json"});
  const Outcome test = Burgeon({"evaluate", "recommender", "--config", SampleConfig(),
                                "--workspace", PublishedWorkspace(), "--window-days", "60",
                                "--models", "popularity", "--bootstrap", "0", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(test.exit_code, 0) << test.err;
  // Times as text sort like times.
  EXPECT_LT(outcome.json()["split_time"].get<std::string>(),
            test.json()["split_time"].get<std::string>());
  EXPECT_EQ(outcome.json()["part"], "validation");
}

}  // namespace
}  // namespace burgeon
