#include "serving/json_api.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "serving/limits.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Json = nlohmann::json;

std::string RecommendError(std::string_view body) {
  const absl::Status status = ParseRecommendBody(body).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << body;
  return MessageOf(status);
}

std::string LookalikeError(std::string_view body) {
  const absl::Status status = ParseLookalikeBody(body, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << body;
  return MessageOf(status);
}

TEST(JsonApi, ACustomerWithTheDefaults) {
  const absl::StatusOr<RecommendRequest> request =
      ParseRecommendBody(R"({"customer_id": "17850"})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->customer_id, "17850");
  EXPECT_THAT(request->events, IsEmpty());
  EXPECT_EQ(request->options.k, 10);
  EXPECT_EQ(request->options.method, RecommendMethod::kModel);
  EXPECT_EQ(request->options.retrieval, Retrieval::kExact);
  EXPECT_EQ(request->options.seen, SeenItems::kMask);
}

TEST(JsonApi, EventsWithEveryOption) {
  const absl::StatusOr<RecommendRequest> request = ParseRecommendBody(
      R"({"events": [{"item_id": "84029E"}, {"item_id": "22752", "type": "view"}], "k": 3,
          "method": "neighbours", "retrieval": "index", "include_seen": true})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_FALSE(request->customer_id.has_value());
  ASSERT_EQ(request->events.size(), 2U);
  EXPECT_EQ(request->events[0].item_id, "84029E");
  EXPECT_EQ(request->events[0].type, EventType::kPurchase);
  EXPECT_EQ(request->events[1].item_id, "22752");
  EXPECT_EQ(request->events[1].type, EventType::kView);
  EXPECT_EQ(request->options.k, 3);
  EXPECT_EQ(request->options.method, RecommendMethod::kNeighbours);
  EXPECT_EQ(request->options.retrieval, Retrieval::kIndex);
  EXPECT_EQ(request->options.seen, SeenItems::kAllow);
}

TEST(JsonApi, ACustomerWithEventsAndTheirTimes) {
  const absl::StatusOr<RecommendRequest> request = ParseRecommendBody(
      R"({"customer_id": "17850",
          "events": [{"item_id": "84029E", "time": "2011-12-09T12:50:00Z"}, {"item_id": "a"}]})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->customer_id, "17850");
  ASSERT_EQ(request->events.size(), 2U);
  EXPECT_EQ(request->events[0].time, 1'323'435'000 * kMicrosPerSecond);
  EXPECT_FALSE(request->events[1].time.has_value());
}

