// The service without sockets.
#include "serving/http_service.h"

#include <gmock/gmock.h>

#include <future>
#include <nlohmann/json.hpp>

#include "tests/serving/fake_source.h"
#include "tests/serving/test_server.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class HttpServiceTest : public testing::Test {
 protected:
  HttpServiceTest() : source_("r1"), holder_(source_, {}, nullptr), pool_(1) {
    EXPECT_TRUE(holder_.LoadFirst().ok());
    std::vector<ExecutionContext> contexts;
    contexts.emplace_back(&pool_);
    workers_ = std::make_unique<Workers>(std::move(contexts), WorkersOptions{});
  }

  std::unique_ptr<HttpService> Make(Authenticator authenticator = {}) {
    ServiceParts parts;
    parts.authenticator = authenticator;
    parts.query = EchoQuery;
    parts.holder = &holder_;
    parts.workers = workers_.get();
    parts.metrics = &metrics_;
    parts.log = [this](std::string_view line) { log_.emplace_back(line); };
    return std::make_unique<HttpService>(std::move(parts));
  }

  static RequestHead Get(const std::string& target) {
    RequestHead head;
    head.method = "GET";
    head.target = target;
    head.fields = {{"Host", "t"}};
    return head;
  }

  static HttpResponse Ask(HttpService& service, const RequestHead& head, std::string body = "") {
    HttpService::Decision decision = service.Decide(head);
    if (HttpResponse* refusal = std::get_if<HttpResponse>(&decision)) return *refusal;
    std::promise<HttpResponse> answer;
    service.Answer(std::get<AcceptedRequest>(std::move(decision)), std::move(body),
                   [&](HttpResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

  static std::string IdOf(const HttpResponse& response) {
    for (const HttpField& field : response.fields) {
      if (field.name == "X-Request-Id") return field.value;
    }
    return "";
  }

  FakeSource source_;
  ReleaseHolder holder_;
  ThreadPool pool_;
  Metrics metrics_;
  std::vector<std::string> log_;
  std::unique_ptr<Workers> workers_;
};

TEST_F(HttpServiceTest, AnswersWithTheReleaseInUse) {
  const auto service = Make();
  const HttpResponse response = Ask(*service, Get("/v1/customers/7"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "r1 7 ");
}

TEST_F(HttpServiceTest, EachRequestHasAnIdOfItsOwn) {
  const auto service = Make();
  const std::string first = IdOf(Ask(*service, Get("/healthz")));
  const std::string second = IdOf(Ask(*service, Get("/nowhere")));
  EXPECT_FALSE(first.empty());
  EXPECT_FALSE(second.empty());
  EXPECT_NE(first, second);
  RequestHead head = Get("/healthz");
  head.fields.push_back({"X-Request-Id", "mine"});
  EXPECT_EQ(IdOf(Ask(*service, head)), "mine");
}

TEST_F(HttpServiceTest, AStrangerLearnsNotEvenWhichRoutesThereAre) {
  const auto service = Make(Authenticator(std::string("0123456789abcdef")));
  const HttpResponse there = Ask(*service, Get("/v1/customers/7"));
  const HttpResponse nowhere = Ask(*service, Get("/nowhere"));
  EXPECT_EQ(there.status, 401);
  EXPECT_EQ(nowhere.status, 401);
  RequestHead head = Get("/v1/customers/7");
  head.fields.push_back({"Authorization", "Bearer 0123456789abcdef"});
  EXPECT_EQ(Ask(*service, head).status, 200);
}

TEST_F(HttpServiceTest, AFailureInsideIsLoggedUnderItsId) {
  const auto service = Make();
  const HttpResponse response = Ask(*service, Get("/v1/customers/broken"));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, Not(HasSubstr("secret")));
  ASSERT_EQ(log_.size(), 1U);
  EXPECT_THAT(log_[0], HasSubstr(IdOf(response)));
  EXPECT_THAT(log_[0], HasSubstr("/srv/secret/tensor is broken"));
}

TEST_F(HttpServiceTest, CountsWhatItAnswersAndWhatItRefuses) {
  const auto service = Make();
  Ask(*service, Get("/v1/customers/7"));
  Ask(*service, Get("/v1/customers/nobody"));
  Ask(*service, Get("/nowhere"));
  const std::string text = metrics_.Text("r1", {});
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"customer\",code=\"200\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"customer\",code=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"none\",code=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_in_flight_requests 0\n"));
}

TEST_F(HttpServiceTest, AfterTheWorkersStoppedItIsBusy) {
  const auto service = Make();
  workers_->Stop();
  const HttpResponse response = Ask(*service, Get("/v1/customers/7"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(Json::parse(response.body)["error"]["code"], "overloaded");
  EXPECT_EQ(Ask(*service, Get("/healthz")).status, 200);
}

}  // namespace
}  // namespace burgeon
