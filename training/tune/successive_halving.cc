#include "training/tune/successive_halving.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <utility>

#include "training/tune/trial_journal.h"

namespace burgeon {
namespace {

using Steady = std::chrono::steady_clock;

double SecondsSince(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

// Best first; trials that failed last; of equals the one of the smaller number.
bool IsBetter(const TrialResult& a, const TrialResult& b) {
  if (a.metric.has_value() != b.metric.has_value()) return a.metric.has_value();
  if (a.metric && *a.metric != *b.metric) return *a.metric > *b.metric;
  return a.trial.number < b.trial.number;
}

// The numbers of those that go on, ascending: the best `count`, and trial 0.
std::vector<int64_t> Survivors(std::vector<TrialResult> round, int64_t count) {
  std::ranges::sort(round, IsBetter);
  std::vector<int64_t> numbers = {0};
  for (const TrialResult& result : round) {
    if (count-- == 0 || !result.metric) break;
    if (result.trial.number != 0) numbers.push_back(result.trial.number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

class Search {
 public:
  Search(const TuneRequest& request, TrialJournal journal, const Evaluate& evaluate)
      : request_(request),
        options_(request.options),
        journal_(std::move(journal)),
        evaluate_(evaluate) {}

  absl::StatusOr<TuneOutcome> Run() {
    std::vector<int64_t> numbers(static_cast<size_t>(options_.trials));
    std::iota(numbers.begin(), numbers.end(), 0);
    for (int round = 0; round < options_.rounds; ++round) {
      std::vector<TrialResult> results;
      for (const int64_t number : numbers) {
        BURGEON_ASSIGN_OR_RETURN(const bool went_on, OneTrial(number, round, &results));
        if (!went_on) return Finish(results);
      }
      best_ = BestOf(results, best_);
      if (round + 1 == options_.rounds) break;
      numbers = Survivors(results, options_.TrialsOfRound(round + 1));
    }
    outcome_.complete = true;
    outcome_.ended = "every trial was evaluated";
    return Finish({});
  }

 private:
  static std::optional<TrialResult> BestOf(const std::vector<TrialResult>& results,
                                           std::optional<TrialResult> fallback) {
    const auto best = std::ranges::min_element(results, IsBetter);
    if (best == results.end() || !best->metric) return fallback;
    return *best;
  }

  // A round that was not finished is no choice, for its other trials might be better; without any
  // that was, the best seen so far.
  absl::StatusOr<TuneOutcome> Finish(const std::vector<TrialResult>& partial) {
    outcome_.best = best_ ? best_ : BestOf(partial, std::nullopt);
    if (!outcome_.best && !outcome_.results.empty() && outcome_.complete) {
      return FailedPrecondition("tune: every trial failed; the first: ",
                                outcome_.results.front().error);
    }
    return std::move(outcome_);
  }

  bool OutOfTime() {
    if (request_.stop != nullptr && request_.stop->requested()) {
      outcome_.ended = "stopped";
      return true;
    }
    if (options_.minutes > 0 && SecondsSince(start_) > 60 * options_.minutes) {
      outcome_.ended = Concat(options_.minutes, " minutes are over");
      return true;
    }
    return false;
  }

  // False when the search ends here.
  absl::StatusOr<bool> OneTrial(int64_t number, int round, std::vector<TrialResult>* results) {
    const TrialResult* const known = journal_.Find(number, round);
    TrialResult result;
    result.trial = {
        .number = number,
        .round = round,
        .share = options_.ShareOfRound(round),
        .values = number == 0 ? TrialValues() : DrawTrial(options_.space, options_.seed, number)};
    if (known != nullptr) {
      result.metric = known->metric;
      result.error = known->error;
      result.seconds = known->seconds;
    } else {
      if (OutOfTime()) return false;
      const Steady::time_point start = Steady::now();
      const absl::StatusOr<double> metric = evaluate_(result.trial);
      if (metric.status().code() == absl::StatusCode::kCancelled) {
        outcome_.ended = "stopped";
        return false;
      }
      result.seconds = SecondsSince(start);
      if (metric.ok() && std::isfinite(*metric)) {
        result.metric = *metric;
      } else {
        result.error = metric.ok() ? "the metric is not a number" : MessageOf(metric.status());
      }
      BURGEON_RETURN_IF_ERROR(journal_.Append(result));
    }
    if (request_.told) request_.told(result, known != nullptr);
    results->push_back(result);
    outcome_.results.push_back(std::move(result));
    return true;
  }

  const TuneRequest& request_;
  const TuneOptions& options_;
  TrialJournal journal_;
  const Evaluate& evaluate_;
  const Steady::time_point start_ = Steady::now();
  TuneOutcome outcome_;
  std::optional<TrialResult> best_;  // of the last round that was finished
};

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

struct Point {
  std::string text;
  double value = 0;
  double metric = 0;
};

// Named groups of metrics.
std::vector<std::pair<std::string, std::vector<double>>> GroupsOf(const SearchDimension& dimension,
                                                                  std::vector<Point> points) {
  std::vector<std::pair<std::string, std::vector<double>>> groups;
  if (dimension.type == SearchType::kChoice) {
    for (const std::string& choice : dimension.choices) {
      std::vector<double> metrics;
      for (const Point& point : points) {
        if (point.text == choice) metrics.push_back(point.metric);
      }
      if (!metrics.empty()) groups.emplace_back(choice, std::move(metrics));
    }
    return groups;
  }
  std::ranges::stable_sort(points, {}, &Point::value);
  constexpr size_t kGroups = 3;
  for (size_t g = 0; g < kGroups; ++g) {
    const size_t begin = g * points.size() / kGroups;
    const size_t end = (g + 1) * points.size() / kGroups;
    if (begin == end) continue;
    std::vector<double> metrics;
    for (size_t k = begin; k < end; ++k) metrics.push_back(points[k].metric);
    groups.emplace_back(Concat(points[begin].text, " .. ", points[end - 1].text),
                        std::move(metrics));
  }
  return groups;
}

}  // namespace

absl::StatusOr<TuneOutcome> SuccessiveHalving(FileSystem& files, const TuneRequest& request,
                                              const Evaluate& evaluate) {
  BURGEON_ASSIGN_OR_RETURN(TrialJournal journal,
                           TrialJournal::Open(files, request.journal, request.identity));
  return Search(request, std::move(journal), evaluate).Run();
}

std::vector<DimensionSummary> SummarizeDimensions(const std::vector<SearchDimension>& space,
                                                  const std::vector<TrialResult>& results) {
  std::vector<DimensionSummary> summaries;
  for (const SearchDimension& dimension : space) {
    std::vector<Point> points;
    for (const TrialResult& result : results) {
      if (result.trial.round != 0 || !result.metric) continue;
      for (const auto& [field, value] : result.trial.values) {
        if (field == dimension.field) {
          points.push_back({value, ParseDouble(value).value_or(0), *result.metric});
        }
      }
    }
    if (points.size() < 2) continue;
    std::vector<double> all;
    for (const Point& point : points) all.push_back(point.metric);
    const double mean = Mean(all);
    double total = 0;
    for (const double x : all) total += (x - mean) * (x - mean);
    DimensionSummary summary{.field = dimension.field, .share_of_variance = 0, .mean = {}};
    double between = 0;
    for (const auto& [name, metrics] : GroupsOf(dimension, points)) {
      const double of_group = Mean(metrics);
      between += static_cast<double>(metrics.size()) * (of_group - mean) * (of_group - mean);
      summary.mean.emplace_back(name, of_group);
    }
    if (total > 0) summary.share_of_variance = between / total;
    summaries.push_back(std::move(summary));
  }
  std::ranges::stable_sort(summaries, std::greater(), &DimensionSummary::share_of_variance);
  return summaries;
}

}  // namespace burgeon
