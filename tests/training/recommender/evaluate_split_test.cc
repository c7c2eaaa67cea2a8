#include "training/recommender/evaluate_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/taste_groups.h"

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
    options_.k = 10;
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

TEST_F(EvaluateSplitTest, EveryModel) {
  double popularity = 0;
  for (const char* name : {"popularity", "spectral", "als"}) {
    const auto model = ParseEvaluatedModel(name);
    ASSERT_TRUE(model.ok()) << model.status();
    options_.model = *model;
    const auto result = EvaluateSplit(context_, RealFileSystem(), options_);
    ASSERT_TRUE(result.ok()) << name << ": " << result.status();
    EXPECT_EQ(result->customers, 200);
    EXPECT_EQ(result->items, 100);
    EXPECT_GT(result->train_pairs, 2 * result->test_pairs);
    EXPECT_GT(result->peak_memory_bytes, 1 << 20);
    EXPECT_GE(result->seconds, result->train_seconds);
    if (!model->has_value()) {
      popularity = result->metrics.recall;
      EXPECT_EQ(result->embeddings_sha256, "");
    } else {
      EXPECT_GT(result->metrics.recall, 2 * popularity) << name;
      EXPECT_EQ(result->embeddings_sha256.size(), 64U);
      EXPECT_FALSE(result->lines.empty());
    }
  }
  EXPECT_GT(popularity, 0);
}

TEST_F(EvaluateSplitTest, Refusals) {
  EXPECT_EQ(MessageOf(ParseEvaluatedModel("sepctral").status()),
            "model: 'sepctral' is none of spectral, als, popularity");
  Write(options_.test_path, "u1\nu2\n");
  EXPECT_EQ(EvaluateSplit(context_, RealFileSystem(), options_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  options_.train_path += ".missing";
  EXPECT_EQ(EvaluateSplit(context_, RealFileSystem(), options_).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
