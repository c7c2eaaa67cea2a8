// Split files: what to train on and what to rank against, as others publish it. Two forms, told
// apart by the first line:
//   user item item ...                          a line a customer, of any ids without spaces
//   user_id:token<TAB>item_id:token<TAB>...     RecBole's atomic files: a typed header, a pair a
//                                               line, times when there is a timestamp:float column
//                                               (seconds since 1970), weights when there is a
//                                               weight:float column (positive; of train alone)
// Protocols in docs/evaluation.md.
#ifndef BURGEON_ENGINE_DATASET_SPLIT_FILE_H_
#define BURGEON_ENGINE_DATASET_SPLIT_FILE_H_

#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/dataset/vocabulary.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// What the files claim to be; what is claimed is checked, and needs times in both.
enum class SplitProtocol {
  kUnstated,
  kTime,          // no pair of train is later than the first of test
  kLeaveLastOut,  // no pair of train is later than the first of test of the same customer
};

struct SplitData {
  Vocabulary customers;  // of train and test together
  Vocabulary items;
  CsrMatrix train;                      // [customers, items]; a pattern, or weights
  CsrMatrix test;                       // the same rows and columns
  std::vector<TimeMicros> train_times;  // beside train.columns; empty: the file has none
};

// kInvalidArgument, naming file, line, user and item: an empty file, a line that cannot be read, a
// user on two lines of the first form, a pair that is there twice, a pair of test that is in train
// too (masked there, it could never be found), and what breaks the protocol.
absl::StatusOr<SplitData> ReadSplitFiles(FileSystem& files, const std::string& train_path,
                                         const std::string& test_path,
                                         SplitProtocol protocol = SplitProtocol::kUnstated);

// The pairs of another file of the same kind that both vocabularies of `split` know, with those of
// train: what is never to be listed. kInvalidArgument for a file that cannot be read.
absl::StatusOr<CsrMatrix> ReadMaskFile(FileSystem& files, const std::string& path,
                                       const SplitData& split);

// One file alone: `test` has no entries. Of a pair of files, training never needs to read the test.
absl::StatusOr<SplitData> ReadSplitFile(FileSystem& files, const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SPLIT_FILE_H_
