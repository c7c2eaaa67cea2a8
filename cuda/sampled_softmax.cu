// Not yet run on a GPU. The tile's source, this file's index functions and the recurrence are run
// by the host compiler (tests/cuda/softmax_tile_test.cc).
#include "cuda/sampled_softmax.h"

#include <cuda_runtime.h>

#include "cuda/bf16_vectors.h"
#include "cuda/device_buffer.h"
#include "cuda/device_thread.cuh"
#include "cuda/softmax_query.h"
#include "cuda/softmax_tile.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kWarpsABlock = kThreads / 32;

unsigned BlocksFor(int64_t count, int64_t each) {
  return static_cast<unsigned>((count + each - 1) / each);
}

// --- packing ---

// One thread a unit of a part of a row.
__global__ void PackRows(const float* from, int64_t count, int64_t dim, SoftmaxPacking packing,
                         SoftmaxParts parts, Unit* to, int64_t padded) {
  const int64_t units = packing.part / kUnitDims;
  const int64_t e = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (e >= padded * units) return;
  const int64_t row = e / units;
  const int64_t unit = e % units;
  PackUnit(from + row * dim, row < count ? dim : 0, unit, packing, parts,
           to + row * 2 * packing.steps);
}

// Ids and addends of one side; null ids: all `otherwise`. Null `log_q`: zeros. Padding never
// counts.
__global__ void PackColumns(const uint32_t* ids, uint32_t otherwise, const float* log_q,
                            int64_t count, int64_t padded, uint32_t* packed_ids, float* adds) {
  const int64_t row = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (row >= padded) return;
  packed_ids[row] = ids != nullptr && row < count ? ids[row] : otherwise;
  if (adds == nullptr) return;
  adds[row] = row < count ? (log_q == nullptr ? 0.0F : -kLog2E * log_q[row]) : -INFINITY;
}

// --- tiles ---

template <int kSteps, int kOut, bool kOnline>
__global__ void __launch_bounds__(kSoftmaxThreads, kSteps == 0 ? 1 : 2)
    SoftmaxTiles(const __grid_constant__ SoftmaxView view) {
  extern __shared__ __align__(16) unsigned char memory[];
  const SoftmaxPlace place = {
      .row_tile = blockIdx.x, .split = blockIdx.y, .out_unit = static_cast<int>(blockIdx.z) * kOut};
  SoftmaxTile<kSteps, kOut, kOnline, DeviceThread>(DeviceThread{}, view, place,
                                                   reinterpret_cast<Unit*>(memory))
      .Run();
}

template <int kSteps, int kOut, bool kOnline>
absl::Status LaunchTiles(const Stream& stream, const SoftmaxView& view, int64_t runs) {
  const int64_t bytes = SoftmaxSharedUnits(view.steps) * static_cast<int64_t>(sizeof(Unit));
  if (bytes > stream.shared_memory_per_block_bytes()) {
    return InvalidArgument("sampled softmax: ", view.steps * kStepDims, " packed dimensions want ",
                           bytes, " bytes of shared memory a block; this device has ",
                           stream.shared_memory_per_block_bytes());
  }
  BURGEON_RETURN_IF_ERROR(CudaStatus(
      cudaFuncSetAttribute(SoftmaxTiles<kSteps, kOut, kOnline>,
                           cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)),
      Concat("use of ", bytes, " bytes of shared memory in SoftmaxTiles")));
  const dim3 grid(static_cast<unsigned>(view.row_count / kSoftmaxRows), static_cast<unsigned>(runs),
                  static_cast<unsigned>(view.out_units / kOut));
  SoftmaxTiles<kSteps, kOut, kOnline>
      <<<grid, kSoftmaxThreads, static_cast<size_t>(bytes), stream.handle()>>>(view);
  return LaunchStatus("SoftmaxTiles");
}

template <bool kOnline>
absl::Status RunTiles(const Stream& stream, const SoftmaxView& view, int64_t runs) {
  if (view.steps == 4) return LaunchTiles<4, 8, kOnline>(stream, view, runs);
  if (view.steps == 8) return LaunchTiles<8, 16, kOnline>(stream, view, runs);
  if (view.out_units == 8) return LaunchTiles<0, 8, kOnline>(stream, view, runs);
  return LaunchTiles<0, 16, kOnline>(stream, view, runs);
}

