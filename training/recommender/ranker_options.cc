#include "training/recommender/ranker_options.h"

#include <string>

#include "engine/base/limits.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr int kMaxHiddenLayers = 8;
constexpr int kMaxUnits = 4096;
constexpr int kMaxTrends = 8;

std::vector<int> ParseHidden(const ConfigNode& node, std::vector<int> fallback) {
  if (!node.Has("hidden")) return fallback;
  std::vector<int> hidden;
  for (const std::string& text : node.GetStrings("hidden")) {
    const auto units = ParseInt64(text);
    if (!units || *units < 1 || *units > kMaxUnits || std::ssize(hidden) == kMaxHiddenLayers) {
      node.Fail("hidden", Concat("'", Printable(text), "': at most ", kMaxHiddenLayers,
                                 " layers of 1 to ", kMaxUnits, " units are possible"));
      return fallback;
    }
    hidden.push_back(static_cast<int>(*units));
  }
  return hidden;
}

std::vector<double> ParseTrendDays(const ConfigNode& node, std::vector<double> fallback) {
  if (!node.Has("trend_days")) return fallback;
  std::vector<double> days;
  for (const std::string& text : node.GetStrings("trend_days")) {
    const auto value = ParseDouble(text);
    if (!value || !(*value > 0) || std::ssize(days) == kMaxTrends) {
      node.Fail("trend_days", Concat("'", Printable(text), "': at most ", kMaxTrends,
                                     " half-lives above 0 are possible"));
      return fallback;
    }
    days.push_back(*value);
  }
  return days;
}

}  // namespace

RankerOptions ParseRankerOptions(const ConfigNode& node) {
  RankerOptions options;
  const auto whole = [&](std::string_view field, int fallback, IntRange range) {
    return static_cast<int>(node.GetInt(field, fallback, range));
  };
  options.pool = whole("pool", options.pool, {0, 2000});
  options.share = node.GetDouble("share", options.share, {0.01, 0.9});
  options.customers = node.GetInt("customers", options.customers, {10, 100'000'000});
  options.hidden = ParseHidden(node, options.hidden);
  options.trend_days = ParseTrendDays(node, options.trend_days);
  options.learning_rate = node.GetDouble("learning_rate", options.learning_rate, {1e-9, 10});
  options.weight_decay = node.GetDouble("weight_decay", options.weight_decay, {0, 100});
  options.batch_size = whole("batch_size", options.batch_size, {1, 1'000'000});
  options.epochs = whole("epochs", options.epochs, {1, 10'000});
  options.patience = whole("patience", options.patience, {1, 10'000});
  options.shards = whole("shards", options.shards, {1, 64});
  options.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  return options;
}

}  // namespace burgeon
