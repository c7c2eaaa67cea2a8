#include "engine/simulation/world_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

absl::StatusOr<WorldConfig> Parse(std::string_view yaml) {
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Parse(yaml, "w.yaml"));
  WorldConfig world;
  ParseWorldConfig(config.root().Child("simulation"), &world);
  BURGEON_RETURN_IF_ERROR(config.Finish());
  return world;
}

TEST(WorldConfig, ReadsFieldsOverTheDefaults) {
  const auto world = Parse(
      "simulation:\n  zipf: 0.7\n  funnel: {add_to_cart: 0.2}\n  feedback: {review: 0.5}\n"
      "  consent_granted: {score: 0.25}\n");
  ASSERT_TRUE(world.ok()) << MessageOf(world.status());
  EXPECT_EQ(world->zipf, 0.7);
  EXPECT_EQ(world->funnel.add_to_cart, 0.2);
  EXPECT_EQ(world->funnel.click, FunnelConfig{}.click);
  EXPECT_EQ(world->feedback.review, 0.5);
  EXPECT_EQ(world->consent_granted[1], 0.25);
  EXPECT_EQ(world->consent_granted[0], WorldConfig{}.consent_granted[0]);
}

TEST(WorldConfig, NamesWhatIsWrong) {
  EXPECT_THAT(MessageOf(Parse("simulation: {zipf: 9}").status()), HasSubstr("simulation.zipf"));
  EXPECT_THAT(MessageOf(Parse("simulation: {zapf: 1}").status()), HasSubstr("zapf"));
  EXPECT_THAT(MessageOf(Parse("simulation: {funnel: {click: 1.5}}").status()),
              HasSubstr("simulation.funnel.click"));
}

TEST(WorldConfig, ChecksSizes) {
  WorldConfig world;
  EXPECT_TRUE(CheckWorldConfig(world).ok());
  world.items = 0;
  EXPECT_THAT(MessageOf(CheckWorldConfig(world)), HasSubstr("items: 0"));
  world = {};
  world.days = 30'000;
  EXPECT_THAT(MessageOf(CheckWorldConfig(world)), HasSubstr("days: 30000"));
  world = {};
  world.start = 0;
  EXPECT_THAT(MessageOf(CheckWorldConfig(world)), HasSubstr("start: 1970-01-01"));
  world = {};
  world.events_per_customer = 0.5;
  EXPECT_FALSE(CheckWorldConfig(world).ok());
}

}  // namespace
}  // namespace burgeon
