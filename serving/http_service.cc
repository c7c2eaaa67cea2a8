#include "serving/http_service.h"

#include <array>
#include <random>
#include <utility>

#include "engine/base/check.h"
#include "serving/http_error.h"
#include "serving/json_api.h"

namespace burgeon {
namespace {

std::string RandomPrefix() {
  std::random_device device;
  std::array<uint8_t, 4> bytes{};
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(device());
  return ToHex(bytes);
}

HttpError NoRelease() { return HttpError{503, "no_release", "", {{"Retry-After", "5"}}}; }

}  // namespace

HttpService::HttpService(ServiceParts parts)
    : parts_(std::move(parts)), id_prefix_(RandomPrefix()) {
  BURGEON_CHECK(parts_.query && parts_.holder != nullptr && parts_.workers != nullptr &&
                parts_.metrics != nullptr && parts_.log);
}

std::string HttpService::NewRequestId() { return Concat(id_prefix_, "-", next_id_.fetch_add(1)); }

HttpService::Decision HttpService::Decide(const RequestHead& head) {
  const auto start = std::chrono::steady_clock::now();
  HttpOr<HeadFacts> facts = CheckHead(head);
  if (const HttpError* error = std::get_if<HttpError>(&facts)) return Refuse(*error, "");
  HeadFacts& good = std::get<HeadFacts>(facts);
  std::string id = good.request_id.empty() ? NewRequestId() : good.request_id;
  // First of all, so that a stranger learns nothing, not even which routes there are.
  if (!parts_.authenticator.Accepts(head)) return Refuse(Unauthorized(), id);
  HttpOr<RouteMatch> match = MatchRoute(head, good);
  if (const HttpError* error = std::get_if<HttpError>(&match)) return Refuse(*error, id);
  return AcceptedRequest{std::get<RouteMatch>(std::move(match)), std::move(good), std::move(id),
                         start};
}

HttpResponse HttpService::Refuse(const HttpError& error, std::string_view request_id) {
  parts_.metrics->RequestRefused(error.status);
  const std::string id = request_id.empty() ? NewRequestId() : std::string(request_id);
  HttpResponse response = ErrorResponse(error, id);
  response.fields.push_back({"X-Request-Id", id});
  return response;
}

void HttpService::Finish(const AcceptedRequest& request, HttpResponse response, const Done& done) {
  response.fields.push_back({"X-Request-Id", request.request_id});
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - request.start;
  parts_.metrics->RequestEnds(request.match.route, response.status, spent.count());
  done(std::move(response));
}

HttpResponse HttpService::Light(const AcceptedRequest& request) {
  const std::shared_ptr<const ServingState> state = parts_.holder->Get();
  const std::string release_id = state == nullptr ? std::string() : state->release_id;
  HttpResponse response;
  if (request.match.route == Route::kHealth) {
    response.status = state == nullptr ? 503 : 200;
    response.body = HealthJson(release_id, parts_.holder->Counts());
  } else {
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = parts_.metrics->Text(release_id, parts_.holder->Counts());
  }
  return response;
}

HttpResponse HttpService::Query(const AcceptedRequest& request, const std::string& body,
                                ExecutionContext& context) {
  // Held to the end of the answer: a request sees one release only.
  const std::shared_ptr<const ServingState> state = parts_.holder->Get();
  if (state == nullptr) return ErrorResponse(NoRelease(), request.request_id);
  absl::StatusOr<std::string> answer = parts_.query(context, *state, request.match, body);
  if (answer.ok() && ChangesOverlay(request.match.route)) {
    // In effect before it is acknowledged: the next request, from whomever, sees it.
    const absl::Status seen = parts_.holder->Refresh();
    if (!seen.ok()) answer = seen;
  }
  if (answer.ok()) {
    HttpResponse response;
    response.body = *std::move(answer);
    return response;
  }
  const HttpError error = ErrorOf(answer.status());
  if (error.status >= 500) {
    parts_.log(Concat("request ", request.request_id, ", ", RouteName(request.match.route), ": ",
                      Printable(MessageOf(answer.status()), 1000)));
  }
  return ErrorResponse(error, request.request_id);
}

void HttpService::Answer(AcceptedRequest request, std::string body, Done done) {
  parts_.metrics->RequestBegins();
  const Route route = request.match.route;
  if (route == Route::kHealth || route == Route::kMetrics) {
    return Finish(request, Light(request), done);
  }
  // Shared, because a std::function must be copyable and a body is not to be copied.
  struct Job {
    AcceptedRequest request;
    std::string body;
    Done done;
  };
  auto job = std::make_shared<Job>(Job{std::move(request), std::move(body), std::move(done)});
  const Workers::Posted posted =
      parts_.workers->TryPost(WorkClassOf(route), [this, job](ExecutionContext& context) {
        Finish(job->request, Query(job->request, job->body, context), job->done);
      });
  if (posted == Workers::Posted::kFull) {
    Finish(job->request, ErrorResponse(Overloaded(), job->request.request_id), job->done);
  }
}

}  // namespace burgeon
