#include "serving/target.h"

#include <algorithm>

#include "serving/limits.h"

namespace burgeon {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// pchar of RFC 3986, 3.3, apart from "%": what may stand in a segment, and ours for a parameter.
bool IsPlain(char c) {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric ||
         (c != '\0' && std::string_view("-._~!$&'()*+,;=:@").find(c) != std::string_view::npos);
}

// Calls `take` for each part between separators; an empty text is one empty part.
template <class Take>
absl::Status ForEachPart(std::string_view text, char separator, int64_t most, const char* what,
                         const Take& take) {
  int64_t parts = 0;
  while (true) {
    if (++parts > most) return InvalidArgument("path: more than ", most, " ", what);
    const size_t end = text.find(separator);
    BURGEON_RETURN_IF_ERROR(take(text.substr(0, end)));
    if (end == std::string_view::npos) return absl::OkStatus();
    text.remove_prefix(end + 1);
  }
}

absl::Status AddParameter(std::string_view text, RequestTarget* out) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return InvalidArgument("query: '", Printable(text), "' is not of the form name=value");
  }
  BURGEON_ASSIGN_OR_RETURN(std::string name, PercentDecode(text.substr(0, equals)));
  BURGEON_ASSIGN_OR_RETURN(std::string value, PercentDecode(text.substr(equals + 1)));
  const bool twice = std::any_of(out->parameters.begin(), out->parameters.end(),
                                 [&](const auto& parameter) { return parameter.first == name; });
  if (twice) return InvalidArgument("query: ", Printable(name), " is given twice");
  out->parameters.emplace_back(std::move(name), std::move(value));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const bool whole = i + 2 < text.size();
      const int high = whole ? HexValue(text[i + 1]) : -1;
      const int low = whole ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return InvalidArgument("path: '", Printable(text.substr(i, 3)),
                               "' is not % and two hex digits");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        return InvalidArgument("path: a control character, ", Printable(std::string_view(&c, 1)));
      }
    } else if (!IsPlain(c)) {
      return InvalidArgument("path: '", Printable(std::string_view(&c, 1)),
                             "' must be percent-encoded");
    }
    out += c;
  }
  if (!IsValidUtf8(out)) return InvalidArgument("path: '", Printable(out), "' is not UTF-8");
  return out;
}

absl::StatusOr<RequestTarget> ParseTarget(std::string_view target) {
  if (target.empty() || target[0] != '/') {
    return InvalidArgument("path: '", Printable(target), "' does not start with /");
  }
  RequestTarget out;
  const size_t question = target.find('?');
  BURGEON_RETURN_IF_ERROR(ForEachPart(
      target.substr(1, question == std::string_view::npos ? question : question - 1), '/',
      limits::kMaxPathSegments, "segments", [&](std::string_view part) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(std::string segment, PercentDecode(part));
        out.segments.push_back(std::move(segment));
        return absl::OkStatus();
      }));
  if (question == std::string_view::npos || question + 1 == target.size()) return out;
  BURGEON_RETURN_IF_ERROR(
      ForEachPart(target.substr(question + 1), '&', limits::kMaxQueryParameters, "parameters",
                  [&](std::string_view part) { return AddParameter(part, &out); }));
  return out;
}

}  // namespace burgeon
