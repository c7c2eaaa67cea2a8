#include "training/recommender/select_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SelectRowsTest, RowsInTheOrderAsked) {
  CsrMatrix matrix;
  matrix.cols = 9;
  matrix.offsets = {0, 2, 2, 3};
  matrix.columns = {1, 4, 8};
  matrix.values = {0.5F, 2, 3};
  const std::vector<int64_t> rows = {2, 1, 0, 2};
  const CsrMatrix selected = SelectRows(matrix.view(), rows);
  EXPECT_EQ(selected.cols, 9);
  EXPECT_THAT(selected.offsets, ElementsAre(0, 1, 1, 3, 4));
  EXPECT_THAT(selected.columns, ElementsAre(8, 1, 4, 8));
  EXPECT_THAT(selected.values, ElementsAre(3, 0.5F, 2, 3));
  matrix.values.clear();
  EXPECT_THAT(SelectRows(matrix.view(), rows).values, IsEmpty());
}

}  // namespace
}  // namespace burgeon