// --- what is left when the runs are done ---

// One warp a query; those past the last only leave their addend.
__global__ void FinishQueries(SampledSoftmaxView input, SoftmaxView pass, int64_t runs,
                              float* losses, SampledSoftmaxGradients gradients, float* adds) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int64_t query = (int64_t{blockIdx.x} * kThreads + threadIdx.x) / 32;
  if (query >= pass.row_count) return;
  if (query >= input.query_count) {
    if (lane == 0) adds[query] = -INFINITY;
    return;
  }
  const float* const q = input.queries + query * input.dim;
  const float* const p = input.positives + query * input.dim;
  float dot = 0;
  for (int64_t k = lane; k < input.dim; k += 32) dot += q[k] * p[k];
  for (int offset = 16; offset > 0; offset /= 2) {
    dot += __shfl_xor_sync(0xFFFFFFFFU, dot, offset);
  }
  const float log_q = input.positive_log_q == nullptr ? 0.0F : input.positive_log_q[query];
  const QueryRuns of_runs = {pass.maxima + query, pass.sums + query, runs, pass.row_count};
  const QueryResult result = FinishQuery(of_runs, dot * pass.scale - kLog2E * log_q);
  const float weight = input.weights == nullptr ? 1.0F : input.weights[query];
  if (lane == 0) {
    losses[query] = result.loss;
    adds[query] = log2f(weight) - result.log_sum;
  }
  if (gradients.queries == nullptr) return;
  const float scale = weight / input.temperature;
  for (int64_t k = lane; k < input.dim; k += 32) {
    float sum = 0;
    for (int64_t run = 0; run < runs; ++run) {
      const float factor = exp2f(pass.maxima[run * pass.row_count + query] - result.log_sum);
      sum +=
          factor * pass.products[(run * pass.row_count + query) * pass.out_units * kUnitDims + k];
    }
    gradients.queries[query * input.dim + k] = scale * (sum - result.missed * p[k]);
    gradients.positives[query * input.dim + k] = -scale * result.missed * q[k];
  }
}

// One thread an element.
__global__ void FinishCandidates(const float* products, int64_t row_count, int64_t out_dim,
                                 int64_t runs, int64_t count, int64_t dim, float scale,
                                 float* gradient) {
  const int64_t e = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (e >= count * dim) return;
  float sum = 0;
  for (int64_t run = 0; run < runs; ++run) {
    sum += products[(run * row_count + e / dim) * out_dim + e % dim];
  }
  gradient[e] = scale * sum;
}

// --- the host's part ---

// One side packed on the device.
struct PackedSide {
  int64_t padded = 0;
  DeviceBuffer<Unit> vectors;
  DeviceBuffer<float> adds;
  DeviceBuffer<uint32_t> ids;

  SoftmaxSide view() const { return {vectors.data(), adds.data(), ids.data()}; }
  int64_t row_tiles() const { return padded / kSoftmaxRows; }
  int64_t column_tiles() const { return padded / kSoftmaxColumns; }
};

struct SideInput {
  const float* vectors = nullptr;
  int64_t count = 0;
  const uint32_t* ids = nullptr;
  uint32_t id_otherwise = 0;
  const float* log_q = nullptr;
  SoftmaxParts parts = SoftmaxParts::kOne;
};

absl::StatusOr<PackedSide> Pack(const Stream& stream, const SideInput& input, int64_t dim,
                                const SoftmaxPacking& packing) {
  PackedSide side;
  side.padded = RoundUp(input.count, kSoftmaxRows);
  BURGEON_ASSIGN_OR_RETURN(side.vectors,
                           DeviceBuffer<Unit>::Allocate(stream, side.padded * 2 * packing.steps));
  BURGEON_ASSIGN_OR_RETURN(side.adds, DeviceBuffer<float>::Allocate(stream, side.padded));
  BURGEON_ASSIGN_OR_RETURN(side.ids, DeviceBuffer<uint32_t>::Allocate(stream, side.padded));
  if (side.padded == 0) return side;
  PackRows<<<BlocksFor(side.padded * (packing.part / kUnitDims), kThreads), kThreads, 0,
             stream.handle()>>>(input.vectors, input.count, dim, packing, input.parts,
                                side.vectors.data(), side.padded);
  BURGEON_RETURN_IF_ERROR(LaunchStatus("PackRows"));
  PackColumns<<<BlocksFor(side.padded, kThreads), kThreads, 0, stream.handle()>>>(
      input.ids, input.id_otherwise, input.log_q, input.count, side.padded, side.ids.data(),
      side.adds.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("PackColumns"));
  return side;
}

}  // namespace

