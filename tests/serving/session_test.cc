// One connection, over a real socket.
#include "serving/session.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "serving/limits.h"
#include "tests/serving/test_server.h"
#include "tests/support/http_client.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

// The server of most tests; its time-outs are long, so that only what is tested closes anything.
class SessionTest : public testing::Test {
 protected:
  ClientResponse Answer(std::string_view request) {
    const std::optional<ClientResponse> response = Ask(server_.port(), request);
    EXPECT_TRUE(response.has_value()) << request.substr(0, 200);
    return response.value_or(ClientResponse{});
  }
  TestServer server_;
};

TEST_F(SessionTest, AnswersAQuery) {
  const ClientResponse response = Answer(PostRequest("/v1/recommendations", "{}"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "r1  {}");
  EXPECT_EQ(response.fields.at("content-type"), "application/json");
  EXPECT_EQ(response.fields.at("connection"), "keep-alive");
  EXPECT_EQ(response.fields.at("cache-control"), "no-store");
  EXPECT_THAT(response.fields.at("date"), testing::EndsWith(" GMT"));
  EXPECT_FALSE(response.fields.at("x-request-id").empty());
}

TEST_F(SessionTest, PathsAreDecoded) {
  EXPECT_EQ(Answer(GetRequest("/v1/customers/a%2Fb%20c")).body, "r1 a/b c ");
}

TEST_F(SessionTest, KeepsAConnectionAlive) {
  HttpClient client(server_.port());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.Send(PostRequest("/v1/lookalike", Concat("[", i, "]"))));
    const std::optional<ClientResponse> response = client.Receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body, Concat("r1  [", i, "]"));
  }
}

TEST_F(SessionTest, AnErrorInAnAnswerDoesNotEndTheConnection) {
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(GetRequest("/v1/customers/nobody")));
  EXPECT_EQ(client.Receive()->status, 404);
  ASSERT_TRUE(client.Send(GetRequest("/healthz")));
  EXPECT_EQ(client.Receive()->status, 200);
}

TEST_F(SessionTest, PipelinedRequestsAreAnsweredInOrder) {
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += i % 2 == 0 ? GetRequest(Concat("/v1/customers/c", i))
                      : PostRequest("/v1/recommendations", Concat("b", i));
  }
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(all));
  for (int i = 0; i < 50; ++i) {
    const std::optional<ClientResponse> response = client.Receive();
    ASSERT_TRUE(response.has_value()) << i;
    EXPECT_EQ(response->body, i % 2 == 0 ? Concat("r1 c", i, " ") : Concat("r1  b", i));
  }
}

TEST_F(SessionTest, ARequestMayComeByteByByte) {
  HttpClient client(server_.port());
  for (const char c : PostRequest("/v1/recommendations", "{\"k\": 1}")) {
    ASSERT_TRUE(client.Send(std::string_view(&c, 1)));
  }
  EXPECT_EQ(client.Receive()->body, "r1  {\"k\": 1}");
}

TEST_F(SessionTest, ClosesWhenAsked) {
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(GetRequest("/healthz", "Connection: close\r\n")));
  const std::optional<ClientResponse> response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->fields.at("connection"), "close");
  EXPECT_TRUE(client.ServerCloses());
}

TEST_F(SessionTest, Http10ClosesUnlessAskedToStay) {
  HttpClient first(server_.port());
  ASSERT_TRUE(first.Send("GET /healthz HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(first.Receive()->status, 200);
  EXPECT_TRUE(first.ServerCloses());
  HttpClient second(server_.port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(second.Send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_EQ(second.Receive()->fields.at("connection"), "keep-alive");
  }
}

TEST_F(SessionTest, HeadIsGetWithoutTheBody) {
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send("HEAD /v1/customers/abc HTTP/1.1\r\nHost: t\r\n\r\n"));
  std::optional<ClientResponse> response = client.Receive(ResponseBody::kNone);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->fields.at("content-length"), "7");  // "r1 abc "
  ASSERT_TRUE(client.Send(GetRequest("/v1/customers/abc")));
  response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "r1 abc ");
}

