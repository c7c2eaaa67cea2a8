#include "engine/ops/blas.h"

#include <cblas.h>

#include <climits>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "engine/base/check.h"
#include "engine/ops/simd.h"

// LAPACK's Fortran entry points: column-major, everything by address.
extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void spotrs_(const char* uplo, const int* n, const int* nrhs, const float* a, const int* lda,
             float* b, const int* ldb, int* info);
void dtrtri_(const char* uplo, const char* diag, const int* n, double* a, const int* lda,
             int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info);
// OpenBLAS hands out its packing buffers without a lock in Debian's serial build, so that two calls
// at the same time may share one. The linker sends its calls here (cmake/FindOpenBLASSerial.cmake).
void* __real_burgeon_blas_memory_alloc(int position);
void __real_burgeon_blas_memory_free(void* buffer);
}

namespace {
std::mutex blas_memory_mutex;
}  // namespace

extern "C" {
void* __wrap_burgeon_blas_memory_alloc(int position) {
  const std::lock_guard lock(blas_memory_mutex);
  return __real_burgeon_blas_memory_alloc(position);
}
void __wrap_burgeon_blas_memory_free(void* buffer) {
  const std::lock_guard lock(blas_memory_mutex);
  __real_burgeon_blas_memory_free(buffer);
}
}

namespace burgeon::blas {
namespace {

// OpenBLAS picks its kernels by CPU model when the program starts, and takes the slowest for a
// model younger than itself. The instruction set decides instead (before its own constructor runs);
// so two CPUs with the same instructions also give the same bits. A value set by the user stands.
__attribute__((constructor(101))) void ChooseKernels() {
  switch (DetectedSimdLevel()) {
    case SimdLevel::kAvx512:
      setenv("OPENBLAS_CORETYPE", "SkylakeX", /*overwrite=*/0);
      break;
    case SimdLevel::kAvx2:
      setenv("OPENBLAS_CORETYPE", "Haswell", /*overwrite=*/0);
      break;
    case SimdLevel::kBaseline:
      break;
  }
}

int Int(int64_t value) {
  BURGEON_CHECK(value >= 0 && value <= INT_MAX);
  return static_cast<int>(value);
}

// A leading dimension is at least 1, also of an empty matrix.
int Stride(int64_t value) { return value < 1 ? 1 : Int(value); }

CBLAS_TRANSPOSE Op(Transposed t) { return t == Transposed::kYes ? CblasTrans : CblasNoTrans; }

// The upper triangle of a row-major matrix is LAPACK's lower one.
constexpr char kRowMajorUpper = 'L';

}  // namespace

void Gemm(Transposed transpose_a, Transposed transpose_b, float alpha, MatrixView<const float> a,
          MatrixView<const float> b, float beta, MatrixView<float> c) {
  const int64_t m = transpose_a == Transposed::kYes ? a.cols : a.rows;
  const int64_t inner = transpose_a == Transposed::kYes ? a.rows : a.cols;
  const int64_t n = transpose_b == Transposed::kYes ? b.rows : b.cols;
  BURGEON_CHECK((transpose_b == Transposed::kYes ? b.cols : b.rows) == inner);
  BURGEON_CHECK(c.rows == m && c.cols == n);
  if (m == 0 || n == 0) return;
  cblas_sgemm(CblasRowMajor, Op(transpose_a), Op(transpose_b), Int(m), Int(n), Int(inner), alpha,
              a.data, Stride(a.stride), b.data, Stride(b.stride), beta, c.data, Stride(c.stride));
}

void SyrkUpper(float alpha, MatrixView<const float> a, MatrixView<float> c) {
  BURGEON_CHECK(c.rows == a.cols && c.cols == a.cols);
  if (a.cols == 0) return;
  cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, Int(a.cols), Int(a.rows), alpha, a.data,
              Stride(a.stride), 1.0F, c.data, Stride(c.stride));
}

void MultiplyByUpper(MatrixView<const float> u, MatrixView<float> b) {
  BURGEON_CHECK(u.rows == b.cols && u.cols == b.cols);
  if (b.rows == 0 || b.cols == 0) return;
  cblas_strmm(CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, Int(b.rows),
              Int(b.cols), 1.0F, u.data, Stride(u.stride), b.data, Stride(b.stride));
}

int CholeskyUpper(MatrixView<float> a) {
  BURGEON_CHECK(a.rows == a.cols);
  const int n = Int(a.rows);
  const int stride = Stride(a.stride);
  int info = 0;
  if (n > 0) spotrf_(&kRowMajorUpper, &n, a.data, &stride, &info);
  BURGEON_CHECK(info >= 0);
  return info;
}

int CholeskyUpper(MatrixView<double> a) {
  BURGEON_CHECK(a.rows == a.cols);
  const int n = Int(a.rows);
  const int stride = Stride(a.stride);
  int info = 0;
  if (n > 0) dpotrf_(&kRowMajorUpper, &n, a.data, &stride, &info);
  BURGEON_CHECK(info >= 0);
  return info;
}

void CholeskySolve(MatrixView<const float> u, std::span<float> b) {
  BURGEON_CHECK(u.rows == u.cols && static_cast<int64_t>(b.size()) == u.rows);
  const int n = Int(u.rows);
  const int stride = Stride(u.stride);
  const int one = 1;
  int info = 0;
  if (n > 0) spotrs_(&kRowMajorUpper, &n, &one, u.data, &stride, b.data(), &n, &info);
  BURGEON_CHECK(info == 0);
}

int InvertUpper(MatrixView<double> u) {
  BURGEON_CHECK(u.rows == u.cols);
  const int n = Int(u.rows);
  const int stride = Stride(u.stride);
  int info = 0;
  const char diagonal = 'N';
  if (n > 0) dtrtri_(&kRowMajorUpper, &diagonal, &n, u.data, &stride, &info);
  BURGEON_CHECK(info >= 0);
  return info;
}

int SymmetricEigen(MatrixView<double> a, std::span<double> values) {
  BURGEON_CHECK(a.rows == a.cols && static_cast<int64_t>(values.size()) == a.rows);
  const int n = Int(a.rows);
  if (n == 0) return 0;
  const int stride = Stride(a.stride);
  const char job = 'V';
  int info = 0;
  double work_size = 0;
  int integer_size = 0;
  const int query = -1;
  dsyevd_(&job, &kRowMajorUpper, &n, a.data, &stride, values.data(), &work_size, &query,
          &integer_size, &query, &info);
  BURGEON_CHECK(info == 0 && work_size < INT_MAX);
  const int work_count = static_cast<int>(work_size);
  std::vector<double> work(static_cast<size_t>(work_count));
  std::vector<int> integers(static_cast<size_t>(integer_size));
  dsyevd_(&job, &kRowMajorUpper, &n, a.data, &stride, values.data(), work.data(), &work_count,
          integers.data(), &integer_size, &info);
  BURGEON_CHECK(info >= 0);
  return info;
}

std::string Name() { return openblas_get_config(); }

}  // namespace burgeon::blas