TEST(JsonApi, EachBadRecommendBodyNamesItsField) {
  const struct {
    const char* body;
    const char* message;
  } cases[] = {
      {"", "body: not JSON at byte 1"},
      {"{", "body: not JSON at byte 2"},
      {"{} x", "body: not JSON at byte 4"},
      {"[]", "body: array, want an object"},
      {"null", "body: null, want an object"},
      {R"({"customer_id": "a", "customer_id": "b"})", "customer_id is given twice"},
      {"{}", "customer_id, events: want one of them"},
      {R"({"customer_id": "a", "events": []})", "events: 0 entries, want 1 to 10000"},
      {R"({"events": [{"item_id": "x", "time": "soon"}]})", "events[0].time: 'soon' is not a time"},
      {R"({"events": [{"item_id": "x", "time": 5}]})", "events[0].time: number, want a string"},
      {R"({"customer_id": 17850})", "customer_id: number, want a string"},
      {R"({"customer_id": null})", "customer_id: null, want a string"},
      {R"({"customer_id": ""})", "customer_id: is empty"},
      {R"({"customer_id": "a", "kk": 3})", "kk: not a field; there are customer_id, events, k,"},
      {R"({"events": []})", "events: 0 entries, want 1 to 10000"},
      {R"({"events": {}})", "events: object, want an array"},
      {R"({"events": ["x"]})", "events[0]: string, want an object"},
      {R"({"events": [{"item_id": "x"}, {}]})", "events[1].item_id: missing"},
      {R"({"events": [{"item_id": 3}]})", "events[0].item_id: number, want a string"},
      {R"({"events": [{"item_id": "x", "type": "bought"}]})", "events[0].type: 'bought' is not"},
      {R"({"events": [{"item_id": "x", "type": 1}]})", "events[0].type: number, want a string"},
      {R"({"events": [{"item_id": "x", "value": 1}]})", "events[0].value: not a field"},
      {R"({"customer_id": "a", "k": 0})", "k: 0 is not a whole number from 1 to 10000"},
      {R"({"customer_id": "a", "k": -1})", "k: -1 is not"},
      {R"({"customer_id": "a", "k": 10001})", "k: 10001 is not"},
      {R"({"customer_id": "a", "k": 18446744073709551615})", "k: 18446744073709551615 is not"},
      {R"({"customer_id": "a", "k": 1.0})", "k: 1.0 is not"},
      {R"({"customer_id": "a", "k": "5"})", "k: \"5\" is not"},
      {R"({"customer_id": "a", "k": 1e999})", "body: a number is out of range"},
      {R"({"customer_id": "a", "method": "magic"})", "method: 'magic' is not one of model"},
      {R"({"customer_id": "a", "method": null})", "method: null, want a string"},
      {R"({"customer_id": "a", "retrieval": "fast"})", "retrieval: 'fast' is not one of exact"},
      {R"({"customer_id": "a", "rules": 1})", "rules: number, want an object"},
      {R"({"customer_id": "a", "include_seen": 1})", "include_seen: number, want true or false"},
  };
  for (const auto& c : cases) EXPECT_THAT(RecommendError(c.body), HasSubstr(c.message)) << c.body;
}

TEST(JsonApi, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(RecommendError("{\"customer_id\": \"\xFF\"}"), HasSubstr("not JSON at byte"));
  EXPECT_THAT(RecommendError("{\"customer_id\": \"\\ud800\"}"), HasSubstr("not JSON at byte"));
  EXPECT_THAT(RecommendError("\xFE\xFF"), HasSubstr("not JSON at byte"));
}

TEST(JsonApi, DepthIsBounded) {
  const auto nested = [](int depth) {
    return Concat(R"({"x": )", std::string(depth - 1, '['), std::string(depth - 1, ']'), "}");
  };
  EXPECT_THAT(RecommendError(nested(limits::kMaxJsonDepth)), HasSubstr("x: not a field"));
  EXPECT_THAT(RecommendError(nested(limits::kMaxJsonDepth + 1)),
              HasSubstr("nested deeper than 32 levels"));
  // Two million levels: neither the stack nor the memory may go.
  EXPECT_THAT(RecommendError(std::string(2'000'000, '[')), HasSubstr("nested deeper than"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(RecommendError(objects), HasSubstr("nested deeper than"));
}

TEST(JsonApi, IdsAndListsHaveALength) {
  const auto customer = [](size_t bytes) {
    return Concat(R"({"customer_id": ")", std::string(bytes, 'a'), "\"}");
  };
  EXPECT_TRUE(ParseRecommendBody(customer(512)).ok());
  EXPECT_THAT(RecommendError(customer(513)), HasSubstr("customer_id: 513 bytes, at most 512"));
  const auto events = [](int64_t count) {
    std::string body = R"({"events": [{"item_id": "a"})";
    for (int64_t i = 1; i < count; ++i) body += R"(,{"item_id": "a"})";
    return body + "]}";
  };
  EXPECT_TRUE(ParseRecommendBody(events(limits::kMaxRequestEvents)).ok());
  EXPECT_THAT(RecommendError(events(limits::kMaxRequestEvents + 1)),
              HasSubstr("events: 10001 entries"));
}

TEST(JsonApi, ReadsALookalike) {
  LookalikeOptions defaults;
  defaults.size = 7;
  defaults.min_seeds = 3;
  absl::StatusOr<LookalikeRequest> request =
      ParseLookalikeBody(R"({"seeds": ["a", "b"], "exclude": ["c"], "size": 500})", defaults);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(request->seeds, ElementsAre("a", "b"));
  EXPECT_THAT(request->exclude, ElementsAre("c"));
  EXPECT_EQ(request->options.size, 500);
  EXPECT_EQ(request->options.min_seeds, 3);
  request = ParseLookalikeBody(R"({"seeds": ["a"]})", defaults);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->options.size, 7);
  EXPECT_THAT(request->exclude, IsEmpty());
}

