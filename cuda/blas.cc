#include "cuda/blas.h"

#include <cublas_v2.h>

#include <initializer_list>
#include <limits>
#include <utility>

#include "engine/base/check.h"

namespace burgeon::cuda {
namespace {

cublasOperation_t Operation(Transpose transpose) {
  return transpose == Transpose::kYes ? CUBLAS_OP_T : CUBLAS_OP_N;
}

}  // namespace

absl::Status BlasStatus(int code, std::string_view what) {
  const auto status = static_cast<cublasStatus_t>(code);
  if (status == CUBLAS_STATUS_SUCCESS) return absl::OkStatus();
  const std::string message = Concat("cuBLAS: ", what, ": ", cublasGetStatusString(status), " (",
                                     cublasGetStatusName(status), ")");
  if (status == CUBLAS_STATUS_ALLOC_FAILED) return ResourceExhausted(message);
  if (status == CUBLAS_STATUS_ARCH_MISMATCH) return Unavailable(message);
  return Internal(message);
}

absl::StatusOr<Blas> Blas::Create(const Stream& stream) {
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  Blas blas;
  BURGEON_RETURN_IF_ERROR(BlasStatus(cublasCreate(&blas.handle_), "its start"));
  BURGEON_RETURN_IF_ERROR(BlasStatus(cublasSetStream(blas.handle_, stream.handle()), "its stream"));
  // No TF32: products of the fp32 numbers as they are.
  BURGEON_RETURN_IF_ERROR(
      BlasStatus(cublasSetMathMode(blas.handle_, CUBLAS_DEFAULT_MATH), "its precision"));
  BURGEON_RETURN_IF_ERROR(
      BlasStatus(cublasSetAtomicsMode(blas.handle_, CUBLAS_ATOMICS_NOT_ALLOWED), "its sums"));
  return blas;
}

Blas::~Blas() { Destroy(); }

Blas::Blas(Blas&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Blas& Blas::operator=(Blas&& other) noexcept {
  if (this == &other) return *this;
  Destroy();
  handle_ = std::exchange(other.handle_, nullptr);
  return *this;
}

void Blas::Destroy() {
  if (handle_ == nullptr) return;
  static_cast<void>(cublasDestroy(handle_));  // there is nobody left to tell
  handle_ = nullptr;
}

// cuBLAS is column-major: what lies in memory is the transpose of what it sees, and
// c' = op(b)' op(a)'.
absl::Status Blas::Gemm(const GemmShape& shape, float alpha, Strided<const float> a,
                        Strided<const float> b, float beta, Strided<float> c) const {
  for (const int64_t size : {shape.m, shape.n, shape.k, a.stride, b.stride, c.stride}) {
    BURGEON_CHECK(size >= 0 && size <= std::numeric_limits<int>::max());
  }
  if (shape.m == 0 || shape.n == 0) return absl::OkStatus();
  BURGEON_CHECK(shape.k > 0);
  return BlasStatus(
      cublasSgemm(handle_, Operation(shape.b), Operation(shape.a), static_cast<int>(shape.n),
                  static_cast<int>(shape.m), static_cast<int>(shape.k), &alpha, b.data,
                  static_cast<int>(b.stride), a.data, static_cast<int>(a.stride), &beta, c.data,
                  static_cast<int>(c.stride)),
      "a product");
}

}  // namespace burgeon::cuda
