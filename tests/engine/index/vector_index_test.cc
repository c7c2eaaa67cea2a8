#include "engine/index/vector_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "engine/config/config.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(ParseIndexParams, ReadsEveryFieldAndHasDefaults) {
  auto config = Config::Parse(
      "index: {kind: ivf, hnsw_neighbors: 8, hnsw_ef_construction: 20, hnsw_ef_search: 30,\n"
      "        ivf_lists: 40, ivf_probes: 50}\n"
      "other: {}\n",
      "test.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const IndexParams read = ParseIndexParams(config->root().Child("index"));
  EXPECT_EQ(read.kind, IndexKind::kIvf);
  EXPECT_EQ(read.hnsw_neighbors, 8);
  EXPECT_EQ(read.hnsw_ef_construction, 20);
  EXPECT_EQ(read.hnsw_ef_search, 30);
  EXPECT_EQ(read.ivf_lists, 40);
  EXPECT_EQ(read.ivf_probes, 50);
  const IndexParams defaults = ParseIndexParams(config->root().Child("other"));
  EXPECT_EQ(defaults.kind, IndexKind::kHnsw);
  EXPECT_EQ(defaults.hnsw_neighbors, IndexParams().hnsw_neighbors);
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
}

TEST(ParseIndexParams, RefusesAnUnknownKindAndNumbersOutOfRange) {
  for (const char* yaml : {"kind: tree", "hnsw_neighbors: 1", "ivf_probes: 0", "ivf_lists: -1"}) {
    auto config = Config::Parse(yaml, "test.yaml");
    ASSERT_TRUE(config.ok()) << config.status();
    ParseIndexParams(config->root());
    EXPECT_EQ(config->Finish().code(), absl::StatusCode::kInvalidArgument) << yaml;
  }
}

TEST(IndexKindName, NamesEveryKind) {
  EXPECT_EQ(IndexKindName(IndexKind::kFlat), "flat");
  EXPECT_EQ(IndexKindName(IndexKind::kHnsw), "hnsw");
  EXPECT_EQ(IndexKindName(IndexKind::kIvf), "ivf");
}

TEST(BuildIndex, OverNothingFindsNothing) {
  const FloatMatrix none(0, 4);
  for (const IndexKind kind : {IndexKind::kFlat, IndexKind::kHnsw, IndexKind::kIvf}) {
    const IndexParams params{.kind = kind};
    const auto index = BuildIndex(none.view(), params);
    ASSERT_TRUE(index.ok()) << index.status();
    EXPECT_EQ((*index)->rows(), 0);
    EXPECT_EQ((*index)->params().kind, kind);
    EXPECT_TRUE((*index)->Search(std::vector<float>(4, 1.0F), 3)->empty());
    EXPECT_EQ(*(*index)->Serialize(), "");
    EXPECT_TRUE(LoadIndex(none.view(), params, "").ok());
  }
}

TEST(BuildIndex, RefusesVectorsThatAreNotFinite) {
  FloatMatrix v = NormalVectors(3, 2, 1);
  v.at(2, 1) = std::numeric_limits<float>::infinity();
  const auto index = BuildIndex(v.view(), {});
  EXPECT_EQ(index.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(index.status()), HasSubstr("row 2 is not finite in dimension 1"));
}

TEST(BuildIndex, RefusesParametersOutOfRange) {
  const FloatMatrix v = NormalVectors(3, 2, 1);
  EXPECT_THAT(MessageOf(BuildIndex(v.view(), {.hnsw_neighbors = 1}).status()),
              HasSubstr("hnsw_neighbors is 1, it must be from 2 to 512"));
  EXPECT_THAT(MessageOf(BuildIndex(v.view(), {.ivf_probes = 0}).status()),
              HasSubstr("ivf_probes is 0"));
}

TEST(Search, RefusesABadQuery) {
  const FloatMatrix v = NormalVectors(300, 3, 1);
  for (const IndexKind kind : {IndexKind::kFlat, IndexKind::kHnsw, IndexKind::kIvf}) {
    const auto index = BuildIndex(v.view(), {.kind = kind});
    ASSERT_TRUE(index.ok()) << index.status();
    EXPECT_EQ((*index)->Search(std::vector<float>{1, 2}, 1).status().code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_EQ((*index)->Search(v.row(0), 0).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(LoadIndex, RefusesAnIndexOfOtherVectorsOrAnotherKind) {
  const FloatMatrix v = NormalVectors(60, 4, 1);
  const IndexParams hnsw{.kind = IndexKind::kHnsw};
  const std::string bytes = *(*BuildIndex(v.view(), hnsw))->Serialize();
  const auto problem = [&](MatrixView<const float> vectors, const IndexParams& params) {
    const auto index = LoadIndex(vectors, params, bytes);
    EXPECT_EQ(index.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(index.status());
  };
  EXPECT_THAT(problem(v.view().Rows(0, 59), hnsw), HasSubstr("rows of the index is 60, not 59"));
  EXPECT_THAT(problem(NormalVectors(60, 5, 1).view(), hnsw),
              HasSubstr("dimensions of the index is 4, not 5"));
  EXPECT_THAT(problem(v.view(), {.kind = IndexKind::kIvf}), HasSubstr("kind of the index"));
  EXPECT_THAT(problem(v.view(), {.kind = IndexKind::kHnsw, .similarity = Similarity::kCosine}),
              HasSubstr("similarity of the index"));
  EXPECT_THAT(problem(v.view(), {.kind = IndexKind::kHnsw, .hnsw_neighbors = 16}),
              HasSubstr("build parameter"));
  EXPECT_THAT(problem(v.view(), {.kind = IndexKind::kFlat}), HasSubstr("keeps nothing"));
  // What only steers the search may change from release to release.
  EXPECT_TRUE(LoadIndex(v.view(), {.kind = IndexKind::kHnsw, .hnsw_ef_search = 7}, bytes).ok());
}

}  // namespace
}  // namespace burgeon
