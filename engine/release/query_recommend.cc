#include "engine/release/list_answer.h"
#include "engine/release/query.h"
#include "engine/release/query_internal.h"
#include "engine/release/request_history.h"

namespace burgeon {

namespace {

absl::Status CheckRequest(const RecommendRequest& request) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(request.options.k));
  if (!request.customer_id && request.events.empty()) {
    return InvalidArgument("a request has customer_id, events or both, this one has neither");
  }
  if (request.shape.contact && !request.customer_id) {
    return InvalidArgument("contact: only a customer_id can be contacted");
  }
  return CheckRequestEvents(request);
}

// The rule that forbids to contact a customer, when that is asked.
absl::StatusOr<std::optional<ContactRefusal>> RefusalOf(const ReleaseData& data,
                                                        const ListShape& shape, CustomerRow row) {
  if (!shape.contact || shape.contact->policy == nullptr) return std::optional<ContactRefusal>();
  return RefuseContact(*shape.contact->policy, data.contacts, row, data.customers.id(row.value),
                       shape.contact->at);
}

// The mask of neighbours is only needed, and only made, for that method.
std::vector<uint8_t> NeighbourMask(const ReleaseView& view, const RecommendOptions& options) {
  if (options.method != RecommendMethod::kNeighbours) return {};
  return AllowedCustomers(view, Purpose::kRecommend);
}

// The parts, with the Gram matrix when reasons of an als model are asked for.
RecommenderParts PartsFor(ExecutionContext& context, const ReleaseView& view,
                          const std::vector<uint8_t>& allowed, const ListShape& shape) {
  RecommenderParts parts = PartsOf(view, allowed);
  if (shape.reasons > 0 && parts.model->kind == RecommenderKind::kAls) {
    parts.item_gram = &view.release->item_gram(context);
  }
  return parts;
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
    BURGEON_ASSIGN_OR_RETURN(auto refusal, RefusalOf(data, request.shape, *query.customer));
    if (refusal) {
      RecommendAnswer answer;
      answer.customer_id = *request.customer_id;
      answer.refused = std::move(refusal);
      return answer;
    }
  }
  if (!request.events.empty()) {
    query = QueryOfEvents(data, query.customer, request.events, &unknown_items);
  }
  const std::string id = query.customer ? data.customers.id(query.customer->value) : "";
  query.exploration_key = ExplorationKey(request.shape, id);
  BURGEON_ASSIGN_OR_RETURN(const PreparedList prepared,
                           PrepareList(data, request.options, request.shape));
  const std::vector<uint8_t> allowed = NeighbourMask(view, request.options);
  const RecommenderParts parts = PartsFor(context, view, allowed, request.shape);
  BURGEON_ASSIGN_OR_RETURN(std::vector<Recommendation> found,
                           Recommend(context, parts, {&query, 1}, prepared.options));
  BURGEON_ASSIGN_OR_RETURN(RecommendAnswer answer, NameList(context, parts, data, prepared, query,
                                                            std::move(found.front())));
  if (request.customer_id) answer.customer_id = *request.customer_id;
  answer.unknown_items = std::move(unknown_items);
  return answer;
}

absl::StatusOr<std::vector<RecommendAnswer>> AnswerRecommendMany(
    ExecutionContext& context, const ReleaseView& view, std::span<const CustomerRow> customers,
    const RecommendOptions& options, const ListShape& shape) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(options.k));
  const ReleaseData& data = view.release->data();
  BURGEON_ASSIGN_OR_RETURN(const PreparedList prepared, PrepareList(data, options, shape));
  std::vector<RecommendAnswer> answers(customers.size());
  std::vector<RecommendQuery> queries;
  std::vector<size_t> places;  // of the queries in the answers
  for (size_t i = 0; i < customers.size(); ++i) {
    answers[i].customer_id = data.customers.id(customers[i].value);
    BURGEON_ASSIGN_OR_RETURN(answers[i].refused, RefusalOf(data, shape, customers[i]));
    if (answers[i].refused) continue;
    queries.push_back({.customer = customers[i]});
    queries.back().exploration_key = ExplorationKey(shape, answers[i].customer_id);
    places.push_back(i);
  }
  const std::vector<uint8_t> allowed = NeighbourMask(view, options);
  const RecommenderParts parts = PartsFor(context, view, allowed, shape);
  BURGEON_ASSIGN_OR_RETURN(std::vector<Recommendation> found,
                           Recommend(context, parts, queries, prepared.options));
  for (size_t q = 0; q < found.size(); ++q) {
    RecommendAnswer& answer = answers[places[q]];
    std::string id = std::move(answer.customer_id);
    BURGEON_ASSIGN_OR_RETURN(
        answer, NameList(context, parts, data, prepared, queries[q], std::move(found[q])));
    answer.customer_id = std::move(id);
  }
  return answers;
}

}  // namespace burgeon
