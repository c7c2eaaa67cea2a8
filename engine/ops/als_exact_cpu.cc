#include "engine/ops/als_exact_cpu.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/dense.h"
#include "engine/ops/small_cholesky.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 32;
constexpr int64_t kRotateBlock = 256;
constexpr size_t kPanel = 8;
constexpr int64_t kLineFloats = 16;     // of a cache line
constexpr size_t kMostPrefetched = 64;  // items of a row: more would push each other out
// Of the largest entry of D: below, fp32 loses too much in the scaled basis.
constexpr double kMostUneven = 1e-5;

// The basis: a0 Y'Y = V diag(values) V'.
struct Basis {
  std::vector<double> values;  // [dim], not negative
  FloatMatrix to;              // V, [dim, padded]
  FloatMatrix from;            // V', [dim, padded]
  FloatMatrix fixed;           // Y V, [rows, padded], zeros past dim
};

// Which rows of the fixed side take part; empty: so many that the others are not worth finding.
std::vector<bool> Wanted(const CsrView& rows) {
  if (rows.nonzeros() > rows.cols / 4) return {};
  std::vector<bool> wanted(static_cast<size_t>(rows.cols));
  for (const uint32_t column : rows.columns) wanted[column] = true;
  return wanted;
}

absl::StatusOr<Basis> MakeBasis(ExecutionContext& context, const CsrView& rows,
                                MatrixView<const float> fixed, const DoubleMatrix& gram,
                                double unobserved_weight) {
  const int64_t dim = fixed.cols;
  const int64_t padded = PaddedWidth(dim);
  BURGEON_ASSIGN_OR_RETURN(const Eigen eigen, SymmetricEigen(gram));
  Basis basis{std::vector<double>(static_cast<size_t>(dim)), FloatMatrix(dim, padded),
              FloatMatrix(dim, padded), FloatMatrix(fixed.rows, padded)};
  for (int64_t k = 0; k < dim; ++k) {
    const double value = eigen.values[static_cast<size_t>(k)];
    basis.values[static_cast<size_t>(k)] = unobserved_weight * std::max(0.0, value);
    for (int64_t j = 0; j < dim; ++j) {
      basis.to.at(j, k) = basis.from.at(k, j) = static_cast<float>(eigen.vectors.at(k, j));
    }
  }
  const std::vector<bool> wanted = Wanted(rows);
  const auto rotate = [&](int64_t begin, int64_t end) {
    MultiplyRows(fixed.Rows(begin, end), {basis.to.data(), dim, dim, padded},
                 {basis.fixed.data() + begin * padded, end - begin, dim, padded});
  };
  context.pool().ParallelFor(fixed.rows, kRotateBlock, [&](int64_t begin, int64_t end) {
    if (wanted.empty()) return rotate(begin, end);
    for (int64_t i = begin; i < end; ++i) {
      if (wanted[static_cast<size_t>(i)]) rotate(i, i + 1);
    }
  });
  return basis;
}

class ExactRowSolver {
 public:
  ExactRowSolver(const Basis& basis, int64_t dim, const AlsStepParams& params)
      : basis_(basis),
        params_(params),
        dim_(dim),
        padded_(PaddedWidth(dim)),
        zeros_(static_cast<size_t>(padded_)),
        diagonal_(static_cast<size_t>(dim)),
        scale_(static_cast<size_t>(padded_)) {}

  // Brings the items of a row that comes next towards the processor.
  void Prefetch(std::span<const uint32_t> columns) const {
    for (const uint32_t column : columns) {
      const float* row = basis_.fixed.data() + int64_t{column} * padded_;
      for (int64_t j = 0; j < padded_; j += kLineFloats) __builtin_prefetch(row + j);
    }
  }

  enum class Outcome { kSolved, kNoSolution, kTooUneven };

  // x: [padded], in the basis.
  Outcome Solve(std::span<const uint32_t> columns, std::span<const float> weights,
                std::span<float> x) {
    if (!SetDiagonal(columns.size(), weights)) return Outcome::kTooUneven;
    rows_.clear();
    roots_.clear();
    for (size_t i = 0; i < columns.size(); ++i) {
      rows_.push_back(basis_.fixed.data() + int64_t{columns[i]} * padded_);
      roots_.push_back(weights.empty() ? 1.0F : std::sqrt(weights[i]));
    }
    const bool solved =
        static_cast<int64_t>(columns.size()) < dim_ ? SolveThroughItems(x) : SolveThroughFactors(x);
    return solved ? Outcome::kSolved : Outcome::kNoSolution;
  }

 private:
  bool SetDiagonal(size_t count, std::span<const float> weights) {
    const double lambda = AlsRowRegularization(count, weights, basis_.fixed.rows(), params_);
    const double most = basis_.values.front() + lambda;
    const double least = basis_.values.back() + lambda;
    if (!(least > kMostUneven * most)) return false;
    for (size_t k = 0; k < diagonal_.size(); ++k) {
      diagonal_[k] = static_cast<float>(basis_.values[k] + lambda);
    }
    return true;
  }

