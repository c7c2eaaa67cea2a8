#include "engine/base/host_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/base/text.h"

namespace burgeon {
namespace {

namespace fs = std::filesystem;

class HostMemoryTest : public testing::Test {
 protected:
  HostMemoryTest() { fs::remove_all(root_); }
  ~HostMemoryTest() override { fs::remove_all(root_); }
  void Write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }
  const std::string root_ =
      Concat(testing::TempDir(), "/host_memory_", static_cast<int64_t>(getpid()));
};

TEST_F(HostMemoryTest, TheMachineAlone) {
  Write("/proc/meminfo", "MemTotal: 999 kB\nMemFree:  10 kB\nMemAvailable:     200 kB\n");
  const HostMemory memory = QueryHostMemory(root_);
  EXPECT_EQ(memory.available_bytes, 200 * 1024);
  EXPECT_EQ(memory.source, "MemAvailable");
}

TEST_F(HostMemoryTest, AGroupAboveTheProcessCounts) {
  Write("/proc/meminfo", "MemAvailable: 200 kB\n");
  Write("/proc/self/cgroup", "0::/a/b\n");
  Write("/sys/fs/cgroup/a/b/memory.max", "max\n");
  Write("/sys/fs/cgroup/a/b/memory.current", "1000\n");
  Write("/sys/fs/cgroup/a/memory.max", "90000\n");
  Write("/sys/fs/cgroup/a/memory.current", "50000\n");
  Write("/sys/fs/cgroup/a/memory.stat", "active_file 7\ninactive_file 20000\n");
  const HostMemory memory = QueryHostMemory(root_);
  EXPECT_EQ(memory.available_bytes, 90'000 - (50'000 - 20'000));
  EXPECT_EQ(memory.source, "cgroup /a");
}

TEST_F(HostMemoryTest, VersionOneAndTheRootGroup) {
  Write("/proc/meminfo", "MemAvailable: 200 kB\n");
  Write("/proc/self/cgroup", "5:cpu,cpuacct:/x\n4:hugetlb,memory:/\n");
  Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n");
  Write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "6000\n");
  const HostMemory memory = QueryHostMemory(root_);
  EXPECT_EQ(memory.available_bytes, 0);  // over its limit: nothing, not less
  EXPECT_EQ(memory.source, "cgroup /");
}

TEST_F(HostMemoryTest, NothingKnownIsNoLimit) {
  const HostMemory memory = QueryHostMemory(root_);
  EXPECT_EQ(memory.available_bytes, INT64_MAX);
  EXPECT_EQ(memory.source, "not known");
}

TEST_F(HostMemoryTest, ThisMachineSaysSomething) {
  const HostMemory memory = QueryHostMemory();
  EXPECT_GT(memory.available_bytes, int64_t{1} << 20);
  EXPECT_LT(memory.available_bytes, int64_t{1} << 50);
}

}  // namespace
}  // namespace burgeon
