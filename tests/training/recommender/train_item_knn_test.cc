#include "training/recommender/train_item_knn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

class TrainItemKnnTest : public testing::Test {
 protected:
  TrainItemKnnTest() { options_.embedding.rank = 4; }
  absl::StatusOr<RecommenderModel> Train(const CsrView& data) {
    return TrainItemKnn(context_, data, options_, &report_);
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  ItemKnnOptions options_;
  TrainingReport report_;
};

// Weights of four customers and three items.
CsrMatrix Small() {
  CsrMatrix data;
  data.offsets = {0, 2, 3, 5, 7};
  data.columns = {0, 1, 0, 0, 2, 1, 2};
  data.values = {1, 2, 1, 3, 1, 1, 1};
  data.cols = 3;
  return data;
}

double At(const CsrView& matrix, int64_t i, uint32_t j) {
  const auto columns = matrix.row_columns(i);
  for (size_t k = 0; k < columns.size(); ++k) {
    if (columns[k] == j) return matrix.row_values(i)[k];
  }
  return 0;
}

// The formula of the header, over a dense matrix in double.
std::vector<std::vector<double>> Dense(const std::vector<std::vector<double>>& x, double alpha,
                                       double shrink) {
  const size_t n = x.front().size();
  std::vector<std::vector<double>> s(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double product = 0;
      double mine = 0;
      double other = 0;
      for (const auto& row : x) {
        product += row[i] * row[j];
        mine += row[i] * row[i];
        other += row[j] * row[j];
      }
      if (i != j && product > 0) {
        s[i][j] = product / (std::pow(mine, alpha) * std::pow(other, 1 - alpha) + shrink);
      }
    }
  }
  return s;
}

TEST_F(TrainItemKnnTest, AsTheDenseFormula) {
  const std::vector<std::vector<double>> plain = {{1, 2, 0}, {1, 0, 0}, {3, 0, 1}, {0, 1, 1}};
  for (const ItemWeighting weighting :
       {ItemWeighting::kNone, ItemWeighting::kTfIdf, ItemWeighting::kBm25}) {
    // Items are had by 3, 2 and 2 of 4 customers, who have 2, 1, 2 and 2 of them: 7 / 4 each.
    auto x = plain;
    for (auto& row : x) {
      double length = 0;
      for (const double w : row) length += w > 0;
      for (size_t i = 0; i < 3; ++i) {
        const double count = i == 0 ? 3 : 2;
        if (weighting == ItemWeighting::kTfIdf) row[i] *= std::log(4 / count);
        if (weighting == ItemWeighting::kBm25 && row[i] > 0) {
          const double idf = std::log(1 + (4 - count + 0.5) / (count + 0.5));
          row[i] = idf * row[i] * 2.2 / (row[i] + 1.2 * (0.25 + 0.75 * length / 1.75));
        }
      }
    }
    options_.weighting = weighting;
    for (const float alpha : {0.5F, 0.25F}) {
      for (const float shrink : {0.0F, 2.0F}) {
        options_.alpha = alpha;
        options_.shrink = shrink;
        const auto model = Train(Small().view());
        ASSERT_TRUE(model.ok()) << model.status();
        const auto expected = Dense(x, alpha, shrink);
        for (uint32_t i = 0; i < 3; ++i) {
          for (uint32_t j = 0; j < 3; ++j) {
            EXPECT_NEAR(At(model->item_operator.view(), i, j), expected[i][j],
                        1e-6 * (1 + expected[i][j]));
          }
        }
      }
    }
  }
}

TEST_F(TrainItemKnnTest, KeepsTheNearestNeighbours) {
  options_.neighbours = 1;
  options_.shrink = 0;
  const auto model = Train(Small().view());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->kind, RecommenderKind::kItemKnn);
  // Cosines: 0-1 2/sqrt(55), 0-2 3/sqrt(22), 1-2 1/sqrt(10).
  EXPECT_EQ(model->item_operator.columns, (std::vector<uint32_t>{2, 2, 0}));
  EXPECT_NEAR(model->item_operator.values[0], 3 / std::sqrt(22), 1e-6);
}

TEST_F(TrainItemKnnTest, FindsTheTasteGroupsAndKeepsItsBits) {
  const TasteGroups world = MakeTasteGroups(200, 100, 4);
  options_.neighbours = 20;
  const CsrView train = world.train.view();
  const auto model = Train(train);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto metrics = EvaluateModel(context_, *model, train, train, world.test.view(), 10);
  const auto popular = EvaluatePopularity(model->popularity, train, world.test.view(), 10);
  ASSERT_TRUE(metrics.ok() && popular.ok());
  EXPECT_GT(metrics->recall, 2 * popular->recall);
  ThreadPool alone(1);
  context_ = ExecutionContext(&alone);
  const auto again = Train(train);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->item_operator.columns, model->item_operator.columns);
  EXPECT_EQ(again->item_operator.values, model->item_operator.values);
}

TEST_F(TrainItemKnnTest, Refusals) {
  CsrMatrix empty;
  empty.cols = 3;
  EXPECT_EQ(Train(empty.view()).status().code(), absl::StatusCode::kFailedPrecondition);
  options_.alpha = 1.5F;
  EXPECT_EQ(MessageOf(Train(Small().view()).status()), "item_knn: alpha 1.5 is not from 0 to 1");
  options_.alpha = 0.5F;
  options_.shrink = -1;
  EXPECT_EQ(MessageOf(Train(Small().view()).status()),
            "item_knn: shrink -1 is not zero or a positive number");
}

}  // namespace
}  // namespace burgeon
