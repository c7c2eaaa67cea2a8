// The target of a request, taken apart: "/v1/customers/a%2Fb/similar?k=5" is the segments
// {"v1", "customers", "a/b", "similar"} and the parameter k = 5. A segment is only ever looked up;
// it never becomes a path or a URL.
#ifndef BURGEON_SERVING_TARGET_H_
#define BURGEON_SERVING_TARGET_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

struct RequestTarget {
  std::vector<std::string> segments;                            // decoded
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded, in order, names unique
};

// Percent-decodes (RFC 3986, 2.1); '+' stays '+'. kInvalidArgument for "%" without two hex digits,
// for bytes RFC 3986 does not allow where they stand, and for a result that is not UTF-8 or has
// control characters.
absl::StatusOr<std::string> PercentDecode(std::string_view text);

// kInvalidArgument also for a target that does not start with "/" (an absolute URL, "*"), a
// fragment, a parameter given twice, and too many segments or parameters.
absl::StatusOr<RequestTarget> ParseTarget(std::string_view target);

}  // namespace burgeon

#endif  // BURGEON_SERVING_TARGET_H_
