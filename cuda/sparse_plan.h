// How the rows of a sparse matrix are shared out over warps, so that a long row does not hold up
// the rest: every row is cut into the segments of engine/base/sum_order.h, a warp takes a segment,
// and long segments start first. Host logic: made once a matrix.
#ifndef BURGEON_CUDA_SPARSE_PLAN_H_
#define BURGEON_CUDA_SPARSE_PLAN_H_

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/sum_order.h"

namespace burgeon::cuda {

// Entries [begin, begin + count) of one row.
struct SparseUnit {
  int64_t begin = 0;
  int64_t slot = -1;  // where the sum goes, with others of its row; -1: it is the whole row
  uint32_t row = 0;
  int32_t count = 0;
};

// A row of more than one segment: its sums lie in slots [first_slot, first_slot + slots).
struct SparseLongRow {
  int64_t first_slot = 0;
  uint32_t row = 0;
  int32_t slots = 0;
};

struct SparsePlan {
  std::vector<SparseUnit> units;  // the longest first, up to a factor of two
  std::vector<SparseLongRow> long_rows;
  int64_t slots = 0;  // at most entries / kSumSegment * 2
};

// offsets: [rows + 1], rows at most 2^32. Rows without entries have a unit too, of 0.
inline SparsePlan PlanSparse(std::span<const int64_t> offsets) {
  constexpr int kClasses = std::bit_width(static_cast<uint64_t>(kSumSegment)) + 1;
  const auto class_of = [](int64_t count) {
    return static_cast<size_t>(kClasses - 1 - std::bit_width(static_cast<uint64_t>(count)));
  };
  SparsePlan plan;
  std::array<size_t, kClasses + 1> starts = {};  // of each class in `units`
  const auto for_segments = [&](const auto& visit) {
    for (size_t row = 0; row + 1 < offsets.size(); ++row) {
      int64_t begin = offsets[row];
      do {
        const int64_t count = std::min(kSumSegment, offsets[row + 1] - begin);
        visit(row, begin, count);
        begin += count;
      } while (begin < offsets[row + 1]);
    }
  };
  for_segments([&](size_t, int64_t, int64_t count) { ++starts[class_of(count) + 1]; });
  for (size_t k = 1; k < starts.size(); ++k) starts[k] += starts[k - 1];
  plan.units.resize(starts.back());
  for_segments([&](size_t row, int64_t begin, int64_t count) {
    SparseUnit unit = {
        .begin = begin, .row = static_cast<uint32_t>(row), .count = static_cast<int32_t>(count)};
    const int64_t segments = SumSegments(offsets[row + 1] - offsets[row]);
    if (segments > 1) {
      if (begin == offsets[row]) {
        plan.long_rows.push_back({plan.slots, unit.row, static_cast<int32_t>(segments)});
      }
      unit.slot = plan.slots++;
    }
    plan.units[starts[class_of(count)]++] = unit;
  });
  return plan;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SPARSE_PLAN_H_
