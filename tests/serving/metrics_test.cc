#include "serving/metrics.h"

#include <gmock/gmock.h>

#include <regex>
#include <sstream>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountsRequestsByRouteAndStatus) {
  Metrics metrics;
  metrics.RequestBegins();
  metrics.RequestBegins();
  metrics.RequestBegins();
  metrics.RequestEnds(Route::kRecommendations, 200, 0.003);
  metrics.RequestEnds(Route::kRecommendations, 404, 0.2);
  metrics.RequestRefused(400);
  metrics.RequestRefused(400);
  const std::string text = metrics.Text("r1", {});
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"recommendations\",code=\"200\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"recommendations\",code=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{route=\"none\",code=\"400\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_in_flight_requests 1\n"));
}

TEST(Metrics, BucketsOfTheHistogramAreCumulative) {
  Metrics metrics;
  for (const double seconds : {0.0005, 0.003, 0.004, 99.0}) {
    metrics.RequestBegins();
    metrics.RequestEnds(Route::kLookalike, 200, seconds);
  }
  const std::string text = metrics.Text("r1", {});
  const std::string route = "burgeon_http_request_seconds_bucket{route=\"lookalike\",le=";
  EXPECT_THAT(text, HasSubstr(route + "\"5e-04\"} 1\n"));  // a bound belongs to its bucket
  EXPECT_THAT(text, HasSubstr(route + "\"0.0025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(route + "\"0.005\"} 3\n"));
  EXPECT_THAT(text, HasSubstr(route + "\"10\"} 3\n"));
  EXPECT_THAT(text, HasSubstr(route + "\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("burgeon_http_request_seconds_count{route=\"lookalike\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("burgeon_http_request_seconds_sum{route=\"lookalike\"} 99.0075\n"));
  EXPECT_THAT(text, HasSubstr("burgeon_http_request_seconds_count{route=\"healthz\"} 0\n"));
}

TEST(Metrics, CountsConnections) {
  Metrics metrics;
  metrics.ConnectionOpened();
  metrics.ConnectionOpened();
  metrics.ConnectionClosed();
  metrics.ConnectionTurnedAway();
  metrics.ConnectionTimedOut();
  const std::string text = metrics.Text("", {});
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_connections 1\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_connections_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_connections_turned_away_total 1\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_http_connections_timed_out_total 1\n"));
}

TEST(Metrics, SaysWhichReleaseAnswers) {
  const Metrics metrics;
  const std::string text =
      metrics.Text("20261122T154500Z-1a2b3c4d", {.loaded = 3, .failed = 2, .last_failed = true});
  EXPECT_THAT(text, HasSubstr("burgeon_release_info{release=\"20261122T154500Z-1a2b3c4d\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_release_loads_total 3\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_release_load_failures_total 2\n"));
  EXPECT_THAT(text, HasSubstr("\nburgeon_release_stale 1\n"));
  EXPECT_THAT(metrics.Text("", {}), Not(HasSubstr("burgeon_release_info{")));
}

TEST(Metrics, EscapesLabels) { EXPECT_EQ(EscapeLabel("a\"b\\c\nd"), "a\\\"b\\\\c\\nd"); }

// Every line is a comment or "name{labels} number", every series is declared before, and the text
// ends with a line break: https://prometheus.io/docs/instrumenting/exposition_formats/
TEST(Metrics, IsTheTextFormat) {
  Metrics metrics;
  metrics.RequestBegins();
  metrics.RequestEnds(Route::kMetrics, 200, 1e-7);
  const std::string text = metrics.Text("r1", {});
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text.back(), '\n');
  const std::regex sample(R"re(([a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.e]+)re");
  const std::regex declared(R"(# (HELP|TYPE) ([a-z_]+) .+)");
  std::istringstream lines(text);
  std::string line;
  std::string name;
  while (std::getline(lines, line)) {
    std::smatch match;
    if (std::regex_match(line, match, declared)) {
      name = match[2];
      continue;
    }
    ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
    EXPECT_EQ(match[1].str().compare(0, name.size(), name), 0) << line;
  }
}

}  // namespace
}  // namespace burgeon
