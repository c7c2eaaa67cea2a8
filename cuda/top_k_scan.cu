// Checked on an H100: the cases of all forms bit for bit, memcheck, initcheck and synccheck.
// Checked without a GPU: index functions and bounds, by the host tests; that the machine code has
// HMMA and no local memory, with cuobjdump. docs/gpu.md has the details.
#include "cuda/top_k_scan.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <limits>

#include "cuda/bf16_vectors.h"
#include "cuda/device_buffer.h"
#include "cuda/mma_tile.h"
#include "cuda/status.h"
#include "cuda/tensor_core.cuh"
#include "cuda/top_k_bound.h"
#include "cuda/top_k_rank.h"
#include "cuda/top_k_sort.h"

namespace burgeon::cuda {
namespace {

constexpr int kStages = 3;           // of rows on their way to shared memory
constexpr int kFewCandidates = 256;  // most times: fewer registers to search
constexpr int kFirstRise = 4;  // tiles after which floors rise for the first time; then 8, 16, ...
constexpr int kFull = kCandidates - kTileColumns;  // more leave no room for a tile
constexpr int kWorthDropping = kCandidates / 2;    // done together with those that must be
constexpr int kFloorBits = 16;  // of the range of the bounds; a lower floor is a floor too
constexpr int kRowSums = 2 * kColumnBlocks;  // of one query, in one thread
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct ScanView {
  TopKView input;
  Bf16View queries;  // of this batch
  Bf16View rows;
  CandidateBatch batch;
  int64_t tiles = 0;  // of rows
  int slabs = 0;      // a tile is loaded in so many parts of its dimensions
  int kept = 0;
};

// 64 queries x 64 rows of one warp.
using Sums = float[kRowBlocks][kColumnBlocks][4];

template <int kSteps>
__device__ void MultiplySlab(const uint4* a, const uint4* b, int lane, Sums& sums) {
  constexpr int kRow = RowUnits(kSteps);
  const unsigned a_address = SharedAddress(a + LoadRowA(lane) * kRow + LoadUnitA(lane));
  const unsigned b_address = SharedAddress(b + LoadRowB(lane) * kRow + LoadUnitB(lane));
#pragma unroll
  for (int step = 0; step < kSteps; ++step) {
    unsigned left[kRowBlocks][4];
    unsigned right[kColumnBlocks / 2][4];
#pragma unroll
    for (int m = 0; m < kRowBlocks; ++m) {
      LoadMatrices(a_address + (m * 16 * kRow + 2 * step) * kUnitBytes, left[m]);
    }
#pragma unroll
    for (int n = 0; n < kColumnBlocks / 2; ++n) {
      LoadMatrices(b_address + (n * 16 * kRow + 2 * step) * kUnitBytes, right[n]);
    }
#pragma unroll
    for (int m = 0; m < kRowBlocks; ++m) {
#pragma unroll
      for (int n = 0; n < kColumnBlocks; ++n) {
        Multiply(left[m], right[n / 2][n % 2 * 2], right[n / 2][n % 2 * 2 + 1], sums[m][n]);
      }
    }
  }
}

__device__ const uint4* Units(const Bf16View& view) {
  return reinterpret_cast<const uint4*>(view.values);
}

// `rows` rows of one slab to shared memory, all threads together.
template <int kSteps, int kRows>
__device__ void FetchRows(uint4* to, const uint4* from, int64_t units_a_row) {
  constexpr int kUnits = 2 * kSteps;
  static_assert(kRows * kUnits % kTileThreads == 0);
#pragma unroll
  for (int i = 0; i < kRows * kUnits / kTileThreads; ++i) {
    const int e = i * kTileThreads + static_cast<int>(threadIdx.x);
    const int row = e / kUnits;
    const int unit = e % kUnits;
    CopyUnitAsync(to + row * RowUnits(kSteps) + unit, from + row * units_a_row + unit);
  }
}

// --- candidates ---

constexpr uint32_t kNoRow = std::numeric_limits<uint32_t>::max();

// One bit a row of a tile.
struct alignas(16) RowBits {
  uint64_t low;
  uint64_t high;
};

// What one query needs to judge a score.
struct alignas(16) Judge {
  float floor;
  QueryBound bound;
};

struct SharedState {
  Judge judges[kTileRows];
  int counts[kTileRows];
  int full[2];  // a query has more than kFull candidates after a tile of this parity
  RowBits blocked[2][kTileRows];  // rows of a tile that a query may not list, by parity
  float sums[kRowSums][kTileThreads];
};

template <int kSteps, bool kStreamed>
struct Shared {
  static constexpr int kRow = RowUnits(kSteps);
  uint4 queries[kStreamed ? 1 : kTileRows * kRow];
  struct Stage {
    uint4 queries[kStreamed ? kTileRows * kRow : 1];
    uint4 rows[kTileColumns * kRow];
  } stages[kStages];
  SharedState state;
};

// A query's excluded rows, as far as the scan has come. The next two are at hand, so that a load is
// waited for only when the one after next is wanted.
struct ExcludedRows {
  const uint32_t* at = nullptr;
  const uint32_t* end = nullptr;
  uint32_t next = kNoRow;
  uint32_t after = kNoRow;

