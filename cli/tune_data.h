// What `burgeon tune` searches on: the data of a workspace or of a split file, less what the final
// test is to find, with a validation part held out of it.
#ifndef BURGEON_CLI_TUNE_DATA_H_
#define BURGEON_CLI_TUNE_DATA_H_

#include <string>

#include "cli/job_config.h"
#include "cli/session.h"
#include "training/tune/validation_split.h"

namespace burgeon {

struct TuneData {
  ValidationSplit split;
  std::string about;   // a line for people: how it was split
  std::string sha256;  // of the split: a search goes on with the same data only
};

// `train_file`: a split file, whose times are not used (only a random split is possible:
// kInvalidArgument otherwise); "": the workspace. There, nothing of what `evaluate recommender`
// tests on by the same validation is seen: of `time` and `random` the last window, of
// `leave_last_out` each customer's last new items.
absl::StatusOr<TuneData> LoadTuneData(Session& session, const JobConfig& job,
                                      const std::string& train_file);

}  // namespace burgeon

#endif  // BURGEON_CLI_TUNE_DATA_H_
