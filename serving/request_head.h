// What a request's head says about its framing, checked before any of the body is read. Stricter
// than the parser beneath it: whatever two servers could read in two ways is refused (request
// smuggling, RFC 9112, 6.3 and 11.2).
#ifndef BURGEON_SERVING_REQUEST_HEAD_H_
#define BURGEON_SERVING_REQUEST_HEAD_H_

#include <cstdint>
#include <string>

#include "serving/http_types.h"

namespace burgeon {

enum class BodyFraming { kNone, kLength, kChunked };

struct HeadFacts {
  BodyFraming framing = BodyFraming::kNone;
  int64_t content_length = 0;  // for kLength
  bool keep_alive = false;
  bool expects_continue = false;  // the client waits for "100 Continue"
  std::string request_id;         // the client's; "" when it sent none that can be used
};

// 400: no or several Host, Transfer-Encoding beside Content-Length, or other than one "chunked",
// or with HTTP/1.0, a Content-Length that is not one plain number. 413, 414, 417, 431.
HttpOr<HeadFacts> CheckHead(const RequestHead& head);

}  // namespace burgeon

#endif  // BURGEON_SERVING_REQUEST_HEAD_H_
