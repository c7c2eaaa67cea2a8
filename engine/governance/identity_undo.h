// Undone merges: pairs of ids that are not one person, whatever a source says. A file of JSON lines
// in the workspace, overlay/identity.jsonl, appended and synced; the last line of a pair counts.
//
//   {"a": "account-7", "b": "cookie-1", "undo": true, "time": "2026-11-22T15:45:00Z"}
//
// An undone link is as if it had never come, at every time T: it is a correction of what is known,
// not something that happened to the customer. The record names the pair and not the event, so it
// holds against the same link from another file or another ingest. Ids are in stored form. A torn
// last line (no line end) was never acknowledged: readers leave it out, the next append cuts it
// off; any other damage is kDataLoss with the line's number. Writers hold the workspace's lock.
#ifndef BURGEON_ENGINE_GOVERNANCE_IDENTITY_UNDO_H_
#define BURGEON_ENGINE_GOVERNANCE_IDENTITY_UNDO_H_

#include <set>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/governance/identity.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

std::string IdentityUndoPath(const Workspace& workspace);

// The pairs undone and not taken back. An absent file: none.
absl::StatusOr<std::set<IdPair>> LoadUndoneLinks(FileSystem& files, const Workspace& workspace);

enum class UndoAction { kUndo, kTakeBack };

// Durable when it returns. kInvalidArgument for an id that is empty, too long or not UTF-8, and for
// twice the same id.
absl::Status AppendUndo(FileSystem& files, const Workspace& workspace, const Clock& clock,
                        const IdPair& pair, UndoAction action);

// Writes the file anew without the lines that name one of `ids`, for erasure; gives their number.
absl::StatusOr<int64_t> RemoveFromUndoneLinks(FileSystem& files, const Workspace& workspace,
                                              const StringSet& ids);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_IDENTITY_UNDO_H_
