// Releases of a workspace: write, list, load with self-test, make current, roll back.
//
// A release is a folder releases/<id>/ with tensors, indexes and manifest.json (written last:
// SHA-256 and size of every file, shapes, metric, hashes, watermarks, offline metrics, golden
// queries). It is written as releases/.tmp-<time>, synced, renamed, its parent synced; then
// `current` the same way. A crash at any step leaves the old release current and whole. Loading
// checks the manifest, every checksum, every shape, and that the golden queries still give their
// lists; any damage is kDataLoss naming file and reason, and the release in use stays.
//
// Callers of Publish and RollBack hold the workspace's lock.
#ifndef BURGEON_ENGINE_RELEASE_RELEASE_STORE_H_
#define BURGEON_ENGINE_RELEASE_RELEASE_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/release/loaded_release.h"
#include "engine/release/release_data.h"
#include "engine/release/release_manifest.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

// Writes a release, loads it back with all checks, and only then makes it current. Leftovers of a
// publish that crashed are removed first. The kind of index is the data's choice, the similarity is
// not: inner product for items, cosine for customers. kFailedPrecondition when the parts do not fit
// together. The id is
// "<UTC time>-<first 8 hex digits of the content's SHA-256>", "20261122T154500Z-1a2b3c4d".
absl::StatusOr<std::string> Publish(FileSystem& files, const Workspace& workspace,
                                    ExecutionContext& context, const Clock& clock,
                                    const ReleaseData& data);

// Puts `data` in the place of release `id`: it keeps the time of `id`, so that it stands where that
// stood among the releases, is current when that was, and says whom it replaces; then `id` is
// removed, for good when this returns. The id of the new one; the same `data` again gives the same.
absl::StatusOr<std::string> ReplaceRelease(FileSystem& files, const Workspace& workspace,
                                           ExecutionContext& context, const std::string& id,
                                           ReleaseData data);

// The manifest alone, its checksum and fields checked. kNotFound when there is no such release.
absl::StatusOr<ReleaseManifest> LoadReleaseManifest(FileSystem& files, const Workspace& workspace,
                                                    const std::string& id);

// Removes a release, for good when this returns. kFailedPrecondition for the current one.
absl::Status RemoveRelease(FileSystem& files, const Workspace& workspace, const std::string& id);

struct ReleaseInfo {
  std::string id;
  bool current = false;
  std::string problem;  // "", or why its manifest cannot be read or which file has another size
  TimeMicros created_at = 0;
  TimeMicros as_of = 0;
  int64_t customers = 0;
  int64_t items = 0;
  int64_t bytes = 0;
  std::string recommender;  // kind
  std::string metrics_json;
};

// Oldest first.
absl::StatusOr<std::vector<ReleaseInfo>> ListReleases(FileSystem& files,
                                                      const Workspace& workspace);

// kNotFound when nothing was published.
absl::StatusOr<std::string> CurrentReleaseId(FileSystem& files, const Workspace& workspace);

// With all checks of the head comment. kNotFound when there is no release of that id.
absl::StatusOr<std::shared_ptr<const LoadedRelease>> LoadRelease(FileSystem& files,
                                                                 const Workspace& workspace,
                                                                 ExecutionContext& context,
                                                                 const std::string& id);

// Makes `id` current after loading it with all checks; "" means the newest one older than the
// current (kFailedPrecondition when there is none). Returns the id that is current now; after an
// error the current one is as it was.
absl::StatusOr<std::string> RollBack(FileSystem& files, const Workspace& workspace,
                                     ExecutionContext& context, const std::string& id);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_RELEASE_STORE_H_
