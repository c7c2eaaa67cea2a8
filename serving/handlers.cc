#include "serving/handlers.h"

#include <vector>

#include "engine/base/clock.h"
#include "engine/release/query.h"
#include "serving/json_api.h"

namespace burgeon {
namespace {

// The stored form of a customer id in a request.
std::string StoredId(const ServingState& state, const AnswerOptions& options, std::string_view id) {
  const bool translate = options.pseudonym && state.release->data().pseudonymous;
  return translate ? options.pseudonym(id) : std::string(id);
}

absl::StatusOr<std::string> Recommendations(ExecutionContext& context, const ServingState& state,
                                            std::string_view body, const AnswerOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(RecommendRequest request, ParseRecommendBody(body));
  request.shape.rules = JoinRules(options.rules, request.shape.rules);
  if (request.shape.contact) {
    request.shape.contact->policy = &options.contact;
    if (request.shape.contact->at == kContactNow) request.shape.contact->at = SystemClock().Now();
  }
  if (request.customer_id) request.customer_id = StoredId(state, options, *request.customer_id);
  BURGEON_ASSIGN_OR_RETURN(const RecommendAnswer answer,
                           AnswerRecommend(context, state.view(), request));
  return RecommendJson(state.release_id, answer);
}

absl::StatusOr<std::string> LookalikeAudience(ExecutionContext& context, const ServingState& state,
                                              std::string_view body, const AnswerOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(LookalikeRequest request, ParseLookalikeBody(body, options.lookalike));
  for (std::string& id : request.seeds) id = StoredId(state, options, id);
  for (std::string& id : request.exclude) id = StoredId(state, options, id);
  BURGEON_ASSIGN_OR_RETURN(const LookalikeAnswer answer,
                           AnswerLookalike(context, state.view(), request));
  return LookalikeJson(state.release_id, answer);
}

absl::StatusOr<std::string> Customer(const ServingState& state, const RouteMatch& match,
                                     const AnswerOptions& options) {
  const std::string id = StoredId(state, options, match.id);
  BURGEON_ASSIGN_OR_RETURN(const CustomerProfile profile, AnswerProfile(state.view(), id));
  return ProfileJson(state.release_id, profile);
}

absl::StatusOr<std::string> CustomersLike(const ServingState& state, const RouteMatch& match,
                                          const AnswerOptions& options) {
  const std::string id = StoredId(state, options, match.id);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SimilarEntry> similar,
                           SimilarCustomers(state.view(), id, match.k));
  return SimilarJson(state.release_id, SimilarKind::kCustomers, id, similar);
}

absl::StatusOr<std::string> ItemsLike(const ServingState& state, const RouteMatch& match) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SimilarEntry> similar,
                           SimilarItems(state.view(), match.id, match.k));
  return SimilarJson(state.release_id, SimilarKind::kItems, match.id, similar);
}

// Says nothing of whether the customer is known: what is posted about a stranger counts once they
// come.
absl::StatusOr<std::string> RecordConsent(const ServingState& state, std::string_view body,
                                          const AnswerOptions& options) {
  if (!options.changes.consent) {
    return FailedPrecondition("this server does not take changes of consent");
  }
  BURGEON_ASSIGN_OR_RETURN(const ConsentPost post, ParseConsentBody(body));
  const std::string id = StoredId(state, options, post.customer_id);
  BURGEON_RETURN_IF_ERROR(options.changes.consent(id, post.purposes, post.granted, post.time));
  return ConsentJson(id, post);
}

absl::StatusOr<std::string> RecordErasure(std::string_view body, const AnswerOptions& options) {
  if (!options.changes.erase) {
    return FailedPrecondition("this server does not take erasures; it needs a token for that");
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseEraseBody(body));
  BURGEON_ASSIGN_OR_RETURN(const int64_t erased, options.changes.erase(ids));
  return EraseJson(erased);
}

}  // namespace

absl::StatusOr<std::string> AnswerQuery(ExecutionContext& context, const ServingState& state,
                                        const RouteMatch& match, std::string_view body,
                                        const AnswerOptions& options) {
  switch (match.route) {
    case Route::kRecommendations:
      return Recommendations(context, state, body, options);
    case Route::kLookalike:
      return LookalikeAudience(context, state, body, options);
    case Route::kConsent:
      return RecordConsent(state, body, options);
    case Route::kErase:
      return RecordErasure(body, options);
    case Route::kCustomer:
      return Customer(state, match, options);
    case Route::kSimilarCustomers:
      return CustomersLike(state, match, options);
    case Route::kSimilarItems:
      return ItemsLike(state, match);
    case Route::kHealth:
    case Route::kMetrics:
      break;
  }
  return Internal("route ", RouteName(match.route), " asks nothing of a release");
}

WorkClass WorkClassOf(Route route) {
  // An erasure looks for linked ids in the whole store.
  const bool heavy = route == Route::kLookalike || route == Route::kErase;
  return heavy ? WorkClass::kHeavy : WorkClass::kLight;
}

bool ChangesOverlay(Route route) { return route == Route::kConsent || route == Route::kErase; }

}  // namespace burgeon
