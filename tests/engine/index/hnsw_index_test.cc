#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "engine/storage/tensor_file.h"
#include "tests/engine/index/approximate_index_test.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr IndexParams kInner{.kind = IndexKind::kHnsw, .similarity = Similarity::kInnerProduct};
constexpr IndexParams kCosine{.kind = IndexKind::kHnsw, .similarity = Similarity::kCosine};

// A graph of 4,000 rows whose search looks at 200 of them should miss few of the ten nearest: one
// in ten is where it stops being worth its memory (isotropic vectors, the hard case), and data with
// any structure should lose hardly anything.
TEST(HnswIndex, FindsTheNearestByInnerProduct) {
  const FloatMatrix isotropic = NormalVectors(4000, 48, 1);
  const auto hard = BuildIndex(isotropic.view(), kInner);
  ASSERT_TRUE(hard.ok()) << hard.status();
  EXPECT_GE(RecallAgainstFlat(**hard, isotropic.view(), NormalVectors(50, 48, 2).view(), 10), 0.9);

  const FloatMatrix skewed = ClusteredVectors(4000, 48, 40, 0.7F, 1.0F, 3, 0);
  const FloatMatrix queries = ClusteredVectors(50, 48, 40, 0.7F, 1.0F, 3, 1);
  const auto index = BuildIndex(skewed.view(), kInner);
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_GE(RecallAgainstFlat(**index, skewed.view(), queries.view(), 10), 0.98);
}

TEST(HnswIndex, FindsTheNearestByCosine) {
  const FloatMatrix v = ClusteredVectors(4000, 48, 40, 0.7F, 1.0F, 4, 0);
  const FloatMatrix queries = ClusteredVectors(50, 48, 40, 0.7F, 1.0F, 4, 1);
  const auto index = BuildIndex(v.view(), kCosine);
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_GE(RecallAgainstFlat(**index, v.view(), queries.view(), 10), 0.95);
}

TEST(HnswIndex, LoadsWhatItSerialised) {
  const FloatMatrix v = ClusteredVectors(1500, 20, 10, 0.7F, 0.5F, 5, 0);
  const FloatMatrix queries = ClusteredVectors(30, 20, 10, 0.7F, 0.5F, 5, 1);
  for (const IndexParams& params : {kInner, kCosine}) {
    const auto built = BuildIndex(v.view(), params);
    ASSERT_TRUE(built.ok()) << built.status();
    const std::string bytes = *(*built)->Serialize();
    const auto again = BuildIndex(v.view(), params);
    EXPECT_EQ(bytes, *(*again)->Serialize()) << "two builds differ";
    const auto loaded = LoadIndex(v.view(), params, bytes);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(bytes, *(*loaded)->Serialize());
    ExpectSameAnswers(**built, **loaded, queries.view(), 12);
  }
}

TEST(HnswIndex, RowsThatLieApartGiveTheSameGraph) {
  const FloatMatrix v = NormalVectors(600, 12, 6);
  FloatMatrix wide(600, 20);
  for (int64_t i = 0; i < 600; ++i) {
    std::copy(v.row(i).begin(), v.row(i).end(), wide.row(i).begin());
  }
  const MatrixView<const float> strided{wide.data(), 600, 12, 20};
  EXPECT_EQ(*(*BuildIndex(v.view(), kCosine))->Serialize(),
            *(*BuildIndex(strided, kCosine))->Serialize());
}

TEST(HnswIndex, SearchesSideBySideGiveTheSameAnswers) {
  const FloatMatrix v = NormalVectors(2000, 16, 7);
  const FloatMatrix queries = NormalVectors(64, 16, 8);
  const auto index = BuildIndex(v.view(), kInner);
  ASSERT_TRUE(index.ok()) << index.status();
  std::vector<std::vector<Neighbor>> alone(64);
  for (int64_t q = 0; q < 64; ++q) alone[q] = *(*index)->Search(queries.row(q), 10);
  std::vector<std::vector<Neighbor>> beside(64);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int64_t q = t; q < 64; q += 4) beside[q] = *(*index)->Search(queries.row(q), 10);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t q = 0; q < 64; ++q) {
    ASSERT_EQ(alone[q].size(), beside[q].size());
    for (size_t i = 0; i < alone[q].size(); ++i) EXPECT_EQ(alone[q][i].row, beside[q][i].row);
  }
}

