#include "serving/release_source.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {
constexpr std::string_view kOverlayFile = "changes.jsonl";
constexpr int64_t kPieceBytes = 4096;
enum class End { kHead, kTail };
}  // namespace

WorkspaceReleaseSource::WorkspaceReleaseSource(FileSystem& files, Workspace workspace,
                                               ExecutionContext& context)
    : files_(files), workspace_(std::move(workspace)), context_(context) {}

// The overlay is appended to; its size tells almost everything, and the hash of its tail tells a
// torn last line from what was written in its place. Tombstones begin with their own SHA-256.
absl::StatusOr<std::string> WorkspaceReleaseSource::OverlayVersion() {
  std::string version;
  const std::string changes = JoinPath(workspace_.overlay(), kOverlayFile);
  const std::string tombstones = TombstonesPath(workspace_);
  for (const auto& [path, end] :
       {std::pair(changes, End::kTail), std::pair(tombstones, End::kHead)}) {
    if (!files_.Exists(path)) {
      version += "none ";
      continue;
    }
    BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(path));
    const int64_t size = file->size();
    std::string piece(static_cast<size_t>(std::min(size, kPieceBytes)), '\0');
    const int64_t at = end == End::kTail ? size - static_cast<int64_t>(piece.size()) : 0;
    BURGEON_RETURN_IF_ERROR(file->ReadAt(at, piece));
    version += Concat(size, "-", StableHash64(piece), " ");
  }
  return version;
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
  return WithNewOverlay(*state);
}

// After the release, which takes longer: what was erased meanwhile is seen.
absl::StatusOr<std::shared_ptr<const ServingState>> WorkspaceReleaseSource::WithNewOverlay(
    const ServingState& in_use) {
  auto state = std::make_shared<ServingState>(in_use);
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(files_, workspace_));
  ResolveOverlay(state->release->data().customers, &overlay);
  state->overlay = std::make_shared<const Overlay>(std::move(overlay));
  return std::shared_ptr<const ServingState>(std::move(state));
}

}  // namespace burgeon
