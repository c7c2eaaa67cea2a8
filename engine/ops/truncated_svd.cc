#include "engine/ops/truncated_svd.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/philox.h"
#include "engine/ops/dense.h"
#include "engine/ops/orthonormalize.h"
#include "engine/ops/sparse.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 512;
constexpr uint64_t kStartStream = 0x7370656374;  // "spect": the random start of the basis
// Singular values below this part of the largest are rounding of the fp32 products.
constexpr double kSmallestSingularValue = 1e-3;

class Decomposer {
 public:
  Decomposer(ExecutionContext& context, const CsrView& matrix, const TruncatedSvdOptions& options)
      : context_(context), matrix_(matrix), transposed_(Transpose(matrix)), options_(options) {
    const int64_t side = std::min(matrix.rows(), matrix.cols);
    rank_ = std::min<int64_t>(options.rank, std::max<int64_t>(1, side - 1));
    block_ = std::min(rank_ + options.oversample, side);
    if (rank_ < options.rank) {
      Line("rank lowered from ", options.rank, " to ", rank_, ": the matrix is ", matrix.rows(),
           " x ", matrix.cols);
    }
  }

  absl::StatusOr<TruncatedSvd> Run() {
    FloatMatrix basis(matrix_.cols, block_);
    if (block_ == matrix_.cols) {
      for (int64_t i = 0; i < block_; ++i) basis.at(i, i) = 1;
      Line("no iteration: the basis holds every direction of ", block_, " items");
    } else {
      BURGEON_RETURN_IF_ERROR(Iterate(&basis));
    }
    return RayleighRitz(std::move(basis));
  }

 private:
  template <class... Parts>
  void Line(const Parts&... parts) {
    lines_.push_back(Concat(parts...));
  }

