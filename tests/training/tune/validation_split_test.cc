#include "training/tune/validation_split.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/taste_groups.h"

namespace burgeon {
namespace {

TEST(ValidationSplitTest, RandomHoldsOutAShareAndLosesNothing) {
  const CsrMatrix all = MakeTasteGroups(400, 100, 4).train;
  const ValidationSplit split = HoldOutRandom(all.view(), 0.2, 7);
  const auto held = static_cast<double>(split.held_out.columns.size());
  EXPECT_NEAR(held / static_cast<double>(all.columns.size()), 0.2, 0.02);
  EXPECT_EQ(split.train.columns, split.mask.columns);
  for (int64_t u = 0; u < all.rows(); ++u) {
    const auto kept = split.train.view().row_columns(u);
    EXPECT_FALSE(kept.empty());
    std::vector<uint32_t> joined(kept.begin(), kept.end());
    const auto out = split.held_out.view().row_columns(u);
    joined.insert(joined.end(), out.begin(), out.end());
    std::ranges::sort(joined);
    EXPECT_TRUE(std::ranges::equal(joined, all.view().row_columns(u))) << u;
  }
  EXPECT_NE(HoldOutRandom(all.view(), 0.2, 8).held_out.columns, split.held_out.columns);
}

TEST(ValidationSplitTest, EverybodyKeepsOneEvenWhenAllAreDrawn) {
  CsrMatrix all;
  all.cols = 4;
  all.columns = {0, 1, 3, 2};
  all.values = {1, 2, 3, 4};
  all.offsets = {0, 3, 4, 4};
  const ValidationSplit split = HoldOutRandom(all.view(), 1.0, 1);
  EXPECT_EQ(split.held_out.columns, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(split.train.columns, (std::vector<uint32_t>{3, 2}));
  EXPECT_EQ(split.train.values, (std::vector<float>{3, 4}));
  EXPECT_EQ(split.train.offsets, (std::vector<int64_t>{0, 1, 2, 2}));
  EXPECT_TRUE(split.mask.values.empty());
}

TEST(ValidationSplitTest, ASmallerShareIsPartOfALargerOne) {
  const CsrMatrix all = MakeTasteGroups(1000, 40, 4).train;
  const CsrMatrix third = KeepCustomers(all.view(), 1.0 / 3, 5);
  const CsrMatrix ninth = KeepCustomers(all.view(), 1.0 / 9, 5);
  int64_t in_third = 0;
  for (int64_t u = 0; u < all.rows(); ++u) {
    const auto whole = all.view().row_columns(u);
    const auto row = third.view().row_columns(u);
    EXPECT_TRUE(row.empty() || std::ranges::equal(row, whole));
    in_third += row.empty() ? 0 : 1;
    EXPECT_TRUE(ninth.view().row_columns(u).empty() || !row.empty());
  }
  EXPECT_NEAR(static_cast<double>(in_third), 333, 60);  // four standard deviations
  EXPECT_EQ(KeepCustomers(all.view(), 1, 5).columns, all.columns);
}

}  // namespace
}  // namespace burgeon
