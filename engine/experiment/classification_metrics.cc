#include "engine/experiment/classification_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace burgeon {
namespace {

constexpr int kBins = 10;
constexpr double kClip = 1e-15;

absl::Status CheckInput(std::span<const float> score, std::span<const uint8_t> label) {
  if (score.size() != label.size()) {
    return InvalidArgument("metrics: ", score.size(), " scores for ", label.size(), " labels");
  }
  int64_t positives = 0;
  for (size_t i = 0; i < label.size(); ++i) {
    if (label[i] > 1) {
      return InvalidArgument("metrics: label ", i, " is ", static_cast<int>(label[i]),
                             "; wanted 0 or 1");
    }
    if (!std::isfinite(score[i])) {
      return InvalidArgument("metrics: score ", i, " is not a finite number");
    }
    positives += label[i];
  }
  if (positives == 0 || positives == static_cast<int64_t>(label.size())) {
    return FailedPrecondition("metrics: ", positives, " of ", label.size(),
                              " labels are 1; both kinds are needed");
  }
  return absl::OkStatus();
}

// Examples of one score.
struct Tie {
  int64_t positives = 0;
  int64_t examples = 0;
};

// Descending by score.
std::vector<Tie> GroupByScore(std::span<const float> score, std::span<const uint8_t> label) {
  std::vector<size_t> order(score.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] > score[b]; });
  std::vector<Tie> ties;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || score[order[i]] != score[order[i - 1]]) ties.emplace_back();
    ties.back().positives += label[order[i]];
    ++ties.back().examples;
  }
  return ties;
}

int64_t CountPositives(const std::vector<Tie>& ties) {
  int64_t positives = 0;
  for (const Tie& tie : ties) positives += tie.positives;
  return positives;
}

// Of the pairs of a positive and a negative, the share in which the positive scores higher (Mann
// and Whitney 1947); a tie counts half.
double Auc(const std::vector<Tie>& ties, int64_t positives, int64_t negatives) {
  double won = 0;
  int64_t negatives_above = 0;
  for (const Tie& tie : ties) {
    const int64_t tied = tie.examples - tie.positives;
    won +=
        static_cast<double>(tie.positives) *
        (static_cast<double>(negatives - negatives_above - tied) + 0.5 * static_cast<double>(tied));
    negatives_above += tied;
  }
  return won / (static_cast<double>(positives) * static_cast<double>(negatives));
}

double AveragePrecision(const std::vector<Tie>& ties, int64_t positives) {
  double sum = 0;
  int64_t found = 0;
  int64_t seen = 0;
  for (const Tie& tie : ties) {
    found += tie.positives;
    seen += tie.examples;
    sum +=
        static_cast<double>(tie.positives) * static_cast<double>(found) / static_cast<double>(seen);
  }
  return sum / static_cast<double>(positives);
}

double LogLoss(std::span<const float> probability, std::span<const uint8_t> label) {
  double sum = 0;
  for (size_t i = 0; i < label.size(); ++i) {
    const double p = std::clamp(static_cast<double>(probability[i]), kClip, 1 - kClip);
    sum -= std::log(label[i] == 1 ? p : 1 - p);
  }
  return sum / static_cast<double>(label.size());
}

// Bins [0, .1), [.1, .2), ..., [.9, 1].
double ExpectedCalibrationError(std::span<const float> probability,
                                std::span<const uint8_t> label) {
  std::array<double, kBins> difference = {};
  for (size_t i = 0; i < label.size(); ++i) {
    const double p = probability[i];
    const int bin = std::min(static_cast<int>(p * kBins), kBins - 1);
    difference[static_cast<size_t>(bin)] += p - label[i];
  }
  double sum = 0;
  for (const double d : difference) sum += std::abs(d);
  return sum / static_cast<double>(label.size());
}

double LiftOf(const std::vector<Tie>& ties, int64_t positives, int64_t examples, int64_t top) {
  double found = 0;
  int64_t left = top;
  for (const Tie& tie : ties) {
    const int64_t taken = std::min(left, tie.examples);
    found += static_cast<double>(tie.positives) * static_cast<double>(taken) /
             static_cast<double>(tie.examples);
    left -= taken;
    if (left == 0) break;
  }
  const double base = static_cast<double>(positives) / static_cast<double>(examples);
  return found / static_cast<double>(top) / base;
}

// ceil(fraction * examples), where a product that is a whole number but for rounding is that number
// (0.1 * 30 is 3.0000000000000004).
int64_t TopCount(double fraction, size_t examples) {
  const double exact = fraction * static_cast<double>(examples);
  const double nearest = std::round(exact);
  const double top = std::abs(exact - nearest) < 1e-9 * nearest ? nearest : std::ceil(exact);
  return std::max<int64_t>(1, static_cast<int64_t>(top));
}

}  // namespace

absl::StatusOr<ClassificationMetrics> EvaluateProbabilities(std::span<const float> probability,
                                                            std::span<const uint8_t> label) {
  BURGEON_RETURN_IF_ERROR(CheckInput(probability, label));
  for (size_t i = 0; i < probability.size(); ++i) {
    if (probability[i] < 0 || probability[i] > 1) {
      return InvalidArgument("metrics: probability ", i, " is ", probability[i], "; wanted 0 to 1");
    }
  }
  const std::vector<Tie> ties = GroupByScore(probability, label);
  const auto examples = static_cast<int64_t>(label.size());
  const int64_t positives = CountPositives(ties);
  ClassificationMetrics metrics;
  metrics.auc = Auc(ties, positives, examples - positives);
  metrics.average_precision = AveragePrecision(ties, positives);
  metrics.log_loss = LogLoss(probability, label);
  metrics.ece = ExpectedCalibrationError(probability, label);
  metrics.lift_at_10pct = LiftOf(ties, positives, examples, TopCount(0.1, label.size()));
  metrics.base_rate = static_cast<double>(positives) / static_cast<double>(examples);
  metrics.examples = examples;
  return metrics;
}

absl::StatusOr<double> LiftAt(std::span<const float> score, std::span<const uint8_t> label,
                              double fraction) {
  if (!(fraction > 0 && fraction <= 1)) {
    return InvalidArgument("lift: fraction ", fraction, " is not above 0 and at most 1");
  }
  BURGEON_RETURN_IF_ERROR(CheckInput(score, label));
  const std::vector<Tie> ties = GroupByScore(score, label);
  return LiftOf(ties, CountPositives(ties), static_cast<int64_t>(label.size()),
                TopCount(fraction, label.size()));
}

}  // namespace burgeon
