// How far a score in bf16 can be from the canonical one, and what follows for the choice of
// candidates. Both sides run these functions; the tests hold them to sums in double.
//
// With x, y the vectors and x', y' as rounded to bf16:
//   |x'y' - xy| <= |x'| |y' - y| + |x' - x| |y|   (Cauchy-Schwarz; lengths of what was really lost)
// and summing n products in fp32 is off by at most n u |x'| |y'| to first order, in any order
// (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., eq. 3.5). A tensor core
// aligns the addends of one product to the largest and cuts them off there, instead of rounding
// after each (Fasi, Higham, Mikaitis, Pranesh, "Numerical behavior of NVIDIA tensor cores", 2021):
// u = 2^-22 here, four times the unit round-off, and one more addend for every eight.
#ifndef BURGEON_CUDA_TOP_K_BOUND_H_
#define BURGEON_CUDA_TOP_K_BOUND_H_

#include <cmath>
#include <cstdint>
#include <cstring>

#include "cuda/host_device.h"

namespace burgeon::cuda {

// Vectors longer than this are left to the form in double: no sum of products of shorter ones
// can overflow.
inline constexpr float kLongestVector = 0x1p40F;

// x rounded to nearest even; below the normal range: zero.
BURGEON_HOST_DEVICE inline uint16_t Bf16Bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  if ((bits & 0x7F800000U) == 0) return 0;
  return static_cast<uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

BURGEON_HOST_DEVICE inline float FloatOfBf16(uint16_t x) {
  const uint32_t bits = static_cast<uint32_t>(x) << 16;
  float f;
  memcpy(&f, &bits, sizeof(f));
  return f;
}

// A float not below x >= 0: the factor is worth more than the rounding to float; the last term is
// for what is below its normal range.
BURGEON_HOST_DEVICE inline float NotBelow(double x) {
  return static_cast<float>(x * (1 + 0x1p-20) + 0x1p-126);
}

// Length of a vector, and of what rounding it to bf16 lost; neither is below the true one.
struct VectorBound {
  float length = 0;
  float lost = 0;
};

BURGEON_HOST_DEVICE inline VectorBound BoundOfVector(double square, double lost_square) {
  return {NotBelow(sqrt(square)), NotBelow(sqrt(lost_square))};
}

// Error of query x and a vector y: per_lost * y.lost + per_length * y.length + tiny.
struct QueryBound {
  float per_lost = 0;
  float per_length = 0;
  float tiny = 0;
};

// `dim` as padded: products that are summed.
BURGEON_HOST_DEVICE inline QueryBound BoundOfQuery(VectorBound query, int64_t dim) {
  const double n = static_cast<double>(dim + dim / 8 + 2);
  const double rounding = n * 0x1p-22;
  const double length = static_cast<double>(query.length);
  const double lost = static_cast<double>(query.lost);
  const double summed = rounding * (length + lost) * (1 + rounding);
  return {NotBelow(length + lost + summed), NotBelow(lost + summed), NotBelow(n * 0x1p-120)};
}

// Not below the error of any vector that is no longer and lost no more than `y`.
BURGEON_HOST_DEVICE inline float ErrorOf(const QueryBound& query, VectorBound y) {
  const float error = query.per_lost * y.lost + query.per_length * y.length + query.tiny;
  return error * (1 + 0x1p-18F);
}

// The canonical score of a vector is at least / at most this; 2^-20 covers these operations.
BURGEON_HOST_DEVICE inline float LeastScore(float score, float error) {
  return score - (error + 0x1p-20F * (error + fabsf(score)));
}
BURGEON_HOST_DEVICE inline float MostScore(float score, float error) {
  return score + (error + 0x1p-20F * (error + fabsf(score)));
}

// As MostScore, from the score and its LeastScore: what is below it is above it, too.
BURGEON_HOST_DEVICE inline float MostOfLeast(float score, float least) {
  return score + (score - least) * (1 + 0x1p-18F) + 0x1p-20F * fabsf(score);
}

// Scores below this cannot belong to a list of which k canonical scores reach `floor`.
// -infinity stays -infinity, +infinity (no more candidates wanted) stays +infinity.
BURGEON_HOST_DEVICE inline float CandidateThreshold(float floor, float error) {
  if (floor > 3e38F) return floor;
  return floor - (error + 0x1p-18F * (error + fabsf(floor)));
}

// Order of floats as order of unsigned integers, and back.
BURGEON_HOST_DEVICE inline uint32_t OrderedBits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}
BURGEON_HOST_DEVICE inline float FloatOfOrderedBits(uint32_t ordered) {
  const uint32_t bits = (ordered & 0x80000000U) != 0 ? ordered & 0x7FFFFFFFU : ~ordered;
  float x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_BOUND_H_
