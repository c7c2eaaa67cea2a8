#include "engine/models/list_ranker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr char kPrefix[] = "recommender.ranker";
// Of a feature: the blend's score, rank, popularity, size of the history.
constexpr int64_t kFixedFeatures = 4;

// Column `column` of the features: `values` less their mean, over their deviation.
void PutStandardised(std::span<const double> values, int64_t column, FloatMatrix* features) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / n);
  for (size_t i = 0; i < values.size(); ++i) {
    features->at(static_cast<int64_t>(i), column) =
        deviation > 0 ? static_cast<float>((values[i] - mean) / deviation) : 0;
  }
}

float Log1p(double value) { return static_cast<float>(std::log1p(value)); }

absl::Status CheckPositive(const std::string& name, std::span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] > 0) || !std::isfinite(values[i])) {
      return DataLoss(name, "[", i, "]: ", values[i], " is not a positive number");
    }
  }
  return absl::OkStatus();
}

}  // namespace

int64_t RankerFeatureCount(int64_t parts, int64_t trends) {
  return parts + trends + kFixedFeatures;
}

FloatMatrix RankerFeatures(const RankerPool& pool) {
  const int64_t n = std::ssize(pool.items);
  const int64_t parts = pool.parts.cols;
  FloatMatrix features(n, RankerFeatureCount(parts, pool.trends.cols));
  if (n == 0) return features;
  std::vector<double> values(static_cast<size_t>(n));
  std::vector<double> sums(static_cast<size_t>(n), 0);
  for (int64_t p = 0; p < parts; ++p) {
    for (int64_t i = 0; i < n; ++i) {
      values[static_cast<size_t>(i)] = pool.parts.row(i)[static_cast<size_t>(p)];
      sums[static_cast<size_t>(i)] += values[static_cast<size_t>(i)];
    }
    PutStandardised(values, p, &features);
  }
  PutStandardised(sums, parts, &features);
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t item = pool.items[static_cast<size_t>(i)];
    int64_t column = parts + 1;
    features.at(i, column++) = Log1p(static_cast<double>(i));
    features.at(i, column++) = Log1p(pool.popularity[item]);
    for (const float trend : pool.trends.row(i)) features.at(i, column++) = Log1p(trend);
    features.at(i, column) = Log1p(static_cast<double>(pool.history_items));
  }
  return features;
}

void StandardiseRankerFeatures(const ListRanker& ranker, std::span<float> row) {
  BURGEON_CHECK(row.size() == ranker.mean.size());
  for (size_t f = 0; f < row.size(); ++f) {
    const double z = (static_cast<double>(row[f]) - ranker.mean[f]) / ranker.scale[f];
    row[f] = static_cast<float>(std::clamp(z, -kMaxRankerFeature, kMaxRankerFeature));
  }
}

std::vector<double> RankerScores(const ListRanker& ranker, FloatMatrix features) {
  std::vector<double> scores(static_cast<size_t>(features.rows()));
  for (int64_t i = 0; i < features.rows(); ++i) {
    StandardiseRankerFeatures(ranker, features.row(i));
    scores[static_cast<size_t>(i)] = PerceptronOutput(ranker.network, features.row(i));
  }
  return scores;
}

void AddRankerTensors(const ListRanker& ranker, TensorFile* file) {
  const std::string prefix = kPrefix;
  const std::array<int64_t, 3> sizes = {ranker.pool, std::ssize(ranker.network.weight),
                                        ranker.trends.rows()};
  file->Add(prefix + ".sizes", std::span<const int64_t>(sizes));
  file->Add(prefix + ".mean", std::span<const float>(ranker.mean));
  file->Add(prefix + ".scale", std::span<const float>(ranker.scale));
  if (ranker.trends.rows() > 0) file->Add(prefix + ".trends", ranker.trends.view());
  AddPerceptronTensors(ranker.network, prefix, file);
}

absl::StatusOr<ListRanker> ReadRankerTensors(const TensorFile& file, int64_t parts, int64_t items) {
  const std::string prefix = kPrefix;
  ListRanker ranker;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> sizes, file.GetInt64s(prefix + ".sizes"));
  if (sizes.size() != 3 || sizes[0] < 1 || sizes[0] > limits::kMaxK || sizes[1] < 1 ||
      sizes[1] > kMaxPerceptronLayers || sizes[2] < 0) {
    return DataLoss(prefix, ".sizes: wanted three numbers, a pool of 1 to ", limits::kMaxK,
                    " items, 1 to ", kMaxPerceptronLayers, " layers and the trends");
  }
  ranker.pool = sizes[0];
  if (sizes[2] > 0) {
    BURGEON_ASSIGN_OR_RETURN(ranker.trends, file.GetMatrix(prefix + ".trends"));
    if (ranker.trends.rows() != sizes[2] || ranker.trends.cols() != items) {
      return DataLoss(prefix, ".trends: ", ranker.trends.rows(), " x ", ranker.trends.cols(),
                      "; wanted ", sizes[2], " x ", items);
    }
    for (const float value : ranker.trends.values()) {
      if (!(value >= 0) || !std::isfinite(value)) {
        return DataLoss(prefix, ".trends: ", value, " is not a number from 0");
      }
    }
  }
  const int64_t features = RankerFeatureCount(parts, sizes[2]);
  BURGEON_ASSIGN_OR_RETURN(ranker.mean, file.GetFloats(prefix + ".mean"));
  BURGEON_ASSIGN_OR_RETURN(ranker.scale, file.GetFloats(prefix + ".scale"));
  if (std::ssize(ranker.mean) != features || std::ssize(ranker.scale) != features) {
    return DataLoss(prefix, ".mean, .scale: ", ranker.mean.size(), " and ", ranker.scale.size(),
                    " values; wanted ", features);
  }
  for (const float mean : ranker.mean) {
    if (!std::isfinite(mean)) return DataLoss(prefix, ".mean: a number is not finite");
  }
  BURGEON_RETURN_IF_ERROR(CheckPositive(prefix + ".scale", ranker.scale));
  BURGEON_ASSIGN_OR_RETURN(ranker.network, ReadPerceptronTensors(file, prefix, sizes[1], features));
  return ranker;
}

}  // namespace burgeon
