// What `burgeon tune` found, for people, as JSON, and as a config.
#ifndef BURGEON_CLI_TUNE_REPORT_H_
#define BURGEON_CLI_TUNE_REPORT_H_

#include <string>

#include <nlohmann/json.hpp>
#include "cli/session.h"
#include "training/tune/successive_halving.h"

namespace burgeon {

struct TuneSummary {
  std::string model;
  std::string validation;  // how the data was split
  std::string journal;
  TuneOptions options;
  TuneOutcome outcome;
};

// {model, validation, metric, journal, complete, ended, trials: [...], best, as_configured,
// dimensions}.
nlohmann::json TuneJson(const TuneSummary& summary);
void SayTune(Session& session, const TuneSummary& summary);

// `recommender` of a config with the values of the best trial: fields by their dots.
std::string BestConfig(const TuneSummary& summary);

}  // namespace burgeon

#endif  // BURGEON_CLI_TUNE_REPORT_H_
