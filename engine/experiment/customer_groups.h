// Customers by how much they had done before the split: a model that is good on the whole may fail
// those it knows little of.
//   new    at most new_max train items
//   light  more, up to the quantile heavy_quantile of the counts of those who are not new
//   heavy  above that
#ifndef BURGEON_ENGINE_EXPERIMENT_CUSTOMER_GROUPS_H_
#define BURGEON_ENGINE_EXPERIMENT_CUSTOMER_GROUPS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace burgeon {

struct GroupOptions {
  int64_t new_max = 2;          // train items
  double heavy_quantile = 0.5;  // in [0, 1]; the smallest count at or below which so large a share
                                // of them lies
};

struct CustomerGroup {
  std::string name;            // "new", "light", "heavy"
  std::string rule;            // for people: "3 to 17 train items"
  std::vector<uint32_t> rows;  // places in train_items, ascending
};

// train_items: number of items each customer has in train. Always the three groups, in this order;
// one may be empty.
std::vector<CustomerGroup> GroupByActivity(std::span<const int64_t> train_items,
                                           const GroupOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_CUSTOMER_GROUPS_H_
