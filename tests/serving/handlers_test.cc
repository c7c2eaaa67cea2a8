// The real answers: every route over a socket, held to the functions of engine/release/query.h.
#include "serving/handlers.h"

#include <gmock/gmock.h>

#include <future>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <thread>

#include "serving/server.h"
#include "tests/serving/release_on_disk.h"
#include "tests/support/http_client.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;

class HandlersTest : public testing::Test {
 protected:
  void SetUp() override {
    first_ = disk_.PublishOne(1);
    ASSERT_FALSE(first_.empty());
    ServeOptions options;
    options.port = 0;
    options.poll_ms = 2;
    options.handle_signals = false;
    options.lookalike.min_seeds = 5;
    options.lookalike.min_audience = 3;
    options.lookalike.size = 4;
    lookalike_ = options.lookalike;
    options.rules.blocked = {"not-here"};
    options.contact.listed.insert("c02");
    options.changes.consent = [this](const std::string& customer, std::span<const Purpose> purposes,
                                     bool granted, std::optional<TimeMicros> time) {
      std::vector<ConsentRecord> records;
      for (const Purpose purpose : purposes) {
        records.push_back({customer, purpose, granted, time.value_or(disk_.clock().Now())});
      }
      return AppendConsentRecords(disk_.files(), disk_.workspace(), disk_.clock(), records);
    };
    options.changes.erase = [this](const std::vector<std::string>& ids) -> absl::StatusOr<int64_t> {
      std::vector<ErasureRequest> requests;
      for (const std::string& id : ids) requests.push_back({id});
      BURGEON_RETURN_IF_ERROR(
          AppendErasures(disk_.files(), disk_.workspace(), disk_.clock(), requests));
      return std::ssize(requests);
    };
    std::promise<int> port;
    std::future<int> listening = port.get_future();
    thread_ = std::thread([this, options, &port] {
      bool told = false;
      const absl::Status status = Serve(
          options, source_, disk_.pool(),
          [&](int bound) {
            told = true;
            port.set_value(bound);
          },
          stop_.get_token());
      EXPECT_TRUE(status.ok()) << status;
      if (!told) port.set_value(0);
    });
    port_ = listening.get();
    ASSERT_GT(port_, 0);
    const auto loaded = LoadRelease(disk_.files(), disk_.workspace(), disk_.context(), first_);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    release_ = *loaded;
  }
  void TearDown() override {
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  ReleaseView View() const { return ReleaseView{release_.get(), &overlay_}; }

  // The body as JSON, with the status beside it.
  Json Answer(const std::string& request, int status = 200) {
    const std::optional<ClientResponse> response = Ask(port_, request);
    EXPECT_TRUE(response.has_value());
    if (!response) return Json();
    EXPECT_EQ(response->status, status) << response->body;
    return Json::parse(response->body, nullptr, false);
  }

  static void ExpectSame(const Json& json, const RecommendAnswer& answer) {
    ASSERT_EQ(json["items"].size(), answer.items.size());
    for (size_t i = 0; i < answer.items.size(); ++i) {
      EXPECT_EQ(json["items"][i]["id"], answer.items[i].id);
      EXPECT_EQ(json["items"][i]["label"], answer.items[i].label);
      EXPECT_EQ(json["items"][i]["score"].get<float>(), answer.items[i].score);
    }
    EXPECT_EQ(json["method"], std::string(RecommendMethodName(answer.method)));
    EXPECT_EQ(json["fallback"].is_null(), answer.fallback_reason.empty());
  }

  ReleaseOnDisk disk_{"handlers"};
  ExecutionContext loading_{&disk_.pool()};
  WorkspaceReleaseSource source_{disk_.files(), disk_.workspace(), loading_};
  std::stop_source stop_;
  std::thread thread_;
  int port_ = 0;
  std::string first_;
  std::shared_ptr<const LoadedRelease> release_;
  Overlay overlay_;
  LookalikeOptions lookalike_;
};

TEST_F(HandlersTest, RecommendationsAreThoseOfTheEngine) {
  for (const char* method : {"model", "neighbours", "popularity"}) {
    for (const char* retrieval : {"exact", "index"}) {
      for (const char* customer : {"c00", "c01", "c17", "c39"}) {
        RecommendRequest request;
        request.customer_id = customer;
        request.options.k = 5;
        request.options.method = *ParseRecommendMethod(method);
        request.options.retrieval = *ParseRetrieval(retrieval);
        const auto direct = AnswerRecommend(disk_.context(), View(), request);
        ASSERT_TRUE(direct.ok()) << direct.status();
        ASSERT_FALSE(direct->items.empty());
        const Json body = {
            {"customer_id", customer}, {"k", 5}, {"method", method}, {"retrieval", retrieval}};
        const Json json = Answer(PostRequest("/v1/recommendations", body.dump()));
        EXPECT_EQ(json["release"], first_);
        EXPECT_EQ(json["customer_id"], customer);
        ExpectSame(json, *direct);
      }
    }
  }
}

TEST_F(HandlersTest, TheShapeOfAListIsThatOfTheEngine) {
  const Json body = Json::parse(R"({"customer_id": "c01", "k": 4,
      "rules": {"in_stock": true, "ranges": {"price": {"max": 20}}, "max_per": {"brand": 1},
                "pinned": ["i09", "zz"], "blocked": ["i10", "yy"]},
      "diversity": {"method": "mmr", "pool": 20}, "exploration": {"share": 0.5, "seed": 3},
      "reasons": 2})");
  RecommendRequest request;
  request.customer_id = "c01";
  request.options.k = 4;
  ListShape& shape = request.shape;
  shape.rules.stock = StockRule::kInStock;
  shape.rules.blocked = {"not-here"};  // the server's own
  shape.rules.ranges = {{"price", {}, 20}};
  shape.rules.max_per = {{"brand", 1}};
  shape.rules.pinned = {"i09", "zz"};
  shape.rules.blocked.insert(shape.rules.blocked.end(), {"i10", "yy"});
  shape.diversity = {.kind = DiversityKind::kMmr, .pool = 20};
  shape.exploration = {.share = 0.5, .seed = 3};
  shape.reasons = 2;
  const auto direct = AnswerRecommend(disk_.context(), View(), request);
  ASSERT_TRUE(direct.ok()) << direct.status();
  const Json json = Answer(PostRequest("/v1/recommendations", body.dump()));
  ASSERT_EQ(json["items"].size(), direct->items.size());
  for (size_t i = 0; i < direct->items.size(); ++i) {
    const Json& item = json["items"][i];
    EXPECT_EQ(item["id"], direct->items[i].id);
    EXPECT_EQ(item["source"], std::string(ItemSourceName(direct->items[i].source)));
    EXPECT_EQ(item["propensity"].get<double>(), direct->items[i].propensity);
    EXPECT_EQ(item.contains("reasons"), direct->items[i].reasons.has_value());
    if (!direct->items[i].reasons) continue;
    EXPECT_EQ(item["reasons"]["kind"], "exact");
    EXPECT_EQ(item["reasons"]["items"].size(), direct->items[i].reasons->items.size());
    EXPECT_EQ(item["reasons"]["others"].get<double>(), direct->items[i].reasons->others);
  }
  ASSERT_EQ(json["not_pinned"].size(), direct->not_pinned.size());
  EXPECT_EQ(json["not_pinned"][0]["id"], "zz");
  EXPECT_EQ(json["unknown_blocked"], Json({"not-here", "yy"}));
  const Json wrong =
      Answer(PostRequest("/v1/recommendations",
                         R"({"customer_id": "c01", "rules": {"include": {"colour": ["red"]}}})"),
             400);
  EXPECT_EQ(wrong["error"]["message"],
            "include: the release has no item attribute 'colour'; it has: brand, price, stock");
}

