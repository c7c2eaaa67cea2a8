#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/tune_data.h"
#include "cli/tune_report.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// Forty customers in four groups of tastes: what a customer lacks of the group is to be found.
std::string GroupsFile(int skip) {
  std::string text;
  for (int user = 0; user < 40; ++user) {
    text += Concat("u", user);
    for (int j = 0; j < 8; ++j) {
      if (j != skip) text += Concat(" i", (user % 4) * 10 + (user / 4 + j) % 10);
    }
    text += "\n";
  }
  return text;
}

std::string TestFile() {
  std::string text;
  for (int user = 0; user < 40; ++user) {
    text += Concat("u", user, " i", (user % 4) * 10 + (user / 4 + 9) % 10, "\n");
  }
  return text;
}

constexpr const char* kConfig =
    "recommender: {model: spectral, spectral: {rank: 1, oversample: 8}}\n"
    "tune:\n"
    "  space:\n"
    "    spectral.rank: {int: [1, 8], scale: log}\n"
    "    spectral.score_exponent: {double: [0, 1]}\n"
    "  budget: {trials: 9}\n"
    "  validation: {share: 0.25}\n"
    "  halving: {rounds: 2}\n";

class TuneTest : public testing::Test {
 protected:
  TuneTest() {
    WriteText(folder_ + "/train.txt", GroupsFile(-1));
    WriteText(folder_ + "/test.txt", TestFile());
    WriteText(folder_ + "/tune.yaml", kConfig);
  }
  Outcome Tune(std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "tune", "--config", folder_ + "/tune.yaml", "--train", folder_ + "/train.txt", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Burgeon(arguments);
  }
  const std::string folder_ = FreshFolder("tune");
  const std::string journal_ = folder_ + "/j.jsonl";
};

