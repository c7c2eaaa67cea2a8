// What tuning may change, and the values of each trial: drawn at random, each dimension by itself
// (Bergstra, Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012).
//
//   space:
//     spectral.rank: {int: [64, 2048], scale: log}
//     spectral.item_exponent: {double: [0.2, 0.6]}
//     spectral.filter: {choice: [ridge, singular_value]}
//
// The values of trial t depend on the seed, t and the dimension's name alone.
#ifndef BURGEON_TRAINING_TUNE_SEARCH_SPACE_H_
#define BURGEON_TRAINING_TUNE_SEARCH_SPACE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/config.h"

namespace burgeon {

enum class SearchScale { kLinear, kLog };
enum class SearchType { kInt, kDouble, kChoice };

struct SearchDimension {
  std::string field;  // of the config, without what stands before it: "spectral.rank"
  SearchType type = SearchType::kDouble;
  double low = 0;  // both ends may be drawn
  double high = 0;
  SearchScale scale = SearchScale::kLinear;
  std::vector<std::string> choices = {};
};

// Field and value as the config writes it, in the order of the space.
using TrialValues = std::vector<std::pair<std::string, std::string>>;

// The map at `field`. Errors are remembered by the config: exactly one of int, double and choice is
// wanted, low below high, both above 0 for a log scale, at least two choices.
std::vector<SearchDimension> ParseSearchSpace(const ConfigNode& node, std::string_view field);

// Doubles are drawn with four significant digits, so that what is written is what was tried.
TrialValues DrawTrial(const std::vector<SearchDimension>& space, uint64_t seed, int64_t trial);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_TUNE_SEARCH_SPACE_H_
