#include "training/recommender/item_pairs.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/taste_groups.h"

namespace burgeon {
namespace {

double At(const CsrView& matrix, int64_t i, uint32_t j) {
  const auto columns = matrix.row_columns(i);
  for (size_t k = 0; k < columns.size(); ++k) {
    if (columns[k] == j) {
      return matrix.values.empty() ? 1.0 : static_cast<double>(matrix.row_values(i)[k]);
    }
  }
  return 0;
}

TEST(ItemPairsTest, AsTheDenseProduct) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  CsrMatrix data = MakeTasteGroups(40, 70, 3).train;
  for (size_t k = 0; k < data.columns.size(); ++k) {
    data.values.push_back(static_cast<float>(1 + k % 3));
  }
  const CsrMatrix transposed = Transpose(data.view());
  DoubleMatrix found(70, 70);
  std::vector<std::set<uint32_t>> touched_of(70);
  ForItemPairs(context, data.view(), transposed.view(),
               [&](int64_t i, std::span<double> products, std::span<const uint32_t> touched) {
                 touched_of[static_cast<size_t>(i)].insert(touched.begin(), touched.end());
                 for (uint32_t j = 0; j < 70; ++j) found.at(i, j) = products[j];
               });
  for (uint32_t i = 0; i < 70; ++i) {
    for (uint32_t j = 0; j < 70; ++j) {
      double expected = 0;
      for (int64_t u = 0; u < 40; ++u) expected += At(data.view(), u, i) * At(data.view(), u, j);
      EXPECT_EQ(found.at(i, j), expected) << i << " " << j;  // small integers: exact
      EXPECT_TRUE(expected == 0 || touched_of[i].contains(j)) << i << " " << j;
    }
  }
}

TEST(ItemPairsTest, KeepLargestOfEqualsTheFirst) {
  const OperatorRow row{.columns = {9, 2, 5, 7}, .values = {1, -3, 1, 2}};
  OperatorRow kept = KeepLargest(row, 2, KeepBy::kValue);
  EXPECT_EQ(kept.columns, (std::vector<uint32_t>{5, 7}));
  EXPECT_EQ(kept.values, (std::vector<float>{1, 2}));
  kept = KeepLargest(row, 2, KeepBy::kMagnitude);
  EXPECT_EQ(kept.columns, (std::vector<uint32_t>{2, 7}));
  EXPECT_EQ(kept.values, (std::vector<float>{-3, 2}));
  kept = KeepLargest(row, 0, KeepBy::kValue);
  EXPECT_EQ(kept.columns, (std::vector<uint32_t>{2, 5, 7, 9}));
  const CsrMatrix joined = JoinRows({{.columns = {1}, .values = {4}}, {}});
  EXPECT_EQ(joined.offsets, (std::vector<int64_t>{0, 1, 1}));
  EXPECT_EQ(joined.cols, 2);
}

}  // namespace
}  // namespace burgeon
