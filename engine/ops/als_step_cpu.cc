#include "engine/ops/als_step_cpu.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/ops/als_exact_cpu.h"
#include "engine/ops/blas.h"
#include "engine/ops/dense.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 32;
constexpr int64_t kGatherRows = 256;  // of the fixed side, copied side by side

// Solves one row after another, with buffers of its own.
class RowSolver {
 public:
  // gram: a0 Y'Y.
  RowSolver(MatrixView<const float> fixed, MatrixView<const float> gram,
            const AlsStepParams& params)
      : fixed_(fixed),
        gram_(gram),
        params_(params),
        system_(fixed.cols, fixed.cols),
        gathered_(kGatherRows, fixed.cols),
        right_(static_cast<size_t>(fixed.cols)) {}

  // False when the equations are not positive definite.
  bool Solve(std::span<const uint32_t> columns, std::span<const float> weights,
             std::span<float> x) {
    if (columns.empty()) {
      std::ranges::fill(x, 0.0F);
      return true;
    }
    const bool exact = params_.block_size == 0 || params_.block_size >= fixed_.cols;
    lambda_ =
        static_cast<float>(AlsRowRegularization(columns.size(), weights, fixed_.rows, params_));
    return exact ? SolveExactly(columns, weights, x) : SolveBlocks(columns, weights, x);
  }

 private:
  // The upper triangle of a0 Y'Y + lambda I, for the factors [begin, end).
  MatrixView<float> StartSystem(int64_t begin, int64_t end) {
    const MatrixView<float> system{system_.data(), end - begin, end - begin, end - begin};
    for (int64_t i = 0; i < system.rows; ++i) {
      std::ranges::copy(gram_.row(begin + i).subspan(static_cast<size_t>(begin + i),
                                                     static_cast<size_t>(system.rows - i)),
                        system.row(i).begin() + i);
      system.row(i)[static_cast<size_t>(i)] += lambda_;
    }
    return system;
  }

  bool SolveExactly(std::span<const uint32_t> columns, std::span<const float> weights,
                    std::span<float> x) {
    const MatrixView<float> system = StartSystem(0, fixed_.cols);
    std::ranges::fill(right_, 0.0F);
    for (size_t begin = 0; begin < columns.size(); begin += kGatherRows) {
      const size_t count = std::min<size_t>(kGatherRows, columns.size() - begin);
      for (size_t k = 0; k < count; ++k) {
        const auto y = fixed_.row(columns[begin + k]);
        const auto scaled = gathered_.row(static_cast<int64_t>(k));
        const float w = weights.empty() ? 1.0F : weights[begin + k];
        const float root = std::sqrt(w);
        for (size_t j = 0; j < y.size(); ++j) {
          scaled[j] = root * y[j];
          right_[j] += w * y[j];
        }
      }
      blas::SyrkUpper(1, gathered_.view().Rows(0, static_cast<int64_t>(count)), system);
    }
    if (blas::CholeskyUpper(system) != 0) return false;
    blas::CholeskySolve(system, right_);
    std::ranges::copy(right_, x.begin());
    return true;
  }

  // One pass of Newton steps, exact within a block of factors, on the objective as it then stands.
  bool SolveBlocks(std::span<const uint32_t> columns, std::span<const float> weights,
                   std::span<float> x) {
    predictions_.resize(columns.size());
    for (size_t k = 0; k < columns.size(); ++k) {
      const auto y = fixed_.row(columns[k]);
      double sum = 0;
      for (size_t j = 0; j < y.size(); ++j) sum += static_cast<double>(x[j]) * y[j];
      predictions_[k] = static_cast<float>(sum);
    }
    for (int64_t begin = 0; begin < fixed_.cols; begin += params_.block_size) {
      const int64_t end = std::min<int64_t>(fixed_.cols, begin + params_.block_size);
      if (!StepBlock(columns, weights, begin, end, x)) return false;
    }
    return true;
  }

