#include "serving/http_types.h"

#include <gmock/gmock.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HttpTypes, FieldNamesCompareWithoutCase) {
  RequestHead head;
  head.fields = {{"Host", "a"}, {"X-A", "1"}, {"x-a", "2"}};
  EXPECT_THAT(FieldValues(head, "X-a"), ElementsAre("1", "2"));
  EXPECT_THAT(FieldValues(head, "X-B"), IsEmpty());
  EXPECT_TRUE(EqualsIgnoreCase("Chunked", "cHUNKED"));
  EXPECT_FALSE(EqualsIgnoreCase("chunked", "chunke"));
  EXPECT_FALSE(EqualsIgnoreCase("chunke", "chunked"));
}

// The example of RFC 9110, 5.6.7.
TEST(HttpTypes, WritesDatesAsTheStandardHasThem) {
  EXPECT_EQ(HttpDate(784'111'777 * kMicrosPerSecond), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(HttpTypes, WritesAWholeAnswer) {
  HttpResponse response;
  response.status = 404;
  response.body = "{}\n";
  response.fields = {{"X-Request-Id", "a1"}};
  EXPECT_EQ(SerializeResponse(response, {.keep_alive = true, .date = "D"}),
            "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: application/json\r\n"
            "Content-Length: 3\r\nCache-Control: no-store\r\nConnection: keep-alive\r\n"
            "X-Request-Id: a1\r\n\r\n{}\n");
}

TEST(HttpTypes, AnAnswerToHeadKeepsTheLengthAndLeavesTheBody) {
  HttpResponse response;
  response.body = "12345";
  const std::string text = SerializeResponse(response, {.head_only = true, .date = "D"});
  EXPECT_THAT(text, testing::HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\n"));
}

TEST(HttpTypesDeathTest, AFieldCannotCarryALineBreak) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  HttpResponse response;
  response.fields = {{"Allow", "GET\r\nSet-Cookie: a"}};
  EXPECT_DEATH(SerializeResponse(response, {}), "http_types.cc");
}

TEST(HttpTypes, EveryStatusThatIsSentHasItsPhrase) {
  for (const int status :
       {200, 400, 401, 404, 405, 411, 413, 414, 415, 417, 422, 431, 500, 503, 505}) {
    EXPECT_FALSE(ReasonPhrase(status).empty()) << status;
  }
  EXPECT_EQ(ReasonPhrase(418), "");
}

}  // namespace
}  // namespace burgeon
