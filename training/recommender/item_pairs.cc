#include "training/recommender/item_pairs.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace burgeon {
namespace {

constexpr int64_t kItemBlock = 64;

double Value(std::span<const float> values, size_t k) {
  return values.empty() ? 1.0 : static_cast<double>(values[k]);
}

}  // namespace

void ForItemPairs(ExecutionContext& context, const CsrView& interactions, const CsrView& transposed,
                  const ItemPairsRow& row) {
  const auto items = static_cast<size_t>(interactions.cols);
  context.pool().ParallelFor(interactions.cols, kItemBlock, [&](int64_t begin, int64_t end) {
    std::vector<double> products(items, 0);
    std::vector<uint8_t> seen(items, 0);
    std::vector<uint32_t> touched;
    for (int64_t i = begin; i < end; ++i) {
      const auto customers = transposed.row_columns(i);
      const auto weights = transposed.row_values(i);
      for (size_t k = 0; k < customers.size(); ++k) {
        const auto columns = interactions.row_columns(customers[k]);
        const auto values = interactions.row_values(customers[k]);
        for (size_t e = 0; e < columns.size(); ++e) {
          if (seen[columns[e]] == 0) {
            seen[columns[e]] = 1;
            touched.push_back(columns[e]);
          }
          products[columns[e]] += Value(weights, k) * Value(values, e);
        }
      }
      row(i, products, touched);
      for (const uint32_t j : touched) {
        products[j] = 0;
        seen[j] = 0;
      }
      touched.clear();
    }
  });
}

OperatorRow KeepLargest(OperatorRow row, int64_t keep, KeepBy by) {
  std::vector<size_t> order(row.columns.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (keep > 0 && std::ssize(order) > keep) {
    const auto size_of = [&](size_t k) {
      return by == KeepBy::kMagnitude ? std::abs(row.values[k]) : row.values[k];
    };
    const auto better = [&](size_t a, size_t b) {
      if (size_of(a) != size_of(b)) return size_of(a) > size_of(b);
      return row.columns[a] < row.columns[b];
    };
    std::nth_element(order.begin(), order.begin() + keep, order.end(), better);
    order.resize(static_cast<size_t>(keep));
  }
  std::ranges::sort(order, {}, [&](size_t k) { return row.columns[k]; });
  OperatorRow kept;
  for (const size_t k : order) {
    kept.columns.push_back(row.columns[k]);
    kept.values.push_back(row.values[k]);
  }
  return kept;
}

CsrMatrix JoinRows(std::vector<OperatorRow> rows) {
  CsrMatrix joined;
  joined.cols = std::ssize(rows);
  size_t entries = 0;
  for (const OperatorRow& row : rows) entries += row.columns.size();
  joined.columns.reserve(entries);
  joined.values.reserve(entries);
  for (OperatorRow& row : rows) {
    joined.columns.insert(joined.columns.end(), row.columns.begin(), row.columns.end());
    joined.values.insert(joined.values.end(), row.values.begin(), row.values.end());
    joined.offsets.push_back(std::ssize(joined.columns));
    row = OperatorRow();
  }
  return joined;
}

}  // namespace burgeon
