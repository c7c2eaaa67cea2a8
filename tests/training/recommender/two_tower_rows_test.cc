#include "training/recommender/two_tower_rows.h"

#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

// Items 0 to 3, taken by 2, 1, 1 and 0 customers; two features, of items 0, 1 and 3.
const CsrMatrix kTaken = {
    .offsets = {0, 2, 4}, .columns = {0, 1, 0, 2}, .values = {1, 3, 1, 1}, .cols = 4};
const CsrMatrix kFeatures = {
    .offsets = {0, 1, 3, 3, 4}, .columns = {1, 0, 1, 0}, .values = {.5F, 1, 2, 4}, .cols = 2};

TEST(TwoTowerRowsTest, AHistoryIsTheDampedSumOfItsItems) {
  const TwoTowerRows rows(kTaken.view(), kFeatures.view(), {.item_exponent = 0.5});
  EXPECT_EQ(rows.table_rows(), 6);
  EXPECT_EQ(rows.degrees(), (std::vector<int64_t>{2, 1, 1, 0}));
  const CsrMatrix got = rows.Histories(kTaken.view(), 0);
  const auto half = static_cast<float>(std::sqrt(0.5));
  EXPECT_EQ(got.offsets, (std::vector<int64_t>{0, 4, 7}));
  EXPECT_EQ(got.columns, (std::vector<uint32_t>{0, 1, 4, 5, 0, 2, 5}));
  const std::vector<float> want = {half, 3, 3, half * .5F + 6, half, 1, half * .5F};
  ASSERT_EQ(got.values.size(), want.size());
  for (size_t k = 0; k < want.size(); ++k) EXPECT_FLOAT_EQ(got.values[k], want[k]) << k;
}

TEST(TwoTowerRowsTest, AnItemNobodyTookIsItsFeatures) {
  const TwoTowerRows rows(kTaken.view(), kFeatures.view(), {});
  const CsrMatrix known = rows.KnownItems();
  EXPECT_EQ(known.columns, (std::vector<uint32_t>{0, 5, 1, 4, 5, 2, 4}));
  EXPECT_EQ(known.offsets, (std::vector<int64_t>{0, 2, 5, 6, 7}));
  EXPECT_FLOAT_EQ(rows.HistoryItems().values[0], static_cast<float>(std::sqrt(0.5)));
  // Without features its id is all there is.
  const TwoTowerRows bare(kTaken.view(), {}, {});
  EXPECT_EQ(bare.table_rows(), 4);
  EXPECT_EQ(bare.KnownItems().columns, (std::vector<uint32_t>{0, 1, 2, 3}));
}

TEST(TwoTowerRowsTest, IdsAreLeftOutOfItemsWithFeaturesAlone) {
  const TwoTowerRows rows(kTaken.view(), kFeatures.view(), {.id_dropout = 0.5, .seed = 3});
  int with_id = 0;
  constexpr int kSteps = 2000;
  for (int64_t step = 0; step < kSteps; ++step) {
    const CsrMatrix items = rows.Items(std::vector<uint32_t>{0, 2}, step);
    with_id += items.columns[0] == 0 ? 1 : 0;
    EXPECT_EQ(items.columns.back(), 2U);
    // The same ones in the histories of the step.
    EXPECT_EQ(rows.Histories(kTaken.view(), step).columns[0] == 0, items.columns[0] == 0);
  }
  EXPECT_NEAR(with_id, kSteps / 2, 5 * std::sqrt(kSteps * 0.25));
  EXPECT_EQ(rows.Items({}, 1).rows(), 4);
}

}  // namespace
}  // namespace burgeon
