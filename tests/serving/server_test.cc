// The server from its start to its stop, over real sockets.
#include "serving/server.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/serving/test_server.h"
#include "tests/support/http_client.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::HasSubstr;
using Json = nlohmann::json;

ClientResponse Answer(int port, std::string_view request) {
  const std::optional<ClientResponse> response = Ask(port, request);
  EXPECT_TRUE(response.has_value()) << request.substr(0, 200);
  return response.value_or(ClientResponse{});
}

TEST(Server, SaysHowItIs) {
  TestServer server;
  const ClientResponse health = Answer(server.port(), GetRequest("/healthz"));
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(Json::parse(health.body)["release"], "r1");
  const ClientResponse metrics = Answer(server.port(), GetRequest("/metrics"));
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.fields.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body, HasSubstr("requests_total{route=\"healthz\",code=\"200\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("burgeon_release_info{release=\"r1\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("\nburgeon_http_in_flight_requests 1\n"));
}

TEST(Server, ATakenPortIsNamed) {
  TestServer server;
  ServeOptions options = TestOptions();
  options.port = server.port();
  FakeSource source("r1");
  ThreadPool pool(1);
  const absl::Status status = ServeQueries(options, source, pool, EchoQuery, nullptr);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(status), HasSubstr(Concat("127.0.0.1, port ", server.port())));
  EXPECT_THAT(MessageOf(status), HasSubstr("in use"));
}

TEST(Server, AnAddressOfAnotherMachineIsNamed) {
  ServeOptions options = TestOptions();
  options.address = "::1";
  FakeSource source("r1");
  ThreadPool pool(1);
  std::stop_source stop;
  // With IPv6 it serves, and without it says which address it could not have.
  const absl::Status status = ServeQueries(
      options, source, pool, EchoQuery, [&](int) { stop.request_stop(); }, stop.get_token());
  if (!status.ok()) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(MessageOf(status), HasSubstr("address ::1"));
  }
}

