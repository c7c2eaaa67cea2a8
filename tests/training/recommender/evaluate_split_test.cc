#include "training/recommender/evaluate_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/taste_groups.h"
#include "training/recommender/evaluation_options.h"

namespace burgeon {
namespace {

std::string SplitText(const CsrMatrix& matrix) {
  std::string text;
  for (int64_t u = 0; u < matrix.rows(); ++u) {
    text += Concat("u", u);
    for (const uint32_t i : matrix.view().row_columns(u)) text += Concat(" i", i);
    text += "\n";
  }
  return text;
}

class EvaluateSplitTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::TempDir() + "evaluate_split_" +
                               testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    options_.train_path = JoinPath(folder, "train.txt");
    options_.test_path = JoinPath(folder, "test.txt");
    options_.recommender.spectral.rank = 8;
    options_.recommender.als.dim = 8;
    options_.comparison.ks = {3, 10};
    options_.comparison.bootstrap.replicates = 100;
    const TasteGroups world = MakeTasteGroups(200, 100, 5);
    Write(options_.train_path, SplitText(world.train));
    Write(options_.test_path, SplitText(world.test));
  }
  static void Write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(WriteFileAtomically(RealFileSystem(), path, text).ok());
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  SplitEvaluationOptions options_;
};

// After item i comes item i + 3 of 20; rows stand from the newest, and times say so.
TEST_F(EvaluateSplitTest, TimesAreTheOrderThatASequenceModelLearns) {
  std::string train = "user_id:token\titem_id:token\ttimestamp:float\n";
  std::string test = train;
  for (int user = 0; user < 120; ++user) {
    for (int t = 3; t >= 0; --t) {
      train += Concat("u", user, "\ti", (user + 3 * t) % 20, "\t", 100 * t, "\n");
    }
    test += Concat("u", user, "\ti", (user + 12) % 20, "\t400\n");
  }
  Write(options_.train_path, train);
  Write(options_.test_path, test);
  RecommenderOptions recommender;
  recommender.sequence.dim = 16;
  recommender.sequence.epochs = 30;
  recommender.sequence.patience = 0;
  recommender.sequence.learning_rate = 0.01;
  recommender.sequence.batch_size = 32;
  options_.comparison.runs = {
      {.name = "sequence", .model = RecommenderKind::kSequence, .recommender = recommender}};
  options_.comparison.ks = {1};
  const auto result = EvaluateSplit(context_, RealFileSystem(), options_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_GT(result->quality.models.front().cuts[0].of(ListMetric::kRecall).value, 0.9);
}

TEST_F(EvaluateSplitTest, ModelsBesideTheirBaselines) {
  EvaluationOptions evaluation;
  evaluation.models = {"spectral", "als"};
  const auto runs = RunsOf(evaluation, options_.recommender);
  ASSERT_TRUE(runs.ok()) << runs.status();
  options_.comparison.runs = *runs;
  const auto result = EvaluateSplit(context_, RealFileSystem(), options_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->customers, 200);
  EXPECT_EQ(result->items, 100);
  EXPECT_GT(result->train_pairs, 2 * result->test_pairs);
  EXPECT_GT(result->peak_memory_bytes, 1 << 20);
  const RecommenderQuality& quality = result->quality;
  EXPECT_EQ(quality.items, 100);
  ASSERT_GE(quality.models.size(), 3U);
  EXPECT_EQ(quality.models.back().name, "popularity");
  const double popularity = quality.models.back().cuts[1].of(ListMetric::kRecall).value;
  EXPECT_GT(popularity, 0);
  for (size_t m = 0; m < 2; ++m) {
    const ModelQuality& model = quality.models[m];
    EXPECT_GT(model.cuts[1].of(ListMetric::kRecall).value, 2 * popularity) << model.name;
    EXPECT_EQ(model.embeddings_sha256.size(), 64U);
    EXPECT_FALSE(model.lines.empty());
    EXPECT_GE(result->seconds, model.train_seconds);
  }
}

TEST_F(EvaluateSplitTest, Refusals) {
  Write(options_.test_path, "u1\nu2\n");
  EXPECT_EQ(EvaluateSplit(context_, RealFileSystem(), options_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  options_.train_path += ".missing";
  EXPECT_EQ(EvaluateSplit(context_, RealFileSystem(), options_).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
