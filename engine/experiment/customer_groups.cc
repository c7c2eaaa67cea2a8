#include "engine/experiment/customer_groups.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

// The smallest value at or below which at least the share q lies; at least `floor`.
int64_t Quantile(std::vector<int64_t> values, double q, int64_t floor) {
  if (values.empty()) return floor;
  std::ranges::sort(values);
  const auto rank = static_cast<int64_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[static_cast<size_t>(std::max(rank - 1, int64_t{0}))];
}

}  // namespace

std::vector<CustomerGroup> GroupByActivity(std::span<const int64_t> train_items,
                                           const GroupOptions& options) {
  BURGEON_CHECK(options.new_max >= 0 && options.heavy_quantile >= 0 && options.heavy_quantile <= 1);
  std::vector<int64_t> known;
  for (const int64_t count : train_items) {
    if (count > options.new_max) known.push_back(count);
  }
  const int64_t light_max = Quantile(known, options.heavy_quantile, options.new_max + 1);
  std::vector<CustomerGroup> groups(3);
  groups[0].name = "new";
  groups[0].rule = Concat("at most ", options.new_max, " train items");
  groups[1].name = "light";
  groups[1].rule = Concat(options.new_max + 1, " to ", light_max, " train items");
  groups[2].name = "heavy";
  groups[2].rule = Concat("more than ", light_max, " train items");
  for (size_t i = 0; i < train_items.size(); ++i) {
    const int64_t count = train_items[i];
    const size_t group = count <= options.new_max ? 0 : count <= light_max ? 1 : 2;
    groups[group].rows.push_back(static_cast<uint32_t>(i));
  }
  return groups;
}

}  // namespace burgeon
