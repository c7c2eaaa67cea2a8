// Split files of the published recommendation tables: a line a customer, "user item item ...",
// numbers or any ids without spaces. Protocol in docs/evaluation.md.
#ifndef BURGEON_ENGINE_DATASET_SPLIT_FILE_H_
#define BURGEON_ENGINE_DATASET_SPLIT_FILE_H_

#include <string>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/dataset/vocabulary.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct SplitData {
  Vocabulary customers;  // of train and test together
  Vocabulary items;
  CsrMatrix train;  // [customers, items], pattern
  CsrMatrix test;   // the same rows and columns
};

// Errors name file and line: an empty file, an item twice on a line (train), a user twice.
absl::StatusOr<SplitData> ReadSplitFiles(FileSystem& files, const std::string& train_path,
                                         const std::string& test_path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SPLIT_FILE_H_
