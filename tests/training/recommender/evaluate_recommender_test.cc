#include "training/recommender/evaluate_recommender.h"

#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

CsrMatrix Pattern(std::vector<std::vector<uint32_t>> rows, int64_t cols) {
  CsrMatrix m;
  m.cols = cols;
  for (const auto& row : rows) {
    m.columns.insert(m.columns.end(), row.begin(), row.end());
    m.offsets.push_back(static_cast<int64_t>(m.columns.size()));
  }
  return m;
}

class EvaluateRecommenderTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(EvaluateRecommenderTest, ByHand) {
  RecommenderModel model;
  model.item_embeddings = FloatMatrix(4, 1, {1, 2, 3, 4});
  model.customer_embeddings = FloatMatrix(3, 1, {1, -1, 1});
  const CsrMatrix mask = Pattern({{3}, {}, {0}}, 4);
  const CsrMatrix test = Pattern({{1}, {0, 3}, {}}, 4);
  const auto metrics = EvaluateModel(context_, model, mask.view(), mask.view(), test.view(), 2);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  // Customer 0 is shown 2, 1: a hit at rank 2 of 1. Customer 1 is shown 0, 1: a hit at 1 of 2.
  EXPECT_EQ(metrics->customers, 2);
  EXPECT_DOUBLE_EQ(metrics->recall, (1 + 0.5) / 2);
  const double second = 1 / std::log2(3.0);
  EXPECT_DOUBLE_EQ(metrics->ndcg, (second + 1 / (1 + second)) / 2);
}

TEST_F(EvaluateRecommenderTest, PopularityBreaksTiesByRow) {
  const std::vector<float> popularity = {5, 7, 5, 7};
  const CsrMatrix mask = Pattern({{1}}, 4);
  const CsrMatrix test = Pattern({{0, 3}}, 4);
  const auto metrics = EvaluatePopularity(popularity, mask.view(), test.view(), 2);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  EXPECT_EQ(metrics->recall, 1);  // shown: 3, then 0 before 2
  EXPECT_EQ(metrics->ndcg, 1);
}

TEST_F(EvaluateRecommenderTest, RefusesShapesThatDoNotFit) {
  RecommenderModel model;
  model.item_embeddings = FloatMatrix(4, 1);
  model.customer_embeddings = FloatMatrix(1, 1);
  const CsrMatrix mask = Pattern({{1}}, 4);
  const CsrMatrix test = Pattern({{1}, {2}}, 4);
  EXPECT_EQ(
      EvaluateModel(context_, model, mask.view(), mask.view(), test.view(), 2).status().code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EvaluatePopularity(std::vector<float>(3), mask.view(), mask.view(), 2).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
