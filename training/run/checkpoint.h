// Where a training stands, on the disk, so that it can go on after Ctrl-C, a crash or a power cut:
// FOLDER/checkpoint-00000012/ with tensors.safetensors and manifest.json, written beside and
// renamed into place. The newest kKeptCheckpoints stay.
//
//   BURGEON_RETURN_IF_ERROR(WriteCheckpoint(files, folder, {.kind = "als", .step = 12, ...}));
//   BURGEON_ASSIGN_OR_RETURN(const auto checkpoint, LoadLatestCheckpoint(files, folder));
//
// A trainer that puts into `tensors` all that its next step reads goes on with the same bits.
// One writer a folder.
#ifndef BURGEON_TRAINING_RUN_CHECKPOINT_H_
#define BURGEON_TRAINING_RUN_CHECKPOINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct Checkpoint {
  std::string kind;      // of the model: "als"
  int64_t step = 0;      // epochs or iterations done
  std::string identity;  // SHA-256 of data and options: what it may be continued with
  TensorFile tensors;
};

inline constexpr int kKeptCheckpoints = 2;
inline constexpr int64_t kMaxCheckpointStep = 99'999'999;

// Durable when it returns; then older ones are removed. kInvalidArgument for a step out of range.
absl::Status WriteCheckpoint(FileSystem& files, const std::string& folder,
                             const Checkpoint& checkpoint);

// The one of the largest step, with every check; nothing when there is none. kDataLoss when it is
// damaged: an older one may be whole, and removing the folder named in the message chooses it.
absl::StatusOr<std::optional<Checkpoint>> LoadLatestCheckpoint(FileSystem& files,
                                                               const std::string& folder);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RUN_CHECKPOINT_H_
