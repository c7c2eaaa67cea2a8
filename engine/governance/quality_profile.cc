#include "engine/governance/quality_profile.h"

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"

namespace burgeon {
namespace {

const double kLogGrowth = std::log(1.02);
constexpr double kTiny = 1e-9;  // and nearer to zero: zero
// Bucket of |v| in (kTiny * 1.02^(n-1), kTiny * 1.02^n]; at least 1.
int64_t BucketOf(double value) {
  const double magnitude = std::abs(value);
  if (magnitude <= kTiny) return 0;
  const auto bucket = std::max(
      int64_t{1}, static_cast<int64_t>(std::ceil(std::log(magnitude / kTiny) / kLogGrowth)));
  return value < 0 ? -bucket : bucket;
}

double MiddleOf(int64_t bucket) {
  if (bucket == 0) return 0;
  const double n = static_cast<double>(bucket < 0 ? -bucket : bucket);
  const double middle = kTiny * std::exp((n - 0.5) * kLogGrowth);
  return bucket < 0 ? -middle : middle;
}

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

int64_t Total(const HashCounts& counts) {
  int64_t total = counts.others;
  for (const auto& [hash, count] : counts.counts) total += count;
  return total;
}

// All different ones counted, and often enough to compare them one by one.
bool Comparable(const HashCounts& counts) {
  return counts.others == 0 && !counts.counts.empty() &&
         Total(counts) >= 20 * static_cast<int64_t>(counts.counts.size());
}

// The quantile 1 - 1e-6 of chi-squared (Wilson and Hilferty 1931).
double ChiSquaredQuantile(double degrees) {
  constexpr double kNormalQuantile = 4.753424;
  const double a = 2 / (9 * degrees);
  return degrees * std::pow(1 - a + kNormalQuantile * std::sqrt(a), 3);
}

class Comparison {
 public:
  Comparison(const QualityProfile& reference, const QualityProfile& current,
             const DriftLimits& limits)
      : reference_(reference), current_(current), limits_(limits) {}

  std::vector<Drift> Run() {
    CompareRates();
    for (const auto& [name, now] : current_.columns) {
      const auto before = reference_.columns.find(name);
      if (before == reference_.columns.end()) {
        Add({name, "column", 1, 0, true, "the column was not there before"});
      } else {
        CompareColumns(name, before->second, now);
      }
    }
    for (const auto& [name, before] : reference_.columns) {
      if (!current_.columns.contains(name)) {
        Add({name, "column", 1, 0, true, "the column is not there any more"});
      }
    }
    return std::move(out_);
  }

 private:
  void Add(Drift drift) { out_.push_back(std::move(drift)); }

  static double RowsPerDay(const QualityProfile& profile) {
    const double days = static_cast<double>(profile.last_event - profile.first_event) /
                        static_cast<double>(kMicrosPerDay);
    return static_cast<double>(profile.rows) / std::max(days, 1.0);
  }

  void CompareRates() {
    if (reference_.rows == 0 || reference_.last_event == 0 || current_.last_event == 0) return;
    const double before = RowsPerDay(reference_);
    const double now = RowsPerDay(current_);
    const double ratio = now / before;
    const double limit = limits_.max_rate_ratio;
    const bool drifted = ratio > limit || ratio * limit < 1;
    Add({"", "rows_per_day", ratio, limit, drifted,
         Concat(std::round(before), " rows a day became ", std::round(now))});
  }

  void CompareColumns(const std::string& name, const ColumnProfile& before,
                      const ColumnProfile& now) {
    if (before.rows == 0 || now.rows == 0) return;
    const double null_before = Share(before.nulls, before.rows);
    const double null_now = Share(now.nulls, now.rows);
    const double shift = std::abs(null_now - null_before);
    const double both = Share(before.nulls + now.nulls, before.rows + now.rows);
    const double spread = std::sqrt(both * (1 - both) * PerRow(before.rows, now.rows));
    Add({name, "null_share", shift, limits_.max_null_shift,
         shift > limits_.max_null_shift && shift > 5 * spread,
         Concat("null share ", Rounded(null_before), " became ", Rounded(null_now))});
    if (before.type != now.type) return;
    if (now.type == ExpressionType::kNumber) {
      CompareNumbers(name, before.numbers, now.numbers);
    } else if (now.type == ExpressionType::kText || now.type == ExpressionType::kBool) {
      CompareCounts(name, "psi", before.categories, now.categories);
      CompareCounts(name, "shape_psi", before.shapes, now.shapes);
    }
  }
  static double PerRow(int64_t n, int64_t m) {
    return 1 / static_cast<double>(n) + 1 / static_cast<double>(m);
  }
  static double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

