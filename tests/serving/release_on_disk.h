// A workspace in a fresh folder with the small release of tests/support/release_fixture.h.
#ifndef BURGEON_TESTS_SERVING_RELEASE_ON_DISK_H_
#define BURGEON_TESTS_SERVING_RELEASE_ON_DISK_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "engine/release/release_store.h"
#include "tests/support/release_fixture.h"

namespace burgeon {

class ReleaseOnDisk {
 public:
  explicit ReleaseOnDisk(const std::string& name) : pool_(2), context_(&pool_) {
    workspace_.root = JoinPath(testing::TempDir(), Concat("burgeon_", name, "_", getpid()));
    EXPECT_TRUE(files().RemoveTree(workspace_.root).ok());
    EXPECT_TRUE(files().MakeDirectories(workspace_.root).ok());
  }
  ~ReleaseOnDisk() { EXPECT_TRUE(files().RemoveTree(workspace_.root).ok()); }

  // The id of the release, "" when it failed.
  std::string PublishOne(uint64_t seed) {
    clock_.Set(clock_.Now() + kMicrosPerSecond);
    const absl::StatusOr<std::string> id =
        Publish(files(), workspace_, context_, clock_, MakeSmallRelease(pool_, seed));
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  FileSystem& files() { return RealFileSystem(); }
  const Workspace& workspace() const { return workspace_; }
  ThreadPool& pool() { return pool_; }
  ExecutionContext& context() { return context_; }
  FixedClock& clock() { return clock_; }

 private:
  ThreadPool pool_;
  ExecutionContext context_;
  FixedClock clock_{1'323'435'000 * kMicrosPerSecond};
  Workspace workspace_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SERVING_RELEASE_ON_DISK_H_
