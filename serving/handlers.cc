#include "serving/handlers.h"

#include <vector>

#include "engine/release/query.h"
#include "serving/json_api.h"

namespace burgeon {
namespace {

absl::StatusOr<std::string> Recommendations(ExecutionContext& context, const ServingState& state,
                                            std::string_view body) {
  BURGEON_ASSIGN_OR_RETURN(const RecommendRequest request, ParseRecommendBody(body));
  BURGEON_ASSIGN_OR_RETURN(const RecommendAnswer answer,
                           AnswerRecommend(context, state.view(), request));
  return RecommendJson(state.release_id, answer);
}

absl::StatusOr<std::string> LookalikeAudience(ExecutionContext& context, const ServingState& state,
                                              std::string_view body,
                                              const LookalikeOptions& defaults) {
  BURGEON_ASSIGN_OR_RETURN(const LookalikeRequest request, ParseLookalikeBody(body, defaults));
  BURGEON_ASSIGN_OR_RETURN(const LookalikeAnswer answer,
                           AnswerLookalike(context, state.view(), request));
  return LookalikeJson(state.release_id, answer);
}

absl::StatusOr<std::string> Customer(const ServingState& state, const RouteMatch& match) {
  BURGEON_ASSIGN_OR_RETURN(const CustomerProfile profile, AnswerProfile(state.view(), match.id));
  return ProfileJson(state.release_id, profile);
}

absl::StatusOr<std::string> CustomersLike(const ServingState& state, const RouteMatch& match) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SimilarEntry> similar,
                           SimilarCustomers(state.view(), match.id, match.k));
  return SimilarJson(state.release_id, SimilarKind::kCustomers, match.id, similar);
}

absl::StatusOr<std::string> ItemsLike(const ServingState& state, const RouteMatch& match) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SimilarEntry> similar,
                           SimilarItems(state.view(), match.id, match.k));
  return SimilarJson(state.release_id, SimilarKind::kItems, match.id, similar);
}

}  // namespace

absl::StatusOr<std::string> AnswerQuery(ExecutionContext& context, const ServingState& state,
                                        const RouteMatch& match, std::string_view body,
                                        const LookalikeOptions& lookalike) {
  switch (match.route) {
    case Route::kRecommendations:
      return Recommendations(context, state, body);
    case Route::kLookalike:
      return LookalikeAudience(context, state, body, lookalike);
    case Route::kCustomer:
      return Customer(state, match);
    case Route::kSimilarCustomers:
      return CustomersLike(state, match);
    case Route::kSimilarItems:
      return ItemsLike(state, match);
    case Route::kHealth:
    case Route::kMetrics:
      break;
  }
  return Internal("route ", RouteName(match.route), " asks nothing of a release");
}

WorkClass WorkClassOf(Route route) {
  return route == Route::kLookalike ? WorkClass::kHeavy : WorkClass::kLight;
}

}  // namespace burgeon
