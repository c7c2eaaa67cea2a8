// The journal of a search: JSON lines, a header and one a trial (engine/storage/line_log.h).
//
//   {"burgeon_tune":1,"identity":"..."}
//   {"trial":0,"round":0,"share":0.111,"values":{},"metric":0.0123,"seconds":1.5}
//   {"trial":1,"round":0,"share":0.111,"values":{"spectral.rank":"80"},"error":"...","seconds":0}
#ifndef BURGEON_TRAINING_TUNE_TRIAL_JOURNAL_H_
#define BURGEON_TRAINING_TUNE_TRIAL_JOURNAL_H_

#include <string>
#include <vector>

#include "training/tune/successive_halving.h"

namespace burgeon {

class TrialJournal {
 public:
  // Reads what is there; a file that is not there is begun. kFailedPrecondition when it is of
  // another identity, kDataLoss for a line that is none of a journal.
  static absl::StatusOr<TrialJournal> Open(FileSystem& files, const std::string& path,
                                           const std::string& identity);
  // nullptr when that trial has no result in that round.
  const TrialResult* Find(int64_t number, int round) const;
  absl::Status Append(const TrialResult& result);  // durable when it returns

 private:
  TrialJournal(FileSystem& files, std::string path) : files_(&files), path_(std::move(path)) {}
  FileSystem* files_;
  std::string path_;
  std::vector<TrialResult> results_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_TUNE_TRIAL_JOURNAL_H_
