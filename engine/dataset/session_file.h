// Session files, as session-based recommendation data sets are published: what was clicked within a
// session, in order, without saying by whom.
//   train:  item item ...                 a line a session, oldest first
//   test:   item item ...<TAB>item        what came so far, and what came next
#ifndef BURGEON_ENGINE_DATASET_SESSION_FILE_H_
#define BURGEON_ENGINE_DATASET_SESSION_FILE_H_

#include <string>
#include <vector>

#include "engine/base/item_sequence.h"
#include "engine/base/status.h"
#include "engine/dataset/vocabulary.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct SessionData {
  Vocabulary items;               // of train
  ItemSequences train;            // [sessions]
  ItemSequences prefixes;         // [queries], less items that train does not have
  std::vector<uint32_t> targets;  // [queries]; kUnknownItem: an item that train does not have
};
inline constexpr uint32_t kUnknownItem = UINT32_MAX;

// kInvalidArgument, naming file and line: an empty file, an id that is none, a line of test without
// a prefix, a tab or a target.
absl::StatusOr<SessionData> ReadSessionFiles(FileSystem& files, const std::string& train_path,
                                             const std::string& test_path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SESSION_FILE_H_
