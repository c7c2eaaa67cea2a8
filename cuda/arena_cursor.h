// Where in a list of chunks the next piece of a workspace lies: the arithmetic of cuda/workspace.h,
// without its memory.
#ifndef BURGEON_CUDA_ARENA_CURSOR_H_
#define BURGEON_CUDA_ARENA_CURSOR_H_

#include <cstdint>
#include <optional>
#include <span>

namespace burgeon::cuda {

struct ArenaCursor {
  static constexpr int64_t kAlignment = 256;  // what cudaMalloc gives

  int64_t chunk = 0;
  int64_t used = 0;  // bytes of that chunk

  friend bool operator==(const ArenaCursor&, const ArenaCursor&) = default;
};

inline constexpr int64_t ArenaRounded(int64_t bytes) {
  return (bytes + ArenaCursor::kAlignment - 1) / ArenaCursor::kAlignment * ArenaCursor::kAlignment;
}

// The place of `bytes` in the first chunk from the cursor on that has room, after which the cursor
// stands; nothing, and a cursor past the last chunk, when none has. Chunks passed over stay unused
// until the cursor goes back.
inline std::optional<ArenaCursor> PlaceInArena(std::span<const int64_t> chunk_bytes, int64_t bytes,
                                               ArenaCursor* cursor) {
  const int64_t rounded = ArenaRounded(bytes);
  for (; cursor->chunk < static_cast<int64_t>(chunk_bytes.size()); ++cursor->chunk) {
    if (rounded <= chunk_bytes[static_cast<size_t>(cursor->chunk)] - cursor->used) {
      const ArenaCursor place = *cursor;
      cursor->used += rounded;
      return place;
    }
    cursor->used = 0;
  }
  return std::nullopt;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ARENA_CURSOR_H_
