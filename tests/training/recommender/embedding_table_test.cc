#include "training/recommender/embedding_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace burgeon {
namespace {

constexpr int64_t kRows = 5;
constexpr int64_t kDim = 3;

class EmbeddingTableTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  const CsrMatrix used_ = {.offsets = {0, 2, 3, 5},
                           .columns = {0, 3, 3, 1, 4},
                           .values = {1, 2, .5F, 1, -1},
                           .cols = kRows};
};

// Three steps beside AdamW written out in double, with a dense gradient.
TEST_F(EmbeddingTableTest, MovesAsAdamWWithTheGradientLaidOut) {
  EmbeddingTable table(pool_, kRows, kDim, 3, 1);
  std::vector<double> value(table.view().data, table.view().data + kRows * kDim);
  std::vector<double> first(value.size());
  std::vector<double> second(value.size());
  for (int number = 1; number <= 3; ++number) {
    FloatMatrix gradient(3, kDim);
    for (size_t k = 0; k < gradient.values().size(); ++k) {
      gradient.values()[k] = static_cast<float>(std::sin(static_cast<double>(k) + number));
    }
    const AdamStep step = {.rate = 0.01, .weight_decay = 0.1, .number = number};
    const EmbeddingTable::Use use = {used_.view(), gradient.view()};
    table.Move(pool_, {&use, 1}, step);
    for (int64_t r = 0; r < kRows; ++r) {
      for (int64_t k = 0; k < kDim; ++k) {
        double g = 0;
        for (int64_t u = 0; u < 3; ++u) {
          const auto columns = used_.view().row_columns(u);
          for (size_t e = 0; e < columns.size(); ++e) {
            if (columns[e] == r) {
              g += static_cast<double>(used_.view().row_values(u)[e]) *
                   static_cast<double>(gradient.at(u, k));
            }
          }
        }
        const auto at = static_cast<size_t>(r * kDim + k);
        first[at] = 0.9 * first[at] + 0.1 * g;
        second[at] = 0.999 * second[at] + 0.001 * g * g;
        const double m = first[at] / (1 - std::pow(0.9, number));
        const double v = second[at] / (1 - std::pow(0.999, number));
        value[at] = value[at] * (1 - 0.01 * 0.1) - 0.01 * m / (std::sqrt(v) + 1e-8);
        EXPECT_NEAR(table.view().row(r)[static_cast<size_t>(k)], value[at], 2e-6) << r << " " << k;
      }
    }
  }
}

TEST_F(EmbeddingTableTest, TwoUsesAddUp) {
  EmbeddingTable once(pool_, kRows, kDim, 3, 1);
  EmbeddingTable twice(pool_, kRows, kDim, 3, 1);
  const FloatMatrix gradient(3, kDim, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  FloatMatrix half = gradient;
  for (float& x : half.values()) x /= 2;
  const AdamStep step = {.rate = 0.1, .weight_decay = 0, .number = 1};
  const EmbeddingTable::Use whole = {used_.view(), gradient.view()};
  const std::vector<EmbeddingTable::Use> halves(2, {used_.view(), half.view()});
  once.Move(pool_, {&whole, 1}, step);
  twice.Move(pool_, halves, step);
  for (int64_t k = 0; k < kRows * kDim; ++k) {
    EXPECT_NEAR(once.view().data[k], twice.view().data[k], 1e-6);
  }
}

TEST_F(EmbeddingTableTest, LooksUpASumOfRows) {
  const EmbeddingTable table(pool_, kRows, kDim, 3, 1);
  FloatMatrix got(3, kDim);
  table.LookUp(context_, used_.view(), got.view());
  for (size_t k = 0; k < kDim; ++k) {
    EXPECT_NEAR(got.row(0)[k], table.view().row(0)[k] + 2 * table.view().row(3)[k], 1e-7);
  }
}

TEST_F(EmbeddingTableTest, SavedItGoesOnTheSame) {
  EmbeddingTable table(pool_, kRows, kDim, 3, 1);
  const FloatMatrix gradient(3, kDim, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const EmbeddingTable::Use use = {used_.view(), gradient.view()};
  table.Move(pool_, {&use, 1}, {.rate = 0.1, .weight_decay = 0, .number = 1});
  TensorFile file;
  table.Save("t", &file);
  EmbeddingTable other(pool_, kRows, kDim, 4, 1);
  ASSERT_TRUE(other.Restore("t", file).ok());
  for (EmbeddingTable* one : {&table, &other}) {
    one->Move(pool_, {&use, 1}, {.rate = 0.1, .weight_decay = 0, .number = 2});
  }
  EXPECT_TRUE(std::equal(table.view().data, table.view().data + kRows * kDim, other.view().data));
  EmbeddingTable small(pool_, kRows - 1, kDim, 4, 1);
  EXPECT_EQ(small.Restore("t", file).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
