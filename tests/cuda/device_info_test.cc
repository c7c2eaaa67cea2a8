#include "cuda/device_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

using ::testing::HasSubstr;

TEST(VersionTextTest, MajorAndMinor) {
  EXPECT_EQ(VersionText(13000), "13.0");
  EXPECT_EQ(VersionText(12080), "12.8");
  EXPECT_EQ(VersionText(0), "");
}

TEST(WhyUnusableTest, NeedsCodeForTheDeviceAndMemoryPools) {
  DeviceProperties device = {.ordinal = 1,
                             .name = "Old",
                             .compute_major = 7,
                             .compute_minor = 5,
                             .has_memory_pools = true};
  EXPECT_THAT(WhyUnusable(device), HasSubstr("cuda:1 (Old) has compute capability 7.5"));
  device.compute_major = 8;
  EXPECT_EQ(WhyUnusable(device), "");
  device.has_memory_pools = false;
  EXPECT_THAT(WhyUnusable(device), HasSubstr("memory pools"));
}

TEST(QueryDevicesTest, HasDevicesOrAReason) {
  const DeviceReport report = QueryDevices();
  EXPECT_GE(report.runtime_version, 12000);
  if (report.devices.empty()) {
    EXPECT_NE(report.problem, "");
  }
  if (report.driver_version == 0) {
    EXPECT_THAT(report.problem, HasSubstr("no CUDA driver"));
  }
}

TEST(PropertiesOfTest, ADeviceThatIsNotThere) {
  EXPECT_EQ(PropertiesOf(999).status().code(), absl::StatusCode::kUnavailable);
}

class DeviceInfoTest : public CudaDeviceTest {};

TEST_F(DeviceInfoTest, PropertiesAreFilledIn) {
  const auto device = PropertiesOf(device_.ordinal);
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_EQ(device->ordinal, device_.ordinal);
  EXPECT_GT(device->multiprocessors, 0);
  EXPECT_GE(device->shared_memory_per_block_bytes, 48 << 10);
  EXPECT_TRUE(device->has_memory_pools);
}

}  // namespace
}  // namespace burgeon::cuda
