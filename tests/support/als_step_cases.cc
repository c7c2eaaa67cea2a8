#include "tests/support/als_step_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

enum class Weights { kOnes, kRandom };

AlsStepCase Make(std::string name, int64_t rows, int64_t columns, int64_t dim, double share,
                 Weights weights, AlsStepParams params) {
  AlsStepCase c;
  c.name = std::move(name);
  c.params = params;
  c.rows.cols = columns;
  c.fixed = FloatMatrix(columns, dim);
  c.start = FloatMatrix(rows, dim);
  const Philox entries(51, 1);
  const Philox fixed(51, 2);
  const Philox start(51, 3);
  for (int64_t u = 0; u < rows; ++u) {
    // Row 1 is empty, row 2 has everything.
    const double row_share = u == 1 ? 0 : u == 2 ? 1 : share;
    for (int64_t i = 0; i < columns; ++i) {
      const double draw = entries.Uniform(static_cast<uint64_t>(u * columns + i));
      if (draw >= row_share) continue;
      c.rows.columns.push_back(static_cast<uint32_t>(i));
      if (weights == Weights::kRandom) {
        c.rows.values.push_back(static_cast<float>(0.1 + 3 * draw));
      }
    }
    c.rows.offsets.push_back(static_cast<int64_t>(c.rows.columns.size()));
  }
  for (size_t i = 0; i < c.fixed.values().size(); ++i) {
    c.fixed.values()[i] = static_cast<float>(0.3 * fixed.Normal(i));
  }
  for (size_t i = 0; i < c.start.values().size(); ++i) {
    c.start.values()[i] = static_cast<float>(0.3 * start.Normal(i));
  }
  return c;
}

double RowLambda(const AlsStepParams& params, const CsrView& rows, int64_t u) {
  double sum = 0;
  const auto weights = rows.row_values(u);
  for (size_t k = 0; k < rows.row_columns(u).size(); ++k) sum += weights.empty() ? 1.0 : weights[k];
  return static_cast<double>(params.regularization) *
         std::pow(
             sum + static_cast<double>(params.unobserved_weight) * static_cast<double>(rows.cols),
             static_cast<double>(params.regularization_exponent));
}

// Gaussian elimination; the matrix is positive definite.
std::vector<double> SolveDense(std::vector<std::vector<double>> a, std::vector<double> b) {
  const size_t n = b.size();
  for (size_t p = 0; p < n; ++p) {
    for (size_t r = p + 1; r < n; ++r) {
      const double factor = a[r][p] / a[p][p];
      for (size_t c = p; c < n; ++c) a[r][c] -= factor * a[p][c];
      b[r] -= factor * b[p];
    }
  }
  for (size_t p = n; p-- > 0;) {
    for (size_t c = p + 1; c < n; ++c) b[p] -= a[p][c] * b[c];
    b[p] /= a[p][p];
  }
  return b;
}

// The Hessian of a row (halved) over all factors, and the gradient (halved) at x.
struct Quadratic {
  std::vector<std::vector<double>> hessian;
  std::vector<double> gradient;
};

Quadratic RowQuadratic(const AlsStepCase& c, const std::vector<std::vector<double>>& gram,
                       int64_t u, const std::vector<double>& x) {
  const auto dim = static_cast<size_t>(c.fixed.cols());
  const CsrView rows = c.rows.view();
  Quadratic q{gram, std::vector<double>(dim)};
  for (size_t i = 0; i < dim; ++i) {
    for (double& value : q.hessian[i]) value *= static_cast<double>(c.params.unobserved_weight);
    q.hessian[i][i] += RowLambda(c.params, rows, u);
  }
  const auto columns = rows.row_columns(u);
  const auto weights = rows.row_values(u);
  for (size_t k = 0; k < columns.size(); ++k) {
    const auto y = c.fixed.row(columns[k]);
    const double w = weights.empty() ? 1.0 : weights[k];
    for (size_t i = 0; i < dim; ++i) {
      q.gradient[i] -= w * static_cast<double>(y[i]);
      for (size_t j = 0; j < dim; ++j) {
        q.hessian[i][j] += w * static_cast<double>(y[i]) * static_cast<double>(y[j]);
      }
    }
  }
  for (size_t i = 0; i < dim; ++i) {
    for (size_t j = 0; j < dim; ++j) q.gradient[i] += q.hessian[i][j] * x[j];
  }
  return q;
}

}  // namespace

