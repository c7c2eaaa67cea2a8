#include "engine/release/golden.h"

#include <bit>
#include <string>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kGoldenCustomers = 5;

// What the method that answered ranked itself; what fills the list up is popularity's, which has a
// golden list of its own.
std::vector<ScoredItem> OwnItems(const Recommendation& answer) {
  const bool popular = answer.method == RecommendMethod::kPopularity;
  std::vector<ScoredItem> items;
  for (const RecommendedItem& entry : answer.items) {
    if (popular || entry.source != ItemSource::kPopularity) {
      items.push_back({entry.item, entry.score});
    }
  }
  return items;
}

// The lists of some customers by one method.
absl::StatusOr<std::vector<GoldenList>> Lists(ExecutionContext& context, const ReleaseData& data,
                                              std::span<const CustomerRow> customers,
                                              RecommendMethod method) {
  RecommenderParts parts;
  parts.model = &data.recommender;
  parts.interactions = data.interactions.view();
  parts.seen = data.seen.view();
  std::vector<RecommendQuery> queries(customers.size());
  for (size_t i = 0; i < customers.size(); ++i) queries[i].customer = customers[i];
  RecommendOptions options;
  options.k = kGoldenK;
  options.method = method;
  BURGEON_ASSIGN_OR_RETURN(std::vector<Recommendation> answers,
                           Recommend(context, parts, queries, options));
  std::vector<GoldenList> lists;
  for (size_t i = 0; i < customers.size(); ++i) {
    lists.push_back({customers[i], method, OwnItems(answers[i])});
  }
  return lists;
}

bool SameBits(const ScoredItem& a, const ScoredItem& b) {
  return a.item == b.item && std::bit_cast<uint32_t>(a.score) == std::bit_cast<uint32_t>(b.score);
}

std::string Entry(std::span<const ScoredItem> items, size_t place) {
  if (place >= items.size()) return "nothing";
  return Concat("item row ", items[place].item.value, " with score ", items[place].score);
}

absl::Status CompareLists(const GoldenList& actual, const GoldenList& expected) {
  for (size_t i = 0; i < std::max(actual.items.size(), expected.items.size()); ++i) {
    if (i < actual.items.size() && i < expected.items.size() &&
        SameBits(actual.items[i], expected.items[i])) {
      continue;
    }
    return DataLoss("golden query of customer row ", expected.customer.value, " (",
                    RecommendMethodName(expected.method), "): place ", i + 1, " is ",
                    Entry(actual.items, i), "; ", Entry(expected.items, i), " was wanted");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<GoldenList>> MakeGoldenLists(ExecutionContext& context,
                                                        const ReleaseData& data) {
  const int64_t last = data.customers.size() - 1;
  std::vector<CustomerRow> customers;
  for (int64_t i = 0; i < kGoldenCustomers; ++i) {
    const CustomerRow row(static_cast<uint32_t>(last * i / (kGoldenCustomers - 1)));
    if (customers.empty() || row != customers.back()) customers.push_back(row);
  }
  BURGEON_ASSIGN_OR_RETURN(std::vector<GoldenList> lists,
                           Lists(context, data, customers, RecommendMethod::kModel));
  BURGEON_ASSIGN_OR_RETURN(
      std::vector<GoldenList> popular,
      Lists(context, data, std::span(customers).first(1), RecommendMethod::kPopularity));
  lists.push_back(std::move(popular[0]));
  return lists;
}

absl::Status CheckGoldenLists(ExecutionContext& context, const ReleaseData& data,
                              std::span<const GoldenList> expected) {
  for (const GoldenList& list : expected) {
    if (static_cast<int64_t>(list.customer.value) >= data.customers.size()) {
      return DataLoss("golden query of customer row ", list.customer.value, ": there are ",
                      data.customers.size(), " customers");
    }
    BURGEON_ASSIGN_OR_RETURN(const std::vector<GoldenList> actual,
                             Lists(context, data, std::span(&list.customer, 1), list.method));
    BURGEON_RETURN_IF_ERROR(CompareLists(actual[0], list));
  }
  return absl::OkStatus();
}

}  // namespace burgeon
