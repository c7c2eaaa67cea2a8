#include "engine/experiment/exposure.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace burgeon {

Exposure MeasureExposure(const RankedLists& lists, std::span<const uint32_t> customers,
                         int64_t items, int k) {
  BURGEON_CHECK(k >= 1 && items >= 0);
  std::vector<int64_t> counts(static_cast<size_t>(items), 0);
  for (const uint32_t u : customers) {
    const auto list = lists.list(u);
    for (const uint32_t item : list.first(std::min(list.size(), static_cast<size_t>(k)))) {
      BURGEON_CHECK(item < counts.size());
      ++counts[item];
    }
  }
  std::ranges::sort(counts);
  Exposure exposure;
  exposure.items = items;
  std::vector<double> cumulative = {0};
  double weighted = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    exposure.shown += counts[i] > 0 ? 1 : 0;
    weighted += static_cast<double>(i + 1) * static_cast<double>(counts[i]);
    cumulative.push_back(cumulative.back() + static_cast<double>(counts[i]));
  }
  const double total = cumulative.back();
  const auto n = static_cast<double>(items);
  if (items > 0) exposure.coverage = static_cast<double>(exposure.shown) / n;
  if (total > 0) exposure.gini = 2 * weighted / (n * total) - (n + 1) / n;
  for (int step = 0; step <= kLorenzSteps; ++step) {
    const double q = static_cast<double>(step) / kLorenzSteps;
    if (total <= 0) {
      exposure.lorenz.push_back(q);
      continue;
    }
    const double at = q * n;
    const auto below = std::min(static_cast<size_t>(at), counts.size());
    const size_t above = std::min(below + 1, counts.size());
    exposure.lorenz.push_back(std::lerp(cumulative[below], cumulative[above], at - std::floor(at)) /
                              total);
  }
  return exposure;
}

}  // namespace burgeon
