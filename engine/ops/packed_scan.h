// The inner loops over PackedItems: approximate scores of queries that were packed the same way.
// What a score may be off by is bounded by BFloat16Queries and ByteQuery; nothing else is promised.
#ifndef BURGEON_ENGINE_OPS_PACKED_SCAN_H_
#define BURGEON_ENGINE_OPS_PACKED_SCAN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/packed_items.h"

namespace burgeon {

// Up to kMaxQueries queries in bf16, and what of them was lost.
class BFloat16Queries {
 public:
  static constexpr int64_t kMaxQueries = 32;

  explicit BFloat16Queries(MatrixView<const float> queries);

  // [tiles][2 halves][16 queries], a line 32 dimensions of a query.
  const PackedItems::Line* lines() const { return lines_.data(); }
  int64_t tiles() const { return tiles_; }
  // Rounded up.
  float length(int64_t q) const { return lengths_[static_cast<size_t>(q)]; }
  // |scan score - canonical score| for query q and an item no longer than `length` that lost no
  // more than `lost` in bf16. With x, y the vectors and x', y' as rounded:
  //   |x'y' - xy| <= |x'| |y' - y| + |x' - x| |y|  (Cauchy-Schwarz),
  // and summing n products in fp32 is off by at most n u / (1 - n u) |x'| |y'| in any order
  // (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., eq. 3.5), with results
  // below the normal range flushed to zero.
  float Error(int64_t q, float length, float lost) const {
    const auto index = static_cast<size_t>(q);
    return per_lost_[index] * lost + per_length_[index] * length + tiny_;
  }

 private:
  int64_t dim_;
  int64_t tiles_;
  std::vector<PackedItems::Line> lines_;
  std::vector<float> lengths_;
  std::vector<float> per_lost_;
  std::vector<float> per_length_;
  float tiny_ = 0;
};

enum class BFloat16Kernel { kNone, kAvx512, kAmx };
// The best this CPU has.
BFloat16Kernel DetectedBFloat16Kernel();

// scores[32 q + ...]: score of query q (of 32) and the item at place 32 begin + i in
// scores[q * stride + i], for the groups [begin, end).
void BFloat16Scores(BFloat16Kernel kernel, const BFloat16Queries& queries, const PackedItems& items,
                    int64_t begin, int64_t end, int64_t stride, float* scores);

// One query as v * unit, v of 16 bits: v = 254 high + low.
class ByteQuery {
 public:
  // A query no longer than PackedItems::kLongest.
  explicit ByteQuery(std::span<const float> query);

  std::span<const int32_t> high() const { return high_; }  // four dimensions each
  std::span<const int32_t> low() const { return low_; }
  int32_t high_sum() const { return high_sum_; }
  int32_t low_sum() const { return low_sum_; }
  float unit() const { return unit_; }
  // |scan score - canonical score| <= per_lost() * lost + per_length() * length + tiny().
  float per_lost() const { return per_lost_; }
  float per_length() const { return per_length_; }
  float tiny() const { return tiny_; }

 private:
  std::vector<int32_t> high_;
  std::vector<int32_t> low_;
  int32_t high_sum_ = 0;
  int32_t low_sum_ = 0;
  float unit_ = 0;
  float per_lost_ = 0;
  float per_length_ = 0;
  float tiny_ = 0;
};

// Scores and upper bounds of them for the places [32 begin, 32 end). Needs HasAvx512Vnni().
void ByteScores(const ByteQuery& query, const PackedItems& items, int64_t begin, int64_t end,
                float* scores, float* upper);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_PACKED_SCAN_H_
