#include "engine/ops/symmetric_inverse.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/ops/blas.h"

namespace burgeon {
namespace {

constexpr int64_t kBlock = 256;

// Block (i, j) of a square matrix cut into blocks of kBlock.
template <class T>
MatrixView<T> Block(MatrixView<T> m, int64_t i, int64_t j) {
  const int64_t row = i * kBlock;
  const int64_t col = j * kBlock;
  return {m.data + row * m.stride + col, std::min(kBlock, m.rows - row),
          std::min(kBlock, m.cols - col), m.stride};
}

class Inverter {
 public:
  Inverter(ExecutionContext& context, FloatMatrix* matrix)
      : pool_(context.pool()),
        a_(matrix->view()),
        blocks_((matrix->rows() + kBlock - 1) / kBlock),
        inverse_(matrix->rows(), matrix->cols()),
        v_(inverse_.view()) {}

  absl::Status Run() {
    for (int64_t k = 0; k < blocks_; ++k) {
      BURGEON_RETURN_IF_ERROR(FactorDiagonal(k));
      SolvePanel(k);
      UpdateTrailing(k);
    }
    InvertFactor();
    MultiplyByTranspose();
    return absl::OkStatus();
  }

 private:
  // u_kk in a, u_kk^-1 in v; both in fp64 until they are stored.
  absl::Status FactorDiagonal(int64_t k) {
    const MatrixView<float> a = Block(a_, k, k);
    DoubleMatrix u(a.rows, a.rows);
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = i; j < a.rows; ++j) u.at(i, j) = a.row(i)[static_cast<size_t>(j)];
    }
    if (const int minor = blas::CholeskyUpper(u.view()); minor != 0) {
      return FailedPrecondition("the inverse of a ", a_.rows, " x ", a_.rows,
                                " matrix: it is not positive definite at row ",
                                k * kBlock + minor - 1, "; a larger regularisation is wanted");
    }
    const MatrixView<float> v = Block(v_, k, k);
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = 0; j < a.rows; ++j) {
        a.row(i)[static_cast<size_t>(j)] = j < i ? 0 : static_cast<float>(u.at(i, j));
      }
    }
    BURGEON_CHECK(blas::InvertUpper(u.view()) == 0);  // Cholesky leaves no zero on the diagonal
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = i; j < a.rows; ++j) {
        v.row(i)[static_cast<size_t>(j)] = static_cast<float>(u.at(i, j));
      }
    }
    return absl::OkStatus();
  }

  // u_kj = u_kk^-T a_kj for j > k.
  void SolvePanel(int64_t k) {
    pool_.ParallelFor(blocks_ - k - 1, 1, [&](int64_t index, int64_t) {
      const MatrixView<float> a = Block(a_, k, k + 1 + index);
      FloatMatrix solved(a.rows, a.cols);
      blas::Gemm(Transposed::kYes, Transposed::kNo, 1, Block(v_, k, k), a, 0, solved.view());
      for (int64_t i = 0; i < a.rows; ++i) std::ranges::copy(solved.row(i), a.row(i).begin());
    });
  }

  // a_ij -= u_ki' u_kj for k < i <= j.
  void UpdateTrailing(int64_t k) {
    const int64_t left = blocks_ - k - 1;
    pool_.ParallelFor(left * left, 1, [&](int64_t index, int64_t) {
      const int64_t i = k + 1 + index / left;
      const int64_t j = k + 1 + index % left;
      if (j < i) return;
      blas::Gemm(Transposed::kYes, Transposed::kNo, -1, Block(a_, k, i), Block(a_, k, j), 1,
                 Block(a_, i, j));
    });
  }

  // v_ij = -v_ii sum_{i<l<=j} u_il v_lj: columns of blocks are independent.
  void InvertFactor() {
    pool_.ParallelFor(blocks_, 1, [&](int64_t j, int64_t) {
      for (int64_t i = j - 1; i >= 0; --i) {
        const MatrixView<float> v = Block(v_, i, j);
        FloatMatrix sum(v.rows, v.cols);
        for (int64_t l = i + 1; l <= j; ++l) {
          blas::Gemm(Transposed::kNo, Transposed::kNo, 1, Block(a_, i, l), Block(v_, l, j), 1,
                     sum.view());
        }
        blas::Gemm(Transposed::kNo, Transposed::kNo, -1, Block(v_, i, i), sum.view(), 0, v);
      }
    });
  }

  // a_ij = sum_{l>=j} v_il v_jl' for i <= j, and its mirror. u is not needed any more.
  void MultiplyByTranspose() {
    pool_.ParallelFor(blocks_ * blocks_, 1, [&](int64_t index, int64_t) {
      const int64_t i = index / blocks_;
      const int64_t j = index % blocks_;
      if (j < i) return;
      const MatrixView<float> a = Block(a_, i, j);
      for (int64_t l = j; l < blocks_; ++l) {
        blas::Gemm(Transposed::kNo, Transposed::kYes, 1, Block(v_, i, l), Block(v_, j, l),
                   l == j ? 0.0F : 1.0F, a);
      }
      const MatrixView<float> mirror = Block(a_, j, i);
      for (int64_t r = 0; r < a.rows; ++r) {
        for (int64_t c = i == j ? r : 0; c < a.cols; ++c) {
          mirror.row(c)[static_cast<size_t>(r)] = a.row(r)[static_cast<size_t>(c)];
        }
      }
    });
  }

  ThreadPool& pool_;
  MatrixView<float> a_;
  const int64_t blocks_;
  FloatMatrix inverse_;
  MatrixView<float> v_;
};

}  // namespace

absl::Status InvertPositiveDefinite(ExecutionContext& context, FloatMatrix* matrix) {
  BURGEON_CHECK(matrix->rows() == matrix->cols());
  return Inverter(context, matrix).Run();
}

}  // namespace burgeon
