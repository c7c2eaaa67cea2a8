// Top-k by the scan on tensor cores: the cases of every form, then shapes that go through several
// tiles, slabs and floors, held to the CPU form, and queries that it must leave to that one.
#include "cuda/top_k_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cuda/top_k_sort.h"
#include "engine/base/philox.h"
#include "tests/cuda/top_k_device.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class TopKScanTest : public CudaDeviceTest {
 protected:
  void SetUp() override {
    CudaDeviceTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto stream = Stream::Create(device_.ordinal);
    ASSERT_TRUE(stream.ok()) << stream.status();
    stream_.emplace(std::move(*stream));
    if (stream_->shared_memory_per_block_bytes() < TopKScanSharedBytes(/*dim=*/128)) {
      GTEST_SKIP() << "NOT RUN: this device has too little shared memory for the scan";
    }
  }

  absl::Status Scan(const TopKView& view, int64_t kept, TopKLists lists) {
    left_ = 0;
    if (!TopKScanTakes(view, kept)) {
      return TopKSort(*stream_, view, {.count = view.query_count},
                      PlanTopK(view.query_count, view.row_count, kept), lists);
    }
    BURGEON_ASSIGN_OR_RETURN(left_, TopKScan(*stream_, view, kept, lists));
    return absl::OkStatus();
  }

  std::optional<Stream> stream_;
  int64_t left_ = 0;  // queries that the last scan left to the sort
};

TopKCase Large(int64_t queries, int64_t items, int64_t dim, int k, int64_t seen) {
  TopKCase c;
  c.name = Concat(queries, " x ", items, ", ", dim, " dimensions, k ", k, ", seen ", seen);
  c.k = k;
  c.queries = FloatMatrix(queries, dim);
  c.items = FloatMatrix(items, dim);
  const Philox random(static_cast<uint64_t>(queries + items), /*stream=*/1);
  uint64_t at = 0;
  for (float& x : c.queries.values()) x = static_cast<float>(random.Normal(at++));
  for (int64_t i = 0; i < items; ++i) {
    const double scale = std::pow(static_cast<double>(i + 1), -0.1);  // longest first
    for (float& x : c.items.row(i)) x = static_cast<float>(scale * random.Normal(at++));
  }
  if (seen == 0) return c;
  c.excluded.cols = items;
  for (int64_t q = 0; q < queries; ++q) {
    for (int64_t i = q % 7; i < items && i < seen * 7; i += 7) {
      c.excluded.columns.push_back(static_cast<uint32_t>(i));
    }
    c.excluded.offsets.push_back(static_cast<int64_t>(c.excluded.columns.size()));
  }
  return c;
}

// The lists of the CPU form: brute force would take long.
TopKResult OnTheCpu(const TopKInput& input, int k) {
  ThreadPool pool(8);
  auto context = ExecutionContext::Create({.kind = DeviceKind::kCpu}, &pool);
  EXPECT_TRUE(context.ok());
  auto result = TopK(*context, input, {.k = k});
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

TEST_F(TopKScanTest, MatchesBruteForce) {
  for (const TopKCase& c : TopKCases()) {
    ExpectBruteForce(*stream_, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
      return Scan(view, kept, lists);
    });
  }
}

// Small: what the sanitizers can finish (scripts/gpu-check).
TEST_F(TopKScanTest, FloorsRiseInAFewTiles) {
  for (const TopKCase& c : {Large(40, 2'500, 24, 20, 5), Large(40, 2'500, 70, 20, 5)}) {
    ExpectBruteForce(*stream_, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
      return Scan(view, kept, lists);
    });
    EXPECT_EQ(left_, 0);
  }
}

TEST_F(TopKScanTest, FloorsRiseOverManyTiles) {
  for (const TopKCase& c : {Large(300, 20'000, 24, 100, 50), Large(257, 9'001, 128, 10, 0),
                            Large(100, 6'000, 65, 500, 3), Large(90, 5'000, 200, 100, 50),
                            Large(1, 30'000, 64, 1, 0), Large(513, 4'000, 129, 512, 20)}) {
    SCOPED_TRACE(c.name);
    ExpectLists(
        *stream_, c.input(), c.k,
        [&](const TopKView& view, int64_t kept, TopKLists lists) {
          return Scan(view, kept, lists);
        },
        OnTheCpu(c.input(), c.k));
    EXPECT_EQ(left_, 0);
  }
}

TEST_F(TopKScanTest, ManyEqualScoresAreLeftToTheSort) {
  TopKCase c = Large(300, 3'000, 24, 20, 5);
  for (int64_t i = 1; i < 3'000; ++i) {
    std::ranges::copy(c.items.row(0), c.items.row(i).begin());
  }
  for (int64_t q = 0; q < 300; q += 3) std::ranges::fill(c.queries.row(q), 0.0F);
  ExpectBruteForce(*stream_, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
    return Scan(view, kept, lists);
  });
  EXPECT_EQ(left_, 300);
}

TEST_F(TopKScanTest, VectorsTooLongForBf16AreLeftToTheSort) {
  TopKCase c = Large(40, 2'000, 24, 20, 5);
  c.items.at(77, 3) = 1e20F;
  ExpectBruteForce(*stream_, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
    return Scan(view, kept, lists);
  });
  EXPECT_EQ(left_, 40);
}

}  // namespace
}  // namespace burgeon::cuda