TEST_F(HandlersTest, WhoIsNotToBeContactedGetsTheRule) {
  const Json json =
      Answer(PostRequest("/v1/recommendations", R"({"customer_id": "c02", "contact": "now"})"));
  EXPECT_EQ(json["customer_id"], "c02");
  EXPECT_EQ(json["refused"]["rule"], "do_not_contact");
  EXPECT_FALSE(json["refused"]["reason"].get<std::string>().empty());
  EXPECT_FALSE(json.contains("items"));
  EXPECT_TRUE(
      Answer(PostRequest("/v1/recommendations", R"({"customer_id": "c02"})")).contains("items"));
  EXPECT_TRUE(Answer(PostRequest("/v1/recommendations",
                                 R"({"customer_id": "c01", "contact": "2026-11-26T10:00:00Z"})"))
                  .contains("items"));
  Answer(
      PostRequest("/v1/recommendations", R"({"events": [{"item_id": "i01"}], "contact": "now"})"),
      400);
}

TEST_F(HandlersTest, AStrangerIsAnsweredByEvents) {
  RecommendRequest request;
  request.events = {{"i03", EventType::kPurchase}, {"zz", EventType::kView}};
  request.options.seen = SeenItems::kAllow;
  const auto direct = AnswerRecommend(disk_.context(), View(), request);
  ASSERT_TRUE(direct.ok()) << direct.status();
  const Json json =
      Answer(PostRequest("/v1/recommendations",
                         R"({"events": [{"item_id": "i03"}, {"item_id": "zz", "type": "view"}],
          "include_seen": true})"));
  ExpectSame(json, *direct);
  EXPECT_TRUE(json["customer_id"].is_null());
  EXPECT_EQ(json["unknown_items"], Json::array({"zz"}));
}

