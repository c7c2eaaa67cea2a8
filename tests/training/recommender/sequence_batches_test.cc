#include "training/recommender/sequence_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace burgeon {
namespace {

using ::testing::ElementsAreArray;

ItemSequences OfLengths(const std::vector<int>& lengths) {
  ItemSequences out;
  for (const int length : lengths) {
    for (int t = 0; t < length; ++t) out.items.push_back(static_cast<uint32_t>(t));
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

TEST(SequenceBatchesTest, EveryRowWithTwoItemsOnceInBatchesOfLikeLength) {
  std::vector<int> lengths;
  for (int u = 0; u < 500; ++u) lengths.push_back(u % 13);
  const ItemSequences sequences = OfLengths(lengths);
  const auto batches = SequenceBatches(sequences.view(), 50, 8, 1, 1);
  std::vector<int64_t> seen;
  for (const auto& batch : batches) {
    EXPECT_LE(batch.size(), 8U);
    int shortest = 100;
    int longest = 0;
    for (const int64_t u : batch) {
      shortest = std::min(shortest, lengths[static_cast<size_t>(u)]);
      longest = std::max(longest, lengths[static_cast<size_t>(u)]);
    }
    // 128 rows of 11 lengths are sorted together: eight in a row span a step or two.
    EXPECT_LE(longest - shortest, 3);
    seen.insert(seen.end(), batch.begin(), batch.end());
  }
  std::ranges::sort(seen);
  std::vector<int64_t> want;
  for (int64_t u = 0; u < 500; ++u) {
    if (u % 13 >= 2) want.push_back(u);
  }
  EXPECT_THAT(seen, ElementsAreArray(want));
}

TEST(SequenceBatchesTest, DependOnSeedAndEpoch) {
  const ItemSequences sequences = OfLengths(std::vector<int>(100, 5));
  const auto first = SequenceBatches(sequences.view(), 50, 8, 1, 1);
  EXPECT_EQ(SequenceBatches(sequences.view(), 50, 8, 1, 1), first);
  EXPECT_NE(SequenceBatches(sequences.view(), 50, 8, 1, 2), first);
  EXPECT_NE(SequenceBatches(sequences.view(), 50, 8, 2, 1), first);
}

}  // namespace
}  // namespace burgeon
