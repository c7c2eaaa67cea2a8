#include "serving/http_error.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {
constexpr const char* kRetryAfterSeconds = "1";
}  // namespace

HttpError BadRequest(std::string message) {
  return HttpError{400, "bad_request", std::move(message), {}};
}

HttpError Overloaded() {
  return HttpError{503, "overloaded", "", {{"Retry-After", kRetryAfterSeconds}}};
}

HttpError ErrorOf(const absl::Status& status) {
  BURGEON_CHECK(!status.ok());
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return HttpError{400, "invalid_argument", MessageOf(status), {}};
    case absl::StatusCode::kNotFound:
      return HttpError{404, "not_found", MessageOf(status), {}};
    case absl::StatusCode::kFailedPrecondition:
      return HttpError{422, "failed_precondition", MessageOf(status), {}};
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
      return HttpError{503, "unavailable", "", {{"Retry-After", kRetryAfterSeconds}}};
    default:
      return HttpError{500, "internal", "", {}};
  }
}

HttpResponse ErrorResponse(const HttpError& error, std::string_view request_id) {
  using Json = nlohmann::ordered_json;
  Json inner;
  inner["code"] = error.code;
  if (error.status < 500) inner["message"] = error.message;
  inner["request_id"] = std::string(request_id);
  Json body;
  body["error"] = std::move(inner);
  HttpResponse response;
  response.status = error.status;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  response.fields = error.fields;
  return response;
}

}  // namespace burgeon
