// What the server counts, in the text format of Prometheus (version 0.0.4). Labels come from fixed
// sets, apart from the id of the release. Thread-safe.
#ifndef BURGEON_SERVING_METRICS_H_
#define BURGEON_SERVING_METRICS_H_

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "serving/release_source.h"
#include "serving/router.h"

namespace burgeon {

// Upper bounds of the latency histogram, seconds; +Inf comes after.
inline constexpr std::array<double, 14> kLatencyBounds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

class Metrics {
 public:
  // A request that reached a route, from the end of its header to the answer being ready.
  void RequestBegins();
  void RequestEnds(Route route, int status, double seconds);
  // One that was refused before: malformed, not authorised, no such route.
  void RequestRefused(int status);

  void ConnectionOpened();
  void ConnectionClosed();
  void ConnectionTurnedAway();
  void ConnectionTimedOut();

  std::string Text(std::string_view release_id, const ReloadCounts& reloads) const;

 private:
  struct Latency {
    std::array<int64_t, kLatencyBounds.size() + 1> counts{};  // not cumulative
    double sum = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string_view, int>, int64_t> requests_;  // by route name and status
  std::array<Latency, kRoutes> latency_;
  int64_t in_flight_ = 0;
  int64_t open_connections_ = 0;
  int64_t connections_ = 0;
  int64_t turned_away_ = 0;
  int64_t timed_out_ = 0;
};

// A label's value as the format wants it: backslash, quote and line break escaped.
std::string EscapeLabel(std::string_view value);

}  // namespace burgeon

#endif  // BURGEON_SERVING_METRICS_H_
