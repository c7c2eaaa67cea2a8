#include <cuda_runtime.h>

#include <algorithm>
#include <limits>

#include "cuda/als_basis.h"
#include "cuda/als_items.h"
#include "cuda/als_sort.h"
#include "cuda/als_step.h"
#include "cuda/device_buffer.h"
#include "cuda/gram.h"
#include "cuda/row_solver.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kMinThreads = 128;
constexpr int kMaxThreads = 384;
constexpr unsigned long long kNoRow = std::numeric_limits<unsigned long long>::max();

// Below, the basis takes longer than what it spares: at most d^3 products by one block, and all of
// the fixed side.
constexpr int64_t kFewestShort = 1024;
constexpr int64_t kFixedForShort = 16;

// One block a row at a time, in the order of `rows`; at least kBlocks of the largest on a
// multiprocessor: registers are kept to what that allows. The scratch of a block is its shared
// memory, or, when that is too small for the block of coordinates, its own piece of `workspace`.
template <int kBlocks>
__global__ void __launch_bounds__(kMaxThreads, kBlocks)
    SolveRows(AlsStepView view, RowProblem problem, const uint32_t* rows, int64_t row_count,
              float* workspace, int64_t scratch_floats, unsigned long long* next_row,
              unsigned long long* lowest_failed) {
  extern __shared__ __align__(16) float shared[];
  __shared__ unsigned long long taken;
  float* const memory = workspace == nullptr ? shared : workspace + blockIdx.x * scratch_floats;
  const RowScratch scratch = CutRowScratch(memory, problem.dim, problem.block_size);
  while (true) {
    if (threadIdx.x == 0) taken = atomicAdd(next_row, 1ULL);
    __syncthreads();
    const auto at = static_cast<int64_t>(taken);
    if (at >= row_count) return;
    const int64_t row = rows[at];
    // A refused row leaves with all threads after a barrier, any other too: `taken` has been read.
    if (!SolveRow(BlockTeam{}, problem, EntriesOf(view, row), scratch,
                  view.factors + row * view.dim) &&
        threadIdx.x == 0) {
      atomicMin(lowest_failed, static_cast<unsigned long long>(row));
    }
  }
}

// How SolveRows is launched.
struct Launch {
  decltype(&SolveRows<1>) kernel = SolveRows<1>;
  unsigned blocks = 1;
  int threads = kMaxThreads;   // a block
  size_t shared_bytes = 0;     // 0: the scratch is in global memory
  int64_t scratch_floats = 0;  // a block
};

// Of a block: such that the tiles of the matrix, one a thread, fill their last round best.
int ThreadsFor(int block_size) {
  const int tiles = TiledFloats(block_size) / (kEdge * kEdge);
  int best = kMinThreads;
  int least_slots = std::numeric_limits<int>::max();
  for (int threads = kMinThreads; threads <= kMaxThreads; threads += 32) {
    const int slots = (tiles + threads - 1) / threads * threads;
    if (slots > least_slots) continue;
    best = threads;
    least_slots = slots;
  }
  return best;
}

absl::StatusOr<Launch> PlanLaunch(const Stream& stream, const RowProblem& problem,
                                  int64_t row_count) {
  Launch launch;
  launch.threads = ThreadsFor(problem.block_size);
  launch.scratch_floats = RowScratchFloats(problem.dim, problem.block_size);
  const int64_t bytes = launch.scratch_floats * static_cast<int64_t>(sizeof(float));
  if (2 * bytes <= stream.shared_memory_per_block_bytes()) launch.kernel = SolveRows<2>;
  if (bytes <= stream.shared_memory_per_block_bytes()) {
    launch.shared_bytes = static_cast<size_t>(bytes);
    BURGEON_RETURN_IF_ERROR(
        CudaStatus(cudaFuncSetAttribute(launch.kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                        static_cast<int>(bytes)),
                   Concat("use of ", bytes, " bytes of shared memory in SolveRows")));
  }
  int blocks_per_multiprocessor = 0;
  BURGEON_RETURN_IF_ERROR(CudaStatus(
      cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks_per_multiprocessor, launch.kernel,
                                                    launch.threads, launch.shared_bytes),
      "occupancy of SolveRows"));
  const int64_t resident =
      int64_t{stream.multiprocessors()} * std::max(1, blocks_per_multiprocessor);
  launch.blocks = static_cast<unsigned>(std::min(row_count, resident));
  return launch;
}

