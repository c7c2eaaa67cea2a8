#include "engine/ops/orthonormalize.h"

#include <cmath>

#include "engine/base/philox.h"
#include "engine/ops/dense.h"

namespace burgeon {
namespace {

constexpr int kMaxRounds = 12;
constexpr int64_t kRowBlock = 512;
constexpr double kShift = 1e-6;     // of the trace: above fp32's rounding of the Gram matrix
constexpr double kNoise = 1e-5;     // of the largest column
constexpr double kMinPivot = 1e-6;  // of the largest: below, the factor is mostly rounding

// Gives every column a direction of its own, far below what the others hold.
void AddNoise(ExecutionContext& context, MatrixView<float> a, double length, uint64_t seed,
              int round) {
  const Philox random(seed, 0x6e6f697365 + static_cast<uint64_t>(round));  // "noise"
  const double scale = kNoise * length / std::sqrt(static_cast<double>(a.rows));
  context.pool().ParallelFor(a.rows, kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto row = a.row(i);
      for (size_t j = 0; j < row.size(); ++j) {
        const uint64_t at = static_cast<uint64_t>(i) * row.size() + j;
        row[j] += static_cast<float>(scale * random.Normal(at));
      }
    }
  });
}

// Whether the upper factor of a Gram matrix can be trusted.
bool WellConditioned(const DoubleMatrix& r) {
  double smallest = r.at(0, 0);
  double largest = r.at(0, 0);
  for (int64_t i = 1; i < r.rows(); ++i) {
    smallest = std::min(smallest, r.at(i, i));
    largest = std::max(largest, r.at(i, i));
  }
  return smallest * smallest > kMinPivot * largest * largest;
}

FloatMatrix InverseOf(DoubleMatrix upper) {
  BURGEON_CHECK(blas::InvertUpper(upper.view()) == 0);
  FloatMatrix inverse(upper.rows(), upper.cols());
  for (int64_t i = 0; i < upper.rows(); ++i) {
    for (int64_t j = i; j < upper.cols(); ++j) {
      inverse.at(i, j) = static_cast<float>(upper.at(i, j));
    }
  }
  return inverse;
}

}  // namespace

absl::StatusOr<OrthonormalizeReport> OrthonormalizeColumns(ExecutionContext& context,
                                                           MatrixView<float> a, uint64_t seed) {
  BURGEON_CHECK(a.rows >= a.cols);
  OrthonormalizeReport report;
  report.diagonal.assign(static_cast<size_t>(a.cols), 1);
  if (a.cols == 0) return report;
  int plain_rounds = 0;
  for (int round = 0; round < kMaxRounds && plain_rounds < 2; ++round) {
    DoubleMatrix gram = Gram(context, a);
    double trace = 0;
    double longest = 0;
    for (int64_t i = 0; i < a.cols; ++i) {
      trace += gram.at(i, i);
      longest = std::max(longest, gram.at(i, i));
    }
    if (!std::isfinite(trace)) {
      return InvalidArgument("orthonormalize: a column holds a value that is not finite");
    }
    DoubleMatrix upper = gram;
    const bool plain = blas::CholeskyUpper(upper.view()) == 0 && WellConditioned(upper);
    if (plain) {
      ++plain_rounds;
    } else {
      plain_rounds = 0;
      ++report.shifted_rounds;
      AddNoise(context, a, longest > 0 ? std::sqrt(longest) : 1, seed, round);
      upper = Gram(context, a);
      const double shift = kShift * std::max(trace, 1e-30);
      for (int64_t i = 0; i < a.cols; ++i) upper.at(i, i) += shift;
      if (blas::CholeskyUpper(upper.view()) != 0) {
        return Internal("orthonormalize: a shifted factorisation broke down");
      }
    }
    for (int64_t i = 0; i < a.cols; ++i) report.diagonal[static_cast<size_t>(i)] *= upper.at(i, i);
    MultiplyByUpper(context, InverseOf(std::move(upper)).view(), a);
  }
  if (plain_rounds < 2) {
    return Internal("orthonormalize: ", kMaxRounds, " rounds of CholeskyQR did not make ", a.cols,
                    " columns orthonormal");
  }
  return report;
}

}  // namespace burgeon
