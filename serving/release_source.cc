#include "serving/release_source.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {
constexpr std::string_view kOverlayFile = "changes.jsonl";
constexpr int64_t kTailBytes = 4096;
}  // namespace

WorkspaceReleaseSource::WorkspaceReleaseSource(FileSystem& files, Workspace workspace,
                                               ExecutionContext& context)
    : files_(files), workspace_(std::move(workspace)), context_(context) {}

// The overlay is appended to; its size tells almost everything, and the hash of its tail tells a
// torn last line from what was written in its place.
absl::StatusOr<std::string> WorkspaceReleaseSource::OverlayVersion() {
  const std::string path = JoinPath(workspace_.overlay(), kOverlayFile);
  if (!files_.Exists(path)) return std::string("none");
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<RandomAccessFile> file, files_.OpenForRead(path));
  const int64_t size = file->size();
  std::string tail(static_cast<size_t>(std::min(size, kTailBytes)), '\0');
  BURGEON_RETURN_IF_ERROR(file->ReadAt(size - static_cast<int64_t>(tail.size()), tail));
  return Concat(size, "-", StableHash64(tail));
}

absl::StatusOr<std::string> WorkspaceReleaseSource::CurrentVersion() {
  BURGEON_ASSIGN_OR_RETURN(const std::string id, CurrentReleaseId(files_, workspace_));
  BURGEON_ASSIGN_OR_RETURN(const std::string overlay, OverlayVersion());
  return Concat(id, " ", overlay);
}

absl::StatusOr<std::shared_ptr<const ServingState>> WorkspaceReleaseSource::LoadCurrent(
    const ServingState* in_use) {
  BURGEON_ASSIGN_OR_RETURN(const std::string id, CurrentReleaseId(files_, workspace_));
  auto state = std::make_shared<ServingState>();
  state->release_id = id;
  if (in_use != nullptr && in_use->release_id == id) {
    state->release = in_use->release;
  } else {
    BURGEON_ASSIGN_OR_RETURN(state->release, LoadRelease(files_, workspace_, context_, id));
  }
  // After the release, which takes longer: what was erased meanwhile is seen.
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(files_, workspace_));
  state->overlay = std::make_shared<const Overlay>(std::move(overlay));
  return std::shared_ptr<const ServingState>(std::move(state));
}

}  // namespace burgeon
