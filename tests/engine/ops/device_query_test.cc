#include "engine/ops/device_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(QueryDevicesTest, NamesTheCpuAndTheBlas) {
  const DeviceInventory inventory = QueryDevices();
  EXPECT_THAT(inventory.cpu, Not(IsEmpty()));
  EXPECT_THAT(inventory.blas, HasSubstr("OpenBLAS 0."));
  EXPECT_THAT(inventory.blas, HasSubstr("kernels for "));
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) {
    EXPECT_THAT(inventory.cpu_features, Contains("avx2"));
  }
  if (!__builtin_cpu_supports("avx512f")) {
    EXPECT_THAT(inventory.cpu_features, Not(Contains("avx512f")));
  }
#endif
}

TEST(QueryDevicesTest, SaysWhyThereIsNoDevice) {
  const DeviceInventory inventory = QueryDevices();
  EXPECT_EQ(inventory.devices.empty() && inventory.cuda_problem.empty(), false);
  EXPECT_EQ(inventory.cuda_runtime.empty(), !inventory.cuda_built_in);
  if (!inventory.cuda_built_in) {
    EXPECT_THAT(inventory.devices, IsEmpty());
    EXPECT_THAT(inventory.cuda_problem, HasSubstr("BURGEON_CUDA=OFF"));
  }
}

TEST(ResolveDeviceTest, TheCpuIsAlwaysThere) {
  const auto device = ResolveDevice({.automatic = false, .device = {DeviceKind::kCpu, 0}});
  ASSERT_TRUE(device.ok());
  EXPECT_EQ(*device, Device{});
}

TEST(ResolveDeviceTest, AutoTakesTheFirstUsableDeviceOrTheCpu) {
  const DeviceInventory inventory = QueryDevices();
  const auto device = ResolveDevice({});
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_EQ(device->kind, inventory.devices.empty() ? DeviceKind::kCpu : DeviceKind::kCuda);
}

TEST(ResolveDeviceTest, WhatWasAskedForIsNeverReplaced) {
  const auto device = ResolveDevice({.automatic = false, .device = {DeviceKind::kCuda, 999}});
  ASSERT_EQ(device.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(device.status()), HasSubstr("--device cuda:999: "));
  const DeviceInventory inventory = QueryDevices();
  if (inventory.devices.empty()) {
    EXPECT_THAT(MessageOf(device.status()), HasSubstr(inventory.cuda_problem));
  } else {
    EXPECT_THAT(MessageOf(device.status()), HasSubstr("there is cuda:"));
  }
}

class DeviceQueryCudaTest : public CudaDeviceTest {};

TEST_F(DeviceQueryCudaTest, DescribesEachDevice) {
  for (const CudaDeviceInfo& device : QueryDevices().devices) {
    EXPECT_THAT(device.name, Not(IsEmpty()));
    EXPECT_GE(device.compute_major, 8);
    EXPECT_GT(device.memory_bytes, int64_t{1} << 30);
  }
}

}  // namespace
}  // namespace burgeon
