#include <cmath>
#include <map>

#include "engine/base/limits.h"
#include "engine/dataset/interaction_weight.h"
#include "engine/release/query.h"
#include "engine/release/query_internal.h"

namespace burgeon {

namespace {

absl::Status CheckRequest(const RecommendRequest& request) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(request.options.k));
  if (request.customer_id.has_value() == !request.events.empty()) {
    return InvalidArgument("a request has either customer_id or events, this one has ",
                           request.customer_id ? "both" : "neither");
  }
  BURGEON_RETURN_IF_ERROR(CheckCount("events", request.events.size(), limits::kMaxRequestEvents));
  for (size_t i = 0; i < request.events.size(); ++i) {
    const RequestEvent& event = request.events[i];
    BURGEON_RETURN_IF_ERROR(CheckId(Concat("events[", i, "].item_id"), event.item_id));
    if (!std::isfinite(event.quantity) || event.quantity <= 0) {
      return InvalidArgument("events[", i, "].quantity: ", event.quantity,
                             " is not a positive number");
    }
  }
  return absl::OkStatus();
}

// The history of a stranger, weighed as a snapshot weighs events.
RecommendQuery QueryOfEvents(const ReleaseData& data, const std::vector<RequestEvent>& events,
                             std::vector<std::string>* unknown) {
  std::map<uint32_t, ItemTally> tallies;
  StringSet unknown_items;
  for (const RequestEvent& event : events) {
    const std::optional<uint32_t> item = data.items.Find(event.item_id);
    if (item) {
      tallies[*item].Add(event.type, event.quantity, data.event_weights);
    } else if (unknown_items.insert(event.item_id).second) {
      unknown->push_back(event.item_id);
    }
  }
  RecommendQuery query;
  for (const auto& [item, tally] : tallies) {
    if (tally.bought()) query.seen_items.push_back(item);
    const float weight = tally.Weight(data.event_weights);
    if (!(weight > 0)) continue;
    query.history_items.push_back(item);
    query.history_weights.push_back(weight);
  }
  return query;
}

RecommendAnswer NameAnswer(const ReleaseData& data, Recommendation recommendation) {
  RecommendAnswer answer;
  answer.method = recommendation.method;
  answer.fallback_reason = std::move(recommendation.fallback_reason);
  answer.items.reserve(recommendation.items.size());
  for (const RecommendedItem& item : recommendation.items) {
    const uint32_t row = item.item.value;
    answer.items.push_back({data.items.id(row), data.item_label[row], item.score, item.source});
    const bool filled = item.source == ItemSource::kPopularity;
    if (filled && answer.method != RecommendMethod::kPopularity) ++answer.filled;
  }
  return answer;
}

// The mask of neighbours is only needed, and only made, for that method.
std::vector<uint8_t> NeighbourMask(const ReleaseView& view, const RecommendOptions& options) {
  if (options.method != RecommendMethod::kNeighbours) return {};
  return AllowedCustomers(view, Purpose::kRecommend);
}

}  // namespace

RecommenderParts PartsOf(const ReleaseView& view, const std::vector<uint8_t>& allowed) {
  const ReleaseData& data = view.release->data();
  return {.model = &data.recommender,
          .interactions = data.interactions.view(),
          .seen = data.seen.view(),
          .item_index = &view.release->item_index(),
          .customer_index = &view.release->customer_index(),
          .neighbour_allowed = allowed};
}

absl::StatusOr<RecommendAnswer> AnswerRecommend(ExecutionContext& context, const ReleaseView& view,
                                                const RecommendRequest& request) {
  BURGEON_RETURN_IF_ERROR(CheckRequest(request));
  const ReleaseData& data = view.release->data();
  RecommendQuery query;
  std::vector<std::string> unknown_items;
  if (request.customer_id) {
    BURGEON_ASSIGN_OR_RETURN(query.customer,
                             FindCustomer(view, *request.customer_id, Purpose::kRecommend));
  } else {
    query = QueryOfEvents(data, request.events, &unknown_items);
  }
  const std::vector<uint8_t> allowed = NeighbourMask(view, request.options);
  BURGEON_ASSIGN_OR_RETURN(
      std::vector<Recommendation> found,
      Recommend(context, PartsOf(view, allowed), {&query, 1}, request.options));
  RecommendAnswer answer = NameAnswer(data, std::move(found.front()));
  if (request.customer_id) answer.customer_id = *request.customer_id;
  answer.unknown_items = std::move(unknown_items);
  return answer;
}

absl::StatusOr<std::vector<RecommendAnswer>> AnswerRecommendMany(
    ExecutionContext& context, const ReleaseView& view, std::span<const CustomerRow> customers,
    const RecommendOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(options.k));
  const ReleaseData& data = view.release->data();
  std::vector<RecommendQuery> queries(customers.size());
  for (size_t i = 0; i < customers.size(); ++i) queries[i].customer = customers[i];
  const std::vector<uint8_t> allowed = NeighbourMask(view, options);
  BURGEON_ASSIGN_OR_RETURN(std::vector<Recommendation> found,
                           Recommend(context, PartsOf(view, allowed), queries, options));
  std::vector<RecommendAnswer> answers;
  answers.reserve(found.size());
  for (size_t i = 0; i < found.size(); ++i) {
    answers.push_back(NameAnswer(data, std::move(found[i])));
    answers.back().customer_id = data.customers.id(customers[i].value);
  }
  return answers;
}

}  // namespace burgeon