  void CompareNumbers(const std::string& name, const NumberSketch& before,
                      const NumberSketch& now) {
    if (before.count() == 0 || now.count() == 0) return;
    const double distance = NumberSketch::Distance(before, now);
    // sqrt(-ln(alpha / 2) / 2) for alpha = 1e-6 (Smirnov 1948).
    const double chance = 2.6933 * std::sqrt(PerRow(before.count(), now.count()));
    Add({name, "distance", distance, limits_.max_distance,
         distance > limits_.max_distance && distance > chance,
         Concat("median ", Figure(before.Quantile(0.5)), " became ", Figure(now.Quantile(0.5)),
                ", distance of the distributions ", Rounded(distance))});
  }
  // Three figures.
  static double Figure(double value) {
    if (value == 0) return 0;
    const double scale = std::pow(10, 2 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
  }

  void CompareCounts(const std::string& name, const std::string& measure, const HashCounts& before,
                     const HashCounts& now) {
    if (!Comparable(before) || !Comparable(now)) return;
    const double psi = StabilityIndex(before, now);
    size_t categories = before.counts.size();
    for (const auto& [hash, count] : now.counts) {
      if (!before.counts.contains(hash)) ++categories;
    }
    const double chance =
        ChiSquaredQuantile(static_cast<double>(std::max(categories, size_t{2})) - 1) *
        PerRow(Total(before), Total(now));
    const std::string what = measure == "psi" ? "values" : "forms of the values";
    Add({name, measure, psi, limits_.max_psi, psi > limits_.max_psi && psi > chance,
         Concat("the ", what, " have another distribution: stability index ", Rounded(psi))});
  }

  const QualityProfile& reference_;
  const QualityProfile& current_;
  const DriftLimits& limits_;
  std::vector<Drift> out_;
};

}  // namespace

void NumberSketch::Add(double value) {
  ++buckets_[BucketOf(value)];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  ++count_;
}

double NumberSketch::Quantile(double q) const {
  if (count_ == 0) return 0;
  const double wanted = q * static_cast<double>(count_);
  int64_t sum = 0;
  for (const auto& [bucket, count] : buckets_) {
    sum += count;
    if (static_cast<double>(sum) >= wanted) return std::clamp(MiddleOf(bucket), min_, max_);
  }
  return max_;
}

std::vector<std::pair<double, int64_t>> NumberSketch::Buckets() const {
  std::vector<std::pair<double, int64_t>> out;
  for (const auto& [bucket, count] : buckets_) out.emplace_back(MiddleOf(bucket), count);
  return out;
}

double NumberSketch::Distance(const NumberSketch& a, const NumberSketch& b) {
  double largest = 0;
  int64_t sum_a = 0;
  int64_t sum_b = 0;
  auto at_a = a.buckets_.begin();
  auto at_b = b.buckets_.begin();
  while (at_a != a.buckets_.end() || at_b != b.buckets_.end()) {
    int64_t bucket = INT64_MAX;
    if (at_a != a.buckets_.end()) bucket = std::min(bucket, at_a->first);
    if (at_b != b.buckets_.end()) bucket = std::min(bucket, at_b->first);
    if (at_a != a.buckets_.end() && at_a->first == bucket) sum_a += (at_a++)->second;
    if (at_b != b.buckets_.end() && at_b->first == bucket) sum_b += (at_b++)->second;
    largest = std::max(largest, std::abs(Share(sum_a, a.count_) - Share(sum_b, b.count_)));
  }
  return largest;
}

NumberSketch NumberSketch::FromBuckets(std::map<int64_t, int64_t> buckets, double min, double max) {
  NumberSketch out;
  for (const auto& [bucket, count] : buckets) out.count_ += count;
  out.buckets_ = std::move(buckets);
  out.min_ = min;
  out.max_ = max;
  return out;
}

void HashCounts::Add(std::string_view text, size_t limit) {
  if (others > 0) {
    ++others;
    return;
  }
  const uint64_t hash = StableHash64(text);
  const auto key = static_cast<uint32_t>(hash ^ hash >> 32);
  const auto found = counts.find(key);
  if (found != counts.end()) {
    ++found->second;
  } else if (counts.size() < limit) {
    counts.emplace(key, 1);
  } else {
    others = Total(*this) + 1;
    counts.clear();
  }
}

void ColumnProfile::AddText(std::string_view text, std::string_view shape, bool personal) {
  ++rows;
  if (!personal) categories.Add(text, kMaxCategories);
  shapes.Add(shape, kMaxShapes);
}

double StabilityIndex(const HashCounts& a, const HashCounts& b) {
  std::map<uint32_t, std::pair<int64_t, int64_t>> both;
  for (const auto& [hash, count] : a.counts) both[hash].first = count;
  for (const auto& [hash, count] : b.counts) both[hash].second = count;
  const double half = 0.5 * static_cast<double>(both.size());
  const double total_a = static_cast<double>(Total(a)) + half;
  const double total_b = static_cast<double>(Total(b)) + half;
  double index = 0;
  for (const auto& [hash, counts] : both) {
    const double p = (static_cast<double>(counts.first) + 0.5) / total_a;
    const double q = (static_cast<double>(counts.second) + 0.5) / total_b;
    index += (p - q) * std::log(p / q);
  }
  return index;
}

std::vector<Drift> CompareProfiles(const QualityProfile& reference, const QualityProfile& current,
                                   const DriftLimits& limits) {
  return Comparison(reference, current, limits).Run();
}

}  // namespace burgeon
