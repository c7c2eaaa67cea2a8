// The order in which long sums of products are taken, on every device, so that all give the same
// bits: segments of kSumSegment terms, each summed from zero in the order of its terms; then the
// segments, in their order. Products and sums are rounded one by one (nothing is fused).
//
// It lets a device share a long row out over many threads, and loses less than one long chain does.
#ifndef BURGEON_ENGINE_BASE_SUM_ORDER_H_
#define BURGEON_ENGINE_BASE_SUM_ORDER_H_

#include <algorithm>
#include <cstdint>

namespace burgeon {

inline constexpr int64_t kSumSegment = 2048;

inline constexpr int64_t SumSegments(int64_t terms) {
  return (terms + kSumSegment - 1) / kSumSegment;
}

// |computed - exact| of a sum of `terms` products in fp32 is at most this times the sum of the
// absolute products: (1 + u)^n - 1 of the longest chain of roundings, n = terms of a segment +
// segments (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 4.2); below
// 1.1 n u for n < 10^6. Holds where nothing overflows or is subnormal.
inline constexpr double SumErrorBound(int64_t terms) {
  constexpr double kUnit = 0x1p-24;
  return 1.1 * kUnit * static_cast<double>(std::min(terms, kSumSegment) + SumSegments(terms));
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_SUM_ORDER_H_
