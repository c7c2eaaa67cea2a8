#include "engine/base/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MatrixTest, StartsAtZeroAndIsRowMajor) {
  FloatMatrix m(2, 3);
  EXPECT_THAT(m.values(), ElementsAre(0, 0, 0, 0, 0, 0));
  m.at(1, 2) = 5;
  m.row(0)[1] = 4;
  EXPECT_THAT(m.values(), ElementsAre(0, 4, 0, 0, 0, 5));
  EXPECT_THAT(std::as_const(m).row(1), ElementsAre(0, 0, 5));
}

TEST(MatrixTest, TakesValues) {
  const DoubleMatrix m(2, 2, {1, 2, 3, 4});
  EXPECT_EQ(m.at(1, 0), 3);
  EXPECT_FALSE(m.empty());
  EXPECT_TRUE(DoubleMatrix(0, 7).empty());
}

TEST(MatrixViewTest, RowsFollowTheStride) {
  std::vector<float> values = {1, 2, -1, 3, 4, -1, 5, 6, -1};
  const MatrixView<float> view{values.data(), 3, 2, 3};
  EXPECT_THAT(view.row(1), ElementsAre(3, 4));
  const MatrixView<const float> last = view.Rows(1, 3);
  EXPECT_EQ(last.rows, 2);
  EXPECT_THAT(last.row(1), ElementsAre(5, 6));
  EXPECT_EQ(view.Rows(3, 3).rows, 0);
}

TEST(MatrixDeathTest, OutOfRangeIsABug) {
  FloatMatrix m(2, 2);
  EXPECT_DEATH(m.row(2), "i < rows");
  EXPECT_DEATH(m.view().Rows(1, 3), "end <= rows");
  EXPECT_DEATH(FloatMatrix(2, 2, {1, 2, 3}), "values_.size");
}

TEST(CsrViewTest, RowsColumnsAndValues) {
  CsrMatrix m;
  m.offsets = {0, 2, 2, 3};
  m.columns = {0, 3, 1};
  m.cols = 4;
  EXPECT_EQ(m.rows(), 3);
  EXPECT_EQ(m.view().nonzeros(), 3);
  EXPECT_THAT(m.view().row_columns(0), ElementsAre(0, 3));
  EXPECT_THAT(m.view().row_columns(1), IsEmpty());
  EXPECT_THAT(m.view().row_values(0), IsEmpty());  // no values: every entry is 1
  m.values = {0.5F, 2, 3};
  EXPECT_THAT(m.view().row_values(0), ElementsAre(0.5F, 2));
  EXPECT_EQ(CsrView{}.rows(), 0);
}

TEST(TransposeTest, KeepsEntriesAscendingAndValuesBeside) {
  CsrMatrix m;
  m.offsets = {0, 2, 2, 5};
  m.columns = {0, 3, 0, 1, 3};
  m.values = {1, 2, 3, 4, 5};
  m.cols = 4;
  const CsrMatrix t = Transpose(m.view());
  EXPECT_EQ(t.cols, 3);
  EXPECT_THAT(t.offsets, ElementsAre(0, 2, 3, 3, 5));
  EXPECT_THAT(t.columns, ElementsAre(0, 2, 2, 0, 2));
  EXPECT_THAT(t.values, ElementsAre(1, 3, 4, 2, 5));
  const CsrMatrix back = Transpose(t.view());
  EXPECT_EQ(back.offsets, m.offsets);
  EXPECT_EQ(back.columns, m.columns);
  EXPECT_EQ(back.values, m.values);
}

TEST(TransposeTest, EmptyShapes) {
  CsrMatrix none;
  none.cols = 3;
  EXPECT_THAT(Transpose(none.view()).offsets, ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(Transpose(none.view()).values, IsEmpty());
}

}  // namespace
}  // namespace burgeon