std::vector<AlsStepCase> AlsStepCases() {
  const AlsStepParams exact{.unobserved_weight = 0.1F, .regularization = 0.003F};
  AlsStepParams blocks = exact;
  blocks.block_size = 16;
  AlsStepParams partial = exact;
  partial.regularization_exponent = 0.5F;
  partial.regularization = 0.05F;
  std::vector<AlsStepCase> cases;
  cases.push_back(Make("one factor", 5, 9, 1, 0.4, Weights::kRandom, exact));
  cases.push_back(Make("no rows", 0, 9, 4, 0.4, Weights::kOnes, exact));
  cases.push_back(Make("odd shapes", 33, 131, 31, 0.2, Weights::kOnes, exact));
  cases.push_back(Make("weights", 65, 127, 32, 0.2, Weights::kRandom, exact));
  cases.push_back(Make("exponent a half", 20, 127, 33, 0.2, Weights::kRandom, partial));
  cases.push_back(Make("rows longer than a gather", 6, 1023, 40, 0.9, Weights::kRandom, exact));
  cases.push_back(Make("more factors than items", 12, 20, 64, 0.5, Weights::kRandom, exact));
  cases.push_back(Make("blocks", 33, 131, 64, 0.2, Weights::kRandom, blocks));
  cases.push_back(Make("blocks that do not divide", 9, 600, 41, 0.9, Weights::kOnes, blocks));
  blocks.block_size = 64;
  cases.push_back(Make("one block is exact", 9, 131, 64, 0.3, Weights::kOnes, blocks));
  return cases;
}

DoubleMatrix ReferenceAlsStep(const AlsStepCase& c) {
  const auto dim = static_cast<size_t>(c.fixed.cols());
  std::vector<std::vector<double>> gram(dim, std::vector<double>(dim));
  for (int64_t r = 0; r < c.fixed.rows(); ++r) {
    const auto y = c.fixed.row(r);
    for (size_t i = 0; i < dim; ++i) {
      for (size_t j = 0; j < dim; ++j) {
        gram[i][j] += static_cast<double>(y[i]) * static_cast<double>(y[j]);
      }
    }
  }
  const size_t block =
      c.params.block_size == 0 ? dim : std::min(dim, static_cast<size_t>(c.params.block_size));
  DoubleMatrix out(c.rows.rows(), c.fixed.cols());
  for (int64_t u = 0; u < c.rows.rows(); ++u) {
    if (c.rows.view().row_columns(u).empty()) continue;
    std::vector<double> x(c.start.row(u).begin(), c.start.row(u).end());
    for (size_t begin = 0; begin < dim; begin += block) {
      const size_t width = std::min(block, dim - begin);
      const Quadratic q = RowQuadratic(c, gram, u, x);
      std::vector<std::vector<double>> a(width, std::vector<double>(width));
      std::vector<double> b(width);
      for (size_t i = 0; i < width; ++i) {
        b[i] = -q.gradient[begin + i];
        for (size_t j = 0; j < width; ++j) a[i][j] = q.hessian[begin + i][begin + j];
      }
      const std::vector<double> step = SolveDense(a, b);
      for (size_t i = 0; i < width; ++i) x[begin + i] += step[i];
    }
    std::ranges::copy(x, out.row(u).begin());
  }
  return out;
}

double AlsObjective(const CsrView& rows, MatrixView<const float> fixed, const AlsStepParams& params,
                    MatrixView<const float> factors) {
  const auto dot = [&](int64_t u, int64_t i) {
    double sum = 0;
    for (size_t j = 0; j < static_cast<size_t>(fixed.cols); ++j) {
      sum += static_cast<double>(factors.row(u)[j]) * static_cast<double>(fixed.row(i)[j]);
    }
    return sum;
  };
  double total = 0;
  for (int64_t u = 0; u < rows.rows(); ++u) {
    const auto columns = rows.row_columns(u);
    const auto weights = rows.row_values(u);
    for (size_t k = 0; k < columns.size(); ++k) {
      const double miss = 1 - dot(u, columns[k]);
      total += (weights.empty() ? 1.0 : weights[k]) * miss * miss;
    }
    for (int64_t i = 0; i < fixed.rows; ++i) {
      total += static_cast<double>(params.unobserved_weight) * dot(u, i) * dot(u, i);
    }
    double length = 0;
    for (const float x : factors.row(u)) length += static_cast<double>(x) * x;
    total += RowLambda(params, rows, u) * length;
  }
  return total;
}

void ExpectAlsStepMatchesReference(ExecutionContext& context, const AlsStepCase& test_case) {
  SCOPED_TRACE("ALS step: " + test_case.name);
  FloatMatrix got = test_case.start;
  const absl::Status status =
      AlsStep(context, test_case.rows.view(), test_case.fixed.view(), test_case.params, got.view());
  ASSERT_TRUE(status.ok()) << status;
  const DoubleMatrix want = ReferenceAlsStep(test_case);
  for (int64_t u = 0; u < got.rows(); ++u) {
    double largest = 0;
    for (const double x : want.row(u)) largest = std::max(largest, std::abs(x));
    for (int64_t j = 0; j < got.cols(); ++j) {
      ASSERT_NEAR(got.at(u, j), want.at(u, j), 5e-4 * largest) << "row " << u << " factor " << j;
    }
  }
}

}  // namespace burgeon
