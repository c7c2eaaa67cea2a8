#include "cuda/als_sort.h"

#include <cuda_runtime.h>

#include <numeric>

#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kThreads = 256;
using Count = unsigned long long;

__device__ int64_t ThisRow() { return int64_t{blockIdx.x} * kThreads + threadIdx.x; }

__global__ void __launch_bounds__(kThreads)
    CountRows(AlsStepView view, int64_t longest, Count* total) {
  const int64_t row = ThisRow();
  const int64_t count = row < view.row_count ? view.offsets[row + 1] - view.offsets[row] : 0;
  const int inside = __syncthreads_count(count > 0 && count <= longest ? 1 : 0);
  if (threadIdx.x == 0) atomicAdd(total, static_cast<Count>(inside));
}

__device__ int ClassOf(const AlsStepView& view, const RowProblem& problem, const ItemLimits& limits,
                       const Tridiagonal& tridiagonal, int64_t row) {
  const RowEntries entries = EntriesOf(view, row);
  if (entries.count > 0 && entries.count <= limits.most() &&
      IsEven(tridiagonal, static_cast<double>(RegularizationOf(problem, entries)))) {
    return ItemClass(limits, entries.count);
  }
  return FactorClass(entries.count);
}

__global__ void __launch_bounds__(kThreads)
    ClassifyRows(AlsStepView view, RowProblem problem, ItemLimits limits, Tridiagonal tridiagonal,
                 uint8_t* classes, Count* counts) {
  __shared__ unsigned here[kRowClasses];
  if (threadIdx.x < kRowClasses) here[threadIdx.x] = 0;
  __syncthreads();
  const int64_t row = ThisRow();
  if (row < view.row_count) {
    const int row_class = ClassOf(view, problem, limits, tridiagonal, row);
    classes[row] = static_cast<uint8_t>(row_class);
    atomicAdd(&here[row_class], 1U);
  }
  __syncthreads();
  if (threadIdx.x < kRowClasses && here[threadIdx.x] > 0) {
    atomicAdd(&counts[threadIdx.x], static_cast<Count>(here[threadIdx.x]));
  }
}

// `ends`: of what is placed of each class so far.
__global__ void __launch_bounds__(kThreads)
    PlaceRows(const uint8_t* classes, int64_t row_count, Count* ends, uint32_t* rows) {
  __shared__ unsigned here[kRowClasses];
  __shared__ Count first[kRowClasses];
  if (threadIdx.x < kRowClasses) here[threadIdx.x] = 0;
  __syncthreads();
  const int64_t row = ThisRow();
  const int row_class = row < row_count ? classes[row] : 0;
  const unsigned place = row < row_count ? atomicAdd(&here[row_class], 1U) : 0;
  __syncthreads();
  if (threadIdx.x < kRowClasses) {
    first[threadIdx.x] = atomicAdd(&ends[threadIdx.x], static_cast<Count>(here[threadIdx.x]));
  }
  __syncthreads();
  if (row < row_count) rows[first[row_class] + place] = static_cast<uint32_t>(row);
}

unsigned BlocksFor(int64_t rows) { return static_cast<unsigned>((rows + kThreads - 1) / kThreads); }

}  // namespace

int64_t SortedRows::begin(int row_class) const {
  return std::accumulate(counts.begin(), counts.begin() + row_class, int64_t{0});
}

absl::StatusOr<int64_t> CountRowsUpTo(const Stream& stream, const AlsStepView& view, int longest) {
  BURGEON_ASSIGN_OR_RETURN(auto total, DeviceBuffer<Count>::Allocate(stream, 1));
  BURGEON_RETURN_IF_ERROR(total.SetToZero());
  CountRows<<<BlocksFor(view.row_count), kThreads, 0, stream.handle()>>>(view, longest,
                                                                         total.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("CountRows"));
  Count count = 0;
  BURGEON_RETURN_IF_ERROR(total.CopyToHost(std::span(&count, 1)));
  return static_cast<int64_t>(count);
}

absl::StatusOr<SortedRows> SortRows(const Stream& stream, const AlsStepView& view,
                                    const RowProblem& problem, const ItemLimits& limits,
                                    const Tridiagonal& tridiagonal) {
  BURGEON_CHECK(view.row_count <= int64_t{UINT32_MAX});
  SortedRows sorted;
  BURGEON_ASSIGN_OR_RETURN(sorted.rows, DeviceBuffer<uint32_t>::Allocate(stream, view.row_count));
  BURGEON_ASSIGN_OR_RETURN(const auto classes,
                           DeviceBuffer<uint8_t>::Allocate(stream, view.row_count));
  BURGEON_ASSIGN_OR_RETURN(auto counts, DeviceBuffer<Count>::Allocate(stream, kRowClasses));
  BURGEON_RETURN_IF_ERROR(counts.SetToZero());
  const unsigned blocks = BlocksFor(view.row_count);
  ClassifyRows<<<blocks, kThreads, 0, stream.handle()>>>(view, problem, limits, tridiagonal,
                                                         classes.data(), counts.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("ClassifyRows"));
  std::array<Count, kRowClasses> found{};
  BURGEON_RETURN_IF_ERROR(counts.CopyToHost(std::span<Count>(found)));
  std::array<Count, kRowClasses> ends{};
  std::exclusive_scan(found.begin(), found.end(), ends.begin(), Count{0});
  BURGEON_RETURN_IF_ERROR(counts.CopyToDevice(std::span<const Count>(ends)));
  PlaceRows<<<blocks, kThreads, 0, stream.handle()>>>(classes.data(), view.row_count, counts.data(),
                                                      sorted.rows.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("PlaceRows"));
  for (int c = 0; c < kRowClasses; ++c) sorted.counts[c] = static_cast<int64_t>(found[c]);
  return sorted;
}

}  // namespace burgeon::cuda
