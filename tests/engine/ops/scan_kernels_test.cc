#include "engine/ops/scan_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(ScanKernelsTest, MarkAndCountAtLeastOfEveryLength) {
  std::vector<float> scores(150);
  for (size_t i = 0; i < scores.size(); ++i) scores[i] = static_cast<float>(i * 37 % 101);
  scores[70] = std::numeric_limits<float>::quiet_NaN();
  for (int64_t count = 0; count <= 150; ++count) {
    for (const float threshold : {-1.0F, 0.0F, 50.0F, 99.5F, 200.0F}) {
      std::vector<uint64_t> bits(3, ~uint64_t{0});
      MarkAtLeast(scores.data(), count, threshold, bits.data());
      for (int64_t i = 0; i < (count + 63) / 64 * 64; ++i) {
        const auto at = static_cast<size_t>(i);
        const bool want = i < count && scores[at] >= threshold;
        ASSERT_EQ((bits[at / 64] >> (at % 64) & 1) != 0, want) << count << " " << i;
      }
      ASSERT_EQ(CountAtLeast(scores.data(), count, threshold),
                std::count_if(scores.begin(), scores.begin() + count,
                              [&](float x) { return x >= threshold; }));
    }
  }
}

TEST(ScanKernelsTest, CanonicalScoresHaveTheBitsOfOne) {
  for (int64_t dim = 0; dim < 70; ++dim) {
    FloatMatrix rows(8, dim);
    std::vector<float> query(static_cast<size_t>(dim));
    for (size_t j = 0; j < query.size(); ++j) query[j] = std::sin(static_cast<float>(j + 1)) * 1e3F;
    std::vector<const float*> pointers;
    for (int64_t i = 0; i < 8; ++i) {
      pointers.push_back(rows.data() + i * dim);
      for (int64_t j = 0; j < dim; ++j) rows.at(i, j) = std::cos(static_cast<float>(i * 71 + j));
    }
    float scores[8];
    CanonicalScores(query, pointers.data(), scores);
    for (int64_t i = 0; i < 8; ++i) {
      double sum = 0;
      for (size_t j = 0; j < query.size(); ++j) {
        sum += static_cast<double>(query[j]) * static_cast<double>(rows.row(i)[j]);
      }
      EXPECT_EQ(scores[i], static_cast<float>(sum)) << "dim " << dim << " row " << i;
    }
  }
}

}  // namespace
}  // namespace burgeon
