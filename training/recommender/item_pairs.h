// Products of the columns of an interaction matrix: what linear item-item models are made of.
#ifndef BURGEON_TRAINING_RECOMMENDER_ITEM_PAIRS_H_
#define BURGEON_TRAINING_RECOMMENDER_ITEM_PAIRS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// row(i, products, touched): products[j] = sum_u x_ui x_uj, in double, u ascending, for every item
// j; `touched` lists, in no order, the j of which it may not be zero (i among them). Called once an
// item, on several threads at once, for the items [begin, end); `products` may be changed, but only
// where touched.
using ItemPairsRow = std::function<void(int64_t item, std::span<double> products,
                                        std::span<const uint32_t> touched)>;

// interactions: [customers, items]; transposed: the same, items x customers. The same bits for any
// number of threads. Cost: the sum over customers of the square of their number of items.
void ForItemPairs(ExecutionContext& context, const CsrView& interactions, const CsrView& transposed,
                  const ItemPairsRow& row);

// Row i of an operator in the making: the `keep` entries of largest value (0: all), of equals the
// first, then ascending by column.
struct OperatorRow {
  std::vector<uint32_t> columns;
  std::vector<float> values;
};
enum class KeepBy { kValue, kMagnitude };
OperatorRow KeepLargest(OperatorRow row, int64_t keep, KeepBy by);
CsrMatrix JoinRows(std::vector<OperatorRow> rows);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_ITEM_PAIRS_H_