  __device__ uint32_t Read() { return at < end ? *at++ : kNoRow; }
  __device__ void Start(const TopKView& view, int64_t query) {
    if (view.excluded_offsets == nullptr) return;
    at = view.excluded_columns + view.excluded_offsets[query];
    end = view.excluded_columns + view.excluded_offsets[query + 1];
    next = Read();
    after = Read();
  }
};

// The rows of a tile that may not be listed: not allowed, past the last, or excluded.
__device__ RowBits BlockedRows(const TopKView& view, int64_t tile, ExcludedRows& excluded) {
  RowBits bits = {0, 0};
  const int64_t first = tile * kTileColumns;
  const int64_t left = view.row_count - first;
  if (left <= 0) return {~uint64_t{0}, ~uint64_t{0}};
  if (view.allowed != nullptr) {
    bits.low = ~view.allowed[2 * tile];
    if (left > 64) bits.high = ~view.allowed[2 * tile + 1];
  }
  if (left < 64) bits.low |= ~uint64_t{0} << left;
  if (left <= 64) {
    bits.high = ~uint64_t{0};
  } else if (left < 128) {
    bits.high |= ~uint64_t{0} << (left - 64);
  }
  while (int64_t{excluded.next} < first + kTileColumns) {
    const auto place = static_cast<int>(int64_t{excluded.next} - first);
    if (place < 64) {
      bits.low |= uint64_t{1} << place;
    } else {
      bits.high |= uint64_t{1} << (place - 64);
    }
    excluded.next = excluded.after;
    excluded.after = excluded.Read();
  }
  return bits;
}

// Offers what clears the floors, of one warp's sums of one tile.
__device__ void OfferSums(const ScanView& view, SharedState& state, int64_t tile,
                          VectorBound tile_bound, const Sums& sums) {
  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % 32;
  const int64_t first_row = tile * kTileColumns + WarpColumn(thread / 32);
  Candidate* const candidates =
      view.batch.candidates + int64_t{blockIdx.x} * kTileRows * kCandidates;
  static_assert(kWarpColumns == 64);  // half of the bits of a tile
#pragma unroll
  for (int m = 0; m < kRowBlocks; ++m) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int query = WarpRow(thread / 32) + m * 16 + SumRow(lane, 2 * half);
      const Judge& judge = state.judges[query];
      const float threshold = CandidateThreshold(judge.floor, ErrorOf(judge.bound, tile_bound));
      float best = sums[m][0][2 * half];
#pragma unroll
      for (int n = 0; n < kColumnBlocks; ++n) {
        best = fmaxf(best, fmaxf(sums[m][n][2 * half], sums[m][n][2 * half + 1]));
      }
      if (best < threshold) continue;
      // Rare. By way of shared memory, because registers have no index.
      unsigned left = 0;
#pragma unroll
      for (int i = 0; i < kRowSums; ++i) {
        const float score = sums[m][i / 2][2 * half + i % 2];
        state.sums[i][thread] = score;
        left |= (score >= threshold ? 1U : 0U) << i;
      }
      const RowBits blocked = state.blocked[tile % 2][query];
      const uint64_t bits = WarpColumn(thread / 32) == 0 ? blocked.low : blocked.high;
      for (; left != 0; left &= left - 1) {
        const int i = __ffs(static_cast<int>(left)) - 1;
        const int column = i / 2 * 8 + SumColumn(lane, i);
        if ((bits >> column & 1U) != 0) continue;
        const int place = atomicAdd(&state.counts[query], 1);
        candidates[query * kCandidates + place] = {state.sums[i][thread],
                                                   static_cast<uint32_t>(first_row + column)};
        if (place >= kFull) state.full[tile % 2] = 1;
      }
    }
  }
}

