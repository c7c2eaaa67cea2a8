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

// A source whose overlay can be changed, with a count of how often it was taken up alone.
class OverlaySource : public FakeSource {
 public:
  using FakeSource::FakeSource;
  absl::StatusOr<std::shared_ptr<const ServingState>> WithNewOverlay(
      const ServingState& in_use) override {
    ++taken_;
    if (!overlay_status_.ok()) return overlay_status_;
    return std::make_shared<const ServingState>(in_use);
  }
  int taken_ = 0;
  absl::Status overlay_status_;
};

TEST(ReleaseHolder, RefreshTakesUpWhatIsThereNow) {
  FakeSource source("r1");
  ReleaseHolder holder(source, {.poll_ms = 1'000'000}, nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  source.Publish("r2");
  EXPECT_TRUE(holder.Refresh().ok());
  EXPECT_EQ(IdOf(holder), "r2");
  EXPECT_TRUE(holder.Refresh().ok());
  EXPECT_EQ(holder.Counts().loaded, 2);  // nothing new, nothing loaded
}

TEST(ReleaseHolder, AnErasureDoesNotWaitForAReleaseThatIsDamaged) {
  OverlaySource source("r1");
  ReleaseHolder holder(source, {.poll_ms = 1'000'000, .retry_ms = 1'000'000}, nullptr);
  ASSERT_TRUE(holder.LoadFirst().ok());
  source.Publish("r2");
  source.Damage("r2");
  EXPECT_TRUE(holder.Refresh().ok());
  EXPECT_EQ(IdOf(holder), "r1");
  EXPECT_EQ(source.taken_, 1);
  EXPECT_EQ(holder.Counts().failed, 1);
  EXPECT_TRUE(holder.Counts().last_failed);
  EXPECT_TRUE(holder.Refresh().ok());  // the same version: its overlay is in use already
  EXPECT_EQ(source.taken_, 1);
  source.overlay_status_ = DataLoss("overlay/changes.jsonl:3: is not JSON");
  source.Publish("r3");
  source.Damage("r3");
  EXPECT_TRUE(absl::IsDataLoss(holder.Refresh()));  // not in force: must not be acknowledged
}

}  // namespace
}  // namespace burgeon