TEST(JsonApi, EachBadLookalikeBodyNamesItsField) {
  const struct {
    const char* body;
    const char* message;
  } cases[] = {
      {"{}", "seeds: missing"},
      {R"({"seeds": []})", "seeds: 0 entries, want 1 to 100000"},
      {R"({"seeds": "a"})", "seeds: string, want an array"},
      {R"({"seeds": ["a", 1]})", "seeds[1]: number, want a string"},
      {R"({"seeds": [""]})", "seeds[0]: is empty"},
      {R"({"seeds": ["a"], "size": 0})", "size: 0 is not a whole number from 1 to 100000"},
      {R"({"seeds": ["a"], "size": 100001})", "size: 100001 is not"},
      {R"({"seeds": ["a"], "exclude": [[]]})", "exclude[0]: array, want a string"},
      {R"({"seeds": ["a"], "min_seeds": 1})", "min_seeds: not a field"},
  };
  for (const auto& c : cases) EXPECT_THAT(LookalikeError(c.body), HasSubstr(c.message)) << c.body;
}

TEST(JsonApi, WritesRecommendations) {
  RecommendAnswer answer;
  answer.customer_id = "17850";
  answer.method = RecommendMethod::kPopularity;
  answer.fallback_reason = "the customer has no history";
  answer.items = {{"84029E", "RED \"WOOLLY\"", 0.1F}, {"b", "", -2.5F}};
  answer.items[1].source = ItemSource::kPopularity;
  answer.filled = 1;
  answer.unknown_items = {"zz"};
  EXPECT_EQ(RecommendJson("r1", answer),
            R"({"release":"r1","customer_id":"17850","method":"popularity",)"
            R"("fallback":"the customer has no history",)"
            R"("items":[{"id":"84029E","label":"RED \"WOOLLY\"","score":0.1,"source":"model"},)"
            R"({"id":"b","label":"","score":-2.5,"source":"popularity"}],)"
            R"("filled":1,"unknown_items":["zz"]})"
            "\n");
  const Json stranger = Json::parse(RecommendJson("r1", RecommendAnswer{}));
  EXPECT_TRUE(stranger["customer_id"].is_null());
  EXPECT_TRUE(stranger["fallback"].is_null());
  EXPECT_EQ(stranger["method"], "model");
  EXPECT_EQ(stranger["items"], Json::array());
  EXPECT_EQ(stranger["unknown_items"], Json::array());
}

TEST(JsonApi, WritesWhatAListsShapeAskedFor) {
  RecommendAnswer answer;
  answer.explored = true;
  answer.items = {{"a", "A", std::nanf(""), ItemSource::kPinned},
                  {"b", "B", 2, ItemSource::kExploration, 0.25}};
  answer.items[1].reasons = ItemReasons{.kind = ReasonKind::kExact,
                                        .items = {{"h", "H", 1.5}},
                                        .others = 0.5,
                                        .features = {{"brand", "acme", 1.5}}};
  answer.not_pinned = {{"x", "bought before"}};
  answer.unknown_blocked = {"y"};
  const Json json = Json::parse(RecommendJson("r1", answer));
  EXPECT_TRUE(json["items"][0]["score"].is_null());
  EXPECT_EQ(json["items"][0]["source"], "pinned");
  EXPECT_EQ(json["items"][0]["propensity"], 1.0);
  EXPECT_FALSE(json["items"][0].contains("reasons"));
  EXPECT_EQ(json["items"][1]["propensity"], 0.25);
  EXPECT_EQ(json["items"][1]["source"], "exploration");
  const Json& reasons = json["items"][1]["reasons"];
  EXPECT_EQ(reasons["kind"], "exact");
  EXPECT_EQ(reasons["items"][0], Json({{"id", "h"}, {"label", "H"}, {"contribution", 1.5}}));
  EXPECT_EQ(reasons["others"], 0.5);
  EXPECT_EQ(reasons["features"][0],
            Json({{"name", "brand"}, {"value", "acme"}, {"contribution", 1.5}}));
  EXPECT_EQ(json["not_pinned"][0], Json({{"id", "x"}, {"reason", "bought before"}}));
  EXPECT_EQ(json["unknown_blocked"], Json({"y"}));
}

