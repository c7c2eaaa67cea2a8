#include "engine/ops/scan_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace burgeon {
namespace {

TEST(ScanKernelsTest, DotRowsOfEveryLength) {
  for (int64_t dim = 0; dim < 100; ++dim) {
    FloatMatrix rows(3, dim);
    std::vector<float> query(static_cast<size_t>(dim));
    float want[3] = {};
    for (int64_t j = 0; j < dim; ++j) {
      query[static_cast<size_t>(j)] = static_cast<float>(j % 5 + 1);
      for (int64_t i = 0; i < 3; ++i) {
        rows.at(i, j) = static_cast<float>((i + 1) * (j % 7) - 3);
        want[i] += query[static_cast<size_t>(j)] * rows.at(i, j);
      }
    }
    float scores[3];
    DotRows(query, rows.view(), scores);
    // Small whole numbers: any order of summation is exact.
    for (int i = 0; i < 3; ++i) EXPECT_EQ(scores[i], want[i]) << "dim " << dim << " row " << i;
  }
}

TEST(ScanKernelsTest, MaxSquaredNorm) {
  FloatMatrix rows(4, 19);
  EXPECT_EQ(MaxSquaredNorm(rows.view()), 0);
  rows.at(2, 18) = 3;
  rows.at(2, 0) = -4;
  rows.at(3, 7) = 4.5F;
  EXPECT_EQ(MaxSquaredNorm(rows.view()), 25);
  rows.at(1, 3) = std::numeric_limits<float>::max();
  EXPECT_LT(MaxSquaredNorm(rows.view()), std::numeric_limits<double>::infinity());
  rows.at(1, 3) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isinf(MaxSquaredNorm(rows.view())));
  rows.at(1, 3) = -std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isinf(MaxSquaredNorm(rows.view())));
}

TEST(ScanKernelsTest, FirstAtLeastSkipsNaN) {
  std::vector<float> scores(200, std::numeric_limits<float>::quiet_NaN());
  const auto count = static_cast<int64_t>(scores.size());
  EXPECT_EQ(FirstAtLeast(scores.data(), 0, count, -std::numeric_limits<float>::infinity()), count);
  for (size_t at : {0, 1, 63, 64, 65, 127, 128, 199}) {
    std::vector<float> one = scores;
    one[at] = 2;
    EXPECT_EQ(FirstAtLeast(one.data(), 0, count, 2), static_cast<int64_t>(at));
    EXPECT_EQ(FirstAtLeast(one.data(), static_cast<int64_t>(at) + 1, count, 2), count);
    EXPECT_EQ(FirstAtLeast(one.data(), 0, count, 2.5F), count);
  }
}

}  // namespace
}  // namespace burgeon
