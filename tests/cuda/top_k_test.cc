// The choice between the forms of top-k on the device; the forms have tests of their own.
#include "cuda/top_k.h"

#include <gtest/gtest.h>

#include "cuda/top_k_scan.h"
#include "tests/cuda/top_k_device.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

TEST(TopKScanTakesTest, ShortListsOfVectors) {
  EXPECT_TRUE(TopKScanTakes({.row_count = 5, .dim = 1}, 1));
  EXPECT_TRUE(TopKScanTakes({.row_count = 5000, .dim = 65'536}, kMaxScanK));
  EXPECT_FALSE(TopKScanTakes({.row_count = 5000, .dim = 8}, kMaxScanK + 1));
  EXPECT_FALSE(TopKScanTakes({.row_count = 5, .dim = 0}, 1));
  EXPECT_FALSE(TopKScanTakes({.row_count = 0, .dim = 8}, 1));
}

// What a Hopper block may have; A100 has 163 KiB, which sends its queries to the sort.
TEST(TopKScanSharedBytesTest, FitsHopper) {
  for (const int64_t dim : {1, 64, 65, 128, 129, 65'536}) {
    EXPECT_LE(TopKScanSharedBytes(dim), 227 * 1024) << dim;
    EXPECT_GT(TopKScanSharedBytes(dim), 48 * 1024) << dim;
  }
  EXPECT_GT(TopKScanSharedBytes(128), 163 * 1024);
}

class TopKTest : public CudaDeviceTest {};

// Few queries and many, with an item side that both forms see.
TEST_F(TopKTest, ListsDoNotDependOnTheNumberOfQueries) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  TopKCase c;
  c.k = 20;
  c.items = FloatMatrix(700, 12);
  for (size_t i = 0; i < c.items.values().size(); ++i) {
    c.items.values()[i] = static_cast<float>(i * 7919 % 1009) / 1009 - 0.5F;
  }
  for (const int64_t queries : {int64_t{3}, kMinScanQueries + 1}) {
    c.name = Concat(queries, " queries");
    c.queries = FloatMatrix(queries, 12);
    for (size_t i = 0; i < c.queries.values().size(); ++i) {
      c.queries.values()[i] = static_cast<float>(i * 104'729 % 997) / 997 - 0.5F;
    }
    ExpectBruteForce(*stream, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
      return TopK(*stream, view, PlanTopK(view.query_count, view.row_count, kept), lists);
    });
  }
}

TEST_F(TopKTest, NoRowsGiveEmptyLists) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  auto counts = DeviceBuffer<int32_t>::Of(*stream, std::vector<int32_t>{7, 7});
  ASSERT_TRUE(counts.ok());
  ASSERT_TRUE(
      TopK(*stream, {.query_count = 2, .dim = 3}, PlanTopK(2, 0, 5), {.counts = counts->data()})
          .ok());
  std::vector<int32_t> host(2, 9);
  ASSERT_TRUE(counts->CopyToHost(std::span(host)).ok());
  EXPECT_EQ(host, (std::vector<int32_t>{0, 0}));
}

}  // namespace
}  // namespace burgeon::cuda