  void FillRandom(FloatMatrix* basis) {
    const Philox random(options_.seed, kStartStream);
    context_.pool().ParallelFor(basis->rows(), kRowBlock, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const auto row = basis->row(i);
        for (size_t k = 0; k < row.size(); ++k) {
          row[k] = static_cast<float>(random.Normal(static_cast<uint64_t>(i) * row.size() + k));
        }
      }
    });
  }

  // basis <- orthonormal columns of A'A basis, again and again.
  absl::Status Iterate(FloatMatrix* basis) {
    FillRandom(basis);
    FloatMatrix image(matrix_.rows(), block_);
    std::vector<double> before;
    int products = 0;  // since the last orthonormalisation
    for (int iteration = 1; iteration <= options_.iterations; ++iteration) {
      SparseTimesDense(context_, matrix_, basis->view(), image.view());
      SparseTimesDense(context_, transposed_.view(), image.view(), basis->view());
      ++products;
      if (products < options_.orthonormalize_every && iteration < options_.iterations) continue;
      BURGEON_ASSIGN_OR_RETURN(
          OrthonormalizeReport qr,
          OrthonormalizeColumns(context_, basis->view(),
                                options_.seed + static_cast<uint64_t>(iteration)));
      if (qr.shifted_rounds > 0) {
        Line("iteration ", iteration, ": CholeskyQR broke down; ", qr.shifted_rounds,
             " shifted rounds");
      }
      // R's diagonal tends to the eigenvalues of A'A, to the power of the products taken
      // (orthogonal iteration).
      qr.diagonal.resize(static_cast<size_t>(rank_));
      for (double& value : qr.diagonal) value = std::pow(std::abs(value), 0.5 / products);
      products = 0;
      double change = 0;
      if (!before.empty()) {
        for (size_t k = 0; k < before.size(); ++k) {
          const double now = qr.diagonal[k];
          if (now > 0) change = std::max(change, std::abs(now / before[k] - 1));
        }
        Line("iteration ", iteration, ": largest relative change of a singular value ", change);
      }
      before = std::move(qr.diagonal);
      if (options_.watch) {
        BURGEON_RETURN_IF_ERROR(options_.watch({.number = iteration, .change = change}));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TruncatedSvd> RayleighRitz(FloatMatrix basis) {
    FloatMatrix image(matrix_.rows(), block_);
    SparseTimesDense(context_, matrix_, basis.view(), image.view());
    BURGEON_ASSIGN_OR_RETURN(const Eigen eigen, SymmetricEigen(Gram(context_, image.view())));
    image = FloatMatrix();
    TruncatedSvd result;
    const double largest = std::sqrt(std::max(0.0, eigen.values[0]));
    for (int64_t k = 0; k < rank_; ++k) {
      const double value = std::sqrt(std::max(0.0, eigen.values[static_cast<size_t>(k)]));
      if (k > 0 && value <= kSmallestSingularValue * largest) break;
      result.values.push_back(value);
    }
    const auto kept = static_cast<int64_t>(result.values.size());
    if (kept < rank_) {
      Line("rank lowered to ", kept, ": further singular values are below ", kSmallestSingularValue,
           " of the largest");
    }
    FloatMatrix rotation(kept, block_);
    for (int64_t k = 0; k < kept; ++k) {
      for (int64_t j = 0; j < block_; ++j) {
        rotation.at(k, j) = static_cast<float>(eigen.vectors.at(k, j));
      }
    }
    result.right_vectors = FloatMatrix(matrix_.cols, kept);
    Gemm(context_, Transposed::kNo, Transposed::kYes, 1, basis.view(), rotation.view(), 0,
         result.right_vectors.view());
    FixSigns(&result.right_vectors);
    ReportResiduals(result);
    result.lines = std::move(lines_);
    return result;
  }

  // The entry of largest magnitude of each vector (the first of equals) is positive.
  static void FixSigns(FloatMatrix* vectors) {
    std::vector<float> largest(static_cast<size_t>(vectors->cols()));
    for (int64_t i = 0; i < vectors->rows(); ++i) {
      const auto row = vectors->row(i);
      for (size_t k = 0; k < row.size(); ++k) {
        if (std::abs(row[k]) > std::abs(largest[k])) largest[k] = row[k];
      }
    }
    for (int64_t i = 0; i < vectors->rows(); ++i) {
      const auto row = vectors->row(i);
      for (size_t k = 0; k < row.size(); ++k) {
        if (largest[k] < 0) row[k] = -row[k];
      }
    }
  }

  // |A'A v - s^2 v| / s^2 of the first vector, the last, and some between.
  void ReportResiduals(const TruncatedSvd& result) {
    constexpr int64_t kSamples = 5;
    const auto kept = static_cast<int64_t>(result.values.size());
    FloatMatrix sample(matrix_.cols, kSamples);
    std::array<int64_t, kSamples> number{};
    for (int64_t s = 0; s < kSamples; ++s) {
      const int64_t k = number[static_cast<size_t>(s)] = s * (kept - 1) / (kSamples - 1);
      for (int64_t i = 0; i < matrix_.cols; ++i) sample.at(i, s) = result.right_vectors.at(i, k);
    }
    FloatMatrix image(matrix_.rows(), kSamples);
    FloatMatrix back(matrix_.cols, kSamples);
    SparseTimesDense(context_, matrix_, sample.view(), image.view());
    SparseTimesDense(context_, transposed_.view(), image.view(), back.view());
    for (int64_t s = 0; s < kSamples; ++s) {
      const int64_t k = number[static_cast<size_t>(s)];
      if (s > 0 && k == number[static_cast<size_t>(s - 1)]) continue;
      const double value = result.values[static_cast<size_t>(k)];
      double squared = 0;
      for (int64_t i = 0; i < matrix_.cols; ++i) {
        const double r = static_cast<double>(back.at(i, s)) -
                         value * value * static_cast<double>(sample.at(i, s));
        squared += r * r;
      }
      Line("singular value ", k + 1, ": ", value, ", relative residual ",
           value > 0 ? std::sqrt(squared) / (value * value) : 0.0);
    }
  }

  ExecutionContext& context_;
  const CsrView matrix_;
  const CsrMatrix transposed_;
  const TruncatedSvdOptions options_;
  std::vector<std::string> lines_;
  int64_t rank_ = 0;
  int64_t block_ = 0;
};

}  // namespace

TruncatedSvdMemory PlanTruncatedSvd(int64_t rows, int64_t cols, int64_t entries,
                                    const TruncatedSvdOptions& options) {
  const int64_t side = std::min(rows, cols);
  const int64_t rank = std::min<int64_t>(options.rank, std::max<int64_t>(1, side - 1));
  const int64_t block = std::min(rank + options.oversample, side);
  const int64_t transposed = 8 * (cols + 1) + 8 * entries;
  const int64_t basis = 4 * cols * block;
  const int64_t both = basis + 4 * rows * block;
  const int64_t square = block * block;
  return {.iterations_bytes = transposed + both + 20 * square,
          .eigenvectors_bytes = transposed + both + 24 * square + 48 * block,
          .rotation_bytes = transposed + basis + 8 * square + 4 * rank * block + 4 * cols * rank};
}

absl::StatusOr<TruncatedSvd> DecomposeTruncated(ExecutionContext& context, const CsrView& matrix,
                                                const TruncatedSvdOptions& options) {
  if (options.rank < 1) {
    return InvalidArgument("truncated svd: rank ", options.rank, " is not at least 1");
  }
  if (options.oversample < 0) {
    return InvalidArgument("truncated svd: oversample ", options.oversample, " is negative");
  }
  if (options.iterations < 1) {
    return InvalidArgument("truncated svd: iterations ", options.iterations, " is not at least 1");
  }
  if (options.orthonormalize_every < 1) {
    return InvalidArgument("truncated svd: orthonormalize_every ", options.orthonormalize_every,
                           " is not at least 1");
  }
  if (matrix.rows() < 1 || matrix.cols < 1) {
    return InvalidArgument("truncated svd: the matrix is empty, ", matrix.rows(), " x ",
                           matrix.cols);
  }
  return Decomposer(context, matrix, options).Run();
}

}  // namespace burgeon
