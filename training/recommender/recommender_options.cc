#include "engine/base/limits.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {

SpectralOptions EmbeddingOptions() { return {.rank = 128, .filter_rank = 128, .oversample = 32}; }

SpectralOptions ParseSpectralOptions(const ConfigNode& node, const SpectralOptions& fallback) {
  SpectralOptions options = fallback;
  options.rank = static_cast<int>(node.GetInt("rank", options.rank, {1, limits::kMaxDim}));
  const auto exponent = [&](std::string_view field, float fallback) {
    return static_cast<float>(
        node.GetDouble(field, static_cast<double>(fallback), {.min = -4, .max = 4}));
  };
  options.customer_exponent = exponent("customer_exponent", options.customer_exponent);
  options.item_exponent = exponent("item_exponent", options.item_exponent);
  options.score_exponent = exponent("score_exponent", options.score_exponent);
  const bool ridge = options.filter == SpectralFilter::kRidge;
  options.filter = node.GetEnum("filter", ridge ? "ridge" : "singular_value",
                                {"ridge", "singular_value"}) == "ridge"
                       ? SpectralFilter::kRidge
                       : SpectralFilter::kSingularValue;
  options.filter_strength =
      static_cast<float>(node.GetDouble("filter_strength", options.filter_strength, {0, 1e9}));
  options.filter_rank =
      static_cast<int>(node.GetInt("filter_rank", options.filter_rank, {1, limits::kMaxDim}));
  options.filter_exponent = exponent("filter_exponent", options.filter_exponent);
  options.oversample =
      static_cast<int>(node.GetInt("oversample", options.oversample, {0, limits::kMaxDim}));
  options.iterations = static_cast<int>(node.GetInt("iterations", options.iterations, {1, 1000}));
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

AlsOptions ParseAlsOptions(const ConfigNode& node) {
  AlsOptions options;
  const auto number = [&](std::string_view field, float fallback, DoubleRange range) {
    return static_cast<float>(node.GetDouble(field, static_cast<double>(fallback), range));
  };
  options.dim = static_cast<int>(node.GetInt("dim", options.dim, {1, limits::kMaxDim}));
  options.unobserved_weight = number("unobserved_weight", options.unobserved_weight, {1e-9, 1e9});
  options.regularization = number("regularization", options.regularization, {0, 1e9});
  options.regularization_exponent =
      number("regularization_exponent", options.regularization_exponent, {0, 1});
  options.block_size =
      static_cast<int>(node.GetInt("block_size", options.block_size, {0, limits::kMaxDim}));
  options.epochs = static_cast<int>(node.GetInt("epochs", options.epochs, {1, 10'000}));
  options.init_stddev = number("init_stddev", options.init_stddev, {1e-9, 1e3});
  options.validation_share = number("validation_share", options.validation_share, {0, 0.5});
  options.patience = static_cast<int>(node.GetInt("patience", options.patience, {1, 10'000}));
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

}  // namespace burgeon
