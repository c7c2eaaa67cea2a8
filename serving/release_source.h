// Where the server gets its release from. The interface is what the server needs; the form over a
// workspace is what it gets.
#ifndef BURGEON_SERVING_RELEASE_SOURCE_H_
#define BURGEON_SERVING_RELEASE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/release/loaded_release.h"
#include "engine/release/overlay.h"
#include "engine/release/query.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

// What one request sees from its beginning to its end. Immutable.
struct ServingState {
  std::string release_id;
  std::shared_ptr<const LoadedRelease> release;
  std::shared_ptr<const Overlay> overlay;
  ReleaseView view() const { return ReleaseView{release.get(), overlay.get()}; }
};

// How the taking up of new versions went so far.
struct ReloadCounts {
  int64_t loaded = 0;  // versions taken up, the first among them
  int64_t failed = 0;
  bool last_failed = false;  // what is served is older than what is published
};

// Called by one thread at a time.
class ReleaseSource {
 public:
  virtual ~ReleaseSource() = default;
  // Cheap; another text whenever LoadCurrent would give something else. kNotFound when nothing was
  // published.
  virtual absl::StatusOr<std::string> CurrentVersion() = 0;
  // `in_use` (or nullptr) lends what has not changed.
  virtual absl::StatusOr<std::shared_ptr<const ServingState>> LoadCurrent(
      const ServingState* in_use) = 0;
  // The release in use with the overlay as it is now: for when a newer release cannot be loaded,
  // so that erasures do not wait for it.
  virtual absl::StatusOr<std::shared_ptr<const ServingState>> WithNewOverlay(
      const ServingState& in_use) {
    return std::make_shared<const ServingState>(in_use);
  }
};

// The current release of a workspace, and its overlay. Loads with all checks of LoadRelease; when
// only the overlay changed, only the overlay is read.
class WorkspaceReleaseSource : public ReleaseSource {
 public:
  // `files` and `context` must outlive it; `context` is used by no other thread.
  WorkspaceReleaseSource(FileSystem& files, Workspace workspace, ExecutionContext& context);

  absl::StatusOr<std::string> CurrentVersion() override;
  absl::StatusOr<std::shared_ptr<const ServingState>> LoadCurrent(
      const ServingState* in_use) override;
  absl::StatusOr<std::shared_ptr<const ServingState>> WithNewOverlay(
      const ServingState& in_use) override;

 private:
  absl::StatusOr<std::string> OverlayVersion();

  FileSystem& files_;
  const Workspace workspace_;
  ExecutionContext& context_;
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_RELEASE_SOURCE_H_
