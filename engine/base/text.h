// Joining of values into text, for messages. Exists because Debian's absl::StrCat does not take a
// std::string_view.
//
//   std::string m = Concat("line ", 12, ": '", name, "' is not a number");
//
// Doubles are written in the shortest form that reads back to the same value. Thread-safe.
#ifndef BURGEON_ENGINE_BASE_TEXT_H_
#define BURGEON_ENGINE_BASE_TEXT_H_

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace burgeon {

namespace internal {
template <class T>
void AppendOne(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
    out.append(buffer, static_cast<size_t>(end - buffer));
  } else {
    out += std::string_view(value);
  }
}
}  // namespace internal

template <class... Parts>
std::string Concat(const Parts&... parts) {
  std::string out;
  (internal::AppendOne(out, parts), ...);
  return out;
}

// "a, b, c". An empty list gives "".
std::string JoinComma(const std::vector<std::string>& parts);

// The whole of `text` as a number, or nothing: no leading or trailing bytes, no overflow, and for
// doubles no infinity and no NaN.
std::optional<int64_t> ParseInt64(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);

// Text safe to print in a one-line message: control bytes and bytes that are not UTF-8 become
// \xNN, and anything beyond `max_bytes` becomes "...".
std::string Printable(std::string_view text, size_t max_bytes = 80);

// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool IsValidUtf8(std::string_view text);

std::string_view TrimAscii(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_TEXT_H_
