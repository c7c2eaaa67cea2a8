#include "serving/metrics.h"

#include <algorithm>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr std::string_view kRefusedRoute = "none";

void Declare(std::string& out, std::string_view name, std::string_view type,
             std::string_view help) {
  out += Concat("# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n");
}

void Single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
            int64_t value) {
  Declare(out, name, type, help);
  out += Concat(name, " ", value, "\n");
}

}  // namespace

std::string EscapeLabel(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

void Metrics::RequestBegins() {
  const std::lock_guard lock(mutex_);
  ++in_flight_;
}

void Metrics::RequestEnds(Route route, int status, double seconds) {
  const size_t bucket =
      static_cast<size_t>(std::lower_bound(kLatencyBounds.begin(), kLatencyBounds.end(), seconds) -
                          kLatencyBounds.begin());
  const std::lock_guard lock(mutex_);
  --in_flight_;
  ++requests_[{RouteName(route), status}];
  Latency& latency = latency_[static_cast<size_t>(route)];
  ++latency.counts[bucket];
  latency.sum += seconds;
}

void Metrics::RequestRefused(int status) {
  const std::lock_guard lock(mutex_);
  ++requests_[{kRefusedRoute, status}];
}

void Metrics::ConnectionOpened() {
  const std::lock_guard lock(mutex_);
  ++connections_;
  ++open_connections_;
}

void Metrics::ConnectionClosed() {
  const std::lock_guard lock(mutex_);
  --open_connections_;
}

void Metrics::ConnectionTurnedAway() {
  const std::lock_guard lock(mutex_);
  ++turned_away_;
}

void Metrics::ConnectionTimedOut() {
  const std::lock_guard lock(mutex_);
  ++timed_out_;
}

std::string Metrics::Text(std::string_view release_id, const ReloadCounts& reloads) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  Declare(out, "burgeon_http_requests_total", "counter",
          "Requests answered, by route and status; route none: refused before a route was found.");
  for (const auto& [key, count] : requests_) {
    out += Concat("burgeon_http_requests_total{route=\"", key.first, "\",code=\"", key.second,
                  "\"} ", count, "\n");
  }
  Declare(out, "burgeon_http_request_seconds", "histogram",
          "Time from the end of a request's header to its answer being ready.");
  for (size_t i = 0; i < latency_.size(); ++i) {
    const std::string route = Concat("{route=\"", RouteName(static_cast<Route>(i)), "\"");
    int64_t cumulative = 0;
    for (size_t b = 0; b <= kLatencyBounds.size(); ++b) {
      cumulative += latency_[i].counts[b];
      const std::string bound =
          b < kLatencyBounds.size() ? Concat(kLatencyBounds[b]) : std::string("+Inf");
      out += Concat("burgeon_http_request_seconds_bucket", route, ",le=\"", bound, "\"} ",
                    cumulative, "\n");
    }
    out += Concat("burgeon_http_request_seconds_sum", route, "} ", latency_[i].sum, "\n");
    out += Concat("burgeon_http_request_seconds_count", route, "} ", cumulative, "\n");
  }
  Single(out, "burgeon_http_in_flight_requests", "gauge", "Requests being answered.", in_flight_);
  Single(out, "burgeon_http_connections", "gauge", "Open connections.", open_connections_);
  Single(out, "burgeon_http_connections_total", "counter", "Connections taken.", connections_);
  Single(out, "burgeon_http_connections_turned_away_total", "counter",
         "Connections over the limit, answered 503 and closed.", turned_away_);
  Single(out, "burgeon_http_connections_timed_out_total", "counter",
         "Connections closed because the client was too slow or idle.", timed_out_);
  Declare(out, "burgeon_release_info", "gauge", "1 for the release in use.");
  if (!release_id.empty()) {
    out += Concat("burgeon_release_info{release=\"", EscapeLabel(release_id), "\"} 1\n");
  }
  Single(out, "burgeon_release_loads_total", "counter",
         "Versions of release and overlay taken up, the first among them.", reloads.loaded);
  Single(out, "burgeon_release_load_failures_total", "counter",
         "Versions that could not be loaded.", reloads.failed);
  Single(out, "burgeon_release_stale", "gauge",
         "1 while what is published could not be loaded and an older release answers.",
         reloads.last_failed ? 1 : 0);
  return out;
}

}  // namespace burgeon
