#include "serving/router.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/text.h"
#include "serving/http_error.h"
#include "serving/limits.h"
#include "serving/target.h"

namespace burgeon {
namespace {

enum class RouteMethod { kGet, kPost };
enum class TakesK { kNo, kYes };

constexpr std::string_view kIdSegment = "{id}";

struct RouteEntry {
  Route route;
  std::string_view name;
  RouteMethod method;
  TakesK takes_k;
  std::array<std::string_view, 4> segments;  // "" after the last
};

constexpr RouteEntry kTable[kRoutes] = {
    {Route::kRecommendations,
     "recommendations",
     RouteMethod::kPost,
     TakesK::kNo,
     {"v1", "recommendations"}},
    {Route::kLookalike, "lookalike", RouteMethod::kPost, TakesK::kNo, {"v1", "lookalike"}},
    {Route::kConsent, "consent", RouteMethod::kPost, TakesK::kNo, {"v1", "consent"}},
    {Route::kErase, "erase", RouteMethod::kPost, TakesK::kNo, {"v1", "erase"}},
    {Route::kCustomer, "customer", RouteMethod::kGet, TakesK::kNo, {"v1", "customers", kIdSegment}},
    {Route::kSimilarCustomers,
     "similar_customers",
     RouteMethod::kGet,
     TakesK::kYes,
     {"v1", "customers", kIdSegment, "similar"}},
    {Route::kSimilarItems,
     "similar_items",
     RouteMethod::kGet,
     TakesK::kYes,
     {"v1", "items", kIdSegment, "similar"}},
    {Route::kHealth, "healthz", RouteMethod::kGet, TakesK::kNo, {"healthz"}},
    {Route::kMetrics, "metrics", RouteMethod::kGet, TakesK::kNo, {"metrics"}},
};

bool PathMatches(const RouteEntry& entry, const std::vector<std::string>& segments) {
  size_t length = 0;
  while (length < entry.segments.size() && !entry.segments[length].empty()) ++length;
  if (segments.size() != length) return false;
  for (size_t i = 0; i < length; ++i) {
    if (entry.segments[i] != kIdSegment && entry.segments[i] != segments[i]) return false;
  }
  return true;
}

const RouteEntry* FindEntry(const std::vector<std::string>& segments) {
  for (const RouteEntry& entry : kTable) {
    if (PathMatches(entry, segments)) return &entry;
  }
  return nullptr;
}

std::optional<HttpError> ReadId(const RouteEntry& entry, std::vector<std::string> segments,
                                RouteMatch* match) {
  for (size_t i = 0; i < segments.size(); ++i) {
    if (entry.segments[i] != kIdSegment) continue;
    if (segments[i].empty()) return BadRequest("path: the id is empty");
    if (static_cast<int64_t>(segments[i].size()) > limits::kMaxIdBytes) {
      return BadRequest(Concat("path: the id has ", segments[i].size(), " bytes, at most ",
                               limits::kMaxIdBytes, " are taken"));
    }
    match->id = std::move(segments[i]);
  }
  return std::nullopt;
}

std::optional<HttpError> ReadParameters(const RouteEntry& entry, const RequestTarget& target,
                                        RouteMatch* match) {
  for (const auto& [name, value] : target.parameters) {
    if (name != "k" || entry.takes_k == TakesK::kNo) {
      return BadRequest(Concat("query: '", Printable(name), "' is not a parameter of this route"));
    }
    const std::optional<int64_t> k = ParseInt64(value);
    if (!k || *k < 1 || *k > limits::kMaxK) {
      return BadRequest(
          Concat("k: '", Printable(value), "' is not a whole number from 1 to ", limits::kMaxK));
    }
    match->k = static_cast<int>(*k);
  }
  return std::nullopt;
}

// "application/json", with or without "; charset=utf-8".
bool IsJson(std::string_view content_type) {
  const size_t semicolon = content_type.find(';');
  if (!EqualsIgnoreCase(TrimAscii(content_type.substr(0, semicolon)), "application/json")) {
    return false;
  }
  if (semicolon == std::string_view::npos) return true;
  const std::string_view parameter = TrimAscii(content_type.substr(semicolon + 1));
  return EqualsIgnoreCase(parameter, "charset=utf-8") ||
         EqualsIgnoreCase(parameter, "charset=\"utf-8\"");
}

std::optional<HttpError> CheckBody(const RequestHead& head, const HeadFacts& facts) {
  if (facts.framing == BodyFraming::kNone) {
    return HttpError{411, "length_required", "body: POST needs a Content-Length", {}};
  }
  const std::vector<std::string_view> types = FieldValues(head, "Content-Type");
  if (types.size() != 1 || !IsJson(types[0])) {
    return HttpError{415,
                     "unsupported_media_type",
                     Concat("Content-Type: '", types.empty() ? "" : Printable(types[0]),
                            "' is not application/json in UTF-8"),
                     {}};
  }
  const std::vector<std::string_view> encodings = FieldValues(head, "Content-Encoding");
  if (!encodings.empty() && (encodings.size() > 1 || !EqualsIgnoreCase(encodings[0], "identity"))) {
    return HttpError{415,
                     "unsupported_media_type",
                     Concat("Content-Encoding: '", Printable(encodings[0]), "' is not taken"),
                     {}};
  }
  return std::nullopt;
}

bool HasBody(const HeadFacts& facts) {
  return facts.framing == BodyFraming::kChunked || facts.content_length > 0;
}

}  // namespace

std::string_view RouteName(Route route) { return kTable[static_cast<int>(route)].name; }

HttpOr<RouteMatch> MatchRoute(const RequestHead& head, const HeadFacts& facts) {
  absl::StatusOr<RequestTarget> target = ParseTarget(head.target);
  if (!target.ok()) return BadRequest(MessageOf(target.status()));
  const RouteEntry* entry = FindEntry(target->segments);
  if (entry == nullptr) {
    return HttpError{404, "no_such_route", "path: there is nothing at this path", {}};
  }
  const bool post = entry->method == RouteMethod::kPost;
  const bool allowed = post ? head.method == "POST" : head.method == "GET" || head.method == "HEAD";
  if (!allowed) {
    const std::string allow = post ? "POST" : "GET, HEAD";
    return HttpError{405,
                     "method_not_allowed",
                     Concat("method: '", Printable(head.method), "' is not one of ", allow),
                     {{"Allow", allow}}};
  }
  RouteMatch match;
  match.route = entry->route;
  if (std::optional<HttpError> error = ReadParameters(*entry, *target, &match)) return *error;
  if (std::optional<HttpError> error = ReadId(*entry, std::move(target->segments), &match)) {
    return *error;
  }
  if (post) {
    if (std::optional<HttpError> error = CheckBody(head, facts)) return *error;
  } else if (HasBody(facts)) {
    return BadRequest(Concat("body: ", head.method, " takes none"));
  }
  return match;
}

}  // namespace burgeon