TEST_F(HandlersTest, EventsBesideACustomerAreWhatCameSince) {
  RecommendRequest request;
  request.customer_id = "c01";
  request.events = {{"i03", EventType::kPurchase, 1, 60 * kMicrosPerSecond},
                    {"i04", EventType::kView, 1, 0}};
  const auto direct = AnswerRecommend(disk_.context(), View(), request);
  ASSERT_TRUE(direct.ok()) << direct.status();
  const Json json = Answer(PostRequest("/v1/recommendations",
                                       R"({"customer_id": "c01", "events": [
          {"item_id": "i03", "time": "1970-01-01T00:01:00Z"},
          {"item_id": "i04", "type": "view", "time": "1970-01-01T00:00:00Z"}]})"));
  ExpectSame(json, *direct);
  EXPECT_EQ(json["customer_id"], "c01");
  const auto without = AnswerRecommend(disk_.context(), View(), {.customer_id = "c01"});
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_NE(direct->items[0].score, without->items[0].score);
  const Json wrong = Answer(
      PostRequest("/v1/recommendations",
                  R"({"customer_id": "c01", "events": [{"item_id": "i03", "type": "return"}]})"),
      400);
  EXPECT_EQ(wrong["error"]["message"],
            "events[0].type: a return beside customer_id: the release does not hold how many units "
            "were bought; it counts with the next one");
}

TEST_F(HandlersTest, WhoIsNotThereAndWhoRefusedAreAnsweredAlike) {
  // Row 3 consents to nothing (release_fixture.h).
  for (const char* customer : {"stranger", "c03"}) {
    const Json body = {{"customer_id", customer}};
    for (const std::string& request :
         {PostRequest("/v1/recommendations", body.dump()),
          GetRequest(Concat("/v1/customers/", customer)),
          GetRequest(Concat("/v1/customers/", customer, "/similar"))}) {
      const Json json = Answer(request, 404);
      EXPECT_EQ(json["error"]["code"], "not_found");
      EXPECT_EQ(json["error"]["message"], Concat("customer '", customer, "' is not known"));
    }
  }
  EXPECT_EQ(Answer(GetRequest("/v1/items/zz/similar"), 404)["error"]["code"], "not_found");
}

