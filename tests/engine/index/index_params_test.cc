#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/index/index_kinds.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

TEST(IndexParamsTest, ReadFromAConfigurationAndChecked) {
  auto config = Config::Parse("{kind: ivf, ivf_lists: 12, ivf_probes: 3}", "t.yaml");
  ASSERT_TRUE(config.ok());
  const IndexParams params = ParseIndexParams(config->root());
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(params.kind, IndexKind::kIvf);
  EXPECT_EQ(params.ivf_lists, 12);
  EXPECT_EQ(params.ivf_probes, 3);
  EXPECT_TRUE(CheckIndexParams(params).ok());
  EXPECT_EQ(IndexKindName(params.kind), "ivf");
}

TEST(IndexParamsTest, OutOfRange) {
  IndexParams params;
  params.hnsw_neighbors = 1;
  EXPECT_EQ(MessageOf(CheckIndexParams(params)),
            "index: hnsw_neighbors is 1, it must be from 2 to 512");
  auto config = Config::Parse("hnsw_neighbors: 1", "t.yaml");
  ASSERT_TRUE(config.ok());
  ParseIndexParams(config->root());
  EXPECT_THAT(MessageOf(config->Finish()), HasSubstr("hnsw_neighbors: '1' is not an integer"));
}

}  // namespace
}  // namespace burgeon
