#include <cuda_runtime.h>

#include "cuda/sparse.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kLanes = 32;
constexpr int kWarps = 4;  // of a block: units side by side in the plan are of like length
constexpr int kThreads = kLanes * kWarps;
constexpr int kUnroll = 8;  // entries whose rows of x are asked for before the first is added
constexpr unsigned kAll = 0xffffffffU;

// kVector neighbouring columns of x; the wide form needs an aligned address.
template <int kVector>
struct Columns {
  float at[kVector];
};

template <int kVector>
__device__ Columns<kVector> Load(const float* from) {
  Columns<kVector> columns;
  if constexpr (kVector == 4) {
    const float4 loaded = __ldg(reinterpret_cast<const float4*>(from));
    columns.at[0] = loaded.x;
    columns.at[1] = loaded.y;
    columns.at[2] = loaded.z;
    columns.at[3] = loaded.w;
  } else {
    columns.at[0] = __ldg(from);
  }
  return columns;
}

// In fp32 nothing is fused, as on the CPU; in double the product is exact either way.
__device__ float Added(float sum, float weight, float x) {
  return __fadd_rn(sum, __fmul_rn(weight, x));
}
__device__ double Added(double sum, float weight, float x) {
  return sum + static_cast<double>(weight) * static_cast<double>(x);
}

template <class Sum>
struct UnitArguments {
  const SparseUnit* units;
  int64_t unit_count;
  const uint32_t* columns;
  const float* values;  // null: all 1
  const float* x;
  int64_t x_stride;
  int64_t width;
  float* y;
  int64_t y_stride;
  Sum* partials;  // [slots, width]
};

// Block (b, c): units [kWarps b, ...), a warp each; columns [c kLanes kVector, ...) of the result.
template <int kVector, class Sum>
__global__ void __launch_bounds__(kThreads) SumUnits(const UnitArguments<Sum> in) {
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const int64_t at = int64_t{blockIdx.x} * kWarps + threadIdx.x / kLanes;
  if (at >= in.unit_count) return;  // the whole warp
  const SparseUnit unit = in.units[at];
  const int64_t first = (int64_t{blockIdx.y} * kLanes + lane) * kVector;
  const bool inside = first < in.width;
  const float* const x = in.x + first;
  Sum sums[kVector] = {};
  for (int base = 0; base < unit.count; base += kLanes) {
    const int count = min(kLanes, unit.count - base);
    // Each lane fetches one entry, and all of them hear of it.
    const bool has = lane < count;
    const uint32_t my_column = has ? in.columns[unit.begin + base + lane] : 0;
    const float my_weight = !has                   ? 0.0F
                            : in.values == nullptr ? 1.0F
                                                   : in.values[unit.begin + base + lane];
    for (int begin = 0; begin < count; begin += kUnroll) {
      Columns<kVector> rows[kUnroll];
      float weights[kUnroll];
#pragma unroll
      for (int e = 0; e < kUnroll; ++e) {
        const uint32_t column = __shfl_sync(kAll, my_column, (begin + e) % kLanes);
        weights[e] = __shfl_sync(kAll, my_weight, (begin + e) % kLanes);
        if (inside && begin + e < count) rows[e] = Load<kVector>(x + column * in.x_stride);
      }
#pragma unroll
      for (int e = 0; e < kUnroll; ++e) {
        if (begin + e < count) {
#pragma unroll
          for (int v = 0; v < kVector; ++v) {
            sums[v] = Added(sums[v], weights[e], inside ? rows[e].at[v] : 0.0F);
          }
        }
      }
    }
  }
#pragma unroll
  for (int v = 0; v < kVector; ++v) {
    const int64_t column = first + v;
    if (column >= in.width) continue;
    if (unit.slot < 0) {
      in.y[int64_t{unit.row} * in.y_stride + column] = static_cast<float>(sums[v]);
    } else {
      in.partials[unit.slot * in.width + column] = sums[v];
    }
  }
}

// Block (r, c): the row of long_rows[r], columns [c kThreads, ...): its segments in their order.
template <class Sum>
__global__ void __launch_bounds__(kThreads)
    SumSegmentsOfRows(const SparseLongRow* long_rows, const Sum* partials, int64_t width, float* y,
                      int64_t y_stride) {
  const SparseLongRow row = long_rows[blockIdx.x];
  const int64_t column = int64_t{blockIdx.y} * kThreads + threadIdx.x;
  if (column >= width) return;
  const Sum* from = partials + row.first_slot * width + column;
  Sum sum = *from;
  for (int s = 1; s < row.slots; ++s) sum += from[s * width];
  y[int64_t{row.row} * y_stride + column] = static_cast<float>(sum);
}