TEST_F(TuneTest, FindsMoreThanTheConfigHasAndWritesItAsAConfig) {
  const Outcome outcome = Tune({"--journal", journal_, "--test", folder_ + "/test.txt"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["model"], "spectral");
  EXPECT_EQ(result["metric"], "ndcg@20");
  EXPECT_TRUE(result["complete"].get<bool>());
  // All nine; then the best three, the config as it is among them or beside them.
  int in_last_round = 0;
  bool as_configured = false;
  for (const nlohmann::json& trial : result["trials"]) {
    if (trial["round"] != 1) continue;
    ++in_last_round;
    as_configured = as_configured || trial["trial"] == 0;
  }
  EXPECT_EQ(static_cast<int>(result["trials"].size()), 9 + in_last_round);
  EXPECT_GE(in_last_round, 3);
  EXPECT_LE(in_last_round, 4);
  EXPECT_TRUE(as_configured);
  const double best = result["best"]["metric"].get<double>();
  EXPECT_GE(best, result["as_configured"]["metric"].get<double>());
  EXPECT_EQ(result["best"]["share"], 1.0);
  EXPECT_EQ(result["dimensions"].size(), 2U);
  EXPECT_EQ(result["test"]["model_order"][0], "tuned");
  EXPECT_EQ(result["test"]["baseline"], "as_configured");

  // The file is a config: evaluated, it gives what the test gave.
  const std::string path = result["best_config"].get<std::string>();
  EXPECT_THAT(ReadText(path), HasSubstr("recommender:\n  model: spectral\n  spectral:\n"));
  EXPECT_THAT(ReadText(path), HasSubstr("a random 25 % of each customer's interactions"));
  const Outcome again = Burgeon({"evaluate", "recommender", "--config", path, "--train",
                                 folder_ + "/train.txt", "--test", folder_ + "/test.txt", "--set",
                                 "recommender.spectral.oversample=8", "--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.json()["models"]["spectral"]["embeddings_sha256"],
            result["test"]["models"]["tuned"]["embeddings_sha256"]);
}

TEST_F(TuneTest, GoesOnWithItsJournalAndWithNoOther) {
  const Outcome first = Tune({"--journal", journal_});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string kept = ReadText(journal_);
  const Outcome second = Tune({"--journal", journal_});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(ReadText(journal_), kept);
  EXPECT_THAT(second.err, HasSubstr("(of the journal)"));
  EXPECT_EQ(first.json()["best"], second.json()["best"]);
  // Cut off within: the same results again.
  const std::vector<std::string> lines = Lines(kept);
  WriteText(journal_, lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n");
  const Outcome third = Tune({"--journal", journal_});
  ASSERT_EQ(third.exit_code, 0) << third.err;
  EXPECT_EQ(third.json()["best"]["values"], first.json()["best"]["values"]);
  EXPECT_EQ(third.json()["best"]["metric"], first.json()["best"]["metric"]);
  // Other data.
  WriteText(folder_ + "/train.txt", GroupsFile(7));
  EXPECT_EQ(Tune({"--journal", journal_}).exit_code, 5);
}

TEST_F(TuneTest, AFailingTrialIsSaidAndTheOthersGoOn) {
  WriteText(folder_ + "/tune.yaml",
            "recommender: {spectral: {oversample: 8}}\n"
            "tune: {space: {spectral.rank: {int: [1, 8]}, spectral.customer_exponent: {double: "
            "[-60, 0]}}, budget: {trials: 8}, halving: {rounds: 1}}\n");
  const Outcome outcome = Tune({"--journal", journal_});
  // An exponent below -4 is out of range: found before anything is read, with its range.
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("customer_exponent"));
}

TEST_F(TuneTest, BadRequests) {
  EXPECT_EQ(Tune({}).exit_code, 2);  // no journal
  EXPECT_THAT(Tune({}).err, HasSubstr("--journal names the file"));
  const Outcome time = Tune({"--journal", journal_, "--set", "tune.validation.kind=time"});
  EXPECT_EQ(time.exit_code, 2);
  EXPECT_THAT(time.err, HasSubstr("time needs a workspace"));
  EXPECT_THAT(Tune({"--journal", journal_, "--model", "sepctral"}).err,
              HasSubstr("'sepctral' is no model"));
  EXPECT_EQ(Tune({"--journal", journal_, "--test-workspace"}).exit_code, 2);
  WriteText(folder_ + "/tune.yaml", "recommender: {}\n");
  EXPECT_THAT(Tune({"--journal", journal_}).err, HasSubstr("tune.space is missing"));
  WriteText(folder_ + "/tune.yaml", "tune: {space: {spectral.rnk: {int: [1, 8]}}}\n");
  const Outcome unknown = Tune({"--journal", journal_});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("spectral.rnk: no such field"));
  EXPECT_FALSE(std::filesystem::exists(journal_));
}

TEST(TuneWorkspaceTest, EveryValidationLeavesItsTestAlone) {
  const std::string workspace = CopyOfPublishedWorkspace("tune_workspace");
  for (const std::string kind : {"time", "leave_last_out", "random"}) {
    const Outcome outcome =
        Burgeon({"tune", "--config", SampleConfig(), "--workspace", workspace, "--json",
                 "--test-workspace", "--set", "tune.space={als.dim: {int: [2, 8]}}", "--set",
                 "tune.model=als", "--set", "tune.validation.kind=" + kind, "--trials", "3",
                 "--set", "tune.halving.rounds=1", "--journal", workspace + "/" + kind + ".jsonl"});
    ASSERT_EQ(outcome.exit_code, 0) << kind << outcome.err;
    const nlohmann::json result = outcome.json();
    EXPECT_EQ(result["trials"].size(), 3U) << kind;
    EXPECT_EQ(result["test"]["part"], "test") << kind;
    EXPECT_EQ(result["test"]["split"], kind == "leave_last_out" ? "leave-last-out" : "time");
    EXPECT_TRUE(result["test"]["models"].contains("tuned")) << kind;
  }
}

TEST(TuneReportTest, TheBestConfigSaysWhereItIsFrom) {
  TuneSummary summary;
  summary.model = "ease";
  summary.validation = "some split";
  summary.options.trials = 5;
  TrialResult best;
  best.trial = {.number = 3,
                .round = 0,
                .share = 1,
                .values = {{"ease.embedding.rank", "32"}, {"ease.regularization", "0.5"}}};
  best.metric = 0.25;
  summary.outcome.best = best;
  EXPECT_EQ(BestConfig(summary),
            "# burgeon tune: ndcg@20 0.2500 on validation, trial 3 of 5 with 100 % of the data.\n"
            "# some split\n"
            "recommender:\n  ease:\n    embedding:\n      rank: 32\n    regularization: 0.5\n"
            "  model: ease\n");
  EXPECT_EQ(TuneJson(summary)["best"]["values"]["ease.regularization"], "0.5");
}

}  // namespace
}  // namespace burgeon
