#include "serving/request_head.h"

#include <gmock/gmock.h>

#include "serving/limits.h"

namespace burgeon {
namespace {

RequestHead Head(std::vector<HttpField> fields, int version = 11) {
  return RequestHead{
      .method = "POST", .target = "/", .version = version, .fields = std::move(fields)};
}

// 0 when the head is accepted.
int StatusOf(const RequestHead& head) {
  const HttpOr<HeadFacts> facts = CheckHead(head);
  const HttpError* error = std::get_if<HttpError>(&facts);
  return error == nullptr ? 0 : error->status;
}

HeadFacts FactsOf(const RequestHead& head) {
  const HttpOr<HeadFacts> facts = CheckHead(head);
  EXPECT_TRUE(std::holds_alternative<HeadFacts>(facts));
  const HeadFacts* good = std::get_if<HeadFacts>(&facts);
  return good == nullptr ? HeadFacts{} : *good;
}

const HttpField kHost{"Host", "h"};

TEST(RequestHead, ReadsTheFraming) {
  EXPECT_EQ(FactsOf(Head({kHost})).framing, BodyFraming::kNone);
  const HeadFacts length = FactsOf(Head({kHost, {"content-length", "12"}}));
  EXPECT_EQ(length.framing, BodyFraming::kLength);
  EXPECT_EQ(length.content_length, 12);
  EXPECT_EQ(FactsOf(Head({kHost, {"Transfer-Encoding", "Chunked"}})).framing,
            BodyFraming::kChunked);
}

struct Hostile {
  const char* what;
  std::vector<HttpField> fields;
  int version;
  int status;
};

TEST(RequestHead, RefusesWhatTwoServersCouldReadInTwoWays) {
  const Hostile cases[] = {
      {"no host", {}, 11, 400},
      {"two hosts", {kHost, kHost}, 11, 400},
      {"two hosts, 1.0", {kHost, kHost}, 10, 400},
      {"both framings",
       {kHost, {"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}},
       11,
       400},
      {"coding with 1.0", {kHost, {"Transfer-Encoding", "chunked"}}, 10, 400},
      {"coding not known", {kHost, {"Transfer-Encoding", "gzip"}}, 11, 400},
      {"coding almost known", {kHost, {"Transfer-Encoding", "xchunked"}}, 11, 400},
      {"two codings", {kHost, {"Transfer-Encoding", "gzip, chunked"}}, 11, 400},
      {"coding twice",
       {kHost, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
       11,
       400},
      {"empty coding", {kHost, {"Transfer-Encoding", ""}}, 11, 400},
      {"signed length", {kHost, {"Content-Length", "+3"}}, 11, 400},
      {"negative length", {kHost, {"Content-Length", "-3"}}, 11, 400},
      {"hexadecimal length", {kHost, {"Content-Length", "0x3"}}, 11, 400},
      {"empty length", {kHost, {"Content-Length", ""}}, 11, 400},
      {"list of lengths", {kHost, {"Content-Length", "3, 3"}}, 11, 400},
      {"two lengths", {kHost, {"Content-Length", "3"}, {"Content-Length", "3"}}, 11, 400},
      {"length beyond 64 bits", {kHost, {"Content-Length", "99999999999999999999"}}, 11, 413},
      {"length over the limit",
       {kHost, {"Content-Length", std::to_string(limits::kMaxRequestBytes + 1)}},
       11,
       413},
      {"expects something else", {kHost, {"Expect", "200-ok"}}, 11, 417},
  };
  for (const Hostile& hostile : cases) {
    EXPECT_EQ(StatusOf(Head(hostile.fields, hostile.version)), hostile.status) << hostile.what;
  }
  EXPECT_EQ(StatusOf(Head({kHost, {"Content-Length", std::to_string(limits::kMaxRequestBytes)}})),
            0);
}

TEST(RequestHead, KeepsAliveAsTheVersionSays) {
  EXPECT_TRUE(FactsOf(Head({kHost})).keep_alive);
  EXPECT_FALSE(FactsOf(Head({kHost, {"Connection", "Close"}})).keep_alive);
  EXPECT_FALSE(FactsOf(Head({kHost, {"Connection", "keep-alive , close"}})).keep_alive);
  EXPECT_TRUE(FactsOf(Head({kHost, {"Connection", "closely"}})).keep_alive);
  EXPECT_FALSE(FactsOf(Head({}, 10)).keep_alive);
  EXPECT_TRUE(FactsOf(Head({{"Connection", "Keep-Alive"}}, 10)).keep_alive);
}

TEST(RequestHead, HearsAnExpectationOfVersion11Only) {
  EXPECT_TRUE(FactsOf(Head({kHost, {"Expect", "100-Continue"}})).expects_continue);
  EXPECT_FALSE(FactsOf(Head({kHost, {"Expect", "100-continue"}}, 10)).expects_continue);
}

TEST(RequestHead, TakesARequestIdOnlyWhenItIsHarmless) {
  EXPECT_EQ(FactsOf(Head({kHost, {"x-request-id", "aB-9_.z"}})).request_id, "aB-9_.z");
  EXPECT_EQ(FactsOf(Head({kHost, {"X-Request-Id", "a b"}})).request_id, "");
  EXPECT_EQ(FactsOf(Head({kHost, {"X-Request-Id", "\"><script>"}})).request_id, "");
  EXPECT_EQ(FactsOf(Head({kHost, {"X-Request-Id", std::string(65, 'a')}})).request_id, "");
  EXPECT_EQ(FactsOf(Head({kHost, {"X-Request-Id", std::string(64, 'a')}})).request_id,
            std::string(64, 'a'));
  EXPECT_EQ(FactsOf(Head({kHost, {"X-Request-Id", "a"}, {"X-Request-Id", "b"}})).request_id, "");
}

TEST(RequestHead, SizesHaveLimits) {
  RequestHead head = Head({kHost});
  const size_t around = std::string("POST  HTTP/1.1").size();
  head.target = std::string(limits::kMaxRequestLineBytes - around, '/');
  EXPECT_EQ(StatusOf(head), 0);
  head.target += "a";
  EXPECT_EQ(StatusOf(head), 414);
  std::vector<HttpField> fields(limits::kMaxHeaderFields - 1, HttpField{"A", "b"});
  fields.push_back(kHost);
  EXPECT_EQ(StatusOf(Head(fields)), 0);
  fields.push_back({"A", "b"});
  EXPECT_EQ(StatusOf(Head(fields)), 431);
}

}  // namespace
}  // namespace burgeon
