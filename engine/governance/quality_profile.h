// What the columns of one ingest look like, small enough to keep, and how far two ingests are
// apart: the drift between them.
//
//   ColumnProfile profile(ExpressionType::kNumber);
//   profile.AddNumber(2.55);
//   profile.AddNull();
//   std::vector<Drift> drift = CompareProfiles(reference, current, DriftLimits{});
//
// A profile holds no values of texts, only counts by hash, so that it may be kept when the data
// are not. Profiles of the same rows are equal whatever their order.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_PROFILE_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_PROFILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/expression/value.h"

namespace burgeon {

inline constexpr size_t kMaxCategories = 1000;  // different values counted one by one
inline constexpr size_t kMaxShapes = 200;

// Counts of numbers in buckets that grow by 2 % (the sketch of DDSketch, Masson, Rim, Lee 2019,
// with relative error 1 %): quantiles and distribution functions to that accuracy, memory by the
// range of the numbers and not by how many there are.
class NumberSketch {
 public:
  void Add(double value);
  int64_t count() const { return count_; }
  double min() const { return min_; }
  double max() const { return max_; }
  // The value that a share `q` of the numbers does not exceed; 0 without numbers.
  double Quantile(double q) const;
  // By bucket, ascending: (the value in its middle, count).
  std::vector<std::pair<double, int64_t>> Buckets() const;
  // The largest distance of the two distribution functions (Kolmogorov-Smirnov), at the borders of
  // the buckets.
  static double Distance(const NumberSketch& a, const NumberSketch& b);

  // Buckets by their number: negative values below, 0 for zero. Of the profile's file.
  const std::map<int64_t, int64_t>& buckets() const { return buckets_; }
  static NumberSketch FromBuckets(std::map<int64_t, int64_t> buckets, double min, double max);

 private:
  std::map<int64_t, int64_t> buckets_;
  int64_t count_ = 0;
  double min_ = 0;
  double max_ = 0;
};

// Counts by hash of a text. Of more than `limit` different ones only how many texts there were is
// kept, in `others`.
struct HashCounts {
  std::map<uint32_t, int64_t> counts;
  int64_t others = 0;
  void Add(std::string_view text, size_t limit);
};

struct ColumnProfile {
  ExpressionType type = ExpressionType::kText;
  int64_t rows = 0;
  int64_t nulls = 0;
  NumberSketch numbers;   // of kNumber
  HashCounts categories;  // of kText and kBool; none of personal columns
  HashCounts shapes;      // of kText

  void AddNull() {
    ++rows;
    ++nulls;
  }
  void AddNumber(double value) {
    ++rows;
    numbers.Add(value);
  }
  void AddText(std::string_view text, std::string_view shape, bool personal);
  void AddOther() { ++rows; }  // a time: its own distribution means nothing
};

struct QualityProfile {
  std::string source;
  std::string input;         // which file, or "ingest 3"
  std::string input_digest;  // tells one input from another
  int64_t rows = 0;
  TimeMicros first_event = 0;  // 0 and 0: no times
  TimeMicros last_event = 0;
  std::map<std::string, ColumnProfile> columns;
};

struct DriftLimits {
  double max_psi = 0.25;        // population stability index: the usual limit of "major" change
  double max_distance = 0.15;   // of distribution functions of numbers
  double max_null_shift = 0.1;  // of the share of nulls
  double max_rate_ratio = 4;    // rows a day of event time, up or down
};

// One comparison, whether it found anything or not.
struct Drift {
  std::string field;    // "" : of all rows
  std::string measure;  // "psi", "shape_psi", "distance", "null_share", "rows_per_day", "column"
  double value = 0;
  double limit = 0;
  bool drifted = false;
  std::string text;  // "null share 0.01 became 0.3"
};

// A comparison drifts when its measure passes the limit and cannot be the play of chance: the PSI
// is then held to the quantile 1 - 1e-6 of its distribution without drift, chi-squared with
// (categories - 1) degrees of freedom times (1/n + 1/m) (Yurdakul 2018), the distance to that of
// Kolmogorov and Smirnov. Categories are compared where there are at most kMaxCategories and 20
// rows each on average; shapes likewise.
std::vector<Drift> CompareProfiles(const QualityProfile& reference, const QualityProfile& current,
                                   const DriftLimits& limits);

// Population stability index of two lists of counts over the same categories, half a row added to
// each (sum (p - q) ln(p / q)).
double StabilityIndex(const HashCounts& a, const HashCounts& b);

std::string EncodeProfile(const QualityProfile& profile);
// kDataLoss naming `path` and the field that is not as wanted.
absl::StatusOr<QualityProfile> DecodeProfile(std::string_view text, const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_PROFILE_H_
