#include "engine/base/device.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(DeviceTest, Names) {
  EXPECT_EQ(DeviceName(Device{}), "cpu");
  EXPECT_EQ(DeviceName(Device{DeviceKind::kCuda, 3}), "cuda:3");
}

TEST(ParseDeviceRequestTest, Forms) {
  ASSERT_TRUE(ParseDeviceRequest("auto").ok());
  EXPECT_TRUE(ParseDeviceRequest("auto")->automatic);
  for (const auto& [text, device] :
       {std::pair<std::string_view, Device>{"cpu", {DeviceKind::kCpu, 0}},
        {"cuda", {DeviceKind::kCuda, 0}},
        {"cuda:0", {DeviceKind::kCuda, 0}},
        {"cuda:7", {DeviceKind::kCuda, 7}}}) {
    const auto request = ParseDeviceRequest(text);
    ASSERT_TRUE(request.ok()) << text;
    EXPECT_FALSE(request->automatic) << text;
    EXPECT_EQ(request->device, device) << text;
  }
}

TEST(ParseDeviceRequestTest, RefusesTheRestAndNamesIt) {
  for (const std::string_view text : {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:x", "cuda:1024",
                                      "cuda:99999999999999999999", "cpu:0", "auto "}) {
    const auto request = ParseDeviceRequest(text);
    ASSERT_FALSE(request.ok()) << text;
    EXPECT_EQ(request.status(),
              InvalidArgument("--device: '", text, "' is not auto, cpu, cuda or cuda:N"));
  }
}

}  // namespace
}  // namespace burgeon
