// Lists from candidates that are made by hand: every row, backwards, with approximate scores that
// mean nothing.
#include "cuda/top_k_rank.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/cuda/top_k_device.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class TopKRankTest : public CudaDeviceTest {};

TEST_F(TopKRankTest, CanonicalScoresDecide) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const TopKCase& c : TopKCases()) {
    const int64_t items = c.items.rows();
    if (items > kCandidates || c.excluded.rows() > 0 || !c.allowed.empty()) continue;
    ExpectBruteForce(
        *stream, c, [&](const TopKView& view, int64_t kept, TopKLists lists) -> absl::Status {
          std::vector<Candidate> all(static_cast<size_t>(view.query_count * kCandidates));
          for (size_t e = 0; e < all.size(); ++e) {
            const auto place = static_cast<int64_t>(e % kCandidates);
            all[e] = {7, static_cast<uint32_t>(place < items ? items - 1 - place : 0)};
          }
          const std::vector<int> counts(static_cast<size_t>(view.query_count),
                                        static_cast<int>(items));
          BURGEON_ASSIGN_OR_RETURN(const auto candidates,
                                   DeviceBuffer<Candidate>::Of(*stream, all));
          BURGEON_ASSIGN_OR_RETURN(const auto device_counts,
                                   DeviceBuffer<int>::Of(*stream, counts));
          return RankCandidates(*stream, view,
                                {0, view.query_count, candidates.data(), device_counts.data()},
                                kept, lists, {});
        });
  }
}

TEST_F(TopKRankTest, TooManyCandidatesAreLeft) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto counts = DeviceBuffer<int>::Of(*stream, std::vector<int>{0, kTooManyCandidates, 0});
  auto left = DeviceBuffer<int64_t>::Of(*stream, std::vector<int64_t>{-1, -1, -1});
  auto left_count = DeviceBuffer<int>::Of(*stream, std::vector<int>{0});
  const auto lengths = DeviceBuffer<int32_t>::Of(*stream, std::vector<int32_t>{9, 9, 9});
  ASSERT_TRUE(counts.ok() && left.ok() && left_count.ok() && lengths.ok());
  const TopKView view = {.query_count = 8, .row_count = 1, .dim = 0};
  ASSERT_TRUE(RankCandidates(*stream, view, {.query_count = 3, .counts = counts->data()}, 1,
                             {.counts = lengths->data()}, {left->data(), left_count->data()})
                  .ok());
  std::vector<int64_t> queries(3);
  std::vector<int> count(1);
  std::vector<int32_t> host_lengths(3);
  ASSERT_TRUE(left->CopyToHost(std::span(queries)).ok());
  ASSERT_TRUE(left_count->CopyToHost(std::span(count)).ok());
  ASSERT_TRUE(lengths->CopyToHost(std::span(host_lengths)).ok());
  EXPECT_EQ(count[0], 1);
  EXPECT_EQ(queries[0], 1);
  EXPECT_EQ(host_lengths, (std::vector<int32_t>{0, 9, 0}));
}

}  // namespace
}  // namespace burgeon::cuda