// One warp: raises the floor of a query to the kept-th best lower bound of its candidates, and
// drops those that cannot reach it. Too many left: the query wants no more.
template <int kPerLane>
__device__ void DropCandidates(const ScanView& view, SharedState& state, int query, int count) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const QueryBound bound = state.judges[query].bound;
  Candidate* const list =
      view.batch.candidates + (int64_t{blockIdx.x} * kTileRows + query) * kCandidates;
  Candidate held[kPerLane];
  uint32_t keys[kPerLane];  // of lower bounds; 0, below that of any float: none
#pragma unroll
  for (int i = 0; i < kPerLane; ++i) {
    held[i] = {0, 0};
    if (i * 32 + lane < count) held[i] = list[i * 32 + lane];
  }
#pragma unroll
  for (int i = 0; i < kPerLane; ++i) {
    keys[i] = 0;
    if (i * 32 + lane < count) {
      const float error = ErrorOf(bound, view.rows.bounds[held[i].row]);
      keys[i] = OrderedBits(LeastScore(held[i].score, error));
    }
  }
  uint32_t least = ~0U;
  uint32_t most = 0;
#pragma unroll
  for (int i = 0; i < kPerLane; ++i) {
    if (keys[i] != 0) least = min(least, keys[i]);
    most = max(most, keys[i]);
  }
  least = __reduce_min_sync(0xFFFFFFFFU, least);
  most = __reduce_max_sync(0xFFFFFFFFU, most);
  // The bits that all keys have in common, then the greatest further ones that `kept` keys reach.
  const int first_bit = 31 - __clz(static_cast<int>(least ^ most));
  uint32_t floor_bits = first_bit < 0 ? most : most >> first_bit >> 1 << first_bit << 1;
  for (int bit = first_bit; bit >= 0 && bit > first_bit - kFloorBits; --bit) {
    const uint32_t trial = floor_bits | 1U << bit;
    unsigned reach = 0;
#pragma unroll
    for (int i = 0; i < kPerLane; ++i) reach += keys[i] >= trial ? 1U : 0U;
    reach = __reduce_add_sync(0xFFFFFFFFU, reach);
    if (reach >= static_cast<unsigned>(view.kept)) floor_bits = trial;
  }
  const float floor = fmaxf(state.judges[query].floor, FloatOfOrderedBits(floor_bits));
  int stay = 0;
  __syncwarp();  // all have read
#pragma unroll
  for (int i = 0; i < kPerLane; ++i) {
    const float least = FloatOfOrderedBits(keys[i]);
    const bool stays = keys[i] != 0 && MostOfLeast(held[i].score, least) >= floor;
    const unsigned who = __ballot_sync(0xFFFFFFFFU, stays);
    if (stays) list[stay + __popc(who & ((1U << lane) - 1))] = held[i];
    stay += __popc(who);
  }
  __syncwarp();
  if (lane == 0) {
    state.judges[query].floor = stay > kFull ? kInfinity : floor;
    state.counts[query] = stay > kFull ? kTooManyCandidates : stay;
  }
  __syncwarp();
}

// Each warp sees to its 32 queries. Between two barriers.
__device__ void DropWhereMoreThan(const ScanView& view, SharedState& state, int most) {
  const int first = static_cast<int>(threadIdx.x) / 32 * 32;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  unsigned left = __ballot_sync(0xFFFFFFFFU, state.counts[first + lane] > most);
  for (; left != 0; left &= left - 1) {
    const int query = first + __ffs(static_cast<int>(left)) - 1;
    const int count = state.counts[query];
    if (count <= kFewCandidates) {
      DropCandidates<kFewCandidates / 32>(view, state, query, count);
    } else {
      DropCandidates<kCandidates / 32>(view, state, query, count);
    }
  }
}

__device__ void StartState(const ScanView& view, SharedState& state, int64_t padded_dim) {
  const int query = static_cast<int>(threadIdx.x);
  const int64_t in_batch = int64_t{blockIdx.x} * kTileRows + query;
  const bool there = in_batch < view.batch.query_count;
  state.judges[query] = {there ? -kInfinity : kInfinity,
                         BoundOfQuery(view.queries.bounds[in_batch], padded_dim)};
  state.counts[query] = 0;
  if (query < 2) state.full[query] = 0;
}

