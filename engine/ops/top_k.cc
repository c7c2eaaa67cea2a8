#include "engine/ops/top_k.h"

#include <cmath>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/ops/packed_items.h"
#include "engine/ops/top_k_cpu.h"
#ifdef BURGEON_CUDA
#include "engine/ops/top_k_cuda.h"
#endif

namespace burgeon {
namespace {

absl::Status CheckFinite(ThreadPool& pool, std::string_view name, MatrixView<const float> matrix) {
  return pool.ParallelForStatus(
      matrix.rows, /*block=*/4096, [&](int64_t begin, int64_t end) -> absl::Status {
        for (int64_t i = begin; i < end; ++i) {
          for (const float x : matrix.row(i)) {
            if (!std::isfinite(x)) {
              return InvalidArgument(name, ": row ", i, " holds a value that is not finite");
            }
          }
        }
        return absl::OkStatus();
      });
}

absl::Status ValidateTopK(ThreadPool& pool, const TopKInput& input, const TopKParams& params) {
  if (params.k < 1 || params.k > limits::kMaxK) {
    return InvalidArgument("k: ", params.k, " is not from 1 to ", limits::kMaxK);
  }
  if (input.queries.cols != input.items.cols) {
    return InvalidArgument("queries have ", input.queries.cols, " dimensions, items ",
                           input.items.cols, ": they must have the same");
  }
  if (input.items.cols > limits::kMaxDim) {
    return InvalidArgument("items have ", input.items.cols, " dimensions; at most ",
                           limits::kMaxDim);
  }
  if (input.items.rows > limits::kMaxItems) {
    return InvalidArgument("there are ", input.items.rows, " items; at most ", limits::kMaxItems);
  }
  if (!input.excluded.offsets.empty()) {
    if (input.excluded.rows() != input.queries.rows || input.excluded.cols != input.items.rows) {
      return InvalidArgument("excluded is ", input.excluded.rows(), " x ", input.excluded.cols,
                             "; wanted queries x items, ", input.queries.rows, " x ",
                             input.items.rows);
    }
    BURGEON_CHECK(input.excluded.offsets.back() == input.excluded.nonzeros());
  }
  const int64_t words = (input.items.rows + 63) / 64;
  if (!input.allowed.empty() && static_cast<int64_t>(input.allowed.size()) != words) {
    return InvalidArgument("allowed holds ", input.allowed.size(), " words of 64 bits; ",
                           input.items.rows, " items need ", words);
  }
  BURGEON_CHECK(input.packed == nullptr || (input.packed->rows() == input.items.rows &&
                                            input.packed->cols() == input.items.cols));
  return CheckFinite(pool, "queries", input.queries);
}

}  // namespace

float CanonicalScore(std::span<const float> query, std::span<const float> item) {
  BURGEON_CHECK(query.size() == item.size());
  double sum = 0;
  for (size_t j = 0; j < query.size(); ++j) {
    sum += static_cast<double>(query[j]) * static_cast<double>(item[j]);
  }
  return static_cast<float>(sum);
}

absl::StatusOr<TopKResult> TopK(ExecutionContext& context, const TopKInput& input,
                                const TopKParams& params) {
  BURGEON_RETURN_IF_ERROR(ValidateTopK(context.pool(), input, params));
#ifdef BURGEON_CUDA
  if (context.device().kind == DeviceKind::kCuda) {
    BURGEON_RETURN_IF_ERROR(CheckFinite(context.pool(), "items", input.items));
    return TopKCuda(context, input, params);
  }
#endif
  return TopKCpu(context.pool(), input, params);
}

}  // namespace burgeon
