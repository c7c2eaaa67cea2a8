#include "serving/release_source.h"

#include <gmock/gmock.h>

#include "tests/serving/release_on_disk.h"

namespace burgeon {
namespace {

TEST(ReleaseSource, NothingPublishedIsNotFound) {
  ReleaseOnDisk disk("source_empty");
  WorkspaceReleaseSource source(disk.files(), disk.workspace(), disk.context());
  EXPECT_EQ(source.CurrentVersion().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(source.LoadCurrent(nullptr).status().code(), absl::StatusCode::kNotFound);
}

TEST(ReleaseSource, AnotherReleaseIsAnotherVersion) {
  ReleaseOnDisk disk("source_release");
  WorkspaceReleaseSource source(disk.files(), disk.workspace(), disk.context());
  const std::string first = disk.PublishOne(1);
  const absl::StatusOr<std::string> version = source.CurrentVersion();
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(*source.CurrentVersion(), *version);
  const auto loaded = source.LoadCurrent(nullptr);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->release_id, first);
  EXPECT_EQ((*loaded)->release->data().customers.size(), kSmallCustomers);
  EXPECT_TRUE((*loaded)->overlay->customers.empty());

  const std::string second = disk.PublishOne(2);
  EXPECT_NE(*source.CurrentVersion(), *version);
  const auto next = source.LoadCurrent(loaded->get());
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ((*next)->release_id, second);
  EXPECT_NE((*next)->release, (*loaded)->release);
}

TEST(ReleaseSource, AnErasureIsAnotherVersionOfTheSameRelease) {
  ReleaseOnDisk disk("source_overlay");
  WorkspaceReleaseSource source(disk.files(), disk.workspace(), disk.context());
  disk.PublishOne(1);
  const absl::StatusOr<std::string> version = source.CurrentVersion();
  ASSERT_TRUE(version.ok()) << version.status();
  const auto before = source.LoadCurrent(nullptr);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_TRUE(AppendErasure(disk.files(), disk.workspace(), disk.clock(), "c01").ok());
  const absl::StatusOr<std::string> erased = source.CurrentVersion();
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_NE(*erased, *version);
  const auto after = source.LoadCurrent(before->get());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ((*after)->release, (*before)->release);  // not loaded again
  EXPECT_TRUE((*after)->overlay->IsErased("c01"));
  EXPECT_FALSE((*before)->overlay->IsErased("c01"));
  ASSERT_TRUE(AppendErasure(disk.files(), disk.workspace(), disk.clock(), "c02").ok());
  EXPECT_NE(*source.CurrentVersion(), *erased);
}

}  // namespace
}  // namespace burgeon