absl::Status SampledSoftmax(const Stream& stream, const SampledSoftmaxView& view, float* losses,
                            const SampledSoftmaxGradients& gradients) {
  if (view.dim == 0) return absl::OkStatus();
  const SoftmaxPacking packing = PackingOf(view.dim, view.split);
  BURGEON_ASSIGN_OR_RETURN(
      const PackedSide queries,
      Pack(stream,
           {.vectors = view.queries,
            .count = view.query_count,
            .ids = view.positive_ids,
            .id_otherwise = 0,
            .parts = view.split ? SoftmaxParts::kHighHighLow : SoftmaxParts::kOne},
           view.dim, packing));
  BURGEON_ASSIGN_OR_RETURN(
      const PackedSide candidates,
      Pack(stream,
           {.vectors = view.candidates,
            .count = view.candidate_count,
            .ids = view.candidate_ids,
            .id_otherwise = 1,  // never that of a query
            .log_q = view.candidate_log_q,
            .parts = view.split ? SoftmaxParts::kHighLowHigh : SoftmaxParts::kOne},
           view.dim, packing));
  const SoftmaxRuns by_query = PlanSoftmax(queries.row_tiles(), candidates.column_tiles());
  const SoftmaxRuns by_candidate = PlanSoftmax(candidates.row_tiles(), queries.column_tiles());
  const int64_t most = std::max(
      by_query.count * queries.padded,
      gradients.candidates == nullptr ? int64_t{0} : by_candidate.count * candidates.padded);
  BURGEON_ASSIGN_OR_RETURN(const auto products,
                           DeviceBuffer<float>::Allocate(stream, most * packing.part));
  BURGEON_ASSIGN_OR_RETURN(const auto maxima,
                           DeviceBuffer<float>::Allocate(stream, by_query.count * queries.padded));
  BURGEON_ASSIGN_OR_RETURN(const auto sums,
                           DeviceBuffer<float>::Allocate(stream, by_query.count * queries.padded));

  SoftmaxView pass = {.rows = queries.view(),
                      .columns = candidates.view(),
                      .scale = kLog2E / view.temperature,
                      .steps = packing.steps,
                      .row_count = queries.padded,
                      .tiles = candidates.column_tiles(),
                      .run = by_query.run,
                      .out_units = packing.part / kUnitDims,
                      .products = products.data(),
                      .maxima = maxima.data(),
                      .sums = sums.data()};
  pass.rows.add = nullptr;  // written by FinishQueries
  if (view.query_count > 0) {
    BURGEON_RETURN_IF_ERROR(RunTiles<true>(stream, pass, by_query.count));
    FinishQueries<<<BlocksFor(queries.padded, kWarpsABlock), kThreads, 0, stream.handle()>>>(
        view, pass, by_query.count, losses, gradients, queries.adds.data());
    BURGEON_RETURN_IF_ERROR(LaunchStatus("FinishQueries"));
  }
  if (gradients.candidates == nullptr || view.candidate_count == 0) return absl::OkStatus();
  pass.rows = candidates.view();
  pass.columns = queries.view();
  pass.row_count = candidates.padded;
  pass.tiles = queries.column_tiles();
  pass.run = by_candidate.run;
  BURGEON_RETURN_IF_ERROR(RunTiles<false>(stream, pass, by_candidate.count));
  FinishCandidates<<<BlocksFor(view.candidate_count * view.dim, kThreads), kThreads, 0,
                     stream.handle()>>>(pass.products, pass.row_count, packing.part,
                                        by_candidate.count, view.candidate_count, view.dim,
                                        1 / view.temperature, gradients.candidates);
  return LaunchStatus("FinishCandidates");
}

}  // namespace burgeon::cuda
