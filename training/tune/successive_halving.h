// Random search with successive halving: many trials with little, the best 1 / eta of them with eta
// times as much, and so on to the last round, which has everything (Jamieson, Talwalkar,
// "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016; a bracket
// of Hyperband, Li et al., JMLR 2018). Trial 0 is the config as it stands; it is in every round, so
// that what is found is always held against it.
//
// Every result is a line of a journal, durable when the next trial starts. Killed at any point and
// started again, the same trials follow in the same order: what is in the journal is not done anew,
// and what a trial gives depends on the data, its values and its round alone.
//
//   BURGEON_ASSIGN_OR_RETURN(const TuneOutcome outcome,
//                            SuccessiveHalving(files, request, [&](const Trial& t) { ... }));
#ifndef BURGEON_TRAINING_TUNE_SUCCESSIVE_HALVING_H_
#define BURGEON_TRAINING_TUNE_SUCCESSIVE_HALVING_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "training/run/stop_signals.h"
#include "training/tune/tune_options.h"

namespace burgeon {

struct Trial {
  int64_t number = 0;  // 0: the config as it stands, without values
  int round = 0;
  double share = 1;  // of everything
  TrialValues values = {};
};

struct TrialResult {
  Trial trial = {};
  std::optional<double> metric = {};  // higher is better; nothing: the trial failed
  std::string error = {};             // why it failed
  double seconds = 0;
};

// A metric; or an error, which ends the trial but not the search: an option out of range, memory,
// numbers that do not converge. kCancelled ends the search.
using Evaluate = std::function<absl::StatusOr<double>(const Trial&)>;

struct TuneRequest {
  TuneOptions options;
  std::string journal;   // path; goes on with what is in it
  std::string identity;  // SHA-256 of data and config: a journal is of one of them alone
  const StopFlag* stop = nullptr;
  std::function<void(const TrialResult&, bool from_journal)> told;  // after each trial
};

struct TuneOutcome {
  std::vector<TrialResult> results;  // in the order they were evaluated
  bool complete = false;             // false: time was up, or a stop
  std::string ended;                 // "every trial was evaluated", "60 minutes are over", ...
  // The best of the highest round that has a result.
  std::optional<TrialResult> best;
};

// kFailedPrecondition when the journal is of another search or holds no result that can be chosen;
// kDataLoss when it is damaged.
absl::StatusOr<TuneOutcome> SuccessiveHalving(FileSystem& files, const TuneRequest& request,
                                              const Evaluate& evaluate);

// How much of what the first round shows is due to one dimension.
struct DimensionSummary {
  std::string field;
  double share_of_variance = 0;                      // between the groups below, 0 to 1
  std::vector<std::pair<std::string, double>> mean;  // "64 .. 210" or a choice; mean metric
};
// A choice is a group; numbers fall into three groups of as many trials by size. Largest share
// first. Dimensions act together too, which this does not show.
std::vector<DimensionSummary> SummarizeDimensions(const std::vector<SearchDimension>& space,
                                                  const std::vector<TrialResult>& results);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_TUNE_SUCCESSIVE_HALVING_H_
