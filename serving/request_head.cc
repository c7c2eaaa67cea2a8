#include "serving/request_head.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/base/text.h"
#include "serving/http_error.h"
#include "serving/limits.h"

namespace burgeon {
namespace {

// True when `token` is one of a field's comma-separated values.
bool HasToken(const RequestHead& head, std::string_view name, std::string_view token) {
  for (std::string_view value : FieldValues(head, name)) {
    while (true) {
      const size_t comma = value.find(',');
      if (EqualsIgnoreCase(TrimAscii(value.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      value.remove_prefix(comma + 1);
    }
  }
  return false;
}

std::string UsableRequestId(const RequestHead& head) {
  const std::vector<std::string_view> values = FieldValues(head, "X-Request-Id");
  if (values.size() != 1) return "";
  const std::string_view id = values[0];
  const bool usable = static_cast<int64_t>(id.size()) <= limits::kMaxRequestIdBytes &&
                      std::all_of(id.begin(), id.end(), [](char c) {
                        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                               (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
                      });
  return usable ? std::string(id) : std::string();
}

std::optional<HttpError> CheckSizes(const RequestHead& head) {
  const size_t blanks_and_version = std::string_view("  HTTP/1.1").size();
  const size_t line = head.method.size() + head.target.size() + blanks_and_version;
  if (static_cast<int64_t>(line) > limits::kMaxRequestLineBytes) {
    return HttpError{414,
                     "uri_too_long",
                     Concat("request line: at most ", limits::kMaxRequestLineBytes, " bytes"),
                     {}};
  }
  if (static_cast<int64_t>(head.fields.size()) > limits::kMaxHeaderFields) {
    return HttpError{431,
                     "header_too_large",
                     Concat("header: at most ", limits::kMaxHeaderFields, " fields"),
                     {}};
  }
  return std::nullopt;
}

std::optional<HttpError> CheckHost(const RequestHead& head) {
  const size_t hosts = FieldValues(head, "Host").size();
  if (hosts > 1) return BadRequest("Host: given more than once");
  if (hosts == 0 && head.version >= 11) return BadRequest("Host: missing; HTTP/1.1 needs it");
  return std::nullopt;
}

std::optional<HttpError> ReadFraming(const RequestHead& head, HeadFacts* facts) {
  const std::vector<std::string_view> lengths = FieldValues(head, "Content-Length");
  const std::vector<std::string_view> codings = FieldValues(head, "Transfer-Encoding");
  if (!codings.empty()) {
    if (!lengths.empty()) return BadRequest("Transfer-Encoding and Content-Length: both given");
    if (head.version < 11) return BadRequest("Transfer-Encoding: not known to HTTP/1.0");
    if (codings.size() > 1 || !EqualsIgnoreCase(codings[0], "chunked")) {
      return BadRequest("Transfer-Encoding: only one, 'chunked', is taken");
    }
    facts->framing = BodyFraming::kChunked;
    return std::nullopt;
  }
  if (lengths.empty()) return std::nullopt;
  const bool digits =
      !lengths[0].empty() && std::all_of(lengths[0].begin(), lengths[0].end(),
                                         [](char c) { return c >= '0' && c <= '9'; });
  if (lengths.size() > 1 || !digits) {
    return BadRequest(Concat("Content-Length: '", Printable(lengths[0]), "' is not one number"));
  }
  const std::optional<int64_t> length = ParseInt64(lengths[0]);
  if (!length || *length > limits::kMaxRequestBytes) {
    return HttpError{
        413, "body_too_large", Concat("body: at most ", limits::kMaxRequestBytes, " bytes"), {}};
  }
  facts->framing = BodyFraming::kLength;
  facts->content_length = *length;
  return std::nullopt;
}

}  // namespace

HttpOr<HeadFacts> CheckHead(const RequestHead& head) {
  HeadFacts facts;
  if (std::optional<HttpError> error = CheckSizes(head)) return *error;
  if (std::optional<HttpError> error = CheckHost(head)) return *error;
  if (std::optional<HttpError> error = ReadFraming(head, &facts)) return *error;
  const std::vector<std::string_view> expectations = FieldValues(head, "Expect");
  if (!expectations.empty() && head.version >= 11) {
    if (expectations.size() > 1 || !EqualsIgnoreCase(expectations[0], "100-continue")) {
      return HttpError{417, "expectation_failed", "Expect: only '100-continue' can be met", {}};
    }
    facts.expects_continue = true;
  }
  facts.keep_alive = !HasToken(head, "Connection", "close") &&
                     (head.version >= 11 || HasToken(head, "Connection", "keep-alive"));
  facts.request_id = UsableRequestId(head);
  return facts;
}

}  // namespace burgeon
