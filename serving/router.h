// From a request's head to one of a fixed table of routes, or to a refusal. Pure: no I/O, no
// state. Decides before any of the body is read, so that a refused request costs nothing.
//
//   const HttpOr<RouteMatch> match = MatchRoute(head, facts);
//
//   POST /v1/recommendations             POST /v1/lookalike
//   POST /v1/consent                     POST /v1/erase
//   GET  /v1/customers/{id}              GET  /healthz
//   GET  /v1/customers/{id}/similar?k=   GET  /metrics
//   GET  /v1/items/{id}/similar?k=
// HEAD is answered wherever GET is.
#ifndef BURGEON_SERVING_ROUTER_H_
#define BURGEON_SERVING_ROUTER_H_

#include <string>
#include <string_view>

#include "serving/http_types.h"
#include "serving/request_head.h"

namespace burgeon {

enum class Route {
  kRecommendations,
  kLookalike,
  kConsent,
  kErase,
  kCustomer,
  kSimilarCustomers,
  kSimilarItems,
  kHealth,
  kMetrics,
};
inline constexpr int kRoutes = 9;

// As metrics and the log have it: "recommendations", "lookalike", "consent", "erase", "customer",
// "similar_customers", "similar_items", "healthz", "metrics".
std::string_view RouteName(Route route);

struct RouteMatch {
  Route route = Route::kHealth;
  std::string id;  // of the customer or item in the path
  int k = 10;      // of ?k=
};

// 400 bad path, parameter, or a body with GET; 404 no such path; 405 with Allow; 411 POST without
// a length; 415 POST of anything but application/json in UTF-8, not compressed.
HttpOr<RouteMatch> MatchRoute(const RequestHead& head, const HeadFacts& facts);

}  // namespace burgeon

#endif  // BURGEON_SERVING_ROUTER_H_
