#include "engine/experiment/recommender_quality.h"

#include <algorithm>
#include <limits>

#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The estimate of a function of the column means.
template <class Function>
Estimate EstimateOf(const Resampled& sample, double level, const Function& of) {
  Estimate estimate{of(std::span<const double>(sample.means)), kNone, kNone};
  if (sample.replicates.rows() == 0) return estimate;
  std::vector<double> values;
  for (int64_t b = 0; b < sample.replicates.rows(); ++b) {
    values.push_back(of(sample.replicates.row(b)));
  }
  const BootstrapInterval interval = PercentileInterval(std::move(values), level);
  estimate.low = interval.low;
  estimate.high = interval.high;
  return estimate;
}

std::vector<CutQuality> Cuts(const ListScores& scores, const Resampled& sample, double level) {
  std::vector<CutQuality> cuts(scores.ks.size());
  for (size_t k = 0; k < cuts.size(); ++k) {
    for (const ListMetric metric : kListMetrics) {
      const size_t column = scores.column(metric, k);
      cuts[k].metrics[static_cast<size_t>(metric)] =
          EstimateOf(sample, level, [&](std::span<const double> means) { return means[column]; });
    }
    const size_t shown = scores.column(ListMetric::kPopularity, k);
    const size_t had = scores.history_column();
    cuts[k].popularity_lift = EstimateOf(sample, level, [&](std::span<const double> means) {
      return means[had] > 0 ? means[shown] / means[had] - 1 : kNone;
    });
  }
  return cuts;
}

DoubleMatrix SelectRows(const DoubleMatrix& values, std::span<const uint32_t> rows) {
  DoubleMatrix selected(std::ssize(rows), values.cols());
  for (size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(values.row(rows[i]), selected.row(static_cast<int64_t>(i)).begin());
  }
  return selected;
}

}  // namespace

Resampled Resample(ThreadPool& pool, const MatrixView<const double>& values,
                   const BootstrapOptions& options) {
  return {ColumnMeans(values), BootstrapMeans(pool, values, options)};
}

ModelQuality MeasureQuality(ThreadPool& pool, const RankedLists& lists, const ListScores& scores,
                            const Resampled& sample, const std::vector<CustomerGroup>& groups,
                            int64_t items, const BootstrapOptions& options) {
  ModelQuality quality;
  quality.cuts = Cuts(scores, sample, options.level);
  for (const int k : scores.ks) {
    quality.exposure.push_back(MeasureExposure(lists, scores.customers, items, k));
  }
  for (const CustomerGroup& group : groups) {
    const DoubleMatrix selected = SelectRows(scores.values, group.rows);
    quality.groups.push_back(Cuts(scores, Resample(pool, selected.view(), options), options.level));
  }
  return quality;
}

std::vector<CutDifference> DifferenceTo(const ListScores& scores, const Resampled& sample,
                                        const Resampled& baseline,
                                        const BootstrapOptions& options) {
  BURGEON_CHECK(sample.means.size() == baseline.means.size() &&
                sample.replicates.rows() == baseline.replicates.rows());
  Resampled gap = sample;
  for (size_t j = 0; j < gap.means.size(); ++j) gap.means[j] -= baseline.means[j];
  for (size_t i = 0; i < gap.replicates.values().size(); ++i) {
    gap.replicates.values()[i] -= baseline.replicates.values()[i];
  }
  std::vector<CutDifference> cuts(scores.ks.size());
  for (size_t k = 0; k < cuts.size(); ++k) {
    for (const ListMetric metric : kListMetrics) {
      const size_t column = scores.column(metric, k);
      Difference& difference = cuts[k][static_cast<size_t>(metric)];
      difference.estimate = EstimateOf(
          gap, options.level, [&](std::span<const double> means) { return means[column]; });
      double above = 0;
      for (int64_t b = 0; b < gap.replicates.rows(); ++b) {
        const double value = gap.replicates.at(b, static_cast<int64_t>(column));
        above += value > 0 ? 1 : value < 0 ? 0 : 0.5;
      }
      difference.share_above =
          gap.replicates.rows() > 0 ? above / static_cast<double>(gap.replicates.rows()) : kNone;
    }
  }
  return cuts;
}

}  // namespace burgeon
