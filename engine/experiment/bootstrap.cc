#include "engine/experiment/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr uint64_t kDrawStream = 0x626f6f7473747261;  // "bootstra"
constexpr int64_t kReplicatesPerBlock = 4;

// The values with zeros where there is none, and ones where there is one.
struct Table {
  DoubleMatrix values;
  DoubleMatrix present;  // no rows: everything is there
};

Table Split(const MatrixView<const double>& values) {
  Table table{DoubleMatrix(values.rows, values.cols), {}};
  bool missing = false;
  for (int64_t i = 0; i < values.rows; ++i) {
    for (int64_t j = 0; j < values.cols; ++j) {
      const double value = values.row(i)[static_cast<size_t>(j)];
      missing |= std::isnan(value);
      table.values.at(i, j) = std::isnan(value) ? 0 : value;
    }
  }
  if (!missing) return table;
  table.present = DoubleMatrix(values.rows, values.cols);
  for (int64_t i = 0; i < values.rows; ++i) {
    for (int64_t j = 0; j < values.cols; ++j) {
      table.present.at(i, j) = std::isnan(values.row(i)[static_cast<size_t>(j)]) ? 0 : 1;
    }
  }
  return table;
}

void AddTimes(double times, std::span<const double> row, std::span<double> sums) {
  for (size_t j = 0; j < row.size(); ++j) sums[j] += times * row[j];
}

// Weighted means in the order of rows.
void WeightedMeans(const Table& table, std::span<const double> times, std::span<double> means) {
  std::vector<double> counts(means.size(), 0);
  std::ranges::fill(means, 0.0);
  double all = 0;
  for (int64_t i = 0; i < table.values.rows(); ++i) {
    const double weight = times[static_cast<size_t>(i)];
    if (weight == 0) continue;
    all += weight;
    AddTimes(weight, table.values.row(i), means);
    if (!table.present.empty()) AddTimes(weight, table.present.row(i), counts);
  }
  for (size_t j = 0; j < means.size(); ++j) {
    const double count = table.present.empty() ? all : counts[j];
    means[j] = count > 0 ? means[j] / count : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

std::vector<double> ColumnMeans(const MatrixView<const double>& values) {
  std::vector<double> means(static_cast<size_t>(values.cols));
  const std::vector<double> once(static_cast<size_t>(values.rows), 1);
  WeightedMeans(Split(values), once, means);
  return means;
}

DoubleMatrix BootstrapMeans(ThreadPool& pool, const MatrixView<const double>& values,
                            const BootstrapOptions& options) {
  BURGEON_CHECK(options.replicates >= 0 && options.replicates <= kMaxReplicates);
  DoubleMatrix means(options.replicates, values.cols);
  const Table table = Split(values);
  const auto units = static_cast<uint64_t>(values.rows);
  const Philox random(options.seed, kDrawStream);
  pool.ParallelFor(options.replicates, kReplicatesPerBlock, [&](int64_t begin, int64_t end) {
    std::vector<double> times(static_cast<size_t>(units));
    for (int64_t b = begin; b < end; ++b) {
      std::ranges::fill(times, 0.0);
      for (uint64_t i = 0; i < units; ++i) {
        times[random.Below((static_cast<uint64_t>(b) << 32) + i, units)] += 1;
      }
      WeightedMeans(table, times, means.row(b));
    }
  });
  return means;
}

BootstrapInterval PercentileInterval(std::vector<double> replicates, double level) {
  BURGEON_CHECK(level > 0 && level < 1);
  std::erase_if(replicates, [](double value) { return std::isnan(value); });
  if (replicates.empty()) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    return {none, none};
  }
  std::ranges::sort(replicates);
  const auto quantile = [&](double q) {
    const double at = q * static_cast<double>(replicates.size() - 1);
    const auto below = static_cast<size_t>(at);
    const size_t above = std::min(below + 1, replicates.size() - 1);
    return std::lerp(replicates[below], replicates[above], at - std::floor(at));
  };
  return {quantile((1 - level) / 2), quantile((1 + level) / 2)};
}

}  // namespace burgeon