// The rows in the classes of factors.
absl::Status SolveFactorRows(const Stream& stream, const AlsStepView& view,
                             const RowProblem& problem, const SortedRows& sorted,
                             unsigned long long* lowest_failed) {
  const int64_t count = view.row_count - sorted.item_rows();
  if (count == 0) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const Launch launch, PlanLaunch(stream, problem, count));
  DeviceBuffer<float> workspace;
  if (launch.shared_bytes == 0) {
    BURGEON_ASSIGN_OR_RETURN(
        workspace, DeviceBuffer<float>::Allocate(stream, launch.blocks * launch.scratch_floats));
  }
  BURGEON_ASSIGN_OR_RETURN(auto next, DeviceBuffer<unsigned long long>::Allocate(stream, 1));
  BURGEON_RETURN_IF_ERROR(next.SetToZero());
  launch.kernel<<<launch.blocks, launch.threads, launch.shared_bytes, stream.handle()>>>(
      view, problem, sorted.rows.data() + sorted.item_rows(), count, workspace.data(),
      launch.scratch_floats, next.data(), lowest_failed);
  return LaunchStatus("SolveRows");
}

// Limits of 0 when no row is to be solved through its items.
absl::StatusOr<ItemLimits> ChooseItems(const Stream& stream, const AlsStepView& view,
                                       const RowProblem& problem, AlsForm form) {
  if (form == AlsForm::kFactors || problem.block_size != problem.dim ||
      problem.dim > AlsBasis::kMostDim) {
    return ItemLimits{};
  }
  const ItemLimits limits = PlanItems(problem.dim, stream.shared_memory_per_block_bytes());
  if (form == AlsForm::kItems) return limits;
  BURGEON_ASSIGN_OR_RETURN(const int64_t rows, CountRowsUpTo(stream, view, limits.most()));
  const int64_t enough = std::max(kFewestShort, view.fixed_count / kFixedForShort);
  return rows < enough ? ItemLimits{} : limits;
}

}  // namespace

absl::Status AlsStep(const Stream& stream, const AlsStepView& view, const AlsStepOptions& options) {
  if (view.row_count == 0 || view.dim == 0) return absl::OkStatus();
  // TiledFloats counts in int.
  constexpr int64_t kMaxBlock = 46'000;
  const int64_t block =
      options.block_size <= 0 ? view.dim : std::min<int64_t>(options.block_size, view.dim);
  BURGEON_CHECK(view.dim <= kMaxBlock);
  BURGEON_ASSIGN_OR_RETURN(const auto gram,
                           DeviceBuffer<float>::Allocate(stream, view.dim * view.dim));
  BURGEON_RETURN_IF_ERROR(Gram(stream, view.fixed, view.fixed_count, view.dim, gram.data()));

  const RowProblem problem = {.fixed = view.fixed,
                              .fixed_count = view.fixed_count,
                              .gram = gram.data(),
                              .dim = static_cast<int>(view.dim),
                              .block_size = static_cast<int>(block),
                              .unobserved_weight = options.unobserved_weight,
                              .regularization = options.regularization,
                              .regularization_exponent = options.regularization_exponent};
  BURGEON_ASSIGN_OR_RETURN(const ItemLimits limits,
                           ChooseItems(stream, view, problem, options.form));
  AlsBasis basis;
  if (limits.most() > 0) {
    BURGEON_ASSIGN_OR_RETURN(
        basis, AlsBasis::Make(stream, gram.data(), problem.dim, options.unobserved_weight,
                              view.fixed, view.fixed_count));
  }
  BURGEON_ASSIGN_OR_RETURN(const SortedRows sorted,
                           SortRows(stream, view, problem, limits, basis.tridiagonal()));
  unsigned long long lowest_failed = kNoRow;
  BURGEON_ASSIGN_OR_RETURN(const auto failed, DeviceBuffer<unsigned long long>::Of(
                                                  stream, std::span(&lowest_failed, 1)));
  BURGEON_RETURN_IF_ERROR(SolveFactorRows(stream, view, problem, sorted, failed.data()));
  if (sorted.item_rows() > 0) {
    BURGEON_RETURN_IF_ERROR(
        SolveItemRows(stream, view, problem, limits, basis, sorted, failed.data()));
  }
  BURGEON_RETURN_IF_ERROR(failed.CopyToHost(std::span(&lowest_failed, 1)));
  if (lowest_failed != kNoRow) {
    return InvalidArgument("als: the normal equations of row ", lowest_failed,
                           " are not positive definite in fp32; regularization ",
                           options.regularization, " is too small");
  }
  return absl::OkStatus();
}

}  // namespace burgeon::cuda
