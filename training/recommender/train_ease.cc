#include "training/recommender/train_ease.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/ops/symmetric_inverse.h"
#include "training/recommender/interaction_check.h"
#include "training/recommender/item_pairs.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 64;
constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

absl::Status Validate(const EaseOptions& options, int64_t items) {
  if (!(options.regularization > 0) || !std::isfinite(options.regularization)) {
    return InvalidArgument("ease: regularization ", options.regularization,
                           " is not a positive number");
  }
  if (options.keep_entries < 0) {
    return InvalidArgument("ease: keep_entries ", options.keep_entries, " is below 0");
  }
  const double needed = static_cast<double>(EaseMemoryBytes(items, options)) / kGib;
  if (needed > options.memory_gib) {
    return ResourceExhausted(
        "ease: ", items, " items need ", needed, " GiB, and ease.memory_gib allows ",
        options.memory_gib, ": leave out rare items (dataset.min_item_customers), ",
        options.keep_entries == 0 ? "set ease.keep_entries, " : "lower ease.keep_entries, ",
        "raise the limit, or use item_knn or spectral, which are not dense in the items");
  }
  return absl::OkStatus();
}

FloatMatrix RegularisedGram(ExecutionContext& context, const CsrView& interactions, double lambda) {
  FloatMatrix gram(interactions.cols, interactions.cols);
  const CsrMatrix transposed = Transpose(interactions);
  ForItemPairs(context, interactions, transposed.view(),
               [&](int64_t i, std::span<double> products, std::span<const uint32_t> touched) {
                 const auto row = gram.row(i);
                 for (const uint32_t j : touched) row[j] = static_cast<float>(products[j]);
                 row[static_cast<size_t>(i)] =
                     static_cast<float>(products[static_cast<size_t>(i)] + lambda);
               });
  return gram;
}

CsrMatrix OperatorOf(ExecutionContext& context, const FloatMatrix& p, int64_t keep) {
  std::vector<OperatorRow> rows(static_cast<size_t>(p.rows()));
  context.pool().ParallelFor(p.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      OperatorRow row;
      for (int64_t j = 0; j < p.cols(); ++j) {
        const float value = -p.at(i, j) / p.at(j, j);
        if (j == i || value == 0) continue;
        row.columns.push_back(static_cast<uint32_t>(j));
        row.values.push_back(value);
      }
      rows[static_cast<size_t>(i)] = KeepLargest(std::move(row), keep, KeepBy::kMagnitude);
    }
  });
  return JoinRows(std::move(rows));
}

}  // namespace

EaseOptions ParseEaseOptions(const ConfigNode& node) {
  EaseOptions options;
  options.regularization =
      static_cast<float>(node.GetDouble("regularization", options.regularization, {1e-6, 1e9}));
  options.keep_entries =
      static_cast<int>(node.GetInt("keep_entries", options.keep_entries, {0, 1'000'000}));
  options.memory_gib = node.GetDouble("memory_gib", options.memory_gib, {1e-3, 1e6});
  options.embedding = ParseSpectralOptions(node.Child("embedding"), options.embedding);
  return options;
}

int64_t EaseMemoryBytes(int64_t items, const EaseOptions& options) {
  const int64_t kept =
      options.keep_entries == 0 ? items : std::min<int64_t>(items, options.keep_entries);
  const int64_t matrix = items * items * int64_t{sizeof(float)};
  // Rows of the operator, and the whole that they are joined into.
  const int64_t entries = 2 * items * kept * int64_t{sizeof(float) + sizeof(uint32_t)};
  return matrix + std::max(matrix, entries);
}

absl::StatusOr<RecommenderModel> TrainEase(ExecutionContext& context, const CsrView& interactions,
                                           const EaseOptions& options, TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options, interactions.cols));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  FloatMatrix gram = RegularisedGram(context, interactions, options.regularization);
  BURGEON_RETURN_IF_ERROR(InvertPositiveDefinite(context, &gram));
  CsrMatrix item_operator = OperatorOf(context, gram, options.keep_entries);
  gram = FloatMatrix();
  BURGEON_ASSIGN_OR_RETURN(RecommenderModel model,
                           TrainSpectral(context, interactions, options.embedding, report));
  model.kind = RecommenderKind::kEase;
  model.item_operator = std::move(item_operator);
  report->lines.push_back(
      Concat("ease: ", model.item_operator.columns.size(), " entries of the item operator"));
  return model;
}

}  // namespace burgeon
