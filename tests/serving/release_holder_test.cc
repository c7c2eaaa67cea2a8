#include "serving/release_holder.h"

#include <gmock/gmock.h>

#include "tests/serving/fake_source.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string IdOf(const ReleaseHolder& holder) {
  const std::shared_ptr<const ServingState> state = holder.Get();
  return state == nullptr ? "" : state->release_id;
}

// Waits until `done`, at most a time that no machine needs.
template <class Done>
bool Eventually(const Done& done) {
  for (int i = 0; i < 5000 && !done(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return done();
}

ReleaseHolderOptions Quick() { return {.poll_ms = 1, .retry_ms = 60'000}; }

TEST(ReleaseHolder, TheFirstReleaseIsThereBeforeAnythingElse) {
  FakeSource source("r1");
  ReleaseHolder holder(source, Quick(), nullptr);
  EXPECT_EQ(holder.Get(), nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  EXPECT_EQ(IdOf(holder), "r1");
  EXPECT_EQ(holder.Counts().loaded, 1);
}

TEST(ReleaseHolder, ADamagedFirstReleaseIsAnError) {
  FakeSource source("r1");
  source.Damage("r1");
  ReleaseHolder holder(source, Quick(), nullptr);
  EXPECT_EQ(holder.LoadFirst().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(holder.Get(), nullptr);
}

TEST(ReleaseHolder, TakesUpANewRelease) {
  FakeSource source("r1");
  ReleaseHolder holder(source, Quick(), nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  holder.StartWatching();
  const std::shared_ptr<const ServingState> before = holder.Get();
  source.Publish("r2");
  EXPECT_TRUE(Eventually([&] { return IdOf(holder) == "r2"; }));
  EXPECT_EQ(before->release_id, "r1");  // who began with it keeps it
  EXPECT_EQ(holder.Counts().loaded, 2);
}

TEST(ReleaseHolder, FindsTheFirstReleaseWhenItComesLater) {
  FakeSource source("");
  ReleaseHolder holder(source, Quick(), nullptr);
  EXPECT_EQ(holder.LoadFirst().code(), absl::StatusCode::kNotFound);
  holder.StartWatching();
  ASSERT_TRUE(Eventually([&] { return source.polls() > 3; }));
  EXPECT_EQ(holder.Counts().failed, 0);  // nothing was published: no failure
  source.Publish("r1");
  EXPECT_TRUE(Eventually([&] { return IdOf(holder) == "r1"; }));
}

TEST(ReleaseHolder, AFailureKeepsTheOldReleaseAndIsCountedOnce) {
  FakeSource source("r1");
  std::vector<std::string> lines;
  ReleaseHolder holder(source, Quick(), [&](std::string_view line) { lines.emplace_back(line); });
  ASSERT_TRUE(holder.LoadFirst().ok());
  source.Damage("r2");
  holder.StartWatching();
  source.Publish("r2");
  ASSERT_TRUE(Eventually([&] { return holder.Counts().failed > 0; }));
  const int polls = source.polls();
  ASSERT_TRUE(Eventually([&] { return source.polls() > polls + 5; }));
  EXPECT_EQ(holder.Counts().failed, 1);  // not tried again before its time
  EXPECT_TRUE(holder.Counts().last_failed);
  EXPECT_EQ(IdOf(holder), "r1");
  source.Publish("r3");
  ASSERT_TRUE(Eventually([&] { return IdOf(holder) == "r3"; }));
  EXPECT_FALSE(holder.Counts().last_failed);
  holder.StopWatching();
  EXPECT_THAT(lines, Contains(HasSubstr("the old one stays: release r2 is damaged")));
}

TEST(ReleaseHolder, AVersionThatFailedIsTriedAgainAfterAWhile) {
  FakeSource source("r1");
  ReleaseHolder holder(source, {.poll_ms = 1, .retry_ms = 1}, nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  source.Damage("r2");
  holder.StartWatching();
  source.Publish("r2");
  ASSERT_TRUE(Eventually([&] { return holder.Counts().failed >= 2; }));
  source.Repair("r2");
  EXPECT_TRUE(Eventually([&] { return IdOf(holder) == "r2"; }));
}

TEST(ReleaseHolder, GoingBackEndsTheAlarm) {
  FakeSource source("r1");
  ReleaseHolder holder(source, Quick(), nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  source.Damage("r2");
  holder.StartWatching();
  source.Publish("r2");
  ASSERT_TRUE(Eventually([&] { return holder.Counts().last_failed; }));
  source.Publish("r1");
  EXPECT_TRUE(Eventually([&] { return !holder.Counts().last_failed; }));
  EXPECT_EQ(holder.Counts().loaded, 1);
}

TEST(ReleaseHolder, AVersionThatCannotBeReadIsAFailure) {
  FakeSource source("r1");
  ReleaseHolder holder(source, Quick(), nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  holder.StartWatching();
  source.FailPolls(Unavailable("current: Input/output error"));
  ASSERT_TRUE(Eventually([&] { return holder.Counts().failed == 1; }));
  source.FailPolls(absl::OkStatus());
  EXPECT_TRUE(Eventually([&] { return !holder.Counts().last_failed; }));
  EXPECT_EQ(IdOf(holder), "r1");
}

}  // namespace
}  // namespace burgeon
