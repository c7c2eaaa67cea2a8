#include "cuda/sparse_plan.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/base/philox.h"

namespace burgeon::cuda {
namespace {

// Every entry of every row in exactly one unit, in segments of the row's order; slots of a long row
// side by side in that order; long units before short ones.
void ExpectWhole(const std::vector<int64_t>& offsets) {
  const SparsePlan plan = PlanSparse(offsets);
  std::map<uint32_t, std::map<int64_t, SparseUnit>> rows;  // by row, by begin
  int64_t shorter_than = kSumSegment + 1;
  for (const SparseUnit& unit : plan.units) {
    ASSERT_LE(unit.count, kSumSegment);
    ASSERT_LT(unit.count, 2 * shorter_than);
    shorter_than = std::min<int64_t>(shorter_than, std::max(1, unit.count));
    ASSERT_TRUE(rows[unit.row].emplace(unit.begin, unit).second);
  }
  ASSERT_EQ(rows.size() + 1, std::max<size_t>(1, offsets.size()));
  std::vector<int> slots(static_cast<size_t>(plan.slots), 0);
  size_t long_row = 0;
  for (const auto& [row, units] : rows) {
    int64_t at = offsets[row];
    int64_t slot = -1;
    if (units.size() > 1) {
      ASSERT_LT(long_row, plan.long_rows.size());
      const SparseLongRow& wanted = plan.long_rows[long_row++];
      ASSERT_EQ(wanted.row, row);
      ASSERT_EQ(wanted.slots, std::ssize(units));
      slot = wanted.first_slot;
    }
    for (const auto& [begin, unit] : units) {
      ASSERT_EQ(begin, at);
      ASSERT_EQ((begin - offsets[row]) % kSumSegment, 0);
      ASSERT_EQ(unit.slot, slot);
      if (slot >= 0) {
        ++slots[static_cast<size_t>(slot)];
        ++slot;
      }
      at += unit.count;
    }
    ASSERT_EQ(at, offsets[row + 1]);
  }
  ASSERT_EQ(long_row, plan.long_rows.size());
  for (const int uses : slots) ASSERT_EQ(uses, 1);
}

TEST(PlanSparseTest, EveryEntryOnce) {
  ExpectWhole({});
  ExpectWhole({0});
  ExpectWhole({0, 0});
  ExpectWhole({0, 1, 1, 3});
  // Every length around the segments, one after the other.
  std::vector<int64_t> offsets = {0};
  for (int64_t length = 0; length <= 3 * kSumSegment + 1; ++length) {
    offsets.push_back(offsets.back() + length);
  }
  ExpectWhole(offsets);
  const Philox random(8, 0);
  for (uint64_t draw = 0; draw < 50; ++draw) {
    std::vector<int64_t> rows = {0};
    for (uint64_t i = 0; i < draw * 7; ++i) {
      const double u = random.Uniform(draw * 1000 + i);
      rows.push_back(rows.back() + static_cast<int64_t>(10'000 * u * u * u));
    }
    ExpectWhole(rows);
  }
}

TEST(PlanSparseTest, SlotsAreFewBesideTheEntries) {
  const std::vector<int64_t> offsets = {0, 10, 10 + 9 * kSumSegment + 1, 20 + 11 * kSumSegment};
  const SparsePlan plan = PlanSparse(offsets);
  EXPECT_EQ(plan.slots, 10 + 2 + 1);
  EXPECT_LE(plan.slots, 2 * offsets.back() / kSumSegment + 1);
}

TEST(SumOrderTest, TheBoundIsOfTheLongestChain) {
  EXPECT_EQ(SumSegments(0), 0);
  EXPECT_EQ(SumSegments(1), 1);
  EXPECT_EQ(SumSegments(kSumSegment), 1);
  EXPECT_EQ(SumSegments(kSumSegment + 1), 2);
  EXPECT_EQ(SumErrorBound(0), 0);
  for (const int64_t n : {int64_t{1}, int64_t{100}, kSumSegment, 50 * kSumSegment}) {
    const auto chain = static_cast<double>(std::min(n, kSumSegment) + SumSegments(n));
    EXPECT_GT(SumErrorBound(n), std::pow(1 + 0x1p-24, chain) - 1) << n;
  }
}

}  // namespace
}  // namespace burgeon::cuda
