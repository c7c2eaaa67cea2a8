#include "engine/ops/operator_top_k.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/limits.h"
#include "engine/ops/scored_lists.h"

namespace burgeon {
namespace {

// Histories scored with one set of sums: enough to spread over threads, few enough to keep the
// lists of a block small.
constexpr int64_t kHistoryBlock = 32;

absl::Status Validate(const OperatorTopKInput& input, const TopKParams& params) {
  if (params.k < 1 || params.k > limits::kMaxK) {
    return InvalidArgument("k: ", params.k, " is not from 1 to ", limits::kMaxK);
  }
  const int64_t items = input.item_operator.cols;
  if (input.item_operator.rows() != items) {
    return InvalidArgument("item operator is ", input.item_operator.rows(), " x ", items,
                           "; wanted as many rows as columns");
  }
  if (input.histories.cols != items) {
    return InvalidArgument("histories have ", input.histories.cols, " items, the item operator ",
                           items, ": they must be as many");
  }
  if (!input.excluded.offsets.empty() &&
      (input.excluded.rows() != input.histories.rows() || input.excluded.cols != items)) {
    return InvalidArgument("excluded is ", input.excluded.rows(), " x ", input.excluded.cols,
                           "; wanted histories x items, ", input.histories.rows(), " x ", items);
  }
  const int64_t words = (items + 63) / 64;
  if (!input.allowed.empty() && std::ssize(input.allowed) != words) {
    return InvalidArgument("allowed holds ", input.allowed.size(), " words of 64 bits; ", items,
                           " items need ", words);
  }
  return absl::OkStatus();
}

// Sums of one history at a time, over all items; cleared by what was touched.
class Scorer {
 public:
  Scorer(const OperatorTopKInput& input, int k)
      : input_(input),
        k_(static_cast<size_t>(k)),
        sums_(static_cast<size_t>(input.item_operator.cols), 0),
        touched_(sums_.size(), 0) {}

  absl::StatusOr<std::vector<ScoredItem>> List(int64_t u) {
    BURGEON_RETURN_IF_ERROR(Sum(u));
    std::vector<ScoredItem> list = Candidates(u);
    const size_t kept = std::min(k_, list.size());
    std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(kept), list.end(),
                      BetterItem);
    list.resize(kept);
    return list;
  }

 private:
  absl::Status Sum(int64_t u) {
    const auto items = input_.histories.row_columns(u);
    const auto weights = input_.histories.row_values(u);
    for (size_t h = 0; h < items.size(); ++h) {
      const double weight = weights.empty() ? 1.0 : weights[h];
      const auto columns = input_.item_operator.row_columns(items[h]);
      const auto values = input_.item_operator.row_values(items[h]);
      for (size_t e = 0; e < columns.size(); ++e) {
        const double entry = values.empty() ? 1.0 : values[e];
        if (touched_[columns[e]] == 0) {
          touched_[columns[e]] = 1;
          order_.push_back(columns[e]);
        }
        sums_[columns[e]] += weight * entry;
      }
    }
    for (const uint32_t item : order_) {
      if (!std::isfinite(sums_[item])) {
        return InvalidArgument("history ", u, ": the score of item row ", item,
                               " is not finite; weights and operator must be");
      }
    }
    return absl::OkStatus();
  }

  // What may be listed of what was touched, in no order; clears the sums.
  std::vector<ScoredItem> Candidates(int64_t u) {
    const auto excluded = input_.excluded.offsets.empty() ? std::span<const uint32_t>()
                                                          : input_.excluded.row_columns(u);
    std::vector<ScoredItem> list;
    for (const uint32_t item : order_) {
      const bool allowed =
          input_.allowed.empty() || (input_.allowed[item / 64] >> (item % 64) & 1) != 0;
      if (allowed && !std::binary_search(excluded.begin(), excluded.end(), item)) {
        list.push_back({ItemRow(item), static_cast<float>(sums_[item])});
      }
      sums_[item] = 0;
      touched_[item] = 0;
    }
    order_.clear();
    return list;
  }

  const OperatorTopKInput& input_;
  const size_t k_;
  std::vector<double> sums_;
  std::vector<uint8_t> touched_;
  std::vector<uint32_t> order_;
};

}  // namespace

absl::StatusOr<TopKResult> OperatorTopK(ExecutionContext& context, const OperatorTopKInput& input,
                                        const TopKParams& params) {
  BURGEON_RETURN_IF_ERROR(Validate(input, params));
  const int64_t rows = input.histories.rows();
  std::vector<std::vector<ScoredItem>> lists(static_cast<size_t>(rows));
  BURGEON_RETURN_IF_ERROR(context.pool().ParallelForStatus(
      rows, kHistoryBlock, [&](int64_t begin, int64_t end) -> absl::Status {
        Scorer scorer(input, params.k);
        for (int64_t u = begin; u < end; ++u) {
          BURGEON_ASSIGN_OR_RETURN(lists[static_cast<size_t>(u)], scorer.List(u));
        }
        return absl::OkStatus();
      }));
  return JoinLists(lists);
}

}  // namespace burgeon
