#include "training/recommender/rank_customers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CsrMatrix Pattern(std::vector<std::vector<uint32_t>> rows, int64_t cols) {
  CsrMatrix m;
  m.cols = cols;
  for (const auto& row : rows) {
    m.columns.insert(m.columns.end(), row.begin(), row.end());
    m.offsets.push_back(static_cast<int64_t>(m.columns.size()));
  }
  return m;
}

TEST(RankCustomersTest, ByModel) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  RecommenderModel model;
  model.item_embeddings = FloatMatrix(4, 1, {1, 2, 3, 4});
  model.customer_embeddings = FloatMatrix(4, 1, {1, 7, -1, 1});
  const CsrMatrix mask = Pattern({{3}, {}, {}, {0, 1, 2}}, 4);
  const CsrMatrix test = Pattern({{1}, {}, {0, 3}, {3}}, 4);
  const auto lists = RankByModel(
      context, model, {.histories = mask.view(), .mask = mask.view(), .test = test.view(), .k = 2});
  ASSERT_TRUE(lists.ok()) << lists.status();
  ASSERT_EQ(lists->size(), 4);
  EXPECT_THAT(lists->list(0), ElementsAre(2, 1));
  EXPECT_THAT(lists->list(1), IsEmpty());  // has no test items
  EXPECT_THAT(lists->list(2), ElementsAre(0, 1));
  EXPECT_THAT(lists->list(3), ElementsAre(3));  // nothing else is left
}

TEST(RankCustomersTest, ByScoreTiesGoByRow) {
  const std::vector<float> scores = {5, 7, 5, 7};
  const CsrMatrix mask = Pattern({{1}, {}, {}}, 4);
  const CsrMatrix test = Pattern({{0, 3}, {2}, {}}, 4);
  const auto lists =
      RankByScore(scores, {.histories = {}, .mask = mask.view(), .test = test.view(), .k = 3});
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_THAT(lists->list(0), ElementsAre(3, 0, 2));
  EXPECT_THAT(lists->list(1), ElementsAre(1, 3, 0));
  EXPECT_THAT(lists->list(2), IsEmpty());
}

}  // namespace
}  // namespace burgeon
