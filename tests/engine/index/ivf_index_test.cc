#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/storage/tensor_file.h"
#include "tests/engine/index/approximate_index_test.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr IndexParams kInner{.kind = IndexKind::kIvf, .similarity = Similarity::kInnerProduct};
constexpr IndexParams kCosine{.kind = IndexKind::kIvf, .similarity = Similarity::kCosine};

// With 40 clusters and 252 lists a cluster is cut into about six, so 64 probed lists hold those of
// a query's own cluster and of several beside it.
TEST(IvfIndex, FindsTheNearestOfClusteredVectors) {
  const FloatMatrix v = ClusteredVectors(4000, 48, 40, 0.7F, 0.5F, 3, 0);
  const FloatMatrix queries = ClusteredVectors(50, 48, 40, 0.7F, 0.5F, 3, 1);
  for (IndexParams params : {kInner, kCosine}) {
    params.ivf_probes = 64;
    const auto index = BuildIndex(v.view(), params);
    ASSERT_TRUE(index.ok()) << index.status();
    EXPECT_GE(RecallAgainstFlat(**index, v.view(), queries.view(), 10), 0.9);
  }
}

TEST(IvfIndex, ProbingEveryListIsExact) {
  const FloatMatrix v = ClusteredVectors(1000, 16, 40, 0.7F, 1.0F, 4, 0);
  for (IndexParams params : {kInner, kCosine}) {
    params.ivf_lists = 20;
    params.ivf_probes = 1000;  // more than there are
    const auto index = BuildIndex(v.view(), params);
    ASSERT_TRUE(index.ok()) << index.status();
    EXPECT_EQ(RecallAgainstFlat(**index, v.view(), v.view().Rows(0, 40), 10), 1.0);
  }
}

TEST(IvfIndex, LoadsWhatItSerialised) {
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

TEST(IvfIndex, ListsAreClampedToTheRows) {
  IndexParams params = kCosine;
  params.ivf_lists = 100;
  for (const int64_t rows : {1, 2, 7}) {
    const FloatMatrix v = NormalVectors(rows, 5, 6);
    const auto index = BuildIndex(v.view(), params);
    ASSERT_TRUE(index.ok()) << index.status();
    EXPECT_EQ((*index)->Search(v.row(0), 3)->front().row, 0U);
    const auto loaded = LoadIndex(v.view(), params, *(*index)->Serialize());
    EXPECT_TRUE(loaded.ok()) << loaded.status();
  }
}

TEST(IvfIndex, HoldsEqualAndZeroVectors) {
  FloatMatrix v(500, 4);  // 400 zeros, then 100 equal rows
  for (int64_t i = 400; i < 500; ++i) std::fill(v.row(i).begin(), v.row(i).end(), 1.0F);
  IndexParams params = kCosine;
  params.ivf_lists = 10;
  params.ivf_probes = 10;
  const auto index = BuildIndex(v.view(), params);
  ASSERT_TRUE(index.ok()) << index.status();
  const auto found = (*index)->Search(std::vector<float>{1, 1, 1, 2}, 5);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 5U);
  for (const Neighbor& n : *found) EXPECT_GE(n.row, 400U);
}

TEST(IvfIndex, DamageIsHarmless) {
  const FloatMatrix v = NormalVectors(40, 3, 10);
  const auto index = BuildIndex(v.view(), kInner);
  ASSERT_TRUE(index.ok()) << index.status();
  ExpectDamageIsHarmless(v.view(), kInner, *(*index)->Serialize());
}

TEST(IvfIndex, NamesWhatIsWrongWithItsLists) {
  const FloatMatrix v = NormalVectors(40, 3, 10);  // 25 lists
  const std::string bytes = *(*BuildIndex(v.view(), kInner))->Serialize();
  const auto good = ParseTensors(bytes, "good");
  const auto with = [&](const std::string& name, const auto& values) {
    TensorFile bad;
    for (const auto& [tensor_name, tensor] : good->tensors()) {
      if (tensor_name != name) bad.AddTensor(tensor_name, tensor);
    }
    bad.Add(name, values);
    return MessageOf(LoadIndex(v.view(), kInner, SerializeTensors(bad)).status());
  };
  auto lists = *good->GetUint32s("ivf.list_of_row");
  lists[4] = 25;
  EXPECT_THAT(with("ivf.list_of_row", std::span<const uint32_t>(lists)),
              HasSubstr("row 4 is in list 25 of 25"));
  lists.pop_back();
  EXPECT_THAT(with("ivf.list_of_row", std::span<const uint32_t>(lists)),
              HasSubstr("has 39 entries, not 40"));
  const FloatMatrix few(24, 3);
  EXPECT_THAT(with("ivf.centroids", few.view()), HasSubstr("24 x 3, not 25 x 3"));
}

}  // namespace
}  // namespace burgeon
