#include "engine/ops/top_k_cuda.h"

#ifdef BURGEON_CUDA

#include <vector>

#include "cuda/device_buffer.h"
#include "cuda/top_k.h"
#include "engine/ops/cuda_resources.h"

namespace burgeon {
namespace {

using cuda::DeviceBuffer;

// Lists of fixed width `kept`, as they come from the device, closed up.
TopKResult Compact(int64_t kept, const std::vector<int32_t>& counts,
                   const std::vector<uint32_t>& rows, const std::vector<float>& scores) {
  TopKResult result;
  result.offsets.reserve(counts.size() + 1);
  result.offsets.push_back(0);
  for (size_t q = 0; q < counts.size(); ++q) {
    const size_t begin = q * static_cast<size_t>(kept);
    for (size_t i = begin; i < begin + static_cast<size_t>(counts[q]); ++i) {
      result.items.push_back({ItemRow(rows[i]), scores[i]});
    }
    result.offsets.push_back(static_cast<int64_t>(result.items.size()));
  }
  return result;
}

}  // namespace

absl::StatusOr<TopKResult> TopKCuda(ExecutionContext& context, const TopKInput& input,
                                    const TopKParams& params) {
  BURGEON_CHECK(context.cuda() != nullptr);
  const cuda::Stream& stream = context.cuda()->stream;
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  const int64_t query_count = input.queries.rows;
  const cuda::TopKTiling tiling = cuda::PlanTopK(query_count, input.items.rows, params.k);

  BURGEON_ASSIGN_OR_RETURN(const auto queries, DeviceBuffer<float>::Of(stream, input.queries));
  BURGEON_ASSIGN_OR_RETURN(const auto items, DeviceBuffer<float>::Of(stream, input.items));
  BURGEON_ASSIGN_OR_RETURN(const auto offsets,
                           DeviceBuffer<int64_t>::Of(stream, input.excluded.offsets));
  BURGEON_ASSIGN_OR_RETURN(const auto columns,
                           DeviceBuffer<uint32_t>::Of(stream, input.excluded.columns));
  BURGEON_ASSIGN_OR_RETURN(const auto allowed, DeviceBuffer<uint64_t>::Of(stream, input.allowed));
  const int64_t entries = query_count * tiling.kept;
  BURGEON_ASSIGN_OR_RETURN(const auto list_rows, DeviceBuffer<uint32_t>::Allocate(stream, entries));
  BURGEON_ASSIGN_OR_RETURN(const auto list_scores, DeviceBuffer<float>::Allocate(stream, entries));
  BURGEON_ASSIGN_OR_RETURN(const auto list_counts,
                           DeviceBuffer<int32_t>::Allocate(stream, query_count));

  const cuda::TopKView view = {
      .queries = queries.data(),
      .query_count = query_count,
      .rows = items.data(),
      .row_count = input.items.rows,
      .dim = input.items.cols,
      .excluded_offsets = offsets.data(),
      .excluded_columns = columns.data(),
      .allowed = allowed.data(),
  };
  BURGEON_RETURN_IF_ERROR(
      cuda::TopK(stream, view, tiling, {list_rows.data(), list_scores.data(), list_counts.data()}));

  std::vector<uint32_t> host_rows(static_cast<size_t>(entries));
  std::vector<float> host_scores(static_cast<size_t>(entries));
  std::vector<int32_t> host_counts(static_cast<size_t>(query_count));
  BURGEON_RETURN_IF_ERROR(list_rows.CopyToHost(std::span(host_rows)));
  BURGEON_RETURN_IF_ERROR(list_scores.CopyToHost(std::span(host_scores)));
  BURGEON_RETURN_IF_ERROR(list_counts.CopyToHost(std::span(host_counts)));
  return Compact(tiling.kept, host_counts, host_rows, host_scores);
}

}  // namespace burgeon

#endif  // BURGEON_CUDA