TEST_F(SessionTest, TakesAChunkedBody) {
  const std::string head =
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(head + "3\r\n{\"a\r\n5;x=y\r\n\": 1}\r\n0\r\nTrailer: t\r\n\r\n"));
  EXPECT_EQ(client.Receive()->body, "r1  {\"a\": 1}");
  ASSERT_TRUE(client.Send(GetRequest("/healthz")));
  EXPECT_EQ(client.Receive()->status, 200);
}

TEST_F(SessionTest, SaysContinueBeforeTheBody) {
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.Receive(ResponseBody::kNone)->status, 100);
  ASSERT_TRUE(client.Send("{}"));
  EXPECT_EQ(client.Receive()->status, 200);
}

TEST_F(SessionTest, RefusesInsteadOfContinue) {
  HttpClient client(server_.port());
  ASSERT_TRUE(
      client.Send("POST /v1/nowhere HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                  "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.Receive()->status, 404);
  EXPECT_TRUE(client.ServerCloses());
}

TEST_F(SessionTest, EchoesTheRequestId) {
  const ClientResponse good = Answer(GetRequest("/healthz", "X-Request-Id: abc-1\r\n"));
  EXPECT_EQ(good.fields.at("x-request-id"), "abc-1");
  const ClientResponse bad = Answer(GetRequest("/v1/customers/nobody", "X-Request-Id: abc-2\r\n"));
  EXPECT_EQ(Json::parse(bad.body)["error"]["request_id"], "abc-2");
  const ClientResponse odd = Answer(GetRequest("/healthz", "X-Request-Id: <b>\r\n"));
  EXPECT_THAT(odd.fields.at("x-request-id"), Not(HasSubstr("<")));
}

TEST_F(SessionTest, WhatWentWrongInsideIsForTheLog) {
  const ClientResponse response = Answer(GetRequest("/v1/customers/broken"));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, Not(HasSubstr("secret")));
  const std::string id = Json::parse(response.body)["error"]["request_id"];
  EXPECT_EQ(response.fields.at("x-request-id"), id);
  EXPECT_THAT(server_.log(), testing::Contains(testing::AllOf(
                                 HasSubstr(id), HasSubstr("/srv/secret/tensor is broken"))));
}

struct Hostile {
  const char* what;
  std::string request;
  int status;
};

