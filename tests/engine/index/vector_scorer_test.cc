#include "engine/index/vector_scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/ops/top_k.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(VectorScorer, GivesTheCanonicalInnerProductOfEveryRow) {
  for (const int64_t rows : {1, 3, 4, 5, 11}) {  // whole and broken groups of four
    const FloatMatrix v = NormalVectors(rows, 37, 3);
    const FloatMatrix query = NormalVectors(1, 37, 4);
    const VectorScorer scorer(v.view(), Similarity::kInnerProduct);
    const auto all = scorer.BestOfAll(query.row(0), static_cast<int>(rows));
    ASSERT_EQ(all.size(), static_cast<size_t>(rows));
    for (const Neighbor& n : all) EXPECT_EQ(n.score, CanonicalScore(query.row(0), v.row(n.row)));
    for (size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i - 1].score, all[i].score);
  }
}

TEST(VectorScorer, CandidatesGetTheScoresOfTheFullScan) {
  const FloatMatrix v = NormalVectors(50, 19, 3);
  const FloatMatrix query = NormalVectors(1, 19, 4);
  for (const Similarity similarity : {Similarity::kInnerProduct, Similarity::kCosine}) {
    const VectorScorer scorer(v.view(), similarity);
    std::vector<int64_t> rows(50);
    std::iota(rows.rbegin(), rows.rend(), 0);
    const auto some = scorer.BestOf(query.row(0), rows, 7);
    const auto all = scorer.BestOfAll(query.row(0), 7);
    ASSERT_EQ(some.size(), 7U);
    for (size_t i = 0; i < 7; ++i) {
      EXPECT_EQ(some[i].row, all[i].row);
      EXPECT_EQ(some[i].score, all[i].score);
    }
  }
}

TEST(VectorScorer, CosineIsOfAnyLengthAndLeavesZeroRowsOut) {
  const FloatMatrix v(4, 2, {3, 4, 0, 0, -30, -40, 4, 3});
  const VectorScorer scorer(v.view(), Similarity::kCosine);
  EXPECT_DOUBLE_EQ(scorer.norm(0), 5);
  const std::vector<float> query = {0.3F, 0.4F};
  const auto found = scorer.BestOfAll(query, 10);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].row, 0U);
  EXPECT_FLOAT_EQ(found[0].score, 1.0F);
  EXPECT_EQ(found[1].row, 3U);
  EXPECT_FLOAT_EQ(found[1].score, 24.0F / 25.0F);
  EXPECT_EQ(found[2].row, 2U);
  EXPECT_FLOAT_EQ(found[2].score, -1.0F);
  EXPECT_TRUE(scorer.Finds(query));
  EXPECT_FALSE(scorer.Finds(std::vector<float>{0, 0}));
}

TEST(VectorScorer, RefusesABadQuery) {
  const FloatMatrix v = NormalVectors(4, 3, 1);
  const VectorScorer scorer(v.view(), Similarity::kInnerProduct);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(MessageOf(scorer.Check(std::vector<float>{1, 2}, 1)),
              HasSubstr("has 2 dimensions, the index has 3"));
  EXPECT_THAT(MessageOf(scorer.Check(std::vector<float>{1, nan, 2}, 1)), HasSubstr("dimension 1"));
  EXPECT_THAT(MessageOf(scorer.Check(std::vector<float>{1, 2, 3}, 0)), HasSubstr("k is 0"));
  EXPECT_TRUE(scorer.Check(std::vector<float>{1, 2, 3}, 1).ok());
}

TEST(KeepBest, OrdersByScoreThenRow) {
  std::vector<Neighbor> n = {{5, 1.0F}, {3, 2.0F}, {1, 1.0F}, {9, 3.0F}, {2, 1.0F}};
  KeepBest(4, &n);
  std::vector<uint32_t> rows;
  for (const Neighbor& x : n) rows.push_back(x.row);
  EXPECT_THAT(rows, ElementsAre(9, 3, 1, 2));
}

}  // namespace
}  // namespace burgeon
