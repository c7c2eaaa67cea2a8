#include <cuda_runtime.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>

#include <cub/device/device_segmented_sort.cuh>
#include <utility>

#include "cuda/device_buffer.h"
#include "cuda/sort_key.h"
#include "cuda/status.h"
#include "cuda/top_k_sort.h"

namespace burgeon::cuda {
namespace {

constexpr int kEdge = 16;      // of the tile of scores one thread block computes
constexpr int kThreads = 256;  // of the kernels that give a block to each query
constexpr int64_t kMaxGridY = 65535;

// The part of queries x rows in the key buffer: query number first_query + i (of those chosen) has
// its keys at i * width, the `kept` best of earlier rows first, then one a row.
struct Tile {
  const int64_t* chosen = nullptr;
  int64_t first_query = 0;
  int64_t query_count = 0;
  int64_t first_row = 0;
  int64_t row_count = 0;
  int64_t kept = 0;
  int64_t width = 0;
  __device__ int64_t query(int64_t i) const {
    return chosen == nullptr ? first_query + i : chosen[first_query + i];
  }
};

__device__ bool MayBeListed(const uint64_t* allowed, int64_t row) {
  return allowed == nullptr || (allowed[row / 64] >> (row % 64) & 1U) != 0;
}

// One thread a score; sums run over j in ascending order, as the contract wants. The shared tiles
// read each query and row from memory once a block instead of once a score.
__global__ void ScoreTile(TopKView view, Tile tile, uint64_t* keys) {
  __shared__ float query_part[kEdge][kEdge + 1];
  __shared__ float row_part[kEdge][kEdge + 1];
  const int64_t query = int64_t{blockIdx.x} * kEdge + threadIdx.y;  // in the tile
  const int64_t row = int64_t{blockIdx.y} * kEdge + threadIdx.x;
  const int64_t loaded_row = int64_t{blockIdx.y} * kEdge + threadIdx.y;
  double sum = 0;
  for (int64_t begin = 0; begin < view.dim; begin += kEdge) {
    const int64_t j = begin + threadIdx.x;
    query_part[threadIdx.y][threadIdx.x] = query < tile.query_count && j < view.dim
                                               ? view.queries[tile.query(query) * view.dim + j]
                                               : 0.0F;
    row_part[threadIdx.y][threadIdx.x] =
        loaded_row < tile.row_count && j < view.dim
            ? view.rows[(tile.first_row + loaded_row) * view.dim + j]
            : 0.0F;
    __syncthreads();
    const int count = static_cast<int>(min(int64_t{kEdge}, view.dim - begin));
    for (int i = 0; i < count; ++i) {
      sum += static_cast<double>(query_part[threadIdx.y][i]) *
             static_cast<double>(row_part[threadIdx.x][i]);
    }
    __syncthreads();
  }
  if (query >= tile.query_count || row >= tile.row_count) return;
  const int64_t listed = tile.first_row + row;
  keys[query * tile.width + tile.kept + row] =
      MayBeListed(view.allowed, listed)
          ? SortKey(static_cast<float>(sum), static_cast<uint32_t>(listed))
          : kNoKey;
}

// One block a query: takes the excluded rows of this tile out.
__global__ void ExcludeRows(TopKView view, Tile tile, uint64_t* keys) {
  const int64_t query = tile.query(blockIdx.x);
  const int64_t end = view.excluded_offsets[query + 1];
  uint64_t* const row_keys = keys + int64_t{blockIdx.x} * tile.width + tile.kept;
  for (int64_t i = view.excluded_offsets[query] + threadIdx.x; i < end; i += blockDim.x) {
    const int64_t row = int64_t{view.excluded_columns[i]} - tile.first_row;
    if (row >= 0 && row < tile.row_count) row_keys[row] = kNoKey;
  }
}

// One block a query: sorted keys to rows and scores. The score is computed anew from the canonical
// formula, because a key does not tell -0 from +0.
__global__ void WriteLists(TopKView view, Tile tile, const uint64_t* sorted, TopKLists lists) {
  const int64_t query = tile.query(blockIdx.x);
  const uint64_t* const best = sorted + int64_t{blockIdx.x} * tile.width;
  if (threadIdx.x == 0 && best[0] == kNoKey) lists.counts[query] = 0;
  for (int64_t i = threadIdx.x; i < tile.kept; i += blockDim.x) {
    if (best[i] == kNoKey) continue;
    if (i + 1 == tile.kept || best[i + 1] == kNoKey) {
      lists.counts[query] = static_cast<int32_t>(i + 1);
    }
    const uint32_t row = RowOfKey(best[i]);
    double sum = 0;
    for (int64_t j = 0; j < view.dim; ++j) {
      sum += static_cast<double>(view.queries[query * view.dim + j]) *
             static_cast<double>(view.rows[row * view.dim + j]);
    }
    lists.rows[query * tile.kept + i] = row;
    lists.scores[query * tile.kept + i] = static_cast<float>(sum);
  }
}

// Where the keys of a query begin, and where they end, in the buffer.
struct OffsetOfQuery {
  int64_t width = 0;
  int64_t past = 0;
  __host__ __device__ int64_t operator()(int64_t query) const { return query * width + past; }
};

auto Offsets(int64_t width, int64_t past) {
  return thrust::make_transform_iterator(thrust::make_counting_iterator(int64_t{0}),
                                         OffsetOfQuery{width, past});
}

// Sorts the keys of each query, descending. With `scratch` null only tells how much it needs.
cudaError_t SortKeys(void* scratch, size_t* scratch_bytes, const Tile& tile, const uint64_t* keys,
                     uint64_t* sorted, cudaStream_t stream) {
  return cub::DeviceSegmentedSort::SortKeysDescending(
      scratch, *scratch_bytes, keys, sorted, tile.query_count * tile.width, tile.query_count,
      Offsets(tile.width, 0), Offsets(tile.width, tile.kept + tile.row_count), stream);
}

// The key buffers and the memory of the sort, for tiles up to the planned size.
struct Workspace {
  DeviceBuffer<uint64_t> keys;
  DeviceBuffer<uint64_t> sorted;
  DeviceBuffer<unsigned char> scratch;
};

absl::StatusOr<Workspace> MakeWorkspace(const Stream& stream, const TopKTiling& tiling) {
  const Tile largest = {.query_count = tiling.queries,
                        .row_count = tiling.rows,
                        .kept = tiling.kept,
                        .width = tiling.width()};
  size_t scratch_bytes = 0;
  BURGEON_RETURN_IF_ERROR(
      CudaStatus(SortKeys(nullptr, &scratch_bytes, largest, nullptr, nullptr, stream.handle()),
                 "size of the memory to sort top-k keys"));
  Workspace workspace;
  BURGEON_ASSIGN_OR_RETURN(workspace.keys, DeviceBuffer<uint64_t>::Allocate(stream, tiling.keys()));
  BURGEON_ASSIGN_OR_RETURN(workspace.sorted,
                           DeviceBuffer<uint64_t>::Allocate(stream, tiling.keys()));
  BURGEON_ASSIGN_OR_RETURN(workspace.scratch, DeviceBuffer<unsigned char>::Allocate(
                                                  stream, static_cast<int64_t>(scratch_bytes)));
  return workspace;
}

// Scores and ranks one tile. Afterwards workspace->keys begins, for each query, with the best keys
// of this tile and of those before it.
absl::Status RankTile(const Stream& stream, const TopKView& view, const Tile& tile,
                      Workspace* workspace) {
  uint64_t* const keys = workspace->keys.data();
  const auto blocks_x = static_cast<unsigned>((tile.query_count + kEdge - 1) / kEdge);
  const auto blocks_y = static_cast<unsigned>((tile.row_count + kEdge - 1) / kEdge);
  ScoreTile<<<dim3(blocks_x, blocks_y), dim3(kEdge, kEdge), 0, stream.handle()>>>(view, tile, keys);
  BURGEON_RETURN_IF_ERROR(LaunchStatus("ScoreTile"));
  const auto queries = static_cast<unsigned>(tile.query_count);
  if (view.excluded_offsets != nullptr) {
    ExcludeRows<<<queries, kThreads, 0, stream.handle()>>>(view, tile, keys);
    BURGEON_RETURN_IF_ERROR(LaunchStatus("ExcludeRows"));
  }
  auto scratch_bytes = static_cast<size_t>(workspace->scratch.size());
  BURGEON_RETURN_IF_ERROR(CudaStatus(SortKeys(workspace->scratch.data(), &scratch_bytes, tile, keys,
                                              workspace->sorted.data(), stream.handle()),
                                     "sort of top-k keys"));
  std::swap(workspace->keys, workspace->sorted);
  return absl::OkStatus();
}

}  // namespace

absl::Status TopKSort(const Stream& stream, const TopKView& view, const ChosenQueries& chosen,
                      const TopKTiling& tiling, const TopKLists& lists) {
  BURGEON_CHECK(tiling.kept >= 1 && tiling.queries >= 1 && tiling.rows >= 1);
  BURGEON_CHECK((tiling.rows + kEdge - 1) / kEdge <= kMaxGridY);
  BURGEON_CHECK(view.row_count >= 1);
  BURGEON_ASSIGN_OR_RETURN(Workspace workspace, MakeWorkspace(stream, tiling));
  for (int64_t query = 0; query < chosen.count; query += tiling.queries) {
    Tile tile = {.chosen = chosen.ids,
                 .first_query = query,
                 .query_count = std::min(tiling.queries, chosen.count - query),
                 .kept = tiling.kept,
                 .width = tiling.width()};
    BURGEON_RETURN_IF_ERROR(workspace.keys.SetToZero());  // nothing kept yet: all kNoKey
    for (int64_t row = 0; row < view.row_count; row += tiling.rows) {
      tile.first_row = row;
      tile.row_count = std::min(tiling.rows, view.row_count - row);
      BURGEON_RETURN_IF_ERROR(RankTile(stream, view, tile, &workspace));
    }
    WriteLists<<<static_cast<unsigned>(tile.query_count), kThreads, 0, stream.handle()>>>(
        view, tile, workspace.keys.data(), lists);
    BURGEON_RETURN_IF_ERROR(LaunchStatus("WriteLists"));
  }
  return absl::OkStatus();
}

}  // namespace burgeon::cuda
