#include "engine/audience/lookalike_inputs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/vectors.h"

namespace burgeon {
namespace {

std::vector<CustomerRow> Everybody(int64_t customers) {
  std::vector<CustomerRow> rows;
  for (uint32_t i = 0; i < static_cast<uint64_t>(customers); ++i) rows.emplace_back(i);
  return rows;
}

// Mean and variance of a column.
std::pair<double, double> MomentsOf(const FloatMatrix& m, int64_t column) {
  double mean = 0;
  for (int64_t i = 0; i < m.rows(); ++i) mean += m.at(i, column);
  mean /= static_cast<double>(m.rows());
  double variance = 0;
  for (int64_t i = 0; i < m.rows(); ++i) variance += std::pow(m.at(i, column) - mean, 2);
  return {mean, variance / static_cast<double>(m.rows())};
}

TEST(LookalikeInputs, GroupsAreCentredAndWeighWhatTheyShould) {
  ThreadPool pool(2);
  const FloatMatrix embeddings = ClusteredVectors(2000, 20, 5, 0.5F, 1.0F, 1, 0);
  FloatMatrix features(2000, 3);
  for (int64_t i = 0; i < 2000; ++i) {
    features.at(i, 0) = static_cast<float>(i);
    features.at(i, 1) = static_cast<float>(i % 7) - 3;
    features.at(i, 2) = 42;  // constant: says nothing
  }
  const auto rows = Everybody(2000);
  const LookalikeInputs inputs(pool, embeddings.view(), features.view(), rows);
  ASSERT_EQ(inputs.columns(), 20 + 1 + 3);
  const FloatMatrix of = inputs.Of(pool, rows);
  double direction = 0;
  for (int64_t j = 0; j < 24; ++j) EXPECT_NEAR(MomentsOf(of, j).first, 0, 1e-4) << j;
  for (int64_t j = 0; j < 20; ++j) direction += MomentsOf(of, j).second;
  EXPECT_NEAR(direction, 1.28, 1e-3);
  EXPECT_NEAR(MomentsOf(of, 20).second, 0.09, 1e-4);
  EXPECT_NEAR(MomentsOf(of, 21).second, 0.4 / 3, 1e-4);
  EXPECT_NEAR(MomentsOf(of, 22).second, 0.4 / 3, 1e-4);
  EXPECT_EQ(MomentsOf(of, 23).second, 0);
}

TEST(LookalikeInputs, DirectionDoesNotDependOnLength) {
  ThreadPool pool(1);
  FloatMatrix embeddings = NormalVectors(50, 6, 2);
  for (int64_t j = 0; j < 6; ++j) embeddings.at(1, j) = 8 * embeddings.at(0, j);
  const LookalikeInputs inputs(pool, embeddings.view(), {}, Everybody(50));
  ASSERT_EQ(inputs.columns(), 7);
  const FloatMatrix of = inputs.Of(pool, Everybody(50));
  for (int64_t j = 0; j < 6; ++j) EXPECT_EQ(of.at(0, j), of.at(1, j));
  EXPECT_LT(of.at(0, 6), of.at(1, 6));
}

TEST(LookalikeInputs, AZeroEmbeddingCountsAsTheShortest) {
  ThreadPool pool(1);
  FloatMatrix embeddings = NormalVectors(50, 6, 2);
  for (int64_t j = 0; j < 6; ++j) embeddings.at(7, j) = 0;
  const LookalikeInputs inputs(pool, embeddings.view(), {}, Everybody(50));
  const FloatMatrix of = inputs.Of(pool, Everybody(50));
  float shortest = of.at(0, 6);
  for (int64_t i = 0; i < 50; ++i) {
    EXPECT_TRUE(std::isfinite(of.at(i, 6)));
    if (i != 7) shortest = std::min(shortest, of.at(i, 6));
  }
  EXPECT_EQ(of.at(7, 6), shortest);
}

TEST(LookalikeInputs, KeepsTheDimensionsThatVaryMost) {
  ThreadPool pool(1);
  FloatMatrix embeddings = NormalVectors(300, 400, 3);
  for (int64_t i = 0; i < 300; ++i) {
    for (int64_t j = 0; j < 100; ++j) embeddings.at(i, j) *= 1e-3F;  // the first hundred hardly do
  }
  const LookalikeInputs inputs(pool, embeddings.view(), {}, Everybody(300));
  ASSERT_EQ(inputs.columns(), 256 + 1);
  const FloatMatrix of = inputs.Of(pool, Everybody(300));
  for (int64_t j = 0; j < 256; ++j) EXPECT_GT(MomentsOf(of, j).second, 1e-3) << j;
}

}  // namespace
}  // namespace burgeon
