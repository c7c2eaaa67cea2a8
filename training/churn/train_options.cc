#include "training/churn/train_options.h"

namespace burgeon {

ChurnTrainOptions ParseChurnTrainOptions(const ConfigNode& node) {
  ChurnTrainOptions options;
  const auto integer = [&](const char* name, int fallback, int64_t max) {
    return static_cast<int>(node.GetInt(name, fallback, {1, max}));
  };
  const auto number = [&](const char* name, float fallback, DoubleRange range) {
    return static_cast<float>(node.GetDouble(name, static_cast<double>(fallback), range));
  };
  options.hidden = integer("hidden", options.hidden, 4096);
  options.epochs = integer("epochs", options.epochs, 100'000);
  options.patience = integer("patience", options.patience, 100'000);
  options.batch_size = integer("batch_size", options.batch_size, 1 << 20);
  options.learning_rate = number("learning_rate", options.learning_rate, {1e-8, 10});
  options.weight_decay = number("weight_decay", options.weight_decay, {0, 1000});
  options.logistic_l2 = number("logistic_l2", options.logistic_l2, {1e-9, 1e9});
  options.shards = integer("shards", options.shards, 1024);
  options.ensemble = integer("ensemble", options.ensemble, 64);
  options.linear_share = number("linear_share", options.linear_share, {0, 0.99});
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

std::vector<MemoryPhase> PlanChurn(const DataCounts& data, int64_t times, int64_t features) {
  const int64_t log = 41 * data.events + 96 * (data.customers + data.items);
  const int64_t rows = data.customers * times;
  return {{"examples", log + SnapshotBytes(data) + rows * (4 * features + 1)},
          {"training", log + rows * (8 * features + 1)}};
}

}  // namespace burgeon