  bool SolveThroughItems(std::span<float> x) {
    const size_t count = rows_.size();
    const size_t padded = (count + kPanel - 1) / kPanel * kPanel;
    rows_.resize(padded, zeros_.data());
    roots_.resize(static_cast<size_t>(PaddedWidth(static_cast<int64_t>(count))));
    InverseRoots(diagonal_, scale_);
    const int64_t stride = PaddedWidth(static_cast<int64_t>(count));
    const auto cells = static_cast<size_t>(padded_ * stride);
    if (items_.size() < cells) items_.resize(cells);
    // Columns between the rows that are written and the stride are read, too.
    for (int64_t k = 0; k < dim_ && static_cast<int64_t>(padded) < stride; ++k) {
      std::fill_n(items_.data() + k * stride + padded, kPanel, 0.0F);
    }
    TransposeScaled(rows_, roots_, scale_, padded_, stride, items_.data());
    ones_.assign(count, 1.0F);
    const MatrixView<const float> items{items_.data(), dim_, static_cast<int64_t>(count), stride};
    if (!cholesky_.Factor(ones_, items)) return false;
    item_right_.assign(roots_.begin(), roots_.end());
    cholesky_.Solve(item_right_);
    for (size_t i = 0; i < count; ++i) item_right_[i] *= roots_[i];
    SumWeightedRows(std::span(rows_).first(count), std::span(item_right_).first(count), padded_,
                    x.data());
    for (size_t k = 0; k < diagonal_.size(); ++k) x[k] *= scale_[k] * scale_[k];
    return true;
  }

  bool SolveThroughFactors(std::span<float> x) {
    const size_t count = rows_.size();
    gathered_.resize(count * static_cast<size_t>(padded_));
    GatherScaled(rows_, roots_, padded_, gathered_.data());
    item_right_.resize(count);
    for (size_t i = 0; i < count; ++i) item_right_[i] = roots_[i] * roots_[i];
    SumWeightedRows(rows_, item_right_, padded_, x.data());
    const MatrixView<const float> gathered{gathered_.data(), static_cast<int64_t>(count), dim_,
                                           padded_};
    if (!cholesky_.Factor(diagonal_, gathered)) return false;
    cholesky_.Solve(x);
    return true;
  }

  const Basis& basis_;
  const AlsStepParams params_;
  const int64_t dim_;
  const int64_t padded_;
  const std::vector<float> zeros_;
  std::vector<float> diagonal_;
  std::vector<float> scale_;  // zeros past dim
  std::vector<const float*> rows_;
  std::vector<float> roots_;
  std::vector<float> items_;
  std::vector<float> ones_;
  std::vector<float> item_right_;
  std::vector<float> gathered_;
  SmallCholesky cholesky_;
};

}  // namespace

double AlsRowRegularization(size_t count, std::span<const float> weights, int64_t fixed_rows,
                            const AlsStepParams& params) {
  double sum = weights.empty() ? static_cast<double>(count) : 0;
  for (const float w : weights) sum += w;
  const double frequency =
      sum + static_cast<double>(params.unobserved_weight) * static_cast<double>(fixed_rows);
  return params.regularization * std::pow(frequency, params.regularization_exponent);
}

absl::Status NoAlsSolution(int64_t row, const AlsStepParams& params) {
  return InvalidArgument("als: the normal equations of row ", row,
                         " are not positive definite in fp32; regularization ",
                         params.regularization, " is too small");
}

absl::Status AlsExactCpu(ExecutionContext& context, const CsrView& rows,
                         MatrixView<const float> fixed, const DoubleMatrix& gram,
                         const AlsStepParams& params,
                         const std::function<AlsRowFallback()>& make_fallback,
                         MatrixView<float> factors) {
  BURGEON_ASSIGN_OR_RETURN(const Basis basis,
                           MakeBasis(context, rows, fixed, gram, params.unobserved_weight));
  const int64_t padded = PaddedWidth(fixed.cols);
  return context.pool().ParallelForStatus(
      rows.rows(), kRowBlock, [&](int64_t begin, int64_t end) -> absl::Status {
        ExactRowSolver solver(basis, fixed.cols, params);
        AlsRowFallback fallback;
        FloatMatrix rotated(end - begin, padded);
        FloatMatrix back(end - begin, padded);
        std::vector<int64_t> elsewhere;
        for (int64_t u = begin; u < end; ++u) {
          const auto columns = rows.row_columns(u);
          if (u + 1 < end) {
            const auto next = rows.row_columns(u + 1);
            solver.Prefetch(next.first(std::min(next.size(), kMostPrefetched)));
          }
          if (columns.empty()) continue;
          const auto outcome = solver.Solve(columns, rows.row_values(u), rotated.row(u - begin));
          if (outcome == ExactRowSolver::Outcome::kNoSolution) return NoAlsSolution(u, params);
          if (outcome == ExactRowSolver::Outcome::kTooUneven) elsewhere.push_back(u);
        }
        const MatrixView<const float> solved{rotated.data(), end - begin, fixed.cols, padded};
        MultiplyRows(solved, {basis.from.data(), fixed.cols, fixed.cols, padded},
                     {back.data(), end - begin, fixed.cols, padded});
        for (int64_t u = begin; u < end; ++u) {
          std::copy_n(back.row(u - begin).begin(), fixed.cols, factors.row(u).begin());
        }
        for (const int64_t u : elsewhere) {
          if (!fallback) fallback = make_fallback();
          if (!fallback(u, factors.row(u))) return NoAlsSolution(u, params);
        }
        return absl::OkStatus();
      });
}

}  // namespace burgeon
