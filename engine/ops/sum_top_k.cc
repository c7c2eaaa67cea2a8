#include "engine/ops/sum_top_k.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/limits.h"
#include "engine/ops/blas.h"
#include "engine/ops/scored_lists.h"

namespace burgeon {
namespace {

// Queries multiplied at once, and the floats of their products that a thread holds.
constexpr int64_t kMostQueries = 32;
constexpr int64_t kMostProducts = int64_t{4} << 20;

absl::Status CheckShapes(const SumTopKInput& input, const TopKParams& params) {
  if (params.k < 1 || params.k > limits::kMaxK) {
    return InvalidArgument("k: ", params.k, " is not from 1 to ", limits::kMaxK);
  }
  const int64_t queries = input.queries.rows;
  const int64_t items = input.items.rows;
  if (input.queries.cols != input.items.cols) {
    return InvalidArgument("queries have ", input.queries.cols, " dimensions, items ",
                           input.items.cols, ": they must be as many");
  }
  if (input.item_operator.rows() != items || input.item_operator.cols != items) {
    return InvalidArgument("item operator is ", input.item_operator.rows(), " x ",
                           input.item_operator.cols, "; wanted ", items, " x ", items);
  }
  if (input.histories.rows() != queries || input.histories.cols != items) {
    return InvalidArgument("histories are ", input.histories.rows(), " x ", input.histories.cols,
                           "; wanted queries x items, ", queries, " x ", items);
  }
  if (!input.excluded.offsets.empty() &&
      (input.excluded.rows() != queries || input.excluded.cols != items)) {
    return InvalidArgument("excluded is ", input.excluded.rows(), " x ", input.excluded.cols,
                           "; wanted queries x items, ", queries, " x ", items);
  }
  const int64_t words = (items + 63) / 64;
  if (!input.allowed.empty() && std::ssize(input.allowed) != words) {
    return InvalidArgument("allowed holds ", input.allowed.size(), " words of 64 bits; ", items,
                           " items need ", words);
  }
  return absl::OkStatus();
}

// Euclidean lengths of the rows.
absl::StatusOr<std::vector<double>> Lengths(std::string_view what, MatrixView<const float> rows) {
  std::vector<double> lengths(static_cast<size_t>(rows.rows));
  for (int64_t i = 0; i < rows.rows; ++i) {
    const double square = InnerProduct(rows.row(i), rows.row(i));
    if (!std::isfinite(square)) {
      return InvalidArgument(what, " row ", i, " holds a number that is not finite");
    }
    lengths[static_cast<size_t>(i)] = std::sqrt(square);
  }
  return lengths;
}

// Lists of one block of queries after another; one for each thread.
class Scanner {
 public:
  Scanner(const SumTopKInput& input, int k, std::span<const double> item_lengths)
      : input_(input),
        k_(static_cast<size_t>(k)),
        item_lengths_(item_lengths),
        sums_(item_lengths.size(), 0) {}

  absl::Status Lists(int64_t begin, int64_t end, std::vector<std::vector<ScoredItem>>* lists) {
    const auto queries = input_.queries.Rows(begin, end);
    BURGEON_ASSIGN_OR_RETURN(const std::vector<double> lengths, Lengths("query", queries));
    FloatMatrix products(end - begin, input_.items.rows);
    blas::Gemm(Transposed::kNo, Transposed::kYes, 1, queries, input_.items, 0, products.view());
    for (int64_t q = begin; q < end; ++q) {
      AddOperator(q);
      auto list = Select(q, lengths[static_cast<size_t>(q - begin)], products.row(q - begin));
      std::ranges::fill(sums_, 0);
      BURGEON_RETURN_IF_ERROR(list.status());
      (*lists)[static_cast<size_t>(q)] = *std::move(list);
    }
    return absl::OkStatus();
  }

