// Base of the tests that need a GPU. Without one each is skipped, and says why; with
// BURGEON_REQUIRE_GPU set (scripts/gpu-check does so) it fails instead, so that a run meant for a
// GPU cannot pass by skipping.
#ifndef BURGEON_TESTS_SUPPORT_CUDA_DEVICE_H_
#define BURGEON_TESTS_SUPPORT_CUDA_DEVICE_H_

#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/ops/device_query.h"

namespace burgeon {

class CudaDeviceTest : public testing::Test {
 protected:
  void SetUp() override {
    const DeviceInventory inventory = QueryDevices();
    if (!inventory.devices.empty()) {
      device_ = {DeviceKind::kCuda, inventory.devices.front().ordinal};
      return;
    }
    ASSERT_EQ(std::getenv("BURGEON_REQUIRE_GPU"), nullptr)
        << "a GPU is required, and there is none: " << inventory.cuda_problem;
    GTEST_SKIP() << "NOT RUN, no usable GPU: " << inventory.cuda_problem
                 << ". scripts/gpu-check runs it on a machine with one.";
  }

  Device device_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_CUDA_DEVICE_H_
