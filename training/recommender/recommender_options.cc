// Everything that is read of a config: no LibTorch, so that every verb can.
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "training/recommender/train_blend.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {

std::span<const RecommenderKind> TrainableKinds() { return kRecommenderKinds; }

std::optional<RecommenderKind> ParseTrainableKind(std::string_view name) {
  return ParseRecommenderKind(name);
}

bool KeepsCheckpoints(RecommenderKind kind) {
  return kind == RecommenderKind::kAls || kind == RecommenderKind::kSequence ||
         kind == RecommenderKind::kTwoTower;
}

bool NeedsOrder(RecommenderKind kind) { return kind == RecommenderKind::kSequence; }

bool ReadsOrder(RecommenderKind kind) {
  return NeedsOrder(kind) || kind == RecommenderKind::kBlend;
}

namespace {

BlendOptions ParseBlendOptions(const ConfigNode& node) {
  BlendOptions options;
  for (const ConfigNode& child : node.Children("members")) {
    BlendMember member;
    member.weight = static_cast<float>(child.GetDouble("weight", 1, {.min = 1e-6, .max = 1e6}));
    member.recommender = ParseRecommenderOptions(child);
    if (member.recommender.kind == RecommenderKind::kBlend) {
      child.Fail("model", "a blend has no blends among its members");
    }
    options.members.push_back(std::move(member));
  }
  if (std::ssize(options.members) > kMaxBlendMembers) {
    node.Fail("members", Concat(options.members.size(), " members; at most ", kMaxBlendMembers));
  }
  options.ranker = ParseRankerOptions(node.Child("ranker"));
  return options;
}

}  // namespace

RecommenderOptions ParseRecommenderOptions(const ConfigNode& node) {
  RecommenderOptions options;
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  const std::string name = node.GetEnum("model", names.front(), names);
  options.kind = ParseTrainableKind(name).value_or(options.kind);
  options.spectral = ParseSpectralOptions(node.Child("spectral"));
  options.spectral_parts = ParseSpectralParts(node.Child("spectral"), options.spectral);
  options.als = ParseAlsOptions(node.Child("als"));
  options.ease = ParseEaseOptions(node.Child("ease"));
  options.item_knn = ParseItemKnnOptions(node.Child("item_knn"));
  options.graph_filter = ParseGraphFilterOptions(node.Child("graph_filter"));
  options.sequence = ParseSequenceOptions(node.Child("sequence"));
  options.two_tower = ParseTwoTowerOptions(node.Child("two_tower"));
  options.blend = ParseBlendOptions(node.Child("blend"));
  return options;
}

void SetSeed(uint64_t seed, RecommenderOptions* options) {
  options->spectral.seed = seed;
  for (SpectralPart& part : options->spectral_parts) part.options.seed = seed;
  options->als.seed = seed;
  options->ease.embedding.seed = seed;
  options->item_knn.embedding.seed = seed;
  options->graph_filter.embedding.seed = seed;
  options->sequence.seed = seed;
  options->two_tower.seed = seed;
  for (BlendMember& member : options->blend.members) SetSeed(seed, &member.recommender);
  options->blend.ranker.seed = seed;
}

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

SequenceOptions ParseSequenceOptions(const ConfigNode& node) {
  SequenceOptions options;
  const auto whole = [&](std::string_view field, int fallback, IntRange range) {
    return static_cast<int>(node.GetInt(field, fallback, range));
  };
  options.dim = whole("dim", options.dim, {1, limits::kMaxDim});
  options.length = whole("length", options.length, {1, 1000});
  options.blocks = whole("blocks", options.blocks, {1, 64});
  options.heads = whole("heads", options.heads, {1, 1024});
  options.dropout = node.GetDouble("dropout", options.dropout, {0, 0.99});
  options.temperature = node.GetDouble("temperature", options.temperature, {1e-4, 100});
  options.negatives = whole("negatives", options.negatives, {0, 10'000'000});
  options.learning_rate = node.GetDouble("learning_rate", options.learning_rate, {1e-9, 10});
  options.weight_decay = node.GetDouble("weight_decay", options.weight_decay, {0, 100});
  options.batch_size = whole("batch_size", options.batch_size, {1, 1'000'000});
  options.epochs = whole("epochs", options.epochs, {1, 10'000});
  options.evaluate_every = whole("evaluate_every", options.evaluate_every, {1, 10'000});
  options.patience = whole("patience", options.patience, {0, 10'000});
  options.refit = node.GetBool("refit", options.refit);
  options.shards = whole("shards", options.shards, {1, 64});
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

TwoTowerOptions ParseTwoTowerOptions(const ConfigNode& node) {
  TwoTowerOptions options;
  const auto whole = [&](std::string_view field, int fallback, IntRange range) {
    return static_cast<int>(node.GetInt(field, fallback, range));
  };
  options.dim = whole("dim", options.dim, {1, limits::kMaxDim});
  options.layers = whole("layers", options.layers, {0, kMaxTowerBlocks});
  options.hidden = whole("hidden", options.hidden, {1, limits::kMaxDim});
  options.share_tables = node.GetBool("share_tables", options.share_tables);
  options.item_exponent = node.GetDouble("item_exponent", options.item_exponent, {-4, 4});
  options.id_dropout = node.GetDouble("id_dropout", options.id_dropout, {0, 0.99});
  options.temperature = node.GetDouble("temperature", options.temperature, {0.01, 100});
  options.negatives = whole("negatives", options.negatives, {0, 10'000'000});
  options.popularity_share = node.GetDouble("popularity_share", options.popularity_share, {0, 1});
  options.target_share = node.GetDouble("target_share", options.target_share, {0.01, 0.99});
  options.learning_rate = node.GetDouble("learning_rate", options.learning_rate, {1e-9, 10});
  options.warmup_steps = whole("warmup_steps", options.warmup_steps, {0, 1'000'000});
  options.weight_decay = node.GetDouble("weight_decay", options.weight_decay, {0, 100});
  options.batch_size = whole("batch_size", options.batch_size, {1, 1'000'000});
  options.epochs = whole("epochs", options.epochs, {1, 10'000});
  options.evaluate_every = whole("evaluate_every", options.evaluate_every, {1, 10'000});
  options.patience = whole("patience", options.patience, {0, 10'000});
  options.validation_share = node.GetDouble("validation_share", options.validation_share, {0, 0.5});
  options.refit = node.GetBool("refit", options.refit);
  options.shards = whole("shards", options.shards, {1, 64});
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

}  // namespace burgeon