// One block: 256 queries against all rows. kStreamed: queries come by slabs too, for dimensions
// past what shared memory holds.
template <int kSteps, bool kStreamed>
__global__ void __launch_bounds__(kTileThreads, 1) ScanTiles(ScanView view) {
  extern __shared__ __align__(16) unsigned char memory[];
  auto& shared = *reinterpret_cast<Shared<kSteps, kStreamed>*>(memory);
  SharedState& state = shared.state;
  constexpr int kUnits = 2 * kSteps;
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t units_a_row = int64_t{view.slabs} * kUnits;
  const uint4* const queries = Units(view.queries) + int64_t{blockIdx.x} * kTileRows * units_a_row;

  // The next part to fetch.
  int64_t fetch_tile = 0;
  int fetch_slab = 0;
  int fetch_stage = 0;
  const auto fetch = [&] {
    if (fetch_tile < view.tiles) {
      auto& stage = shared.stages[fetch_stage];
      FetchRows<kSteps, kTileColumns>(
          stage.rows,
          Units(view.rows) + fetch_tile * kTileColumns * units_a_row + fetch_slab * kUnits,
          units_a_row);
      if constexpr (kStreamed) {
        FetchRows<kSteps, kTileRows>(stage.queries, queries + fetch_slab * kUnits, units_a_row);
      }
    }
    CommitCopies();
    if (++fetch_slab == view.slabs) {
      fetch_slab = 0;
      ++fetch_tile;
    }
    fetch_stage = fetch_stage + 1 == kStages ? 0 : fetch_stage + 1;
  };

  if constexpr (!kStreamed) {
    FetchRows<kSteps, kTileRows>(shared.queries, queries, units_a_row);
  }
  for (int i = 0; i < kStages - 1; ++i) fetch();
  StartState(view, state, units_a_row * kUnitDims);

  ExcludedRows excluded;
  const int64_t own_query = int64_t{blockIdx.x} * kTileRows + thread;
  if (own_query < view.batch.query_count) {
    excluded.Start(view.input, view.batch.first_query + own_query);
  }
  state.blocked[0][thread] = BlockedRows(view.input, 0, excluded);

  int stage_index = 0;
  const auto multiply = [&](Sums& sums) {
    const auto& stage = shared.stages[stage_index];
    const uint4* const a = kStreamed ? stage.queries : shared.queries;
    MultiplySlab<kSteps>(a + WarpRow(thread / 32) * RowUnits(kSteps),
                         stage.rows + WarpColumn(thread / 32) * RowUnits(kSteps), thread % 32,
                         sums);
    stage_index = stage_index + 1 == kStages ? 0 : stage_index + 1;
  };
  for (int64_t tile = 0; tile < view.tiles; ++tile) {
    WaitForCopies<kStages - 2>();
    __syncthreads();  // this part is there for all; all are done with the one before
    // Floors rise whenever the rows seen have doubled: few scores then clear them in vain.
    const bool rise = tile >= kFirstRise && (tile & (tile - 1)) == 0;
    if (rise || (tile > 0 && state.full[(tile - 1) % 2] != 0)) {
      DropWhereMoreThan(view, state, rise ? view.kept : max(view.kept, kWorthDropping));
      __syncthreads();
      // Nobody sets it again before the next barrier.
      if (thread == 0) state.full[(tile - 1) % 2] = 0;
    }
    fetch();
    const VectorBound tile_bound = view.rows.tile_bounds[tile];
    const RowBits next_blocked = BlockedRows(view.input, tile + 1, excluded);
    Sums sums = {};
    multiply(sums);
    for (int slab = 1; kStreamed && slab < view.slabs; ++slab) {
      WaitForCopies<kStages - 2>();
      __syncthreads();
      fetch();
      multiply(sums);
    }
    state.blocked[(tile + 1) % 2][thread] = next_blocked;
    OfferSums(view, state, tile, tile_bound, sums);
  }
  __syncthreads();
  DropWhereMoreThan(view, state, view.kept);
  __syncthreads();
  if (own_query < view.batch.query_count) view.batch.counts[own_query] = state.counts[thread];
}

// --- the host's part ---

template <int kSteps, bool kStreamed>
absl::Status LaunchScan(const Stream& stream, const ScanView& view) {
  constexpr size_t kBytes = sizeof(Shared<kSteps, kStreamed>);
  static_assert(kBytes <= 227 * 1024);
  BURGEON_RETURN_IF_ERROR(CudaStatus(
      cudaFuncSetAttribute(ScanTiles<kSteps, kStreamed>,
                           cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(kBytes)),
      Concat("use of ", kBytes, " bytes of shared memory in ScanTiles")));
  const auto blocks = static_cast<unsigned>((view.batch.query_count + kTileRows - 1) / kTileRows);
  ScanTiles<kSteps, kStreamed><<<blocks, kTileThreads, kBytes, stream.handle()>>>(view);
  return LaunchStatus("ScanTiles");
}

