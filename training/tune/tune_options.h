// The section `tune` of a config (docs/training.md).
#ifndef BURGEON_TRAINING_TUNE_TUNE_OPTIONS_H_
#define BURGEON_TRAINING_TUNE_TUNE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "training/tune/search_space.h"

namespace burgeon {

enum class ValidationKind { kTime, kLeaveLastOut, kRandom };
// What the early rounds have less of.
enum class FidelityKind { kCustomers, kEvaluatedCustomers, kEpochs };
enum class TuneMetric { kNdcg, kRecall, kHitRate };

struct TuneOptions {
  std::string model;  // "": as `recommender.model` says
  std::vector<SearchDimension> space;
  TuneMetric metric = TuneMetric::kNdcg;  // at 20
  int64_t trials = 30;                    // the config as it stands is trial 0
  double minutes = 0;                     // of a run; 0: no limit
  uint64_t seed = 1;
  ValidationKind validation = ValidationKind::kRandom;
  int64_t window_days = 60;  // of kTime
  double share = 0.1;        // of kRandom: of each customer's interactions
  FidelityKind fidelity = FidelityKind::kCustomers;
  int eta = 3;     // each round keeps 1 / eta of the trials, and gives them eta times as much
  int rounds = 3;  // the last with everything

  // Share of everything that round r (from 0) has: eta^-(rounds - 1 - r).
  double ShareOfRound(int round) const;
  // How many trials are in round r: trials / eta^r, at least 1.
  int64_t TrialsOfRound(int round) const;
};

std::string_view MetricName(TuneMetric metric);        // "ndcg@20"
std::string_view ValidationName(ValidationKind kind);  // "time", "leave_last_out", "random"
std::string_view FidelityName(FidelityKind kind);      // "customers", ...

// All that decides which trials there are and what they give, in one line: the search of two
// options with the same text is the same. Without the minutes, which only end it.
std::string SearchText(const TuneOptions& options);

TuneOptions ParseTuneOptions(const ConfigNode& node);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_TUNE_TUNE_OPTIONS_H_