// The point of the shortest form: what a client reads as float is what we had.
TEST(JsonApi, ScoresReadBackToTheSameFloat) {
  std::vector<float> scores = {0.0F,
                               0.1F,
                               1.0F / 3.0F,
                               16'777'217.0F,
                               std::numeric_limits<float>::min(),
                               std::numeric_limits<float>::denorm_min(),
                               std::numeric_limits<float>::max(),
                               -1.17549421e-38F};
  uint32_t bits = 1;
  for (int i = 0; i < 2000; ++i) {
    bits = bits * 1664525U + 1013904223U;  // Numerical Recipes, "quick and dirty" generator
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    if (std::isfinite(value)) scores.push_back(value);
  }
  RecommendAnswer answer;
  for (const float score : scores) answer.items.push_back({"a", "", score});
  const Json json = Json::parse(RecommendJson("r", answer));
  ASSERT_EQ(json["items"].size(), scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(json["items"][i]["score"].get<float>(), scores[i]);
  }
}

TEST(JsonApi, WritesALookalike) {
  LookalikeAnswer answer;
  answer.members = {{"a", 0.75F}, {"b", 0.5F}};
  answer.unknown_seeds = {"x"};
  answer.seeds_used = 20;
  EXPECT_EQ(LookalikeJson("r1", answer),
            R"({"release":"r1","seeds_used":20,"members":[{"id":"a","score":0.75},)"
            R"({"id":"b","score":0.5}],"unknown_seeds":["x"],"unknown_excluded":[]})"
            "\n");
}

TEST(JsonApi, WritesAProfile) {
  CustomerProfile profile;
  profile.id = "17850";
  profile.features = {{"recency_days", 3.5F}, {"broken", std::nanf("")}};
  profile.churn_risk = 0.25F;
  profile.items_bought = 12;
  profile.consent = {"recommend", "score"};
  EXPECT_EQ(ProfileJson("r1", profile),
            R"({"release":"r1","customer_id":"17850","items_bought":12,"churn_risk":0.25,)"
            R"("consent":["recommend","score"],"features":{"recency_days":3.5,"broken":null}})"
            "\n");
  profile.churn_risk.reset();
  EXPECT_TRUE(Json::parse(ProfileJson("r1", profile))["churn_risk"].is_null());
}

TEST(JsonApi, WritesWhatIsSimilar) {
  const std::vector<SimilarEntry> entries = {{"b", "TEAPOT", 0.5F}};
  EXPECT_EQ(SimilarJson("r1", SimilarKind::kItems, "a", entries),
            R"({"release":"r1","item_id":"a","similar":[{"id":"b","label":"TEAPOT","score":0.5}]})"
            "\n");
  EXPECT_EQ(SimilarJson("r1", SimilarKind::kCustomers, "a", {{"b", "", 0.5F}}),
            R"({"release":"r1","customer_id":"a","similar":[{"id":"b","score":0.5}]})"
            "\n");
}

TEST(JsonApi, WritesHealth) {
  EXPECT_EQ(HealthJson("r1", {.loaded = 2, .failed = 1, .last_failed = true}),
            R"({"status":"ok","release":"r1","reloads":2,"reload_failures":1,)"
            R"("last_reload_failed":true})"
            "\n");
  EXPECT_EQ(HealthJson("", {}),
            R"({"status":"no_release","release":null,"reloads":0,"reload_failures":0,)"
            R"("last_reload_failed":false})"
            "\n");
}

}  // namespace
}  // namespace burgeon