 private:
  void AddOperator(int64_t q) {
    const auto items = input_.histories.row_columns(q);
    const auto weights = input_.histories.row_values(q);
    for (size_t h = 0; h < items.size(); ++h) {
      const double weight = weights.empty() ? 1.0 : weights[h];
      const auto columns = input_.item_operator.row_columns(items[h]);
      const auto values = input_.item_operator.row_values(items[h]);
      for (size_t e = 0; e < columns.size(); ++e) {
        sums_[columns[e]] += weight * (values.empty() ? 1.0 : static_cast<double>(values[e]));
      }
    }
  }

  bool Allowed(uint32_t item) const {
    return input_.allowed.empty() || (input_.allowed[item / 64] >> (item % 64) & 1) != 0;
  }

  // The scan's score of item j and the most that it may be off by: a product of `dim` terms in
  // floats, summed in any order, is within dim u |q| |i| (1 + small) of the exact one.
  struct Scanned {
    uint32_t item;
    double score;
    double error;
  };

  absl::StatusOr<std::vector<ScoredItem>> Select(int64_t q, double length,
                                                 std::span<const float> products) {
    const auto excluded = input_.excluded.offsets.empty() ? std::span<const uint32_t>()
                                                          : input_.excluded.row_columns(q);
    const double rounding = 1.01 * 0x1p-24 * static_cast<double>(input_.items.cols + 2) * length;
    scanned_.clear();
    auto next = excluded.begin();
    for (uint32_t j = 0; j < products.size(); ++j) {
      while (next != excluded.end() && *next < j) ++next;
      if ((next != excluded.end() && *next == j) || !Allowed(j)) continue;
      const double score = static_cast<double>(products[j]) + sums_[j];
      if (!std::isfinite(score)) {
        return InvalidArgument("query ", q, ": the score of item row ", j,
                               " is not finite; embeddings, weights and operator must be");
      }
      // Products below the smallest normal float lose more than their share.
      const double error = rounding * item_lengths_[j] +
                           static_cast<double>(input_.items.cols) *
                               static_cast<double>(std::numeric_limits<float>::min()) +
                           0x1p-23 * std::abs(score);
      scanned_.push_back({j, score, error});
    }
    return Best(q);
  }

  // The exact scores of all that may be among the k best.
  std::vector<ScoredItem> Best(int64_t q) {
    double floor = -std::numeric_limits<double>::infinity();
    if (scanned_.size() > k_) {
      const auto lower = [](const Scanned& one) { return one.score - one.error; };
      std::ranges::nth_element(scanned_, scanned_.begin() + static_cast<std::ptrdiff_t>(k_ - 1),
                               std::greater<>(), lower);
      floor = lower(scanned_[k_ - 1]);
    }
    std::vector<ScoredItem> list;
    for (const Scanned& one : scanned_) {
      if (one.score + one.error < floor) continue;
      const double product = InnerProduct(input_.queries.row(q), input_.items.row(one.item));
      list.push_back({ItemRow(one.item), static_cast<float>(product + sums_[one.item])});
    }
    std::ranges::sort(list, BetterItem);
    if (list.size() > k_) list.resize(k_);
    return list;
  }

  const SumTopKInput& input_;
  const size_t k_;
  const std::span<const double> item_lengths_;
  std::vector<double> sums_;  // of the operator, of the query at hand
  std::vector<Scanned> scanned_;
};

}  // namespace

absl::StatusOr<TopKResult> SumTopK(ExecutionContext& context, const SumTopKInput& input,
                                   const TopKParams& params) {
  BURGEON_RETURN_IF_ERROR(CheckShapes(input, params));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> lengths, Lengths("item", input.items));
  const int64_t rows = input.queries.rows;
  const int64_t block =
      std::clamp(kMostProducts / std::max<int64_t>(1, input.items.rows), int64_t{1}, kMostQueries);
  std::vector<std::vector<ScoredItem>> lists(static_cast<size_t>(rows));
  BURGEON_RETURN_IF_ERROR(
      context.pool().ParallelForStatus(rows, block, [&](int64_t begin, int64_t end) {
        return Scanner(input, params.k, lengths).Lists(begin, end, &lists);
      }));
  return JoinLists(lists);
}

}  // namespace burgeon
