// The greatest length, as the scan reads it; values and bounds are held to the truth by
// top_k_scan_test.cc, whose lists would miss rows, and by top_k_bound_test.cc.
#include "cuda/bf16_vectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "cuda/mma_tile.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

TEST(RoundUpTest, ToTheNextMultiple) {
  EXPECT_EQ(RoundUp(0, 128), 0);
  EXPECT_EQ(RoundUp(1, 128), 128);
  EXPECT_EQ(RoundUp(128, 128), 128);
}

class Bf16VectorsTest : public CudaDeviceTest {
 protected:
  // Bits of the greatest length after packing `vectors` of three dimensions.
  unsigned Longest(const std::vector<float>& vectors) {
    const auto stream = Stream::Create(device_.ordinal);
    EXPECT_TRUE(stream.ok()) << stream.status();
    const auto on_device = DeviceBuffer<float>::Of(*stream, vectors);
    unsigned longest = 0;
    const auto bits = DeviceBuffer<unsigned>::Of(*stream, std::span(&longest, 1));
    auto packed = Bf16Vectors::Allocate(*stream, kTileColumns, 16);
    EXPECT_TRUE(on_device.ok() && bits.ok() && packed.ok());
    const auto count = static_cast<int64_t>(vectors.size()) / 3;
    EXPECT_TRUE(packed->Pack(*stream, on_device->data(), count, 3, bits->data()).ok());
    EXPECT_TRUE(bits->CopyToHost(std::span(&longest, 1)).ok());
    return longest;
  }
};

TEST_F(Bf16VectorsTest, GreatestLength) {
  const unsigned bits = Longest({0, 0, 0, 3, 0, -4, 1, 1, 1});
  float longest;
  std::memcpy(&longest, &bits, sizeof(longest));
  EXPECT_GE(longest, 5);
  EXPECT_LT(longest, 5.001);
}

TEST_F(Bf16VectorsTest, NotFiniteIsLongerThanAnything) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {infinity, -infinity, std::nanf("")}) {
    const unsigned bits = Longest({1, 2, 3, 1, bad, 3});
    float longest;
    std::memcpy(&longest, &bits, sizeof(longest));
    EXPECT_FALSE(longest <= kLongestVector) << bad;
  }
}

}  // namespace
}  // namespace burgeon::cuda
