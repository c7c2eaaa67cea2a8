// Joining of values into text, for messages. Exists because Debian's absl::StrCat does not take a
// std::string_view.
//
//   std::string m = Concat("line ", 12, ": '", name, "' is not a number");
//
// Doubles are written in the shortest form that reads back to the same value. Thread-safe.
#ifndef BURGEON_ENGINE_BASE_TEXT_H_
#define BURGEON_ENGINE_BASE_TEXT_H_

#include <charconv>
#include <cstdint>
#include <cstring>
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

// Without blanks at both ends.
std::string_view TrimAsciiBlanks(std::string_view text);
inline std::string_view TrimAscii(std::string_view text) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) > ' '; };
  if (!text.empty() && plain(text.front()) && plain(text.back())) return text;
  return TrimAsciiBlanks(text);
}

// a == b, without a call for texts of at most 16 bytes: what most ids and names are.
inline bool SameText(std::string_view a, std::string_view b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  const auto differ = [&]<class Word>(Word, size_t at) {
    Word x, y;
    std::memcpy(&x, a.data() + at, sizeof(Word));
    std::memcpy(&y, b.data() + at, sizeof(Word));
    return static_cast<uint64_t>(x ^ y);
  };
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return (differ(uint64_t{}, 0) | differ(uint64_t{}, size - 8)) == 0;
  if (size >= 4) return (differ(uint32_t{}, 0) | differ(uint32_t{}, size - 4)) == 0;
  if (size == 0) return true;
  return a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1];
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_TEXT_H_
