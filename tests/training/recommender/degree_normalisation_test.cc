#include "training/recommender/degree_normalisation.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(DegreeNormalisationTest, SumsPowersAndScales) {
  CsrMatrix m;  // [[4 0 12] [0 0 0]]
  m.offsets = {0, 2, 2};
  m.columns = {0, 2};
  m.values = {4, 12};
  m.cols = 3;
  EXPECT_EQ(RowSums(m.view()), (std::vector<double>{16, 0}));
  const std::vector<double> sums = {16, 0, 4};
  EXPECT_EQ(Powers(sums, -0.5), (std::vector<double>{0.25, 0, 0.5}));
  EXPECT_EQ(Powers(sums, 0), (std::vector<double>{1, 0, 1}));
  const std::vector<double> rows = {0.5, 7};
  const std::vector<double> columns = {3, 1, 0.25};
  const CsrMatrix scaled = ScaledBoth(m.view(), rows, columns);
  EXPECT_EQ(scaled.values, (std::vector<float>{6, 1.5F}));
  EXPECT_EQ(scaled.columns, m.columns);
  EXPECT_EQ(scaled.offsets, m.offsets);
  EXPECT_EQ(scaled.cols, 3);
}

TEST(DegreeNormalisationTest, WithoutValuesEveryEntryIsOne) {
  CsrMatrix m;
  m.offsets = {0, 2};
  m.columns = {0, 1};
  m.cols = 2;
  EXPECT_EQ(RowSums(m.view()), (std::vector<double>{2}));
  const std::vector<double> rows = {2};
  const std::vector<double> columns = {1, 3};
  EXPECT_EQ(ScaledBoth(m.view(), rows, columns).values, (std::vector<float>{2, 6}));
}

}  // namespace
}  // namespace burgeon
