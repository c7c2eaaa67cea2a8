#include "training/recommender/train_spectral.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/limits.h"
#include "engine/base/philox.h"
#include "engine/ops/dense.h"
#include "engine/ops/orthonormalize.h"
#include "engine/ops/sparse.h"
#include "training/recommender/interaction_check.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 512;
constexpr uint64_t kStartStream = 0x7370656374;  // "spect": the random start of the basis
// Singular values below this part of the largest are rounding of the fp32 products.
constexpr double kSmallestSingularValue = 1e-3;

absl::Status Validate(const SpectralOptions& options) {
  if (options.rank < 1 || options.rank > limits::kMaxDim) {
    return InvalidArgument("spectral: rank ", options.rank, " is not from 1 to ", limits::kMaxDim);
  }
  if (options.oversample < 0 || options.oversample > limits::kMaxDim) {
    return InvalidArgument("spectral: oversample ", options.oversample, " is not from 0 to ",
                           limits::kMaxDim);
  }
  if (options.iterations < 1) {
    return InvalidArgument("spectral: iterations ", options.iterations, " is not at least 1");
  }
  if (options.filter_rank < 1) {
    return InvalidArgument("spectral: filter_rank ", options.filter_rank, " is not at least 1");
  }
  if (!(options.filter_strength >= 0) || !std::isfinite(options.filter_strength)) {
    return InvalidArgument("spectral: filter_strength ", options.filter_strength,
                           " is not zero or a positive number");
  }
  for (const float exponent :
       {options.customer_exponent, options.item_exponent, options.score_exponent}) {
    if (!(std::abs(exponent) <= 4)) {
      return InvalidArgument("spectral: the exponent ", exponent, " is not from -4 to 4");
    }
  }
  return absl::OkStatus();
}

std::vector<double> RowSums(const CsrView& matrix) {
  std::vector<double> sums(static_cast<size_t>(matrix.rows()));
  for (int64_t i = 0; i < matrix.rows(); ++i) {
    const auto weights = matrix.row_values(i);
    double sum = weights.empty() ? static_cast<double>(matrix.row_columns(i).size()) : 0;
    for (const float w : weights) sum += w;
    sums[static_cast<size_t>(i)] = sum;
  }
  return sums;
}

// sums^exponent; 0 for a row without entries.
std::vector<double> Powers(const std::vector<double>& sums, double exponent) {
  std::vector<double> powers(sums.size());
  for (size_t i = 0; i < sums.size(); ++i) {
    powers[i] = sums[i] > 0 ? std::pow(sums[i], exponent) : 0;
  }
  return powers;
}

// D_u^-a R D_i^-b.
CsrMatrix Normalised(const CsrView& matrix, const std::vector<double>& row_scale,
                     const std::vector<double>& column_scale) {
  CsrMatrix out;
  out.offsets.assign(matrix.offsets.begin(), matrix.offsets.end());
  out.columns.assign(matrix.columns.begin(), matrix.columns.end());
  out.cols = matrix.cols;
  out.values.reserve(out.columns.size());
  for (int64_t i = 0; i < matrix.rows(); ++i) {
    const auto columns = matrix.row_columns(i);
    const auto weights = matrix.row_values(i);
    for (size_t k = 0; k < columns.size(); ++k) {
      const double weight = weights.empty() ? 1.0 : weights[k];
      out.values.push_back(static_cast<float>(weight * row_scale[static_cast<size_t>(i)] *
                                              column_scale[columns[k]]));
    }
  }
  return out;
}

// The truncated decomposition: singular values, descending, and right singular vectors in columns.
struct Decomposition {
  std::vector<double> values;
  FloatMatrix vectors;  // [items, rank]
};

class Decomposer {
 public:
  Decomposer(ExecutionContext& context, const CsrMatrix& matrix, const SpectralOptions& options,
             TrainingReport* report)
      : context_(context),
        matrix_(matrix),
        transposed_(Transpose(matrix.view())),
        options_(options),
        report_(report) {
    const int64_t side = std::min(matrix.rows(), matrix.cols);
    rank_ = std::min<int64_t>(options.rank, std::max<int64_t>(1, side - 1));
    block_ = std::min(rank_ + options.oversample, side);
    if (rank_ < options.rank) {
      Line("rank lowered from ", options.rank, " to ", rank_, ": the matrix is ", matrix.rows(),
           " x ", matrix.cols);
    }
  }

