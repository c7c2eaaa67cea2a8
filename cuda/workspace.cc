#include "cuda/workspace.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/check.h"

namespace burgeon::cuda {
namespace {

constexpr int64_t kMinChunkBytes = int64_t{1} << 20;

}  // namespace

absl::StatusOr<void*> Workspace::TakeBytes(int64_t bytes) {
  BURGEON_CHECK(scopes_ > 0);
  std::optional<ArenaCursor> place = PlaceInArena(chunk_bytes_, bytes, &cursor_);
  if (!place) {
    const int64_t wanted = std::max({ArenaRounded(bytes), kMinChunkBytes, next_chunk_bytes_});
    BURGEON_ASSIGN_OR_RETURN(DeviceMemory chunk, DeviceMemory::Allocate(stream_, wanted));
    chunks_.push_back(std::move(chunk));
    chunk_bytes_.push_back(wanted);
    next_chunk_bytes_ = 0;
    place = PlaceInArena(chunk_bytes_, bytes, &cursor_);
    BURGEON_CHECK(place.has_value());
  }
  char* const chunk = static_cast<char*>(chunks_[static_cast<size_t>(place->chunk)].data());
  return chunk + place->used;
}

void Workspace::EndScope(ArenaCursor before) {
  cursor_ = before;
  if (--scopes_ > 0 || chunks_.size() < 2) return;
  // Next time one chunk holds it all. Memory is freed in the order of the stream, so that what is
  // queued still has it.
  const int64_t held = held_bytes();
  Release();
  next_chunk_bytes_ = held;
}

void Workspace::Release() {
  BURGEON_CHECK(scopes_ == 0);
  chunks_.clear();
  chunk_bytes_.clear();
  cursor_ = {};
  next_chunk_bytes_ = 0;
}

int64_t Workspace::held_bytes() const {
  return std::accumulate(chunk_bytes_.begin(), chunk_bytes_.end(), int64_t{0});
}

}  // namespace burgeon::cuda
