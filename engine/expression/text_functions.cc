#include "engine/expression/text_functions.h"

#include <unicode/ucasemap.h>

#include <algorithm>
#include <array>

#include "engine/base/check.h"
#include "engine/expression/pattern.h"

namespace burgeon {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Root locale; never changed, so that threads may share it; lives for ever.
const UCaseMap& CaseMap() {
  static const UCaseMap* const map = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UCaseMap* made = ucasemap_open("", 0, &error);
    BURGEON_CHECK(U_SUCCESS(error));
    return made;
  }();
  return *map;
}

using Mapping = int32_t (*)(const UCaseMap*, char*, int32_t, const char*, int32_t, UErrorCode*);

std::string_view MapCase(std::string_view text, Mapping mapping, char first, char last,
                         std::string* buffer) {
  if (IsAscii(text)) {
    const auto changes = [&](char c) { return c >= first && c <= last; };
    if (std::none_of(text.begin(), text.end(), changes)) return text;
    buffer->assign(text);
    for (char& c : *buffer) {
      if (changes(c)) c = static_cast<char>(c ^ 0x20);
    }
    return *buffer;
  }
  // Case never makes a text longer than three times its bytes (U+0390 to three letters).
  buffer->resize(text.size() * 3);
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size = mapping(&CaseMap(), buffer->data(), static_cast<int32_t>(buffer->size()),
                               text.data(), static_cast<int32_t>(text.size()), &error);
  BURGEON_CHECK(U_SUCCESS(error));
  buffer->resize(static_cast<size_t>(size));
  return *buffer;
}

constexpr std::array<std::string_view, 3> kWideBlanks = {"\xC2\xA0", "\xE3\x80\x80",
                                                         "\xEF\xBB\xBF"};

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

int64_t CountCodePoints(std::string_view text) {
  if (IsAscii(text)) return static_cast<int64_t>(text.size());
  int64_t count = 0;
  while (!text.empty()) {
    TakeCodePoint(&text);
    ++count;
  }
  return count;
}

std::string_view LowerText(std::string_view text, std::string* buffer) {
  return MapCase(text, ucasemap_utf8ToLower, 'A', 'Z', buffer);
}

std::string_view UpperText(std::string_view text, std::string* buffer) {
  return MapCase(text, ucasemap_utf8ToUpper, 'a', 'z', buffer);
}

std::string_view TrimText(std::string_view text) {
  for (bool taken = true; taken;) {
    taken = false;
    while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
    for (const std::string_view blank : kWideBlanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        taken = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        taken = true;
      }
    }
  }
  return text;
}

}  // namespace burgeon
