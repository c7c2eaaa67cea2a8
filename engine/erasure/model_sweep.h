// Takes persons out of what was made from their data: snapshots, candidates and releases. Each is
// written anew without their rows, under another id, and the old one is removed. What does not read
// whole cannot be searched and is removed too, but for the release in use: that is an error.
//
// Vectors of items stay as they were trained; the report names the models whose training saw the
// persons' rows, and which therefore wait for the next training.
#ifndef BURGEON_ENGINE_ERASURE_MODEL_SWEEP_H_
#define BURGEON_ENGINE_ERASURE_MODEL_SWEEP_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/erasure/receipt.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

// Old id to new, those of earlier sweeps among them.
struct Replaced {
  std::map<std::string, std::string> snapshots;
  std::map<std::string, std::string> candidates;
};

struct ModelSweep {
  FileSystem* files = nullptr;
  const Workspace* workspace = nullptr;
  ExecutionContext* context = nullptr;
  std::function<bool(std::string_view)> erased;  // of a stored customer id
  TimeMicros erasure_watermark = 0;              // of the latest of the erasures
};

// Both append to receipt->entries and receipt->models.
//
// Snapshots, and the candidates that were trained on them: the new snapshot first, then its
// candidates with the same rows left out, then the old snapshot goes, so that after a crash it is
// still there to say which row is whose. Gives what was replaced by what.
absl::StatusOr<Replaced> SweepTraining(const ModelSweep& sweep, Receipt* receipt);
absl::Status SweepReleases(const ModelSweep& sweep, const Replaced& replaced, Receipt* receipt);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_MODEL_SWEEP_H_
