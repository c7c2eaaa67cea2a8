// Refusals: from a Status of the engine to a status of HTTP, and the body that says so:
//   {"error": {"code": "not_found", "message": "customer 'x' is not known", "request_id": "..."}}
// A message is there for 4xx only; what went wrong inside is for the log, found by the request id.
#ifndef BURGEON_SERVING_HTTP_ERROR_H_
#define BURGEON_SERVING_HTTP_ERROR_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"
#include "serving/http_types.h"

namespace burgeon {

// 400 with code "bad_request".
HttpError BadRequest(std::string message);
// 503 with Retry-After, code "overloaded".
HttpError Overloaded();

// kInvalidArgument 400, kNotFound 404, kFailedPrecondition 422, kResourceExhausted and
// kUnavailable 503 with Retry-After, everything else 500. `status` is not OK.
HttpError ErrorOf(const absl::Status& status);

HttpResponse ErrorResponse(const HttpError& error, std::string_view request_id);

}  // namespace burgeon

#endif  // BURGEON_SERVING_HTTP_ERROR_H_
