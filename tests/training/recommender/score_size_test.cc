#include "training/recommender/score_size.h"

#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

class ScoreSizeTest : public testing::Test {
 protected:
  static CsrMatrix Interactions() {
    CsrMatrix out;
    out.cols = 3;
    out.offsets = {0, 1, 2};
    out.columns = {0, 2};
    out.values = {2, 1};
    return out;
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  const CsrMatrix interactions_ = Interactions();
};

TEST_F(ScoreSizeTest, ByEmbeddings) {
  RecommenderModel model;
  model.customer_embeddings = FloatMatrix(2, 1, {1, 3});
  model.item_embeddings = FloatMatrix(3, 1, {1, 0, -2});
  // Scores 1, 0, -2 and 3, 0, -6.
  EXPECT_NEAR(RootMeanSquareScore(context_, model, interactions_.view()),
              std::sqrt((1 + 4 + 9 + 36) / 6.0), 1e-6);
}

TEST_F(ScoreSizeTest, ByAnOperator) {
  RecommenderModel model;
  model.item_operator.cols = 3;
  model.item_operator.offsets = {0, 2, 2, 3};
  model.item_operator.columns = {1, 2, 0};
  model.item_operator.values = {0.5F, -1, 4};
  // Scores 0, 1, -2 (twice the first row) and 4, 0, 0.
  EXPECT_NEAR(RootMeanSquareScore(context_, model, interactions_.view()),
              std::sqrt((1 + 4 + 16) / 6.0), 1e-6);
}

}  // namespace
}  // namespace burgeon
