// HTTP messages as plain values, free of any library: what the server reads, what handlers give
// back, and how an answer is written on the wire (RFC 9110, RFC 9112).
//
//   HttpResponse response{.status = 200, .body = "{}"};
//   socket.Write(SerializeResponse(response, {.keep_alive = true, .date = HttpDate(now)}));
#ifndef BURGEON_SERVING_HTTP_TYPES_H_
#define BURGEON_SERVING_HTTP_TYPES_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/clock.h"

namespace burgeon {

struct HttpField {
  std::string name;
  std::string value;
};

// The request line and the fields; the body comes apart.
struct RequestHead {
  std::string method;  // as sent: methods are case-sensitive
  std::string target;  // as sent, nothing decoded
  int version = 11;    // 10 or 11
  std::vector<HttpField> fields;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<HttpField> fields;  // beyond those that SerializeResponse writes
};

// A refusal: the status, a code for programs, and a message for people.
struct HttpError {
  int status = 500;
  std::string code;               // "not_found"
  std::string message;            // shown to the client for 4xx only
  std::vector<HttpField> fields;  // Allow, Retry-After, WWW-Authenticate
};

template <class T>
using HttpOr = std::variant<T, HttpError>;

bool EqualsIgnoreCase(std::string_view a, std::string_view b);

// The values of all fields of that name, in order. Names compare without case.
std::vector<std::string_view> FieldValues(const RequestHead& head, std::string_view name);

// "Not Found"; "" for a status this server does not send.
std::string_view ReasonPhrase(int status);

// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string HttpDate(TimeMicros time);

struct WireOptions {
  bool keep_alive = false;
  bool head_only = false;  // the answer to HEAD: the fields of the whole answer, without the body
  std::string date;        // of HttpDate
};
// Status line, fields, body. Always written as HTTP/1.1, also to a 1.0 client (RFC 9110, 2.5).
std::string SerializeResponse(const HttpResponse& response, const WireOptions& options);

}  // namespace burgeon

#endif  // BURGEON_SERVING_HTTP_TYPES_H_
