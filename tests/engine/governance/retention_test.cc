#include "engine/governance/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr TimeMicros kNow = 1'763'812'800 * kMicrosPerSecond;

RetentionPolicy Parse(const std::string& yaml, absl::Status* status) {
  auto config = Config::Parse(yaml, "a.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  const RetentionPolicy policy = ParseRetentionPolicy(config->root().Child("privacy"));
  *status = config->Finish();
  return policy;
}

Event Of(EventType type, TimeMicros time) {
  Event event;
  event.type = type;
  event.event_time = time;
  return event;
}

TEST(RetentionTest, DurationsAreWholeDaysWeeksAndYears) {
  EXPECT_EQ(ParseDuration("1d"), kMicrosPerDay);
  EXPECT_EQ(ParseDuration("52w"), 364 * kMicrosPerDay);
  EXPECT_EQ(ParseDuration("10y"), 3650 * kMicrosPerDay);
  for (const char* const bad : {"", "d", "0d", "-1d", "1", "1m", "1.5y", "1001y", "10 d", "d1"}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

TEST(RetentionTest, AnEventIsOverOnceItIsOlderThanItsType) {
  absl::Status status;
  const RetentionPolicy policy =
      Parse("privacy: {retention: {view: 400d, purchase: 10y}}", &status);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_FALSE(policy.empty());
  EXPECT_FALSE(policy.IsOver(Of(EventType::kView, kNow - 400 * kMicrosPerDay), kNow));
  EXPECT_TRUE(policy.IsOver(Of(EventType::kView, kNow - 400 * kMicrosPerDay - 1), kNow));
  EXPECT_FALSE(policy.IsOver(Of(EventType::kPurchase, kNow - 401 * kMicrosPerDay), kNow));
  EXPECT_TRUE(policy.IsOver(Of(EventType::kPurchase, kNow - 3651 * kMicrosPerDay), kNow));
  EXPECT_FALSE(policy.IsOver(Of(EventType::kClick, 0), kNow));
}

TEST(RetentionTest, WithoutTheSectionEverythingIsKept) {
  absl::Status status;
  EXPECT_TRUE(Parse("privacy: {}", &status).empty());
  EXPECT_TRUE(status.ok()) << status;
}

TEST(RetentionTest, WhatCannotBeIsNamed) {
  absl::Status status;
  Parse("privacy: {retention: {view: forever}}", &status);
  EXPECT_THAT(MessageOf(status), HasSubstr("'forever' is not a duration"));
  Parse("privacy: {retention: {consent: 1y}}", &status);
  EXPECT_THAT(MessageOf(status), HasSubstr("kept for ever"));
  Parse("privacy: {retention: {purchases: 1y}}", &status);
  EXPECT_FALSE(status.ok());
}

}  // namespace
}  // namespace burgeon