// Dimensions of a slab in steps of kStepDims: whole vectors while shared memory holds them.
constexpr int kShortSteps = 4;
constexpr int kLongSteps = 8;
int64_t SlabDims(int64_t dim) {
  const bool long_steps = dim > kShortSteps * kStepDims && dim <= kLongSteps * kStepDims;
  return (long_steps ? kLongSteps : kShortSteps) * kStepDims;
}

absl::Status Scan(const Stream& stream, const ScanView& view) {
  if (view.slabs > 1) return LaunchScan<kShortSteps, true>(stream, view);
  if (SlabDims(view.input.dim) == kLongSteps * kStepDims) {
    return LaunchScan<kLongSteps, false>(stream, view);
  }
  return LaunchScan<kShortSteps, false>(stream, view);
}

// What a scan counts.
struct Tally {
  unsigned longest = 0;
  int left = 0;
};

}  // namespace

int64_t TopKScanSharedBytes(int64_t dim) {
  const int64_t slab = SlabDims(dim);
  if (dim > slab) return sizeof(Shared<kShortSteps, true>);
  return slab == kLongSteps * kStepDims ? sizeof(Shared<kLongSteps, false>)
                                        : sizeof(Shared<kShortSteps, false>);
}

absl::StatusOr<int64_t> TopKScan(const Stream& stream, const TopKView& view, int64_t kept,
                                 const TopKLists& lists) {
  BURGEON_CHECK(TopKScanTakes(view, kept));
  if (view.query_count == 0) return 0;
  const int64_t padded_dim = RoundUp(view.dim, SlabDims(view.dim));
  // Two tiles of queries a multiprocessor at a time: 540 MiB of candidates on 132 of them.
  const int64_t batch = std::min(RoundUp(view.query_count, kTileRows),
                                 int64_t{2} * stream.multiprocessors() * kTileRows);
  const int64_t padded_rows = RoundUp(view.row_count, kTileColumns);
  BURGEON_ASSIGN_OR_RETURN(auto rows, Bf16Vectors::Allocate(stream, padded_rows, padded_dim));
  BURGEON_ASSIGN_OR_RETURN(auto queries, Bf16Vectors::Allocate(stream, batch, padded_dim));
  BURGEON_ASSIGN_OR_RETURN(const auto candidates,
                           DeviceBuffer<Candidate>::Allocate(stream, batch * kCandidates));
  BURGEON_ASSIGN_OR_RETURN(const auto counts, DeviceBuffer<int>::Allocate(stream, batch));
  BURGEON_ASSIGN_OR_RETURN(const auto left,
                           DeviceBuffer<int64_t>::Allocate(stream, view.query_count));
  BURGEON_ASSIGN_OR_RETURN(auto tally, DeviceBuffer<Tally>::Allocate(stream, 1));
  BURGEON_RETURN_IF_ERROR(tally.SetToZero());
  BURGEON_RETURN_IF_ERROR(
      rows.Pack(stream, view.rows, view.row_count, view.dim, &tally.data()->longest));
  ScanView scan = {.input = view,
                   .queries = queries.view(),
                   .rows = rows.view(),
                   .batch = {.candidates = candidates.data(), .counts = counts.data()},
                   .tiles = padded_rows / kTileColumns,
                   .slabs = static_cast<int>(padded_dim / SlabDims(view.dim)),
                   .kept = static_cast<int>(kept)};
  for (int64_t query = 0; query < view.query_count; query += batch) {
    scan.batch.first_query = query;
    scan.batch.query_count = std::min(batch, view.query_count - query);
    BURGEON_RETURN_IF_ERROR(queries.Pack(stream, view.queries + query * view.dim,
                                         scan.batch.query_count, view.dim, &tally.data()->longest));
    BURGEON_RETURN_IF_ERROR(Scan(stream, scan));
    BURGEON_RETURN_IF_ERROR(
        RankCandidates(stream, view, scan.batch, kept, lists, {left.data(), &tally.data()->left}));
  }
  Tally counted;
  BURGEON_RETURN_IF_ERROR(tally.CopyToHost(std::span(&counted, 1)));
  float longest = 0;
  memcpy(&longest, &counted.longest, sizeof(longest));
  const bool all = !(longest <= kLongestVector);
  const int64_t count = all ? view.query_count : counted.left;
  if (count == 0) return 0;
  BURGEON_RETURN_IF_ERROR(TopKSort(stream, view,
                                   {.ids = all ? nullptr : left.data(), .count = count},
                                   PlanTopK(count, view.row_count, kept), lists));
  return count;
}

}  // namespace burgeon::cuda
