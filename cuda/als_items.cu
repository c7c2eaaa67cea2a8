#include "cuda/als_items.h"

#include <cuda_runtime.h>

#include <algorithm>

#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int64_t kRowsAtHand = 65'536;
constexpr int kRootThreads = 128;
constexpr int kSmallThreads = 128;
constexpr int kLargeThreads = 384;

// A thread a row: the recurrence over the coordinates has no parts to share out.
__global__ void __launch_bounds__(kRootThreads)
    FindRoots(AlsStepView view, RowProblem problem, Tridiagonal tridiagonal, const uint32_t* rows,
              int64_t count, int width, float* roots) {
  const int64_t at = int64_t{blockIdx.x} * kRootThreads + threadIdx.x;
  if (at >= count) return;
  const float lambda = RegularizationOf(problem, EntriesOf(view, rows[at]));
  InverseRoots(tridiagonal, static_cast<double>(lambda), width, roots + at * width);
}

// A block a row: the scheduler of the device evens out what rows of a class take.
template <int kThreads, int kBlocks>
__global__ void __launch_bounds__(kThreads, kBlocks)
    SolveItems(AlsStepView view, ItemProblem problem, const uint32_t* rows, const float* roots,
               int longest, unsigned long long* lowest_failed) {
  extern __shared__ __align__(16) float shared[];
  const int64_t row = rows[blockIdx.x];
  const ItemScratch scratch = CutItemScratch(shared, problem.width, longest);
  if (!SolveThroughItems(BlockTeam{}, problem, EntriesOf(view, row),
                         roots + int64_t{blockIdx.x} * problem.width, static_cast<int>(view.dim),
                         scratch, view.factors + row * view.dim) &&
      threadIdx.x == 0) {
    atomicMin(lowest_failed, static_cast<unsigned long long>(row));
  }
}

// The rows [begin, end) of the sorted ones, all of one class.
absl::Status SolveClass(const Stream& stream, const AlsStepView& view, const ItemProblem& problem,
                        int longest, const uint32_t* rows, const float* roots, int64_t count,
                        unsigned long long* lowest_failed) {
  const int items = RoundUpToEdge(longest);
  const int tiles = PackedSize(items / kEdge);
  const bool small = tiles <= kSmallThreads;
  const auto kernel = small ? SolveItems<kSmallThreads, 4> : SolveItems<kLargeThreads, 1>;
  const int threads = small ? kSmallThreads : std::min(kLargeThreads, (tiles + 31) / 32 * 32);
  const auto bytes = static_cast<size_t>(ItemScratchFloats(problem.width, items)) * sizeof(float);
  BURGEON_RETURN_IF_ERROR(
      CudaStatus(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                      static_cast<int>(bytes)),
                 Concat("use of ", bytes, " bytes of shared memory in SolveItems")));
  kernel<<<static_cast<unsigned>(count), threads, bytes, stream.handle()>>>(
      view, problem, rows, roots, items, lowest_failed);
  return LaunchStatus("SolveItems");
}

}  // namespace

absl::Status SolveItemRows(const Stream& stream, const AlsStepView& view, const RowProblem& problem,
                           const ItemLimits& limits, const AlsBasis& basis,
                           const SortedRows& sorted, unsigned long long* lowest_failed) {
  const int64_t total = sorted.item_rows();
  const ItemProblem items = basis.items();
  BURGEON_ASSIGN_OR_RETURN(
      const auto roots,
      DeviceBuffer<float>::Allocate(stream, std::min(total, kRowsAtHand) * items.width));
  for (int64_t begin = 0; begin < total; begin += kRowsAtHand) {
    const int64_t end = std::min(total, begin + kRowsAtHand);
    const uint32_t* const rows = sorted.rows.data() + begin;
    FindRoots<<<static_cast<unsigned>((end - begin + kRootThreads - 1) / kRootThreads),
                kRootThreads, 0, stream.handle()>>>(view, problem, basis.tridiagonal(), rows,
                                                    end - begin, items.width, roots.data());
    BURGEON_RETURN_IF_ERROR(LaunchStatus("FindRoots"));
    for (int c = kItemClasses - 1; c >= 0; --c) {
      const int64_t first = std::max(begin, sorted.begin(c));
      const int64_t last = std::min(end, sorted.begin(c + 1));
      if (first >= last) continue;
      BURGEON_RETURN_IF_ERROR(
          SolveClass(stream, view, items, limits.longest[c], sorted.rows.data() + first,
                     roots.data() + (first - begin) * items.width, last - first, lowest_failed));
    }
    BURGEON_RETURN_IF_ERROR(
        basis.RotateBack(stream, rows, end - begin, roots.data(), view.factors));
  }
  return absl::OkStatus();
}

}  // namespace burgeon::cuda