TEST(HnswIndex, AskedForEveryRowGivesEveryRow) {
  const FloatMatrix v = ClusteredVectors(300, 8, 3, 0.1F, 2.0F, 9, 0);
  const auto index = BuildIndex(v.view(), kInner);
  ASSERT_TRUE(index.ok()) << index.status();
  const auto found = (*index)->Search(v.row(0), 300);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->size(), 300U);
}

TEST(HnswIndex, HoldsEqualAndZeroVectors) {
  FloatMatrix v(500, 4);  // 400 zeros, then 100 equal rows
  for (int64_t i = 400; i < 500; ++i) std::fill(v.row(i).begin(), v.row(i).end(), 1.0F);
  const auto index = BuildIndex(v.view(), kCosine);
  ASSERT_TRUE(index.ok()) << index.status();
  const auto found = (*index)->Search(std::vector<float>{1, 1, 1, 2}, 5);
  ASSERT_TRUE(found.ok()) << found.status();
  for (const Neighbor& n : *found) EXPECT_GE(n.row, 400U);
  EXPECT_EQ((*index)->Search(std::vector<float>(4, 0.0F), 5)->size(), 0U);
}

TEST(HnswIndex, DamageIsHarmless) {
  const FloatMatrix v = NormalVectors(40, 3, 10);
  IndexParams params = kInner;
  params.hnsw_neighbors = 3;
  const auto index = BuildIndex(v.view(), params);
  ASSERT_TRUE(index.ok()) << index.status();
  ExpectDamageIsHarmless(v.view(), params, *(*index)->Serialize());
}

// The tensors of a good index with one of them replaced.
absl::Status LoadWith(MatrixView<const float> v, const std::string& name,
                      std::span<const int32_t> values) {
  const auto bytes = (*BuildIndex(v, kInner))->Serialize();
  const auto good = ParseTensors(*bytes, "good");
  TensorFile bad;
  for (const auto& [tensor_name, tensor] : good->tensors()) {
    if (tensor_name == name) {
      bad.Add(name, values);
    } else {
      bad.AddTensor(tensor_name, tensor);
    }
  }
  return LoadIndex(v, kInner, SerializeTensors(bad)).status();
}

TEST(HnswIndex, NamesWhatIsWrongWithAGraph) {
  const FloatMatrix v = NormalVectors(40, 3, 10);
  const auto bytes = (*BuildIndex(v.view(), kInner))->Serialize();
  const auto good = ParseTensors(*bytes, "good");
  auto links = *good->GetInt32s("hnsw.links");
  links[3] = 40;
  EXPECT_THAT(MessageOf(LoadWith(v.view(), "hnsw.links", links)), HasSubstr("row 0 links"));
  links.pop_back();
  EXPECT_THAT(MessageOf(LoadWith(v.view(), "hnsw.links", links)), HasSubstr("entries, not"));
  auto levels = *good->GetInt32s("hnsw.levels");
  levels[7] = 0;
  EXPECT_THAT(MessageOf(LoadWith(v.view(), "hnsw.levels", levels)), HasSubstr("row 7 is on 0"));
  levels.pop_back();
  EXPECT_THAT(MessageOf(LoadWith(v.view(), "hnsw.levels", levels)), HasSubstr("has 39 entries"));
  EXPECT_THAT(MessageOf(LoadWith(v.view(), "hnsw.entry", std::vector<int32_t>{40})),
              HasSubstr("not one row below 40"));
}

}  // namespace
}  // namespace burgeon
