#include "training/recommender/train_item_knn.h"

#include <cmath>
#include <utility>
#include <vector>

#include "training/recommender/interaction_check.h"
#include "training/recommender/item_pairs.h"

namespace burgeon {
namespace {

constexpr double kBm25Saturation = 1.2;  // k1
constexpr double kBm25Length = 0.75;     // b

absl::Status Validate(const ItemKnnOptions& options) {
  if (options.neighbours < 0) {
    return InvalidArgument("item_knn: neighbours ", options.neighbours, " is below 0");
  }
  if (!(options.shrink >= 0) || !std::isfinite(options.shrink)) {
    return InvalidArgument("item_knn: shrink ", options.shrink,
                           " is not zero or a positive number");
  }
  if (!(options.alpha >= 0 && options.alpha <= 1)) {
    return InvalidArgument("item_knn: alpha ", options.alpha, " is not from 0 to 1");
  }
  return absl::OkStatus();
}

std::vector<double> CustomersOfItems(const CsrView& interactions) {
  std::vector<double> counts(static_cast<size_t>(interactions.cols), 0);
  for (const uint32_t item : interactions.columns) counts[item] += 1;
  return counts;
}

CsrMatrix Weighted(const CsrView& interactions, ItemWeighting weighting) {
  const std::vector<double> counts = CustomersOfItems(interactions);
  const auto customers = static_cast<double>(interactions.rows());
  const double mean = static_cast<double>(interactions.nonzeros()) / customers;
  CsrMatrix out;
  out.offsets.assign(interactions.offsets.begin(), interactions.offsets.end());
  out.columns.assign(interactions.columns.begin(), interactions.columns.end());
  out.cols = interactions.cols;
  out.values.reserve(out.columns.size());
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto columns = interactions.row_columns(u);
    const auto values = interactions.row_values(u);
    const double length = static_cast<double>(columns.size()) / mean;
    for (size_t k = 0; k < columns.size(); ++k) {
      double weight = values.empty() ? 1.0 : static_cast<double>(values[k]);
      const double count = counts[columns[k]];
      if (weighting == ItemWeighting::kTfIdf) {
        weight *= std::log(customers / count);
      } else if (weighting == ItemWeighting::kBm25) {
        const double idf = std::log1p((customers - count + 0.5) / (count + 0.5));
        weight = idf * weight * (kBm25Saturation + 1) /
                 (weight + kBm25Saturation * (1 - kBm25Length + kBm25Length * length));
      }
      out.values.push_back(static_cast<float>(weight));
    }
  }
  return out;
}

CsrMatrix Similarities(ExecutionContext& context, const CsrView& interactions,
                       const ItemKnnOptions& options) {
  const CsrMatrix weighted = Weighted(interactions, options.weighting);
  const CsrMatrix transposed = Transpose(weighted.view());
  std::vector<double> square(static_cast<size_t>(interactions.cols), 0);
  for (size_t k = 0; k < weighted.columns.size(); ++k) {
    square[weighted.columns[k]] +=
        static_cast<double>(weighted.values[k]) * static_cast<double>(weighted.values[k]);
  }
  const double alpha = options.alpha;
  std::vector<OperatorRow> rows(square.size());
  ForItemPairs(context, weighted.view(), transposed.view(),
               [&](int64_t i, std::span<double> products, std::span<const uint32_t> touched) {
                 OperatorRow row;
                 const double mine = std::pow(square[static_cast<size_t>(i)], alpha);
                 for (const uint32_t j : touched) {
                   if (j == i || !(products[j] > 0)) continue;
                   const double scale = mine * std::pow(square[j], 1 - alpha) + options.shrink;
                   row.columns.push_back(j);
                   row.values.push_back(static_cast<float>(products[j] / scale));
                 }
                 rows[static_cast<size_t>(i)] =
                     KeepLargest(std::move(row), options.neighbours, KeepBy::kValue);
               });
  return JoinRows(std::move(rows));
}

}  // namespace

ItemKnnOptions ParseItemKnnOptions(const ConfigNode& node) {
  ItemKnnOptions options;
  options.neighbours =
      static_cast<int>(node.GetInt("neighbours", options.neighbours, {0, 1'000'000}));
  options.shrink = static_cast<float>(node.GetDouble("shrink", options.shrink, {0, 1e9}));
  options.alpha = static_cast<float>(node.GetDouble("alpha", options.alpha, {0, 1}));
  const std::string weighting = node.GetEnum("weighting", "none", {"none", "tf_idf", "bm25"});
  options.weighting = weighting == "none"     ? ItemWeighting::kNone
                      : weighting == "tf_idf" ? ItemWeighting::kTfIdf
                                              : ItemWeighting::kBm25;
  options.embedding = ParseSpectralOptions(node.Child("embedding"), options.embedding);
  return options;
}

absl::StatusOr<RecommenderModel> TrainItemKnn(ExecutionContext& context,
                                              const CsrView& interactions,
                                              const ItemKnnOptions& options,
                                              TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  BURGEON_ASSIGN_OR_RETURN(RecommenderModel model,
                           TrainSpectral(context, interactions, options.embedding, report));
  model.kind = RecommenderKind::kItemKnn;
  model.item_operator = Similarities(context, interactions, options);
  report->lines.push_back(
      Concat("item_knn: ", model.item_operator.columns.size(), " pairs of items"));
  return model;
}

}  // namespace burgeon
