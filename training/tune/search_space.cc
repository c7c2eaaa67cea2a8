#include "training/tune/search_space.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/base/hash.h"
#include "engine/base/philox.h"

namespace burgeon {
namespace {

void ParseRange(const ConfigNode& node, const std::string& type, SearchDimension* dimension) {
  const std::vector<std::string> ends = node.GetStrings(type);
  const auto low = ends.size() == 2 ? ParseDouble(ends[0]) : std::nullopt;
  const auto high = ends.size() == 2 ? ParseDouble(ends[1]) : std::nullopt;
  if (!low || !high || !(*low < *high)) {
    node.Fail(type, "is not [low, high] with low below high");
    return;
  }
  dimension->low = *low;
  dimension->high = *high;
  const bool whole = *low == std::floor(*low) && *high == std::floor(*high) &&
                     std::abs(*low) < 1e15 && std::abs(*high) < 1e15;
  if (dimension->type == SearchType::kInt && !whole) node.Fail(type, "has ends that are not whole");
  if (node.GetEnum("scale", "linear", {"linear", "log"}) == "log") {
    dimension->scale = SearchScale::kLog;
    if (*low <= 0) node.Fail(type, "starts at 0 or below, which a log scale does not have");
  }
}

SearchDimension ParseDimension(const std::string& field, const ConfigNode& node) {
  SearchDimension dimension;
  dimension.field = field;
  int types = 0;
  for (const char* type : {"int", "double", "choice"}) types += node.Has(type) ? 1 : 0;
  if (types != 1) {
    node.Fail("int", "exactly one of int, double and choice is wanted");
    return dimension;
  }
  if (node.Has("choice")) {
    dimension.type = SearchType::kChoice;
    dimension.choices = node.GetStrings("choice");
    if (dimension.choices.size() < 2) node.Fail("choice", "has fewer than two values");
    return dimension;
  }
  dimension.type = node.Has("int") ? SearchType::kInt : SearchType::kDouble;
  ParseRange(node, node.Has("int") ? "int" : "double", &dimension);
  return dimension;
}

std::string DrawValue(const SearchDimension& dimension, double uniform) {
  if (dimension.type == SearchType::kChoice) {
    const auto count = static_cast<double>(dimension.choices.size());
    const auto pick = std::min(dimension.choices.size() - 1, static_cast<size_t>(uniform * count));
    return dimension.choices[pick];
  }
  // Every whole number has the same share of the line, so that the ends are drawn as often.
  const double half = dimension.type == SearchType::kInt ? 0.5 : 0;
  double value = 0;
  if (dimension.scale == SearchScale::kLog) {
    const double low = std::log(dimension.low - half * std::min(1.0, dimension.low));
    value = std::exp(low + uniform * (std::log(dimension.high + half) - low));
  } else {
    value = dimension.low - half + uniform * (dimension.high - dimension.low + 2 * half);
  }
  if (dimension.type == SearchType::kInt) {
    return Concat(std::llround(std::clamp(std::round(value), dimension.low, dimension.high)));
  }
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

}  // namespace

std::vector<SearchDimension> ParseSearchSpace(const ConfigNode& node, std::string_view field) {
  std::vector<SearchDimension> space;
  for (const auto& [name, child] : node.GetNodes(field)) {
    space.push_back(ParseDimension(name, child));
  }
  return space;
}

TrialValues DrawTrial(const std::vector<SearchDimension>& space, uint64_t seed, int64_t trial) {
  TrialValues values;
  for (const SearchDimension& dimension : space) {
    const Philox random(seed, StableHash64(dimension.field));
    values.emplace_back(dimension.field,
                        DrawValue(dimension, random.Uniform(static_cast<uint64_t>(trial))));
  }
  return values;
}

}  // namespace burgeon