  bool StepBlock(std::span<const uint32_t> columns, std::span<const float> weights, int64_t begin,
                 int64_t end, std::span<float> x) {
    const MatrixView<float> system = StartSystem(begin, end);
    const auto width = static_cast<size_t>(end - begin);
    const auto first = static_cast<size_t>(begin);
    const std::span<float> step(right_.data(), width);  // minus the gradient, then the step
    for (size_t i = 0; i < width; ++i) {
      const auto row = gram_.row(begin + static_cast<int64_t>(i));
      double sum = static_cast<double>(lambda_) * x[first + i];
      for (size_t j = 0; j < row.size(); ++j) sum += static_cast<double>(row[j]) * x[j];
      step[i] = static_cast<float>(-sum);
    }
    for (size_t at = 0; at < columns.size(); at += kGatherRows) {
      const size_t count = std::min<size_t>(kGatherRows, columns.size() - at);
      const MatrixView<float> gathered{gathered_.data(), static_cast<int64_t>(count), end - begin,
                                       end - begin};
      for (size_t k = 0; k < count; ++k) {
        const auto y = fixed_.row(columns[at + k]).subspan(first, width);
        const auto scaled = gathered.row(static_cast<int64_t>(k));
        const float w = weights.empty() ? 1.0F : weights[at + k];
        const float root = std::sqrt(w);
        const float pull = w * (1.0F - predictions_[at + k]);
        for (size_t j = 0; j < width; ++j) {
          scaled[j] = root * y[j];
          step[j] += pull * y[j];
        }
      }
      blas::SyrkUpper(1, gathered, system);
    }
    if (blas::CholeskyUpper(system) != 0) return false;
    blas::CholeskySolve(system, step);
    for (size_t j = 0; j < width; ++j) x[first + j] += step[j];
    for (size_t k = 0; k < columns.size(); ++k) {
      const auto y = fixed_.row(columns[k]).subspan(first, width);
      float sum = 0;
      for (size_t j = 0; j < width; ++j) sum += step[j] * y[j];
      predictions_[k] += sum;
    }
    return true;
  }

  const MatrixView<const float> fixed_;
  const MatrixView<const float> gram_;
  const AlsStepParams params_;
  float lambda_ = 0;
  FloatMatrix system_;
  FloatMatrix gathered_;
  std::vector<float> right_;
  std::vector<float> predictions_;
};

}  // namespace

absl::Status AlsStepCpu(ExecutionContext& context, const CsrView& rows,
                        MatrixView<const float> fixed, const AlsStepParams& params,
                        MatrixView<float> factors) {
  const DoubleMatrix sums = Gram(context, fixed);
  FloatMatrix gram(fixed.cols, fixed.cols);
  for (size_t k = 0; k < sums.values().size(); ++k) {
    gram.values()[k] = static_cast<float>(params.unobserved_weight * sums.values()[k]);
  }
  if (params.block_size == 0 || params.block_size >= fixed.cols) {
    const auto make_fallback = [&]() -> AlsRowFallback {
      const auto solver = std::make_shared<RowSolver>(fixed, gram.view(), params);
      return [&rows, solver](int64_t u, std::span<float> x) {
        return solver->Solve(rows.row_columns(u), rows.row_values(u), x);
      };
    };
    return AlsExactCpu(context, rows, fixed, sums, params, make_fallback, factors);
  }
  return context.pool().ParallelForStatus(
      rows.rows(), kRowBlock, [&](int64_t begin, int64_t end) -> absl::Status {
        RowSolver solver(fixed, gram.view(), params);
        for (int64_t u = begin; u < end; ++u) {
          if (!solver.Solve(rows.row_columns(u), rows.row_values(u), factors.row(u))) {
            return NoAlsSolution(u, params);
          }
        }
        return absl::OkStatus();
      });
}

}  // namespace burgeon
