#include "cuda/top_k_tiling.h"

#include <gtest/gtest.h>

namespace burgeon::cuda {
namespace {

TEST(PlanTopKTest, StaysWithinTheBudgetOfKeys) {
  for (const int64_t queries : {1, 31, 1'000'000}) {
    for (const int64_t rows : {1, 33, 100'000, 1'000'000'000}) {
      for (const int64_t k : {1, 100, 10'000}) {
        const TopKTiling tiling = PlanTopK(queries, rows, k);
        EXPECT_LE(tiling.keys(), kTopKKeysPerTile) << queries << " " << rows << " " << k;
        EXPECT_GE(tiling.queries, 1);
        EXPECT_LE(tiling.queries, queries);
        EXPECT_LE(tiling.rows, rows);
        EXPECT_EQ(tiling.kept, std::min(k, rows));
      }
    }
  }
}

TEST(PlanTopKTest, SmallProblemsAreOneTile) {
  const TopKTiling tiling = PlanTopK(32, 1000, 10);
  EXPECT_EQ(tiling.queries, 32);
  EXPECT_EQ(tiling.rows, 1000);
  EXPECT_EQ(tiling.width(), 1010);
  EXPECT_EQ(tiling.keys(), 32 * 1010);
}

TEST(PlanTopKTest, OneQueryIsTheLeast) {
  const TopKTiling tiling = PlanTopK(9, 5000, 100, /*keys_per_tile=*/10, /*rows_per_tile=*/700);
  EXPECT_EQ(tiling.queries, 1);
  EXPECT_EQ(tiling.rows, 700);
}

TEST(PlanTopKTest, EmptySides) {
  EXPECT_EQ(PlanTopK(0, 0, 5).keys(), 2);
  EXPECT_EQ(PlanTopK(7, 0, 5).kept, 1);
}

}  // namespace
}  // namespace burgeon::cuda