TEST_F(HandlersTest, SimilarItemsAndCustomersAreThoseOfTheEngine) {
  const auto items = SimilarItems(View(), "i05", 4);
  ASSERT_TRUE(items.ok()) << items.status();
  Json json = Answer(GetRequest("/v1/items/i05/similar?k=4"));
  EXPECT_EQ(json["item_id"], "i05");
  ASSERT_EQ(json["similar"].size(), items->size());
  ASSERT_EQ(items->size(), 4U);
  for (size_t i = 0; i < items->size(); ++i) {
    EXPECT_EQ(json["similar"][i]["id"], (*items)[i].id);
    EXPECT_EQ(json["similar"][i]["label"], (*items)[i].label);
    EXPECT_EQ(json["similar"][i]["score"].get<float>(), (*items)[i].score);
  }
  const auto customers = SimilarCustomers(View(), "c05", 4);
  ASSERT_TRUE(customers.ok()) << customers.status();
  json = Answer(GetRequest("/v1/customers/c05/similar?k=4"));
  ASSERT_EQ(json["similar"].size(), customers->size());
  ASSERT_FALSE(customers->empty());
  for (size_t i = 0; i < customers->size(); ++i) {
    EXPECT_EQ(json["similar"][i]["id"], (*customers)[i].id);
    EXPECT_EQ(json["similar"][i]["score"].get<float>(), (*customers)[i].score);
  }
}

TEST_F(HandlersTest, AProfileIsThatOfTheEngine) {
  const auto profile = AnswerProfile(View(), "c01");
  ASSERT_TRUE(profile.ok()) << profile.status();
  const Json json = Answer(GetRequest("/v1/customers/c01"));
  EXPECT_EQ(json["customer_id"], "c01");
  EXPECT_EQ(json["items_bought"], profile->items_bought);
  ASSERT_TRUE(profile->churn_risk.has_value());
  EXPECT_EQ(json["churn_risk"].get<float>(), *profile->churn_risk);
  EXPECT_EQ(json["features"].size(), profile->features.size());
  for (const auto& [name, value] : profile->features) {
    EXPECT_EQ(json["features"][name].get<float>(), value) << name;
  }
  EXPECT_EQ(json["consent"], Json(profile->consent));
  EXPECT_TRUE(Answer(GetRequest("/v1/customers/c05"))["churn_risk"].is_null());  // not active
}

TEST_F(HandlersTest, ALookalikeIsThatOfTheEngine) {
  LookalikeRequest request;
  request.seeds = {"c00", "c01", "c02", "c04", "c06", "c08", "nobody"};
  request.exclude = {"c09"};
  request.options = lookalike_;
  const auto direct = AnswerLookalike(disk_.context(), View(), request);
  ASSERT_TRUE(direct.ok()) << direct.status();
  const Json body = {{"seeds", request.seeds}, {"exclude", request.exclude}};
  const Json json = Answer(PostRequest("/v1/lookalike", body.dump()));
  EXPECT_EQ(json["seeds_used"], direct->seeds_used);
  EXPECT_EQ(json["unknown_seeds"], Json::array({"nobody"}));
  ASSERT_EQ(json["members"].size(), direct->members.size());
  ASSERT_EQ(direct->members.size(), 4U);
  for (size_t i = 0; i < direct->members.size(); ++i) {
    EXPECT_EQ(json["members"][i]["id"], direct->members[i].first);
    EXPECT_EQ(json["members"][i]["score"].get<float>(), direct->members[i].second);
  }
  const Json few = Answer(PostRequest("/v1/lookalike", R"({"seeds": ["c00"]})"), 422);
  EXPECT_EQ(few["error"]["code"], "failed_precondition");
}

