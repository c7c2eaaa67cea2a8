#include "engine/insight/satisfaction_measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace burgeon {
namespace {

// The score interval of a mean D of values -1, 0, 1 of which a share q is not 0.
Interval ScoreInterval(double mean, double q, double n) {
  const double a = kNormal95 * kNormal95 / n;
  const double root = std::sqrt(std::max(0.0, mean * mean - (1 + a) * (mean * mean - a * q)));
  return {(mean - root) / (1 + a), (mean + root) / (1 + a)};
}

}  // namespace

void NetPromoter::Add(double score) {
  if (score >= 9) {
    ++promoters;
  } else if (score > 6) {
    ++passives;
  } else {
    ++detractors;
  }
}

double NetPromoter::score() const {
  if (answers() == 0) return 0;
  return 100 * static_cast<double>(promoters - detractors) / static_cast<double>(answers());
}

Interval NetPromoter::interval() const {
  if (answers() == 0) return {-100, 100};
  const auto n = static_cast<double>(answers());
  const Interval unit =
      ScoreInterval(score() / 100, static_cast<double>(promoters + detractors) / n, n);
  return {100 * unit.low, 100 * unit.high};
}

double NetPromoter::standard_error() const {
  if (answers() == 0) return 0;
  const auto n = static_cast<double>(answers());
  const double mean = score() / 100;
  const double q = static_cast<double>(promoters + detractors) / n;
  return 100 * std::sqrt(std::max(0.0, q - mean * mean) / n);
}

void ScoreSummary::Add(double score, double scale_max, double to) {
  const double carried = scale_max > 1 ? 1 + (score - 1) * (to - 1) / (scale_max - 1) : score;
  ++answers;
  if (score > scale_max - 2) ++top_two;
  sum += carried;
  sum_of_squares += carried * carried;
}

double ScoreSummary::top_two_share() const {
  return answers == 0 ? 0 : static_cast<double>(top_two) / static_cast<double>(answers);
}

Interval ScoreSummary::top_two_interval() const { return WilsonInterval(top_two, answers); }

double ScoreSummary::mean() const { return answers == 0 ? 0 : sum / static_cast<double>(answers); }

Interval ScoreSummary::mean_interval() const {
  if (answers < 2) return {mean(), mean()};
  const auto n = static_cast<double>(answers);
  const double variance = std::max(0.0, (sum_of_squares - n * mean() * mean()) / (n - 1));
  const double half = kNormal95 * std::sqrt(variance / n);
  return {mean() - half, mean() + half};
}

Interval WilsonInterval(int64_t successes, int64_t trials) {
  if (trials == 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double a = kNormal95 * kNormal95 / n;
  const double middle = p + a / 2;
  const double half = std::sqrt(a * (p * (1 - p) + a / 4));
  return {std::max(0.0, (middle - half) / (1 + a)), std::min(1.0, (middle + half) / (1 + a))};
}

double NormalPValue(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double DifferencePValue(double difference, double variance_a, double variance_b) {
  const double variance = variance_a + variance_b;
  if (variance > 0) return NormalPValue(difference / std::sqrt(variance));
  return 1;
}

std::vector<double> HolmAdjusted(const std::vector<double>& p_values) {
  const size_t m = p_values.size();
  std::vector<size_t> order(m);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(m);
  double largest = 0;
  for (size_t k = 0; k < m; ++k) {
    largest = std::max(largest, static_cast<double>(m - k) * p_values[order[k]]);
    adjusted[order[k]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace burgeon
