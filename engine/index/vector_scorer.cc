#include "engine/index/vector_scorer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace burgeon {

namespace {

// Four rows at once: each row's sum runs in index order, as CanonicalScore's does, and the four
// chains of additions overlap.
constexpr int64_t kRowsAtOnce = 4;

std::array<double, kRowsAtOnce> FourDots(std::span<const float> query,
                                         MatrixView<const float> vectors, int64_t first) {
  std::array<double, kRowsAtOnce> sum{};
  std::array<const float*, kRowsAtOnce> row{};
  for (int64_t r = 0; r < kRowsAtOnce; ++r) row[r] = vectors.row(first + r).data();
  for (size_t j = 0; j < query.size(); ++j) {
    const auto q = static_cast<double>(query[j]);
    for (int64_t r = 0; r < kRowsAtOnce; ++r) sum[r] += q * static_cast<double>(row[r][j]);
  }
  return sum;
}

double Dot(std::span<const float> query, std::span<const float> row) {
  double sum = 0;
  for (size_t j = 0; j < query.size(); ++j) {
    sum += static_cast<double>(query[j]) * static_cast<double>(row[j]);
  }
  return sum;
}

bool Better(const Neighbor& a, const Neighbor& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

}  // namespace

double EuclideanNorm(std::span<const float> vector) { return std::sqrt(Dot(vector, vector)); }

std::optional<float> CanonicalCosine(std::span<const float> a, std::span<const float> b) {
  const double norms = EuclideanNorm(a) * EuclideanNorm(b);
  if (norms == 0) return std::nullopt;
  return static_cast<float>(Dot(a, b) / norms);
}

void KeepBest(int k, std::vector<Neighbor>* neighbors) {
  const auto keep = static_cast<size_t>(k);
  if (neighbors->size() > keep) {
    std::nth_element(neighbors->begin(), neighbors->begin() + k, neighbors->end(), Better);
    neighbors->resize(keep);
  }
  std::sort(neighbors->begin(), neighbors->end(), Better);
}

VectorScorer::VectorScorer(MatrixView<const float> vectors, Similarity similarity)
    : vectors_(vectors), similarity_(similarity) {
  if (similarity_ != Similarity::kCosine) return;
  norms_.reserve(static_cast<size_t>(vectors_.rows));
  for (int64_t i = 0; i < vectors_.rows; ++i) norms_.push_back(EuclideanNorm(vectors_.row(i)));
}

absl::Status VectorScorer::Check(std::span<const float> query, int k) const {
  if (k < 1) return InvalidArgument("index search: k is ", k, ", it must be at least 1");
  if (static_cast<int64_t>(query.size()) != vectors_.cols) {
    return InvalidArgument("index search: the query has ", query.size(),
                           " dimensions, the index has ", vectors_.cols);
  }
  for (size_t j = 0; j < query.size(); ++j) {
    if (!std::isfinite(query[j])) {
      return InvalidArgument("index search: dimension ", j, " of the query is not finite");
    }
  }
  return absl::OkStatus();
}

bool VectorScorer::Finds(std::span<const float> query) const {
  return similarity_ != Similarity::kCosine ||
         std::any_of(query.begin(), query.end(), [](float x) { return x != 0; });
}

float VectorScorer::Score(double dot, double query_norm, int64_t row) const {
  if (similarity_ == Similarity::kInnerProduct) return static_cast<float>(dot);
  return static_cast<float>(dot / (query_norm * norm(row)));
}

std::vector<Neighbor> VectorScorer::BestOf(std::span<const float> query,
                                           std::span<const int64_t> candidates, int k) const {
  const bool cosine = similarity_ == Similarity::kCosine;
  const double query_norm = cosine ? EuclideanNorm(query) : 0;
  std::vector<Neighbor> found;
  found.reserve(candidates.size());
  for (const int64_t row : candidates) {
    if (cosine && norm(row) == 0) continue;
    found.push_back(
        {static_cast<uint32_t>(row), Score(Dot(query, vectors_.row(row)), query_norm, row)});
  }
  KeepBest(k, &found);
  return found;
}

std::vector<Neighbor> VectorScorer::BestOfAll(std::span<const float> query, int k) const {
  const bool cosine = similarity_ == Similarity::kCosine;
  const double query_norm = cosine ? EuclideanNorm(query) : 0;
  std::vector<Neighbor> found;
  found.reserve(static_cast<size_t>(vectors_.rows));
  const auto add = [&](int64_t row, double dot) {
    if (cosine && norm(row) == 0) return;
    found.push_back({static_cast<uint32_t>(row), Score(dot, query_norm, row)});
  };
  int64_t i = 0;
  for (; i + kRowsAtOnce <= vectors_.rows; i += kRowsAtOnce) {
    const auto dots = FourDots(query, vectors_, i);
    for (int64_t r = 0; r < kRowsAtOnce; ++r) add(i + r, dots[r]);
  }
  for (; i < vectors_.rows; ++i) add(i, Dot(query, vectors_.row(i)));
  KeepBest(k, &found);
  return found;
}

}  // namespace burgeon
