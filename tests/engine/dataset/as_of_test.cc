#include "engine/dataset/as_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(AsOfTest, AJobSaysWhichTimeItMeans) {
  EventManifest manifest;
  manifest.watermark = 77;
  const auto in = [&](const std::string& yaml) {
    auto config = Config::Parse(yaml, "a.yaml");
    const AsOf as_of = AsOf::FromConfig(config->root().Child("dataset"));
    EXPECT_TRUE(config->Finish().ok()) << config->Finish();
    return *as_of.In(manifest);
  };
  EXPECT_EQ(in("dataset: {}"), INT64_MAX);
  EXPECT_EQ(in("dataset: {as_of: latest}"), INT64_MAX);
  EXPECT_EQ(in("dataset: {as_of: watermark}"), 77);
  EXPECT_EQ(in("dataset: {as_of: 1970-01-02T00:00:00Z}"), kMicrosPerDay);
}

TEST(AsOfTest, AnotherTextIsRefusedWithItsLine) {
  auto config = Config::Parse("dataset:\n  as_of: yesterday\n", "a.yaml");
  AsOf::FromConfig(config->root().Child("dataset"));
  EXPECT_THAT(MessageOf(config->Finish()), HasSubstr("a.yaml:2: dataset.as_of: 'yesterday' is"));
  EXPECT_TRUE(absl::IsInvalidArgument(AsOf::FromText("").status()));
}

TEST(AsOfTest, AStoreWithoutAWatermarkIsNotReady) {
  EXPECT_TRUE(absl::IsFailedPrecondition(AsOf{AsOf::Kind::kWatermark, 0}.In({}).status()));
}

}  // namespace
}  // namespace burgeon
