#include "serving/router.h"

#include <gmock/gmock.h>

#include <set>

#include "engine/base/text.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

HttpOr<RouteMatch> Match(const std::string& method, const std::string& target,
                         std::vector<HttpField> fields = {}) {
  RequestHead head;
  head.method = method;
  head.target = target;
  head.fields = std::move(fields);
  HeadFacts facts;
  if (method == "POST") {
    head.fields.push_back({"Content-Type", "application/json"});
    facts.framing = BodyFraming::kLength;
    facts.content_length = 2;
  }
  return MatchRoute(head, facts);
}

RouteMatch Good(const HttpOr<RouteMatch>& match) {
  const HttpError* error = std::get_if<HttpError>(&match);
  EXPECT_EQ(error, nullptr) << error->status << " " << error->message;
  return error == nullptr ? std::get<RouteMatch>(match) : RouteMatch{};
}

HttpError Bad(const HttpOr<RouteMatch>& match) {
  EXPECT_TRUE(std::holds_alternative<HttpError>(match));
  const HttpError* error = std::get_if<HttpError>(&match);
  return error == nullptr ? HttpError{0, "", "", {}} : *error;
}

TEST(Router, FindsEveryRoute) {
  const struct {
    const char* method;
    const char* target;
    Route route;
    const char* id;
  } cases[] = {
      {"POST", "/v1/recommendations", Route::kRecommendations, ""},
      {"POST", "/v1/lookalike", Route::kLookalike, ""},
      {"POST", "/v1/consent", Route::kConsent, ""},
      {"POST", "/v1/erase", Route::kErase, ""},
      {"GET", "/v1/customers/17850", Route::kCustomer, "17850"},
      {"GET", "/v1/customers/similar", Route::kCustomer, "similar"},
      {"GET", "/v1/customers/a%2Fb%20c", Route::kCustomer, "a/b c"},
      {"GET", "/v1/customers/17850/similar", Route::kSimilarCustomers, "17850"},
      {"GET", "/v1/items/84029E/similar", Route::kSimilarItems, "84029E"},
      {"GET", "/healthz", Route::kHealth, ""},
      {"GET", "/metrics", Route::kMetrics, ""},
      {"HEAD", "/healthz", Route::kHealth, ""},
      {"HEAD", "/v1/customers/1", Route::kCustomer, "1"},
  };
  for (const auto& c : cases) {
    const RouteMatch match = Good(Match(c.method, c.target));
    EXPECT_EQ(match.route, c.route) << c.target;
    EXPECT_EQ(match.id, c.id) << c.target;
    EXPECT_EQ(match.k, 10) << c.target;
  }
}

TEST(Router, RouteNamesAreDistinct) {
  std::set<std::string_view> names;
  for (int i = 0; i < kRoutes; ++i) names.insert(RouteName(static_cast<Route>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(kRoutes));
  EXPECT_EQ(RouteName(Route::kSimilarItems), "similar_items");
  EXPECT_EQ(RouteName(Route::kMetrics), "metrics");
}

TEST(Router, NothingElseIsThere) {
  for (const char* target :
       {"/", "/v1", "/v1/", "/v1/recommendations/", "//v1/recommendations", "/v2/recommendations",
        "/V1/lookalike", "/v1/customers", "/v1/items/1", "/v1/items/1/similar/", "/healthz/",
        "/v1/customers/a/b/similar", "/v1/../healthz", "/v1%2Flookalike"}) {
    const HttpError error = Bad(Match("GET", target));
    EXPECT_EQ(error.status, 404) << target;
    EXPECT_EQ(error.code, "no_such_route") << target;
  }
}

TEST(Router, AnotherMethodIsToldTheRightOnes) {
  HttpError error = Bad(Match("GET", "/v1/recommendations"));
  EXPECT_EQ(error.status, 405);
  ASSERT_EQ(error.fields.size(), 1U);
  EXPECT_EQ(error.fields[0].name, "Allow");
  EXPECT_EQ(error.fields[0].value, "POST");
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "CONNECT"}) {
    error = Bad(Match(method, "/healthz"));
    EXPECT_EQ(error.status, 405) << method;
    ASSERT_EQ(error.fields.size(), 1U);
    EXPECT_EQ(error.fields[0].value, "GET, HEAD");
  }
}

