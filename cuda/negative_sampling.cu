// Not yet run on a GPU; the draws are host functions too, and tested there.
#include "cuda/negative_sampling.h"

#include <cuda_runtime.h>

#include "cuda/device_buffer.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kThreads = 256;

__global__ void DrawNegatives(NegativeSamplingView view, unsigned long long* left) {
  const int64_t place = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  bool seen = false;
  if (place < view.rows * view.columns) {
    SeenItems of_row;
    if (view.seen_offsets != nullptr) {
      const int64_t row = place / view.columns;
      of_row = {view.seen_columns + view.seen_offsets[row],
                view.seen_columns + view.seen_offsets[row + 1]};
    }
    const UnseenDraw drawn =
        DrawUnseen(view.table, view.random, view.first + static_cast<uint64_t>(place), of_row);
    view.items[place] = drawn.item;
    seen = drawn.seen;
  }
  const unsigned who = __ballot_sync(0xFFFFFFFFU, seen);
  if (threadIdx.x % 32 == 0 && who != 0) {
    atomicAdd(left, static_cast<unsigned long long>(__popc(who)));
  }
}

}  // namespace

absl::StatusOr<int64_t> SampleNegatives(const Stream& stream, const NegativeSamplingView& view) {
  const int64_t draws = view.rows * view.columns;
  if (draws == 0) return 0;
  BURGEON_ASSIGN_OR_RETURN(auto left, DeviceBuffer<unsigned long long>::Allocate(stream, 1));
  BURGEON_RETURN_IF_ERROR(left.SetToZero());
  const auto blocks = static_cast<unsigned>((draws + kThreads - 1) / kThreads);
  DrawNegatives<<<blocks, kThreads, 0, stream.handle()>>>(view, left.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("DrawNegatives"));
  unsigned long long count = 0;
  BURGEON_RETURN_IF_ERROR(left.CopyToHost(std::span(&count, 1)));
  return static_cast<int64_t>(count);
}

}  // namespace burgeon::cuda