unsigned Blocks(int64_t count, int64_t size) {
  const int64_t blocks = (count + size - 1) / size;
  return static_cast<unsigned>(blocks);
}

template <class Sum>
absl::Status Run(const Stream& stream, Workspace& workspace, const SparseMatrix& a,
                 Strided<const float> x, int64_t width, Strided<float> y) {
  const Workspace::Scope scope(workspace);
  BURGEON_ASSIGN_OR_RETURN(Sum* const partials, workspace.Take<Sum>(a.slots * width));
  const UnitArguments<Sum> in = {.units = a.units.data(),
                                 .unit_count = a.units.size(),
                                 .columns = a.columns.data(),
                                 .values = a.values.data(),
                                 .x = x.data,
                                 .x_stride = x.stride,
                                 .width = width,
                                 .y = y.data,
                                 .y_stride = y.stride,
                                 .partials = partials};
  // A wide load may read past `width`, but not past the row.
  const bool wide = reinterpret_cast<uintptr_t>(x.data) % 16 == 0 && x.stride % 4 == 0 &&
                    (width + 3) / 4 * 4 <= x.stride;
  const unsigned units = Blocks(a.units.size(), kWarps);
  if (wide) {
    const dim3 grid(units, Blocks(width, 4 * kLanes));
    SumUnits<4, Sum><<<grid, kThreads, 0, stream.handle()>>>(in);
  } else {
    const dim3 grid(units, Blocks(width, kLanes));
    SumUnits<1, Sum><<<grid, kThreads, 0, stream.handle()>>>(in);
  }
  BURGEON_RETURN_IF_ERROR(LaunchStatus("SumUnits"));
  if (a.long_rows.size() == 0) return absl::OkStatus();
  const dim3 grid(static_cast<unsigned>(a.long_rows.size()), Blocks(width, kThreads));
  SumSegmentsOfRows<Sum><<<grid, kThreads, 0, stream.handle()>>>(a.long_rows.data(), partials,
                                                                 width, y.data, y.stride);
  return LaunchStatus("SumSegmentsOfRows");
}

}  // namespace

absl::StatusOr<SparseMatrix> SparseMatrix::Of(const Stream& stream, const CsrView& matrix) {
  BURGEON_CHECK(matrix.values.empty() || matrix.values.size() == matrix.columns.size());
  const SparsePlan plan = PlanSparse(matrix.offsets);
  SparseMatrix on_device;
  on_device.rows = matrix.rows();
  on_device.cols = matrix.cols;
  on_device.slots = plan.slots;
  BURGEON_ASSIGN_OR_RETURN(on_device.offsets, DeviceBuffer<int64_t>::Of(stream, matrix.offsets));
  BURGEON_ASSIGN_OR_RETURN(on_device.columns, DeviceBuffer<uint32_t>::Of(stream, matrix.columns));
  BURGEON_ASSIGN_OR_RETURN(on_device.values, DeviceBuffer<float>::Of(stream, matrix.values));
  BURGEON_ASSIGN_OR_RETURN(on_device.units, DeviceBuffer<SparseUnit>::Of(stream, plan.units));
  BURGEON_ASSIGN_OR_RETURN(on_device.long_rows,
                           DeviceBuffer<SparseLongRow>::Of(stream, plan.long_rows));
  return on_device;
}

int64_t SparseMatrix::Bytes(const CsrView& matrix) {
  int64_t units = 0;
  int64_t long_rows = 0;
  for (int64_t row = 0; row < matrix.rows(); ++row) {
    const auto entries = static_cast<int64_t>(matrix.row_columns(row).size());
    units += std::max<int64_t>(1, SumSegments(entries));
    long_rows += SumSegments(entries) > 1 ? 1 : 0;
  }
  return static_cast<int64_t>(matrix.offsets.size_bytes() + matrix.columns.size_bytes() +
                              matrix.values.size_bytes()) +
         units * int64_t{sizeof(SparseUnit)} + long_rows * int64_t{sizeof(SparseLongRow)};
}

absl::Status SparseTimesDense(const Stream& stream, Workspace& workspace, const SparseMatrix& a,
                              Strided<const float> x, int64_t width, SumIn sum_in,
                              Strided<float> y) {
  BURGEON_CHECK(width >= 0 && x.stride >= width && y.stride >= width);
  if (a.rows == 0 || width == 0) return absl::OkStatus();
  if (sum_in == SumIn::kFloat) return Run<float>(stream, workspace, a, x, width, y);
  return Run<double>(stream, workspace, a, x, width, y);
}

}  // namespace burgeon::cuda
