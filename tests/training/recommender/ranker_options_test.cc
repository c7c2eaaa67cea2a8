#include "training/recommender/ranker_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<RankerOptions> Parse(const std::string& yaml) {
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Parse("ranker: " + yaml, "c.yaml"));
  const RankerOptions options = ParseRankerOptions(config.root().Child("ranker"));
  BURGEON_RETURN_IF_ERROR(config.Finish());
  return options;
}

TEST(RankerOptionsTest, DefaultsHaveNoRanker) {
  const auto options = Parse("{}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->pool, 0);
  EXPECT_THAT(options->hidden, ElementsAre(32));
  EXPECT_THAT(options->trend_days, ElementsAre(7, 60));
}

TEST(RankerOptionsTest, ListsMayBeEmpty) {
  const auto options = Parse("{pool: 50, hidden: [], trend_days: [1.5], random_seed: 9}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->pool, 50);
  EXPECT_THAT(options->hidden, IsEmpty());
  EXPECT_THAT(options->trend_days, ElementsAre(1.5));
  EXPECT_EQ(options->seed, 9U);
}

TEST(RankerOptionsTest, Refusals) {
  EXPECT_THAT(MessageOf(Parse("{hidden: [0]}").status()),
              HasSubstr("ranker.hidden: '0': at most 8 layers of 1 to 4096 units"));
  EXPECT_THAT(MessageOf(Parse("{trend_days: [7, -1]}").status()),
              HasSubstr("ranker.trend_days: '-1': at most 8 half-lives above 0"));
  EXPECT_THAT(MessageOf(Parse("{pool: -1}").status()), HasSubstr("ranker.pool"));
}

}  // namespace
}  // namespace burgeon