std::vector<Hostile> HostileRequests() {
  const std::string post =
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n";
  const std::string get = "GET /healthz HTTP/1.1\r\nHost: t\r\n";
  return {
      {"not HTTP", "hello\r\n\r\n", 400},
      {"binary", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400},
      {"no version", "GET /healthz\r\n\r\n", 400},
      {"version 0.9", "GET /healthz HTTP/0.9\r\nHost: t\r\n\r\n", 505},
      {"version 2.0", "GET /healthz HTTP/2.0\r\nHost: t\r\n\r\n", 505},
      {"version 1.2", "GET /healthz HTTP/1.2\r\nHost: t\r\n\r\n", 505},
      {"small letters", "GET /healthz http/1.1\r\nHost: t\r\n\r\n", 400},
      {"two blanks", "GET  /healthz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"blank in the path", "GET /v1/customers/a b HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"control byte in the path", "GET /healthz\x01 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"bytes above ASCII in the path", "GET /v1/customers/\xC3\xA9 HTTP/1.1\r\nHost: t\r\n\r\n",
       400},
      {"absolute path", "GET http://t/healthz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"a proxy's wish", "CONNECT t:443 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"bad escape", "GET /v1/customers/%zz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"escaped NUL", "GET /v1/customers/%00 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
      {"no host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
      {"two hosts", get + "Host: u\r\n\r\n", 400},
      {"field without a colon", get + "Nothing\r\n\r\n", 400},
      {"blank before the colon", get + "A : b\r\n\r\n", 400},
      {"field without a name", get + ": b\r\n\r\n", 400},
      {"NUL in a field", get + std::string("A: b\0c\r\n\r\n", 10), 400},
      {"carriage return in a field", get + "A: b\rc\r\n\r\n", 400},
      {"line feed alone", "GET /healthz HTTP/1.1\nHost: t\n\n", 400},
      {"both framings", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400},
      {"both framings, other order",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400},
      {"same length twice", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"list of lengths", post + "Content-Length: 2, 2\r\n\r\n{}", 400},
      {"signed length", post + "Content-Length: +2\r\n\r\n{}", 400},
      {"negative length", post + "Content-Length: -2\r\n\r\n{}", 400},
      {"length with a letter", post + "Content-Length: 2x\r\n\r\n{}", 400},
      {"length that overflows", post + "Content-Length: 18446744073709551617\r\n\r\n{}", 400},
      {"coding not known", post + "Transfer-Encoding: gzip\r\n\r\n{}", 400},
      {"two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunk that is not hexadecimal", post + "Transfer-Encoding: chunked\r\n\r\nxx\r\n{}", 400},
      {"chunk that overflows", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
       400},
      {"chunk without its end", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n",
       400},
      {"no length", post + "\r\n", 411},
      {"body too large", post + "Content-Length: 4194305\r\n\r\n", 413},
      {"body beyond all", post + "Content-Length: 9223372036854775807\r\n\r\n", 413},
      {"chunk too large", post + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", 413},
      {"another type", "POST /v1/lookalike HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}",
       415},
      {"another expectation", get + "Expect: tea\r\n\r\n", 417},
      {"body with GET", get + "Content-Length: 2\r\n\r\n{}", 400},
      {"another method", "DELETE /v1/customers/1 HTTP/1.1\r\nHost: t\r\n\r\n", 405},
      {"unknown route", "GET /admin HTTP/1.1\r\nHost: t\r\n\r\n", 404},
  };
}

TEST_F(SessionTest, RefusesHostileRequestsEachInItsWay) {
  for (const Hostile& hostile : HostileRequests()) {
    HttpClient client(server_.port());
    ASSERT_TRUE(client.Send(hostile.request)) << hostile.what;
    const std::optional<ClientResponse> response = client.Receive();
    ASSERT_TRUE(response.has_value()) << hostile.what;
    EXPECT_EQ(response->status, hostile.status) << hostile.what << ": " << response->body;
    const Json json = Json::parse(response->body, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << hostile.what;
    EXPECT_TRUE(json["error"]["code"].is_string()) << hostile.what;
    EXPECT_EQ(json["error"]["request_id"], response->fields.at("x-request-id")) << hostile.what;
    EXPECT_EQ(response->fields.at("connection"), "close") << hostile.what;
    client.CloseForWriting();
    EXPECT_TRUE(client.ServerCloses()) << hostile.what;
  }
  EXPECT_EQ(Answer(GetRequest("/healthz")).status, 200);
}

// A second request hidden in what one reader takes for a body must not be answered.
TEST_F(SessionTest, NothingIsSmuggled) {
  HttpClient client(server_.port());
  ASSERT_TRUE(client.Send(
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
      GetRequest("/v1/customers/hidden")));
  EXPECT_EQ(client.Receive()->status, 400);
  client.CloseForWriting();
  EXPECT_TRUE(client.ServerCloses());
}

TEST_F(SessionTest, RequestLineAndHeaderHaveLimits) {
  const auto with_line = [](size_t bytes) {
    const std::string around = "GET / HTTP/1.1";
    return Concat("GET /", std::string(bytes - around.size(), 'a'), " HTTP/1.1\r\nHost: t\r\n\r\n");
  };
  EXPECT_EQ(Answer(with_line(limits::kMaxRequestLineBytes)).status, 404);
  EXPECT_EQ(Answer(with_line(limits::kMaxRequestLineBytes + 1)).status, 414);
  EXPECT_EQ(Answer(with_line(1 << 20)).status, 414);
  const auto with_fields = [](size_t bytes) {
    return GetRequest("/healthz", Concat("A: ", std::string(bytes, 'a'), "\r\n"));
  };
  EXPECT_EQ(Answer(with_fields(30'000)).status, 200);
  EXPECT_EQ(Answer(with_fields(33'000)).status, 431);
  EXPECT_EQ(Answer(with_fields(1 << 20)).status, 431);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(Answer(GetRequest("/healthz", many)).status, 431);
}

TEST_F(SessionTest, TheLargestBodyIsTakenAndOneByteMoreIsNot) {
  const std::string largest(limits::kMaxRequestBytes, 'x');
  const ClientResponse response = Answer(PostRequest("/v1/recommendations", largest));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), largest.size() + 4);
  EXPECT_EQ(Answer(PostRequest("/v1/recommendations", largest + "x")).status, 413);
  std::string chunked =
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunk(1 << 20, 'x');
  for (int i = 0; i < 4; ++i) chunked += Concat("100000\r\n", chunk, "\r\n");
  EXPECT_EQ(Answer(chunked + "0\r\n\r\n").status, 200);
  EXPECT_EQ(Answer(chunked + "1\r\nx\r\n0\r\n\r\n").status, 413);
}

TEST_F(SessionTest, AClientThatLeavesIsForgotten) {
  {
    HttpClient silent(server_.port());
    HttpClient half(server_.port());
    ASSERT_TRUE(half.Send("POST /v1/recommendations HTTP/1.1\r\nHo"));
    HttpClient deaf(server_.port());
    ASSERT_TRUE(deaf.Send(PostRequest("/v1/recommendations", std::string(1 << 20, 'x'))));
  }
  for (int i = 0; i < 5000; ++i) {
    const std::string text = Answer(GetRequest("/metrics", "Connection: close\r\n")).body;
    if (text.find("\nburgeon_http_connections 1\n") != std::string::npos) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  FAIL() << "connections of clients that left are still open";
}

ServeOptions Hasty() {
  ServeOptions options = TestOptions();
  options.header_timeout_ms = 50;
  options.body_timeout_ms = 50;
  options.idle_timeout_ms = 50;
  options.send_timeout_ms = 50;
  return options;
}

TEST(SessionTimeouts, TooSlowAHeaderIsCutOff) {
  TestServer server(Hasty());
  HttpClient silent(server.port());
  EXPECT_TRUE(silent.ServerCloses());
  HttpClient slow(server.port());
  ASSERT_TRUE(slow.Send("GET /healthz HTTP/1.1\r\nHost: t\r\n"));
  EXPECT_TRUE(slow.ServerCloses());
  // One byte now and then does not help: the time is that of the whole header.
  HttpClient dripping(server.port());
  bool open = true;
  for (int i = 0; i < 1000 && open; ++i) {
    open = dripping.Send("A");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(open);
}

TEST(SessionTimeouts, TooSlowABodyIsCutOff) {
  TestServer server(Hasty());
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(
      "POST /v1/recommendations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 10\r\n\r\n{"));
  EXPECT_TRUE(client.ServerCloses());
}

TEST(SessionTimeouts, AnIdleConnectionIsClosed) {
  TestServer server(Hasty());
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(GetRequest("/healthz")));
  EXPECT_EQ(client.Receive()->status, 200);
  EXPECT_TRUE(client.ServerCloses());
}

TEST(SessionTimeouts, AClientThatDoesNotReadIsCutOff) {
  TestServer server(Hasty());
  HttpClient client(server.port());
  // More answers than the sockets' buffers hold.
  const std::string request = PostRequest("/v1/recommendations", std::string(2 << 20, 'x'));
  for (int i = 0; i < 8 && client.Send(request); ++i) {
  }
  const auto timed_out = [&] {
    const std::optional<ClientResponse> response = Ask(server.port(), GetRequest("/metrics"));
    return response && response->body.find("\nburgeon_http_connections_timed_out_total 0\n") ==
                           std::string::npos;
  };
  for (int i = 0; i < 2000 && !timed_out(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(timed_out());
}

TEST(SessionTimeouts, ASlowAnswerIsNotACause) {
  QueryGate gate;
  TestServer server(Hasty(), gate.Query());
  HttpClient client(server.port());
  ASSERT_TRUE(client.Send(GetRequest("/v1/customers/1")));
  gate.WaitForEntered(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  gate.Open();
  const std::optional<ClientResponse> response = client.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

}  // namespace
}  // namespace burgeon