TEST_F(HandlersTest, AnErasureIsEffectiveWithoutANewRelease) {
  Answer(GetRequest("/v1/customers/c01"));
  ASSERT_TRUE(AppendErasure(disk_.files(), disk_.workspace(), disk_.clock(), "c01").ok());
  int status = 200;
  for (int i = 0; i < 5000 && status == 200; ++i) {
    const auto response = Ask(port_, GetRequest("/v1/customers/c01"));
    ASSERT_TRUE(response.has_value());
    status = response->status;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(status, 404);
  EXPECT_EQ(Answer(GetRequest("/healthz"))["release"], first_);
}

// The next request after the answer sees it: nothing is waited for.
TEST_F(HandlersTest, APostedConsentIsInForceWhenItIsAnswered) {
  const std::string ask = PostRequest("/v1/recommendations", R"({"customer_id": "c02"})");
  for (const bool granted : {false, true, false, true}) {
    const Json body = {{"customer_id", "c02"}, {"purpose", "recommend"}, {"granted", granted}};
    const Json json = Answer(PostRequest("/v1/consent", body.dump()));
    EXPECT_EQ(json["recorded"], true);
    EXPECT_EQ(json["granted"], granted);
    Answer(ask, granted ? 200 : 404);
  }
  const auto lines = ReadOverlayLines(disk_.files(), disk_.workspace());
  ASSERT_TRUE(lines.ok()) << lines.status();
  EXPECT_EQ(lines->size(), 4U);
  Answer(PostRequest("/v1/consent", R"({"customer_id": "c02", "purpose": "x", "granted": true})"),
         400);
  Answer(PostRequest("/v1/consent",
                     R"({"customer_id": "c02", "purpose": "all", "granted": true,
                         "time": "2190-01-01"})"),
         400);
  // Of a stranger too, and without telling that nobody knows them.
  Answer(PostRequest("/v1/consent",
                     R"({"customer_id": "stranger", "purpose": "all", "granted": true})"));
}

TEST_F(HandlersTest, APostedErasureIsInForceWhenItIsAnswered) {
  const std::string ask = PostRequest("/v1/recommendations", R"({"customer_id": "c04"})");
  Answer(ask);
  const Json json = Answer(PostRequest("/v1/erase", R"({"customer_ids": ["c04", "c05"]})"));
  EXPECT_EQ(json["erased_ids"], 2);
  Answer(ask, 404);
  Answer(
      PostRequest("/v1/consent", R"({"customer_id": "c04", "purpose": "all", "granted": true})"));
  Answer(ask, 404);  // for good
}

TEST_F(HandlersTest, ANewReleaseIsTakenUp) {
  const std::string second = disk_.PublishOne(2);
  std::string serving = first_;
  for (int i = 0; i < 5000 && serving == first_; ++i) {
    serving = Answer(GetRequest("/healthz"))["release"];
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(serving, second);
  EXPECT_EQ(Answer(GetRequest("/v1/customers/c01"))["release"], second);
}

// Without a socket: a release of pseudonyms finds external ids only by way of the pseudonym.
TEST(Handlers, IdsBecomePseudonymsWhenTheReleaseHasThem) {
  ReleaseOnDisk disk("handlers_pseudonym");
  ReleaseData data = MakeSmallRelease(disk.pool());
  data.pseudonymous = true;
  ASSERT_TRUE(Publish(disk.files(), disk.workspace(), disk.context(), disk.clock(), data).ok());
  WorkspaceReleaseSource source(disk.files(), disk.workspace(), disk.context());
  const auto state = source.LoadCurrent(nullptr);
  ASSERT_TRUE(state.ok()) << state.status();
  AnswerOptions options;
  options.lookalike.min_seeds = 5;
  options.lookalike.min_audience = 3;
  options.pseudonym = [](std::string_view id) { return id == "Anna" ? "c01" : Concat("c0", id); };
  const auto ask = [&](Route route, const std::string& id, std::string_view body) {
    const absl::StatusOr<std::string> answer =
        AnswerQuery(disk.context(), **state, RouteMatch{route, id, 3}, body, options);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return Json::parse(answer.value_or("{}"));
  };
  EXPECT_EQ(ask(Route::kCustomer, "Anna", "")["customer_id"], "c01");
  EXPECT_EQ(ask(Route::kSimilarCustomers, "Anna", "")["customer_id"], "c01");
  EXPECT_EQ(ask(Route::kRecommendations, "", R"({"customer_id": "Anna"})")["customer_id"], "c01");
  const Json audience =
      ask(Route::kLookalike, "", R"({"seeds": ["0", "Anna", "2", "4", "6"], "exclude": ["8"]})");
  EXPECT_EQ(audience["seeds_used"], 5);
  EXPECT_EQ(audience["unknown_excluded"], Json::array());
}

}  // namespace
}  // namespace burgeon
