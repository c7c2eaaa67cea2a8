#include "engine/audience/lookalike_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace burgeon {

namespace {

constexpr size_t kDirectionColumns = 256;
// What the variances of a group's columns sum to.
constexpr double kDirectionVariance = 1.28;
constexpr double kLengthVariance = 0.09;
constexpr double kFeatureVariance = 0.4;

constexpr int64_t kBlockRows = 512;

double Length(std::span<const float> vector) {
  double squares = 0;
  for (const float x : vector) squares += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(squares);
}

double SignedLog(float x) {
  const auto value = static_cast<double>(x);
  return std::copysign(std::log1p(std::abs(value)), value);
}

}  // namespace

// Two passes, the mean first: sums of blocks of customers, added in block order.
template <class Raw>
LookalikeInputs::Moments LookalikeInputs::MomentsOf(ThreadPool& pool,
                                                    std::span<const CustomerRow> sample,
                                                    size_t columns, const Raw& raw) {
  const auto n = static_cast<int64_t>(sample.size());
  const int64_t blocks = (n + kBlockRows - 1) / kBlockRows;
  const auto average = [&](const auto& term) {
    DoubleMatrix partial(blocks, static_cast<int64_t>(columns));
    pool.ParallelFor(n, kBlockRows, [&](int64_t begin, int64_t end) {
      std::vector<float> values(columns);
      const std::span<double> sum = partial.row(begin / kBlockRows);
      for (int64_t i = begin; i < end; ++i) {
        raw(sample[static_cast<size_t>(i)], values);
        for (size_t j = 0; j < columns; ++j) sum[j] += term(j, static_cast<double>(values[j]));
      }
    });
    std::vector<double> total(columns, 0);
    for (int64_t b = 0; b < blocks; ++b) {
      for (size_t j = 0; j < columns; ++j) total[j] += partial.at(b, static_cast<int64_t>(j));
    }
    for (double& t : total) t /= static_cast<double>(n);
    return total;
  };
  Moments moments;
  moments.mean = average([](size_t, double x) { return x; });
  moments.variance = average([&](size_t j, double x) {
    const double centred = x - moments.mean[j];
    return centred * centred;
  });
  return moments;
}

void LookalikeInputs::Direction(CustomerRow customer, std::span<float> out) const {
  const std::span<const float> embedding = embeddings_.row(customer.value);
  const double length = Length(embedding);
  const double inverse = length > 0 ? 1 / length : 0;
  for (size_t j = 0; j < embedding.size(); ++j) {
    out[j] = static_cast<float>(static_cast<double>(embedding[j]) * inverse);
  }
}

double LookalikeInputs::LogLength(CustomerRow customer) const {
  return std::log(std::max(shortest_, Length(embeddings_.row(customer.value))));
}

LookalikeInputs::LookalikeInputs(ThreadPool& pool, MatrixView<const float> embeddings,
                                 MatrixView<const float> features,
                                 std::span<const CustomerRow> sample)
    : embeddings_(embeddings), features_(features) {
  BURGEON_CHECK(!sample.empty());
  BURGEON_CHECK(features.cols == 0 || features.rows == embeddings.rows);
  double shortest = std::numeric_limits<double>::infinity();
  for (const CustomerRow customer : sample) {
    const double length = Length(embeddings.row(customer.value));
    if (length > 0) shortest = std::min(shortest, length);
  }
  if (std::isfinite(shortest)) shortest_ = shortest;

  const auto dim = static_cast<size_t>(embeddings.cols);
  const Moments direction =
      MomentsOf(pool, sample, dim,
                [this](CustomerRow customer, std::span<float> out) { Direction(customer, out); });
  dims_.resize(dim);
  std::iota(dims_.begin(), dims_.end(), 0);
  std::stable_sort(dims_.begin(), dims_.end(), [&](int64_t a, int64_t b) {
    return direction.variance[static_cast<size_t>(a)] > direction.variance[static_cast<size_t>(b)];
  });
  dims_.resize(std::min(dim, kDirectionColumns));
  std::sort(dims_.begin(), dims_.end());

  const Moments others = MomentsOf(
      pool, sample, 1 + static_cast<size_t>(features.cols),
      [this](CustomerRow customer, std::span<float> out) {
        out[0] = static_cast<float>(LogLength(customer));
        for (int64_t f = 0; f < features_.cols; ++f) {
          out[static_cast<size_t>(f) + 1] =
              static_cast<float>(SignedLog(features_.row(customer.value)[static_cast<size_t>(f)]));
        }
      });

  double total = 0;
  for (const int64_t d : dims_) total += direction.variance[static_cast<size_t>(d)];
  const double scale = total > 0 ? std::sqrt(kDirectionVariance / total) : 0;
  for (const int64_t d : dims_) {
    mean_.push_back(direction.mean[static_cast<size_t>(d)]);
    multiplier_.push_back(scale);
  }
  for (size_t j = 0; j < others.mean.size(); ++j) {
    const double wanted =
        j == 0 ? kLengthVariance : kFeatureVariance / static_cast<double>(features.cols);
    const double variance = others.variance[j];
    mean_.push_back(others.mean[j]);
    // Rounding alone makes a constant column vary a little.
    multiplier_.push_back(variance > 1e-12 ? std::sqrt(wanted / variance) : 0);
  }
}

void LookalikeInputs::Fill(CustomerRow customer, std::span<float> out) const {
  BURGEON_CHECK(static_cast<int64_t>(out.size()) == columns());
  const std::span<const float> embedding = embeddings_.row(customer.value);
  const double length = Length(embedding);
  const double inverse = length > 0 ? 1 / length : 0;
  size_t column = 0;
  const auto put = [&](double value) {
    out[column] = static_cast<float>((value - mean_[column]) * multiplier_[column]);
    ++column;
  };
  for (const int64_t d : dims_) {
    put(static_cast<double>(embedding[static_cast<size_t>(d)]) * inverse);
  }
  put(LogLength(customer));
  if (features_.cols == 0) return;
  for (const float feature : features_.row(customer.value)) put(SignedLog(feature));
}

FloatMatrix LookalikeInputs::Of(ThreadPool& pool, std::span<const CustomerRow> customers) const {
  FloatMatrix inputs(static_cast<int64_t>(customers.size()), columns());
  pool.ParallelFor(inputs.rows(), kBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) Fill(customers[static_cast<size_t>(i)], inputs.row(i));
  });
  return inputs;
}

}  // namespace burgeon