  absl::StatusOr<Decomposition> Run() {
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
    report_->lines.push_back(Concat(parts...));
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
    for (int iteration = 1; iteration <= options_.iterations; ++iteration) {
      SparseTimesDense(context_, matrix_.view(), basis->view(), image.view());
      SparseTimesDense(context_, transposed_.view(), image.view(), basis->view());
      BURGEON_ASSIGN_OR_RETURN(
          OrthonormalizeReport qr,
          OrthonormalizeColumns(context_, basis->view(),
                                options_.seed + static_cast<uint64_t>(iteration)));
      if (qr.shifted_rounds > 0) {
        Line("iteration ", iteration, ": CholeskyQR broke down; ", qr.shifted_rounds,
             " shifted rounds");
      }
      // R's diagonal tends to the eigenvalues of A'A (orthogonal iteration).
      qr.diagonal.resize(static_cast<size_t>(rank_));
      if (!before.empty()) {
        double change = 0;
        for (size_t k = 0; k < before.size(); ++k) {
          const double now = std::sqrt(std::abs(qr.diagonal[k]));
          if (now > 0) change = std::max(change, std::abs(now / std::sqrt(before[k]) - 1));
        }
        Line("iteration ", iteration, ": largest relative change of a singular value ", change);
      }
      before = std::move(qr.diagonal);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Decomposition> RayleighRitz(FloatMatrix basis) {
    FloatMatrix image(matrix_.rows(), block_);
    SparseTimesDense(context_, matrix_.view(), basis.view(), image.view());
    BURGEON_ASSIGN_OR_RETURN(const Eigen eigen, SymmetricEigen(Gram(context_, image.view())));
    image = FloatMatrix();
    Decomposition result;
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
    result.vectors = FloatMatrix(matrix_.cols, kept);
    Gemm(context_, Transposed::kNo, Transposed::kYes, 1, basis.view(), rotation.view(), 0,
         result.vectors.view());
    FixSigns(&result.vectors);
    ReportResiduals(result);
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
  void ReportResiduals(const Decomposition& result) {
    constexpr int64_t kSamples = 5;
    const auto kept = static_cast<int64_t>(result.values.size());
    FloatMatrix sample(matrix_.cols, kSamples);
    std::array<int64_t, kSamples> number{};
    for (int64_t s = 0; s < kSamples; ++s) {
      const int64_t k = number[static_cast<size_t>(s)] = s * (kept - 1) / (kSamples - 1);
      for (int64_t i = 0; i < matrix_.cols; ++i) sample.at(i, s) = result.vectors.at(i, k);
    }
    FloatMatrix image(matrix_.rows(), kSamples);
    FloatMatrix back(matrix_.cols, kSamples);
    SparseTimesDense(context_, matrix_.view(), sample.view(), image.view());
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
  const CsrMatrix& matrix_;
  const CsrMatrix transposed_;
  const SpectralOptions& options_;
  TrainingReport* report_;
  int64_t rank_ = 0;
  int64_t block_ = 0;
};

std::vector<float> FilterOf(const std::vector<double>& values, const SpectralOptions& options) {
  const size_t number = std::min(values.size(), static_cast<size_t>(options.filter_rank));
  const double middle = values[number - 1] * values[number - 1];
  std::vector<float> filter(values.size());
  for (size_t k = 0; k < values.size(); ++k) {
    const double square = values[k] * values[k];
    filter[k] = static_cast<float>(options.filter == SpectralFilter::kSingularValue
                                       ? values[k]
                                       : square / (square + options.filter_strength * middle));
  }
  return filter;
}

FloatMatrix ScaledRows(ExecutionContext& context, const FloatMatrix& matrix,
                       const std::vector<double>& scale) {
  FloatMatrix out(matrix.rows(), matrix.cols());
  context.pool().ParallelFor(matrix.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto from = matrix.row(i);
      const auto to = out.row(i);
      const auto s = static_cast<float>(scale[static_cast<size_t>(i)]);
      for (size_t k = 0; k < from.size(); ++k) to[k] = s * from[k];
    }
  });
  return out;
}

}  // namespace

absl::StatusOr<RecommenderModel> TrainSpectral(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const SpectralOptions& options,
                                               TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  const std::vector<double> item_sums = ColumnSums(interactions);
  const std::vector<double> fold_in_scale = Powers(item_sums, -options.item_exponent);
  const CsrMatrix matrix = Normalised(
      interactions, Powers(RowSums(interactions), -options.customer_exponent), fold_in_scale);
  if (context.device().kind == DeviceKind::kCuda) {
    report->lines.push_back("the decomposition runs on the CPU");
  }
  BURGEON_ASSIGN_OR_RETURN(Decomposition found, Decomposer(context, matrix, options, report).Run());
  RecommenderModel model;
  model.kind = RecommenderKind::kSpectral;
  model.filter = FilterOf(found.values, options);
  model.item_embeddings =
      ScaledRows(context, found.vectors, Powers(item_sums, options.score_exponent));
  model.fold_in_items = ScaledRows(context, found.vectors, fold_in_scale);
  found.vectors = FloatMatrix();
  model.popularity.assign(item_sums.begin(), item_sums.end());
  BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                           FoldIn(context, model, {.weights = interactions}));
  return model;
}

}  // namespace burgeon
