#include "training/recommender/embedding_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/philox.h"
#include "engine/ops/sparse.h"

namespace burgeon {
namespace {

constexpr double kDeviation = 0.02;
constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;
constexpr float kEpsilon = 1e-8F;
constexpr int64_t kRowBlock = 64;

// Elementwise, so that any vector width gives the same bits.
__attribute__((target_clones("avx512f", "avx2", "default"))) void Accumulate(float factor,
                                                                             const float* row,
                                                                             int64_t count,
                                                                             float* out) {
  for (int64_t k = 0; k < count; ++k) out[k] += factor * row[k];
}

struct AdamFactors {
  float keep = 1;         // of the value, for the decay
  float rate = 0;         // over the bias of the first moment
  float second_bias = 1;  // square root of the reciprocal
};

AdamFactors FactorsOf(const AdamStep& step) {
  const auto number = static_cast<double>(step.number);
  return {.keep = static_cast<float>(1 - step.rate * step.weight_decay),
          .rate = static_cast<float>(step.rate / (1 - std::pow(kFirstDecay, number))),
          .second_bias = static_cast<float>(1 / std::sqrt(1 - std::pow(kSecondDecay, number)))};
}

__attribute__((target_clones("avx512f", "avx2", "default"))) void MoveBy(
    AdamFactors f, const float* gradient, int64_t count, float* values, float* first,
    float* second) {
  constexpr auto kFirst = static_cast<float>(kFirstDecay);
  constexpr auto kSecond = static_cast<float>(kSecondDecay);
  for (int64_t k = 0; k < count; ++k) {
    first[k] = kFirst * first[k] + (1 - kFirst) * gradient[k];
    second[k] = kSecond * second[k] + (1 - kSecond) * gradient[k] * gradient[k];
    const float size = std::sqrt(second[k]) * f.second_bias + kEpsilon;
    values[k] = f.keep * values[k] - f.rate * first[k] / size;
  }
}

absl::Status ReadInto(const TensorFile& file, const std::string& name, FloatMatrix* matrix) {
  BURGEON_ASSIGN_OR_RETURN(FloatMatrix read, file.GetMatrix(name));
  if (read.rows() != matrix->rows() || read.cols() != matrix->cols()) {
    return DataLoss(name, " is ", read.rows(), " x ", read.cols(), "; wanted ", matrix->rows(),
                    " x ", matrix->cols());
  }
  *matrix = std::move(read);
  return absl::OkStatus();
}

}  // namespace

void MoveByAdam(const AdamStep& step, std::span<const float> gradient, std::span<float> values,
                std::span<float> first, std::span<float> second) {
  MoveBy(FactorsOf(step), gradient.data(), std::ssize(values), values.data(), first.data(),
         second.data());
}

EmbeddingTable::EmbeddingTable(ThreadPool& pool, int64_t rows, int64_t dim, uint64_t seed,
                               uint64_t stream)
    : values_(rows, dim), first_(rows, dim), second_(rows, dim) {
  const Philox random(seed, stream);
  pool.ParallelFor(rows, kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * dim; i < end * dim; ++i) {
      values_.data()[i] = static_cast<float>(kDeviation * random.Normal(static_cast<uint64_t>(i)));
    }
  });
}

void EmbeddingTable::LookUp(ExecutionContext& context, const CsrView& used,
                            MatrixView<float> vectors) const {
  SparseTimesDense(context, used, values_.view(), vectors);
}

void EmbeddingTable::Move(ThreadPool& pool, std::span<const Use> uses, const AdamStep& step) {
  std::vector<CsrMatrix> by_row;
  for (const Use& use : uses) by_row.push_back(Transpose(use.used));
  const AdamFactors factors = FactorsOf(step);
  const int64_t dim = values_.cols();
  pool.ParallelFor(values_.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    std::vector<float> gradient(static_cast<size_t>(dim));
    for (int64_t r = begin; r < end; ++r) {
      std::ranges::fill(gradient, 0.0F);
      for (size_t s = 0; s < uses.size(); ++s) {
        const auto users = by_row[s].view().row_columns(r);
        const auto factor = by_row[s].view().row_values(r);
        for (size_t k = 0; k < users.size(); ++k) {
          Accumulate(factor.empty() ? 1.0F : factor[k], uses[s].gradient.row(users[k]).data(), dim,
                     gradient.data());
        }
      }
      MoveBy(factors, gradient.data(), dim, values_.row(r).data(), first_.row(r).data(),
             second_.row(r).data());
    }
  });
}

void EmbeddingTable::Save(const std::string& name, TensorFile* file) const {
  file->Add(name + ".values", values_.view());
  file->Add(name + ".first", first_.view());
  file->Add(name + ".second", second_.view());
}

absl::Status EmbeddingTable::Restore(const std::string& name, const TensorFile& file) {
  BURGEON_RETURN_IF_ERROR(ReadInto(file, name + ".values", &values_));
  BURGEON_RETURN_IF_ERROR(ReadInto(file, name + ".first", &first_));
  return ReadInto(file, name + ".second", &second_);
}

}  // namespace burgeon
