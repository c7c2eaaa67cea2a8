#include "engine/ops/negative_sampling_cuda.h"

#ifdef BURGEON_CUDA

#include "cuda/device_buffer.h"
#include "cuda/negative_sampling.h"
#include "engine/ops/cuda_resources.h"

namespace burgeon {

absl::StatusOr<int64_t> SampleNegativesCuda(ExecutionContext& context, const SamplingTable& table,
                                            const DrawRange& range, const CsrView& seen,
                                            MatrixView<uint32_t> out) {
  using cuda::DeviceBuffer;
  BURGEON_CHECK(context.cuda() != nullptr);
  const cuda::Stream& stream = context.cuda()->stream;
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  BURGEON_ASSIGN_OR_RETURN(const auto accept, DeviceBuffer<uint32_t>::Of(stream, table.accept));
  BURGEON_ASSIGN_OR_RETURN(const auto alias, DeviceBuffer<uint32_t>::Of(stream, table.alias));
  BURGEON_ASSIGN_OR_RETURN(const auto offsets, DeviceBuffer<int64_t>::Of(stream, seen.offsets));
  BURGEON_ASSIGN_OR_RETURN(const auto columns, DeviceBuffer<uint32_t>::Of(stream, seen.columns));
  BURGEON_ASSIGN_OR_RETURN(const auto items,
                           DeviceBuffer<uint32_t>::Allocate(stream, out.rows * out.cols));
  const cuda::NegativeSamplingView view = {
      .table = {accept.data(), alias.data(), static_cast<uint64_t>(table.items)},
      .random = Philox(range.seed, range.stream),
      .first = range.first,
      .seen_offsets = seen.rows() == 0 ? nullptr : offsets.data(),
      .seen_columns = columns.data(),
      .rows = out.rows,
      .columns = out.cols,
      .items = items.data(),
  };
  BURGEON_ASSIGN_OR_RETURN(const int64_t left, cuda::SampleNegatives(stream, view));
  BURGEON_RETURN_IF_ERROR(items.CopyToHost(out));
  return left;
}

}  // namespace burgeon

#endif  // BURGEON_CUDA
