#include <gtest/gtest.h>

#include "engine/base/thread_pool.h"
#include "engine/index/vector_index.h"
#include "engine/ops/top_k.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

TEST(FlatIndex, EqualsExactTopK) {
  const FloatMatrix v = ClusteredVectors(500, 24, 9, 0.5F, 1.0F, 11, 0);
  const FloatMatrix queries = ClusteredVectors(20, 24, 9, 0.5F, 1.0F, 11, 1);
  const auto index =
      BuildIndex(v.view(), {.kind = IndexKind::kFlat, .similarity = Similarity::kInnerProduct});
  ASSERT_TRUE(index.ok()) << index.status();
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  const auto exact =
      TopK(context, {.queries = queries.view(), .items = v.view(), .excluded = {}, .allowed = {}},
           {.k = 15});
  ASSERT_TRUE(exact.ok()) << exact.status();
  for (int64_t q = 0; q < queries.rows(); ++q) {
    const auto found = (*index)->Search(queries.row(q), 15);
    ASSERT_TRUE(found.ok()) << found.status();
    const auto list = exact->list(q);
    ASSERT_EQ(found->size(), list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      EXPECT_EQ((*found)[i].row, list[i].item.value);
      EXPECT_EQ((*found)[i].score, list[i].score);
    }
  }
}

TEST(FlatIndex, TiesGoByRow) {
  const FloatMatrix v(5, 1, {1, 2, 2, 2, 0});
  const auto index =
      BuildIndex(v.view(), {.kind = IndexKind::kFlat, .similarity = Similarity::kInnerProduct});
  const auto found = (*index)->Search(std::vector<float>{1}, 3);
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[0].row, 1U);
  EXPECT_EQ((*found)[1].row, 2U);
  EXPECT_EQ((*found)[2].row, 3U);
}

TEST(FlatIndex, KeepsNothingAndIsRebuiltFromTheVectors) {
  const FloatMatrix v = NormalVectors(10, 4, 1);
  const IndexParams params{.kind = IndexKind::kFlat};
  const auto built = BuildIndex(v.view(), params);
  EXPECT_EQ(*(*built)->Serialize(), "");
  const auto loaded = LoadIndex(v.view(), params, "");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->Search(v.row(3), 1)->size(), 1U);
  EXPECT_EQ(LoadIndex(v.view(), params, "x").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
