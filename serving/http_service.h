// The server without its sockets: from a request's head to a decision, from its body to an answer.
// Authorisation, routing, the limit on requests in flight, metrics and request ids live here.
//
//   HttpService::Decision decision = service.Decide(head);   // before the body is read
//   if (auto* refusal = std::get_if<HttpResponse>(&decision)) ...send it, close...
//   service.Answer(std::get<AcceptedRequest>(std::move(decision)), body, [](HttpResponse r) {...});
//
// Thread-safe.
#ifndef BURGEON_SERVING_HTTP_SERVICE_H_
#define BURGEON_SERVING_HTTP_SERVICE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "serving/auth.h"
#include "serving/handlers.h"
#include "serving/http_types.h"
#include "serving/metrics.h"
#include "serving/release_holder.h"
#include "serving/request_head.h"
#include "serving/router.h"
#include "serving/workers.h"

namespace burgeon {

struct AcceptedRequest {
  RouteMatch match;
  HeadFacts facts;
  std::string request_id;
  std::chrono::steady_clock::time_point start;
};

// What the service works with; all outlive it.
struct ServiceParts {
  Authenticator authenticator;
  QueryFunction query;
  ReleaseHolder* holder = nullptr;
  Workers* workers = nullptr;
  Metrics* metrics = nullptr;
  std::function<void(std::string_view)> log;
};

class HttpService {
 public:
  using Decision = std::variant<AcceptedRequest, HttpResponse>;
  using Done = std::function<void(HttpResponse)>;

  explicit HttpService(ServiceParts parts);

  // On the head alone: malformed, not authorised, no such route, too large.
  Decision Decide(const RequestHead& head);

  // Calls `done` once: at once, or later on a worker's thread (never, when the workers stop first).
  void Answer(AcceptedRequest request, std::string body, Done done);

  // Refuses what was not accepted, or whose body could not be read; counts it.
  HttpResponse Refuse(const HttpError& error, std::string_view request_id);

 private:
  std::string NewRequestId();
  HttpResponse Light(const AcceptedRequest& request);
  HttpResponse Query(const AcceptedRequest& request, const std::string& body,
                     ExecutionContext& context);
  void Finish(const AcceptedRequest& request, HttpResponse response, const Done& done);

  const ServiceParts parts_;
  const std::string id_prefix_;  // of this process: ids differ from those before a restart
  std::atomic<uint64_t> next_id_{1};
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_HTTP_SERVICE_H_
