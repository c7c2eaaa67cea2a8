#include "training/recommender/train_spectral.h"

#include <algorithm>
#include <cmath>

#include "engine/base/limits.h"
#include "engine/ops/truncated_svd.h"
#include "training/recommender/degree_normalisation.h"
#include "training/recommender/interaction_check.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 512;

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
  for (const float exponent : {options.customer_exponent, options.item_exponent,
                               options.score_exponent, options.filter_exponent}) {
    if (!(std::abs(exponent) <= 4)) {
      return InvalidArgument("spectral: the exponent ", exponent, " is not from -4 to 4");
    }
  }
  return absl::OkStatus();
}

std::vector<float> FilterOf(const std::vector<double>& values, const SpectralOptions& options) {
  const size_t number = std::min(values.size(), static_cast<size_t>(options.filter_rank));
  const double middle = values[number - 1] * values[number - 1];
  std::vector<float> filter(values.size());
  for (size_t k = 0; k < values.size(); ++k) {
    const double square = values[k] * values[k];
    filter[k] =
        static_cast<float>(options.filter == SpectralFilter::kSingularValue
                               ? std::pow(values[k], static_cast<double>(options.filter_exponent))
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

std::vector<MemoryPhase> PlanSpectral(const SpectralOptions& options, const DataCounts& data) {
  const TruncatedSvdMemory svd =
      PlanTruncatedSvd(data.customers, data.items, data.interactions,
                       {.rank = options.rank, .oversample = options.oversample});
  const int64_t matrix = CsrBytes(data.customers, data.interactions);
  const int64_t side = std::min(data.customers, data.items);
  const int64_t rank = std::min<int64_t>(options.rank, std::max<int64_t>(1, side - 1));
  const int64_t item_table = 4 * data.items * rank;
  const int64_t model = 2 * item_table + 4 * data.customers * rank;
  return {{"iterations", matrix + svd.iterations_bytes},
          {"eigenvectors", matrix + svd.eigenvectors_bytes},
          {"rotation", matrix + svd.rotation_bytes},
          {"embeddings", matrix + std::max(3 * item_table, model)},
          {"write", 2 * model}};
}

absl::StatusOr<RecommenderModel> TrainSpectral(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const SpectralOptions& options,
                                               TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  const std::vector<double> item_sums = ColumnSums(interactions);
  const std::vector<double> fold_in_scale = Powers(item_sums, -options.item_exponent);
  const CsrMatrix matrix = ScaledBoth(
      interactions, Powers(RowSums(interactions), -options.customer_exponent), fold_in_scale);
  if (context.device().kind == DeviceKind::kCuda) {
    report->lines.push_back("the decomposition runs on the CPU");
  }
  TrainingRun& run = *report->run;
  run.Begin("train spectral", "iterations", 0, options.iterations);
  const auto watch = [&run](const SvdIteration& iteration) {
    return run.EndStep(iteration.number, {{"train/change", iteration.change}}, nullptr);
  };
  BURGEON_ASSIGN_OR_RETURN(TruncatedSvd found, DecomposeTruncated(context, matrix.view(),
                                                                  {.rank = options.rank,
                                                                   .oversample = options.oversample,
                                                                   .iterations = options.iterations,
                                                                   .seed = options.seed,
                                                                   .watch = watch}));
  BURGEON_RETURN_IF_ERROR(run.Finish());
  report->lines.insert(report->lines.end(), found.lines.begin(), found.lines.end());
  RecommenderModel model;
  model.kind = RecommenderKind::kSpectral;
  model.filter = FilterOf(found.values, options);
  model.item_embeddings =
      ScaledRows(context, found.right_vectors, Powers(item_sums, options.score_exponent));
  model.fold_in_items = ScaledRows(context, found.right_vectors, fold_in_scale);
  found.right_vectors = FloatMatrix();
  model.popularity.assign(item_sums.begin(), item_sums.end());
  BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                           FoldIn(context, model, {.weights = interactions}));
  return model;
}

}  // namespace burgeon