TEST(Router, ReadsK) {
  EXPECT_EQ(Good(Match("GET", "/v1/items/1/similar?k=1")).k, 1);
  EXPECT_EQ(Good(Match("GET", "/v1/items/1/similar?k=10000")).k, 10'000);
  for (const char* k :
       {"0", "-1", "10001", "", "1.0", "1e1", "%31x", "99999999999999999999", "+1"}) {
    const HttpError error = Bad(Match("GET", Concat("/v1/customers/1/similar?k=", k)));
    EXPECT_EQ(error.status, 400) << k;
    EXPECT_THAT(error.message, HasSubstr("k: ")) << k;
  }
}

TEST(Router, ParametersOfOtherRoutesAreNotTaken) {
  for (const char* target : {"/v1/customers/1?k=5", "/healthz?verbose=1", "/v1/items/1/similar?K=5",
                             "/v1/items/1/similar?k=5&x=1"}) {
    const HttpError error = Bad(Match("GET", target));
    EXPECT_EQ(error.status, 400) << target;
    EXPECT_THAT(error.message, HasSubstr("is not a parameter")) << target;
  }
  EXPECT_EQ(Bad(Match("POST", "/v1/lookalike?k=5")).status, 400);
}

TEST(Router, IdsHaveALength) {
  EXPECT_EQ(Bad(Match("GET", "/v1/customers/")).message, "path: the id is empty");
  EXPECT_EQ(Bad(Match("GET", "/v1/customers//similar")).status, 400);
  EXPECT_EQ(Good(Match("GET", "/v1/customers/" + std::string(512, 'a'))).id.size(), 512U);
  EXPECT_EQ(Bad(Match("GET", "/v1/customers/" + std::string(513, 'a'))).status, 400);
}

TEST(Router, BadPathsAre400) {
  for (const char* target : {"/v1/customers/%", "/v1/customers/%zz", "*", "http://h/healthz"}) {
    EXPECT_EQ(Bad(Match("GET", target)).status, 400) << target;
  }
}

int PostStatus(std::vector<HttpField> fields, HeadFacts facts) {
  RequestHead head;
  head.method = "POST";
  head.target = "/v1/lookalike";
  head.fields = std::move(fields);
  const HttpOr<RouteMatch> match = MatchRoute(head, facts);
  const HttpError* error = std::get_if<HttpError>(&match);
  return error == nullptr ? 0 : error->status;
}

TEST(Router, APostNeedsALengthAndJson) {
  HeadFacts facts;
  const HttpField json{"Content-Type", "application/json"};
  EXPECT_EQ(PostStatus({json}, facts), 411);
  facts.framing = BodyFraming::kChunked;
  EXPECT_EQ(PostStatus({json}, facts), 0);
  facts.framing = BodyFraming::kLength;
  facts.content_length = 2;
  EXPECT_EQ(PostStatus({json}, facts), 0);
  for (const char* type : {"Application/JSON", "application/json; charset=UTF-8",
                           "application/json;charset=\"utf-8\""}) {
    EXPECT_EQ(PostStatus({{"Content-Type", type}}, facts), 0) << type;
  }
  for (const char* type :
       {"", "text/plain", "application/jsonp", "application/json; charset=latin1",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"}) {
    EXPECT_EQ(PostStatus({{"Content-Type", type}}, facts), 415) << type;
  }
  EXPECT_EQ(PostStatus({}, facts), 415);
  EXPECT_EQ(PostStatus({json, json}, facts), 415);
  EXPECT_EQ(PostStatus({json, {"Content-Encoding", "gzip"}}, facts), 415);
  EXPECT_EQ(PostStatus({json, {"Content-Encoding", "identity"}}, facts), 0);
}

TEST(Router, AGetTakesNoBody) {
  RequestHead head;
  head.method = "GET";
  head.target = "/healthz";
  HeadFacts facts;
  facts.framing = BodyFraming::kLength;
  EXPECT_TRUE(std::holds_alternative<RouteMatch>(MatchRoute(head, facts)));
  facts.content_length = 1;
  EXPECT_EQ(Bad(MatchRoute(head, facts)).status, 400);
  facts.framing = BodyFraming::kChunked;
  EXPECT_EQ(Bad(MatchRoute(head, facts)).status, 400);
}

}  // namespace
}  // namespace burgeon
