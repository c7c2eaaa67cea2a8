#include "cuda/softmax_query.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace burgeon::cuda {
namespace {

uint16_t Element(const std::vector<Unit>& units, int i) {
  uint16_t value;
  std::memcpy(&value, reinterpret_cast<const unsigned char*>(units.data()) + 2 * i, sizeof(value));
  return value;
}

TEST(PackUnitTest, TheThreeProductsAreAllButLowByLow) {
  const float x[] = {1.0F / 3, -1e10F, 0, 7.7F, 1e-20F};
  const float y[] = {3.14159F, 2.71828F, 5, -0.1F, 1e20F};
  const SoftmaxPacking packing = PackingOf(5, /*split=*/true);
  std::vector<Unit> left(static_cast<size_t>(2 * packing.steps));
  std::vector<Unit> right(left.size());
  for (int unit = 0; unit < packing.part / kUnitDims; ++unit) {
    PackUnit(x, 5, unit, packing, SoftmaxParts::kHighHighLow, left.data());
    PackUnit(y, 5, unit, packing, SoftmaxParts::kHighLowHigh, right.data());
  }
  for (int i = 0; i < packing.part; ++i) {
    double product = 0;
    for (int part = 0; part < 3; ++part) {
      product += static_cast<double>(FloatOfBf16(Element(left, part * packing.part + i))) *
                 FloatOfBf16(Element(right, part * packing.part + i));
    }
    const double want = i < 5 ? static_cast<double>(x[i]) * y[i] : 0;
    EXPECT_NEAR(product, want, 0x1p-15 * std::abs(want)) << i;
  }
}

TEST(PackUnitTest, OnePartIsTheRoundedRow) {
  const std::vector<float> row = {1, 1 + 0x1p-8F, 1 + 0x1p-7F, -3, 0, 6, 7, 8, 9};
  const SoftmaxPacking packing = PackingOf(9, /*split=*/false);
  EXPECT_EQ(packing.part, 64);
  EXPECT_EQ(packing.steps, 4);
  std::vector<Unit> units(static_cast<size_t>(2 * packing.steps));
  for (int unit = 0; unit < 8; ++unit) {
    PackUnit(row.data(), 9, unit, packing, SoftmaxParts::kOne, units.data());
  }
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(Element(units, i), i < 9 ? Bf16Bits(row[static_cast<size_t>(i)]) : 0) << i;
  }
}

TEST(PackingOfTest, WholePartsForAllDimensionsThatFit) {
  for (int64_t dim = 1; dim <= 384; ++dim) {
    const SoftmaxPacking packing = PackingOf(dim, /*split=*/false);
    EXPECT_GE(packing.part, dim);
    EXPECT_EQ(packing.part % packing.out_dim, 0);
    EXPECT_EQ(packing.steps * kStepDims, packing.part);
    EXPECT_LE(SoftmaxSharedUnits(packing.steps) * 16, 227 * 1024);
    if (dim > 128) continue;
    const SoftmaxPacking split = PackingOf(dim, /*split=*/true);
    EXPECT_EQ(split.steps, 3 * packing.steps);
    EXPECT_LE(SoftmaxSharedUnits(split.steps) * 16, 227 * 1024);
  }
}

TEST(PlanSoftmaxTest, RunsCoverTheTilesAndNoneIsEmpty) {
  for (int64_t rows = 0; rows < 300; ++rows) {
    for (int64_t columns = 0; columns < 300; ++columns) {
      const SoftmaxRuns runs = PlanSoftmax(rows, columns);
      EXPECT_GE(runs.count * runs.run, columns);
      EXPECT_LT((runs.count - 1) * runs.run, std::max<int64_t>(1, columns));
      EXPECT_LE(runs.count * rows, std::max<int64_t>(rows, 264));
    }
  }
}

TEST(FinishQueryTest, IsTheLogSumOfAllRuns) {
  // Exponents 3, 5 in the first run, none in the second, -40 in the third; the positive has 4.
  const std::vector<float> maxima = {5, -INFINITY, -40};
  const std::vector<float> sums = {1.25F, 0, 1};
  const QueryResult result = FinishQuery({maxima.data(), sums.data(), 3, 1}, 4);
  EXPECT_FLOAT_EQ(result.log_sum, std::log2(8.0F + 32 + 16));
  EXPECT_FLOAT_EQ(result.loss, std::log(56.0F / 16));
  EXPECT_FLOAT_EQ(result.missed, 40.0F / 56);
  const QueryResult alone = FinishQuery({maxima.data() + 1, sums.data() + 1, 1, 1}, 4);
  EXPECT_EQ(alone.loss, 0);
  EXPECT_EQ(alone.missed, 0);
}

}  // namespace
}  // namespace burgeon::cuda
