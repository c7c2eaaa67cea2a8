// The sweep: after it nothing in the workspace names those who were erased. Before it, the overlay
// keeps them out of every answer; so an erasure is two things, a line in the overlay that is
// durable before anybody is told (AppendErasures), and this, which may take its time.
//
//   BURGEON_ASSIGN_OR_RETURN(const Receipt receipt, Sweep(files, workspace, context, clock, {}));
//
// In this order: the event store with its attributes, files of lines beside it (quarantine,
// cleaning log), undone links, snapshots with candidates, releases, everything else in the
// workspace (exports among it); then a search of every file; then the tombstones and the end of
// the overlay's lines. Only when the search found nothing do the lines go: else the persons stay
// kept out by them, and the receipt says where they still are.
//
// A crash at any point leaves the lines, or the tombstones, in force; the next sweep does it again
// from the beginning and continues the receipt. The caller holds the workspace's lock.
#ifndef BURGEON_ENGINE_ERASURE_SWEEP_H_
#define BURGEON_ENGINE_ERASURE_SWEEP_H_

#include <functional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/erasure/file_scan.h"
#include "engine/erasure/receipt.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct SweepOptions {
  std::string reason = {};  // for the receipt, in words; must not name anybody
  // Calls what it is given with the overlay locked against other writers (OverlayLock on a real
  // disk); empty: calls it without.
  std::function<absl::Status(const std::function<absl::Status()>&)> with_overlay_lock = {};
};

// Everybody whom a line of the overlay erases. The receipt that was written; with no persons and
// no id when there was nothing to do. kDataLoss for a damaged store or a damaged release in use.
absl::StatusOr<Receipt> Sweep(FileSystem& files, const Workspace& workspace,
                              ExecutionContext& context, const Clock& clock,
                              const SweepOptions& options);

// Where the persons are still named in the workspace, other than by the overlay's own lines.
absl::StatusOr<std::vector<ScanFinding>> FindInWorkspace(FileSystem& files,
                                                         const Workspace& workspace,
                                                         const PersonForms& forms);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_SWEEP_H_
