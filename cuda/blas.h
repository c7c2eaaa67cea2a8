// cuBLAS on a stream: the dense products of fp32 matrices. Row-major, as everything here is.
//
//   BURGEON_ASSIGN_OR_RETURN(const Blas blas, Blas::Create(stream));
//   BURGEON_RETURN_IF_ERROR(blas.Gemm({.m = m, .n = n, .k = k}, 1, {a, k}, {b, n}, 0, {c, n}));
//
// Products are of fp32 numbers, summed in fp32 in an order of cuBLAS's own: one device and version
// give the same bits from run to run, others may not. cuBLAS keeps some 32 MiB of its own.
#ifndef BURGEON_CUDA_BLAS_H_
#define BURGEON_CUDA_BLAS_H_

#include <cstdint>
#include <string_view>

#include "cuda/stream.h"
#include "engine/base/status.h"

struct cublasContext;  // what a cublasHandle_t points to

namespace burgeon::cuda {

enum class Transpose { kNo, kYes };

// c [m, n] = alpha op(a) op(b) + beta c, op(a): [m, k], op(b): [k, n].
struct GemmShape {
  Transpose a = Transpose::kNo;
  Transpose b = Transpose::kNo;
  int64_t m = 0;
  int64_t n = 0;
  int64_t k = 0;
};

// Row i of a matrix starts at data + i * stride.
template <class T>
struct Strided {
  T* data = nullptr;
  int64_t stride = 0;
};

class Blas {
 public:
  // Loads the library's kernels: some tenths of a second the first time in a process.
  static absl::StatusOr<Blas> Create(const Stream& stream);
  ~Blas();
  Blas(Blas&& other) noexcept;
  Blas& operator=(Blas&& other) noexcept;

  // Queued on the stream. Sizes and strides fit an int, and k is at least 1 (BURGEON_CHECK).
  absl::Status Gemm(const GemmShape& shape, float alpha, Strided<const float> a,
                    Strided<const float> b, float beta, Strided<float> c) const;

 private:
  Blas() = default;
  void Destroy();

  cublasContext* handle_ = nullptr;
};

// OK for 0 (CUBLAS_STATUS_SUCCESS); kResourceExhausted when memory was wanted; kUnavailable for a
// device that cuBLAS has no code for; else kInternal.
absl::Status BlasStatus(int code, std::string_view what);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_BLAS_H_