TEST(Server, DoesNotStartOnADamagedRelease) {
  FakeSource source("r1");
  source.Damage("r1");
  ThreadPool pool(1);
  bool listened = false;
  const absl::Status status =
      ServeQueries(TestOptions(), source, pool, EchoQuery, [&](int) { listened = true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(listened);
}

TEST(Server, WithoutAReleaseItWaitsOnlyWhenTold) {
  FakeSource source("");
  ThreadPool pool(1);
  EXPECT_EQ(ServeQueries(TestOptions(), source, pool, EchoQuery, nullptr).code(),
            absl::StatusCode::kNotFound);
  ServeOptions options = TestOptions();
  options.wait_for_release = true;
  TestServer server(options, EchoQuery, "");
  const ClientResponse health = Answer(server.port(), GetRequest("/healthz"));
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(Json::parse(health.body)["status"], "no_release");
  const ClientResponse query = Answer(server.port(), GetRequest("/v1/customers/1"));
  EXPECT_EQ(query.status, 503);
  EXPECT_EQ(Json::parse(query.body)["error"]["code"], "no_release");
  EXPECT_EQ(query.fields.count("retry-after"), 1U);
  server.source().Publish("r1");
  for (int i = 0; i < 5000; ++i) {
    if (Answer(server.port(), GetRequest("/healthz")).status == 200) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(Answer(server.port(), GetRequest("/v1/customers/1")).body, "r1 1 ");
}

TEST(Server, RefusesANetworkWithoutATokenAndAProxy) {
  ServeOptions options = TestOptions();
  options.address = "0.0.0.0";
  FakeSource source("r1");
  ThreadPool pool(1);
  EXPECT_EQ(ServeQueries(options, source, pool, EchoQuery, nullptr).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Server, TheTokenGuardsEveryRoute) {
  const std::string path = testing::TempDir() + "/burgeon_server_token_" + std::to_string(getpid());
  std::ofstream(path, std::ios::trunc) << "0123456789abcdef\n";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ServeOptions options = TestOptions();
  options.token_file = path;
  TestServer server(options);
  const std::string good = "Authorization: Bearer 0123456789abcdef\r\n";
  for (const char* target : {"/healthz", "/metrics", "/v1/customers/1", "/v1/items/1/similar",
                             "/v1/customers/1/similar", "/nowhere", "/v1/lookalike"}) {
    const ClientResponse refused = Answer(server.port(), GetRequest(target));
    EXPECT_EQ(refused.status, 401) << target;
    EXPECT_THAT(refused.fields.at("www-authenticate"), HasSubstr("Bearer")) << target;
    EXPECT_EQ(
        Answer(server.port(), GetRequest(target, "Authorization: Bearer 0123456789abcdeg\r\n"))
            .status,
        401)
        << target;
    EXPECT_NE(Answer(server.port(), GetRequest(target, good)).status, 401) << target;
  }
  EXPECT_EQ(Answer(server.port(), PostRequest("/v1/recommendations", "{}")).status, 401);
  EXPECT_EQ(Answer(server.port(), PostRequest("/v1/recommendations", "{}", good)).status, 200);
}

TEST(Server, TooMuchAtOnceIsTurnedAwayEarly) {
  QueryGate gate;
  ServeOptions options = TestOptions();
  options.max_in_flight = 3;
  options.max_heavy_in_flight = 1;
  TestServer server(options, gate.Query());
  HttpClient heavy(server.port());
  ASSERT_TRUE(heavy.Send(PostRequest("/v1/lookalike", "1")));
  gate.WaitForEntered(1);
  ClientResponse refused = Answer(server.port(), PostRequest("/v1/lookalike", "2"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(Json::parse(refused.body)["error"]["code"], "overloaded");
  EXPECT_EQ(refused.fields.at("retry-after"), "1");
  EXPECT_EQ(refused.fields.at("connection"), "keep-alive");  // the client may come back on it
  HttpClient light(server.port());
  ASSERT_TRUE(light.Send(GetRequest("/v1/customers/1")));
  gate.WaitForEntered(2);
  HttpClient queued(server.port());
  ASSERT_TRUE(queued.Send(GetRequest("/v1/customers/2")));
  // Three are in flight once the queued one arrived; that shows in the metrics, which always
  // answer.
  for (int i = 0; i < 5000; ++i) {
    const std::string text = Answer(server.port(), GetRequest("/metrics")).body;
    if (text.find("\nburgeon_http_in_flight_requests 4\n") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  refused = Answer(server.port(), GetRequest("/v1/customers/3"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.fields.at("retry-after"), "1");
  EXPECT_EQ(Answer(server.port(), GetRequest("/healthz")).status, 200);
  gate.Open();
  EXPECT_EQ(heavy.Receive()->body, "r1  1");
  EXPECT_EQ(light.Receive()->body, "r1 1 ");
  EXPECT_EQ(queued.Receive()->body, "r1 2 ");
  EXPECT_EQ(Answer(server.port(), PostRequest("/v1/lookalike", "4")).status, 200);
}

TEST(Server, TooManyConnectionsAreTurnedAway) {
  ServeOptions options = TestOptions();
  options.max_connections = 2;
  TestServer server(options);
  HttpClient first(server.port());
  HttpClient second(server.port());
  ASSERT_TRUE(first.Send(GetRequest("/healthz")));
  ASSERT_TRUE(second.Send(GetRequest("/healthz")));
  EXPECT_EQ(first.Receive()->status, 200);
  EXPECT_EQ(second.Receive()->status, 200);
  HttpClient third(server.port());
  const std::optional<ClientResponse> refused = third.Receive();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->fields.at("retry-after"), "1");
  EXPECT_TRUE(third.ServerCloses());
  // Those who are in stay in.
  ASSERT_TRUE(first.Send(GetRequest("/healthz")));
  EXPECT_EQ(first.Receive()->status, 200);
}

TEST(Server, ASwapOfReleasesDropsNoRequest) {
  ServeOptions options = TestOptions();
  options.poll_ms = 1;
  TestServer server(options);
  constexpr int kClients = 4;
  constexpr int kSwaps = 20;
  std::atomic<bool> done = false;
  std::atomic<int> failures = 0;
  std::atomic<int> answers = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      HttpClient client(server.port());
      while (!done) {
        const std::string id = Concat("c", c);
        const bool sent = client.Send(GetRequest("/v1/customers/" + id));
        const std::optional<ClientResponse> response = sent ? client.Receive() : std::nullopt;
        const bool good = response && response->status == 200 && response->body[0] == 'r' &&
                          response->body.ends_with(" " + id + " ");
        if (!good) {
          ++failures;
          return;
        }
        ++answers;
      }
    });
  }
  std::set<std::string> seen;
  for (int swap = 2; swap <= kSwaps + 1; ++swap) {
    const std::string id = Concat("r", swap);
    if (swap % 5 == 0) {
      // Between two good ones a damaged one: nobody may notice.
      server.source().Damage("damaged");
      server.source().Publish("damaged");
    }
    const int before = answers;
    while (answers < before + 4 && failures == 0) std::this_thread::yield();
    server.source().Publish(id);
    for (int i = 0; i < 5000 && !seen.contains(id); ++i) {
      seen.insert(Json::parse(Answer(server.port(), GetRequest("/healthz")).body)["release"]);
    }
  }
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GE(answers, kSwaps * 4);
  EXPECT_THAT(seen, Contains(Concat("r", kSwaps + 1)));
  EXPECT_GE(seen.size(), static_cast<size_t>(kSwaps));
}

TEST(Server, AStopFinishesWhatIsUnderWay) {
  QueryGate gate;
  TestServer server(TestOptions(), gate.Query());
  HttpClient busy(server.port());
  ASSERT_TRUE(busy.Send(PostRequest("/v1/recommendations", "last")));
  gate.WaitForEntered(1);
  HttpClient idle(server.port());
  ASSERT_TRUE(idle.Send(GetRequest("/healthz")));
  ASSERT_TRUE(idle.Receive().has_value());
  server.RequestStop();
  EXPECT_TRUE(idle.ServerCloses());  // also: the stop has come to the connections
  EXPECT_FALSE(HttpClient(server.port()).connected());
  gate.Open();
  const std::optional<ClientResponse> response = busy.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "r1  last");
  EXPECT_EQ(response->fields.at("connection"), "close");
  EXPECT_TRUE(server.Stop().ok());
}

TEST(Server, AStopFinishesARequestThatIsHalfRead) {
  TestServer server;
  HttpClient idle(server.port());
  ASSERT_TRUE(idle.Send(GetRequest("/healthz")));
  ASSERT_TRUE(idle.Receive().has_value());
  HttpClient half(server.port());
  ASSERT_TRUE(
      half.Send("POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_EQ(half.Receive(ResponseBody::kNone)->status, 100);
  server.RequestStop();
  EXPECT_TRUE(idle.ServerCloses());
  ASSERT_TRUE(half.Send("{}"));
  const std::optional<ClientResponse> response = half.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "r1  {}");
}

TEST(Server, AStopDoesNotWaitForEver) {
  ServeOptions options = TestOptions();
  options.grace_ms = 50;
  TestServer server(options);
  HttpClient half(server.port());
  ASSERT_TRUE(
      half.Send("POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_EQ(half.Receive(ResponseBody::kNone)->status, 100);
  EXPECT_TRUE(server.Stop().ok());
  EXPECT_TRUE(half.ServerCloses());
  EXPECT_THAT(server.log(), Contains("stopping: 1 connections were cut off"));
}

TEST(Server, StopsOnASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    ServeOptions options = TestOptions();
    options.handle_signals = true;
    FakeSource source("r1");
    ThreadPool pool(1);
    const absl::Status status = ServeQueries(options, source, pool, EchoQuery, [&](int port) {
      EXPECT_EQ(Answer(port, GetRequest("/healthz")).status, 200);
      EXPECT_EQ(kill(getpid(), signal), 0);
    });
    EXPECT_TRUE(status.ok()) << status;
  }
}

TEST(Server, TheSamePortCanBeHadAgainAtOnce) {
  ServeOptions options = TestOptions();
  {
    TestServer first;
    options.port = first.port();
    // The server closes first, which leaves its side of the connection behind for a while.
    EXPECT_EQ(Answer(first.port(), GetRequest("/healthz", "Connection: close\r\n")).status, 200);
  }
  TestServer second(options);
  EXPECT_EQ(second.port(), options.port);
}

}  // namespace
}  // namespace burgeon
