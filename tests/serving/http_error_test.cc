#include "serving/http_error.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace burgeon {
namespace {

using Json = nlohmann::json;

TEST(HttpError, EachStatusOfTheEngineHasItsPlace) {
  EXPECT_EQ(ErrorOf(InvalidArgument("m")).status, 400);
  EXPECT_EQ(ErrorOf(NotFound("m")).status, 404);
  EXPECT_EQ(ErrorOf(FailedPrecondition("m")).status, 422);
  EXPECT_EQ(ErrorOf(ResourceExhausted("m")).status, 503);
  EXPECT_EQ(ErrorOf(Unavailable("m")).status, 503);
  EXPECT_EQ(ErrorOf(DataLoss("m")).status, 500);
  EXPECT_EQ(ErrorOf(Internal("m")).status, 500);
  EXPECT_EQ(ErrorOf(absl::UnknownError("m")).status, 500);
}

TEST(HttpError, AClientIsToldWhatItDidWrong) {
  const HttpResponse response = ErrorResponse(ErrorOf(NotFound("customer 'x' is not known")), "r1");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(Json::parse(response.body), Json::parse(R"({"error": {"code": "not_found",
                            "message": "customer 'x' is not known", "request_id": "r1"}})"));
}

TEST(HttpError, WhatWentWrongInsideStaysInside) {
  const HttpResponse response = ErrorResponse(ErrorOf(DataLoss("/srv/secret: damaged")), "r2");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(Json::parse(response.body),
            Json::parse(R"({"error": {"code": "internal", "request_id": "r2"}})"));
}

TEST(HttpError, OverloadSaysWhenToComeBack) {
  const HttpResponse response = ErrorResponse(Overloaded(), "r3");
  EXPECT_EQ(response.status, 503);
  ASSERT_EQ(response.fields.size(), 1U);
  EXPECT_EQ(response.fields[0].name, "Retry-After");
  EXPECT_EQ(response.fields[0].value, "1");
}

TEST(HttpError, AMessageThatIsNotUtf8IsStillJson) {
  const HttpResponse response = ErrorResponse(BadRequest("a\xFF"), "r4");
  EXPECT_FALSE(Json::parse(response.body, nullptr, false).is_discarded());
}

}  // namespace
}  // namespace burgeon
