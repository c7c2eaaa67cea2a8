// Sequence files: what each customer took, oldest first, as the sequential recommendation data sets
// are published:
//   user item item ...      a line a customer, of any ids without spaces; an item may come again
#ifndef BURGEON_ENGINE_DATASET_SEQUENCE_FILE_H_
#define BURGEON_ENGINE_DATASET_SEQUENCE_FILE_H_

#include <string>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/dataset/vocabulary.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct SequenceData {
  Vocabulary customers;
  Vocabulary items;
  ItemSequences sequences;  // [customers]
};

// kInvalidArgument, naming file and line: an empty file, a line without items, a user on two lines.
absl::StatusOr<SequenceData> ReadSequenceFile(FileSystem& files, const std::string& path);

// Which item of each sequence is to be found: the last, or for choosing a model the one before it,
// from all that comes before.
enum class SequencePart { kTest, kValidation };

struct SequenceSplit {
  ItemSequences history;  // [customers] what comes before; all of it where nothing is to be found
  CsrMatrix train;        // [customers, items] pattern of `history`
  CsrMatrix test;         // [customers, items] the item to be found; no item of `train`
  int64_t test_customers = 0;
  int64_t repeated = 0;   // customers whose item was in their history: nothing to be found
  int64_t too_short = 0;  // customers with one item (kValidation: fewer than three)
};

// The last item of a customer too short for kValidation, with two items, is left out of `history`.
SequenceSplit LeaveLastItemOut(const SequenceView& sequences, int64_t items, SequencePart part);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SEQUENCE_FILE_H_
