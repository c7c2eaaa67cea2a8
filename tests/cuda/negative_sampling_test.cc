// Nothing to draw is done without a launch. What is drawn is held to the CPU form in
// tests/engine/ops/negative_sampling_cuda_test.cc.
#include "cuda/negative_sampling.h"

#include <gtest/gtest.h>

#include <vector>

#include "cuda/device_buffer.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class NegativeSamplingTest : public CudaDeviceTest {};

TEST_F(NegativeSamplingTest, NothingToDraw) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto left = SampleNegatives(*stream, {.table = {nullptr, nullptr, 5}});
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(*left, 0);
}

// Of two rows the second has seen all but item 2.
TEST_F(NegativeSamplingTest, SeenItemsAreDrawnAgain) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto offsets = DeviceBuffer<int64_t>::Of(*stream, std::vector<int64_t>{0, 0, 3});
  const auto columns = DeviceBuffer<uint32_t>::Of(*stream, std::vector<uint32_t>{0, 1, 3});
  const auto items = DeviceBuffer<uint32_t>::Allocate(*stream, 2 * 40);
  ASSERT_TRUE(offsets.ok() && columns.ok() && items.ok());
  const NegativeSamplingView view = {.table = {nullptr, nullptr, 4},
                                     .random = Philox(1, 2),
                                     .seen_offsets = offsets->data(),
                                     .seen_columns = columns->data(),
                                     .rows = 2,
                                     .columns = 40,
                                     .items = items->data()};
  const auto left = SampleNegatives(*stream, view);
  ASSERT_TRUE(left.ok()) << left.status();
  std::vector<uint32_t> got(80);
  ASSERT_TRUE(items->CopyToHost(std::span(got)).ok());
  int64_t seen = 0;
  for (size_t k = 0; k < got.size(); ++k) {
    ASSERT_LT(got[k], 4U);
    if (k >= 40 && got[k] != 2) ++seen;
  }
  EXPECT_EQ(*left, seen);
  EXPECT_LT(seen, 10);  // (3/4)^16 each
}

}  // namespace
}  // namespace burgeon::cuda
