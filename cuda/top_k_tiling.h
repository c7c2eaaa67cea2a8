// How top-k cuts queries x rows into tiles of bounded memory. Free of CUDA, so that it is tested
// on any machine.
#ifndef BURGEON_CUDA_TOP_K_TILING_H_
#define BURGEON_CUDA_TOP_K_TILING_H_

#include <algorithm>
#include <cstdint>

namespace burgeon::cuda {

// 8 bytes a key, held three times (unsorted, sorted, and what the sort needs): about 400 MiB.
inline constexpr int64_t kTopKKeysPerTile = int64_t{1} << 24;
inline constexpr int64_t kTopKRowsPerTile = int64_t{1} << 15;

struct TopKTiling {
  int64_t queries = 1;  // a tile
  int64_t rows = 1;     // a tile
  int64_t kept = 1;     // best keys carried from tile to tile: min(k, row_count)
  // Keys of one query in the buffer: the kept ones, then one a row of the tile.
  int64_t width() const { return kept + rows; }
  int64_t keys() const { return queries * width(); }
};

// Tiles of at most `rows_per_tile` rows and, unless one query alone needs more, `keys_per_tile`
// keys. The answer does not depend on either: tests pass small ones.
inline TopKTiling PlanTopK(int64_t query_count, int64_t row_count, int64_t k,
                           int64_t keys_per_tile = kTopKKeysPerTile,
                           int64_t rows_per_tile = kTopKRowsPerTile) {
  TopKTiling tiling;
  tiling.kept = std::max<int64_t>(1, std::min(k, row_count));
  tiling.rows = std::max<int64_t>(1, std::min(row_count, rows_per_tile));
  tiling.queries =
      std::clamp<int64_t>(keys_per_tile / tiling.width(), 1, std::max<int64_t>(1, query_count));
  return tiling;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_TILING_H_
