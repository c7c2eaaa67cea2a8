#include "engine/experiment/exposure.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

RankedLists Lists(const std::vector<std::vector<uint32_t>>& rows) {
  RankedLists lists;
  for (const auto& row : rows) {
    lists.items.insert(lists.items.end(), row.begin(), row.end());
    lists.EndList();
  }
  return lists;
}

TEST(ExposureTest, ByHand) {
  const RankedLists lists = Lists({{0, 1}, {0, 2}, {0}, {}, {3, 3}});
  const std::vector<uint32_t> customers = {0, 1, 2, 3};  // the last is not asked about
  const Exposure two = MeasureExposure(lists, customers, 5, 2);
  // Exposures 3, 1, 1, 0, 0: ascending 0 0 1 1 3, sum of i x = 3 + 4 + 15 = 22, total 5, n 5.
  EXPECT_EQ(two.items, 5);
  EXPECT_EQ(two.shown, 3);
  EXPECT_DOUBLE_EQ(two.coverage, 3.0 / 5);
  EXPECT_NEAR(two.gini, 2 * 22.0 / 25 - 6.0 / 5, 1e-12);
  EXPECT_NEAR(two.lorenz[0], 0, 1e-12);
  EXPECT_NEAR(two.lorenz[40], 0, 1e-12);
  EXPECT_NEAR(two.lorenz[50], 0.1, 1e-12);  // halfway from 0 to 1/5
  EXPECT_NEAR(two.lorenz[80], 0.4, 1e-12);
  EXPECT_NEAR(two.lorenz[100], 1, 1e-12);
  const Exposure one = MeasureExposure(lists, customers, 5, 1);
  EXPECT_EQ(one.shown, 1);
  EXPECT_NEAR(one.gini, 4.0 / 5, 1e-12);  // one item alone: (n - 1) / n
}

TEST(ExposureTest, AllAlikeAndNothingAtAll) {
  const std::vector<uint32_t> three = {0, 1, 2};
  const Exposure even = MeasureExposure(Lists({{0}, {1}, {2}}), three, 3, 10);
  EXPECT_EQ(even.coverage, 1);
  EXPECT_NEAR(even.gini, 0, 1e-12);
  EXPECT_NEAR(even.lorenz[37], 0.37, 1e-12);
  const Exposure none = MeasureExposure(Lists({{}, {}, {}}), three, 3, 10);
  EXPECT_EQ(none.coverage, 0);
  EXPECT_EQ(none.gini, 0);
  EXPECT_EQ(MeasureExposure({}, {}, 0, 10).coverage, 0);
}

// Bounds, the shape of a Lorenz curve, and twice the area above it is the Gini.
TEST(ExposureTest, RandomListsKeepTheLaws) {
  const Philox random(2, 0);
  uint64_t draw = 0;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<std::vector<uint32_t>> rows(1 + random.Below(draw++, 30));
    for (auto& row : rows) {
      for (uint32_t item = 0; item < 100; ++item) {
        if (random.Uniform(draw++) < 0.002 * item) row.push_back(item);
      }
    }
    std::vector<uint32_t> customers;
    for (uint32_t u = 0; u < rows.size(); ++u) customers.push_back(u);
    const Exposure exposure = MeasureExposure(Lists(rows), customers, 100, 5);
    EXPECT_GE(exposure.gini, 0);
    EXPECT_LE(exposure.gini, 0.99 + 1e-9);
    double area = 0;
    for (size_t i = 1; i < exposure.lorenz.size(); ++i) {
      EXPECT_GE(exposure.lorenz[i], exposure.lorenz[i - 1]);
      EXPECT_LE(exposure.lorenz[i], static_cast<double>(i) / 100 + 1e-12);
      area += (exposure.lorenz[i] + exposure.lorenz[i - 1]) / 200;
    }
    EXPECT_NEAR(1 - 2 * area, exposure.gini, 1e-9);  // 100 items, 100 steps: the area is exact
    std::ranges::reverse(customers);
    EXPECT_EQ(MeasureExposure(Lists(rows), customers, 100, 5).gini, exposure.gini);
  }
}

}  // namespace
}  // namespace burgeon
