#include "engine/table/json_cursor.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101ULL;
constexpr uint64_t kHighBits = 0x8080808080808080ULL;

// A high bit in each byte that is `c`, and possibly in bytes after the first such one.
uint64_t EqualBytes(uint64_t word, char c) {
  const uint64_t difference = word ^ (kOnes * static_cast<unsigned char>(c));
  return (difference - kOnes) & ~difference & kHighBits;
}

// Likewise of control bytes, those below 0x20.
uint64_t ControlBytes(uint64_t word) { return (word - kOnes * 0x20) & ~word & kHighBits; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(unsigned code, std::string* out) {
  const auto put = [out](unsigned byte) { *out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

void JsonCursor::Begin(std::string_view text) {
  begin_ = text.data();
  at_ = begin_;
  end_ = begin_ + text.size();
  unescaped_.clear();
  unescaped_.reserve(text.size());
  problem_.clear();
}

bool JsonCursor::Fail(std::string_view wanted) {
  if (problem_.empty()) {
    problem_ =
        Concat("is not JSON: ", wanted,
               at_ < end_ ? Concat(" at byte ", at_ - begin_ + 1) : std::string(" where it ends"));
  }
  return false;
}

bool JsonCursor::ReadString(std::string_view* out) {
  if (Peek() != '"') return Fail("a string is wanted");
  const char* const begin = ++at_;
  uint64_t not_ascii = 0;
  for (;; at_ += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at_, sizeof(word));
    const uint64_t found = EqualBytes(word, '"') | EqualBytes(word, '\\') | ControlBytes(word);
    if (found != 0) {
      const int bytes = std::countr_zero(found) / 8;
      not_ascii |= bytes == 0 ? 0 : word << (64 - 8 * bytes);
      at_ += bytes;
      break;
    }
    not_ascii |= word;
    if (at_ + 8 >= end_) {
      at_ = end_;
      return Fail("the end of a string is wanted");
    }
  }
  if (at_ >= end_) {
    at_ = end_;
    return Fail("the end of a string is wanted");
  }
  if (*at_ != '"') return FinishString(begin, out);
  *out = std::string_view(begin, static_cast<size_t>(at_ - begin));
  if ((not_ascii & kHighBits) != 0 && !IsValidUtf8(*out)) {
    at_ = begin;
    return Fail("text in UTF-8 is wanted");
  }
  ++at_;
  return true;
}

// A string with an escape or a control byte in it: at_ is the first of them.
bool JsonCursor::FinishString(const char* begin, std::string_view* out) {
  for (; at_ < end_ && *at_ != '"'; ++at_) {
    if (static_cast<unsigned char>(*at_) < 0x20) {
      return Fail("a string without control characters (\\n and the like are escaped) is wanted");
    }
    if (*at_ == '\\') ++at_;
  }
  if (at_ >= end_) {
    at_ = end_;
    return Fail("the end of a string is wanted");
  }
  const char* const close = at_;
  if (!Unescape(begin, close, out)) return false;
  at_ = close + 1;
  return true;
}

bool JsonCursor::Unescape(const char* begin, const char* close, std::string_view* out) {
  const size_t from = unescaped_.size();
  for (const char* at = begin; at < close;) {
    const auto* escape =
        static_cast<const char*>(std::memchr(at, '\\', static_cast<size_t>(close - at)));
    if (escape == nullptr) escape = close;
    unescaped_.append(at, static_cast<size_t>(escape - at));
    at = escape;
    if (at < close && !ReadEscape(&at, close)) {
      at_ = at;
      return Fail("an escape of JSON is wanted");
    }
  }
  *out = std::string_view(unescaped_).substr(from);
  if (IsValidUtf8(*out)) return true;
  at_ = begin;
  return Fail("text in UTF-8 is wanted");
}

bool JsonCursor::ReadHex(const char** at, const char* close, unsigned* out) {
  if (close - *at < 4) return false;
  const auto [end, error] = std::from_chars(*at, *at + 4, *out, 16);
  if (error != std::errc() || end != *at + 4) return false;
  *at = end;
  return true;
}

// *at is on the backslash, and after it when the escape is good.
bool JsonCursor::ReadEscape(const char** at, const char* close) {
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
  const char name = (*at)[1];
  if (name != 'u') {
    const size_t which = kNames.find(name);
    if (which == std::string_view::npos) return false;
    unescaped_ += kBytes[which];
    *at += 2;
    return true;
  }
  const char* next = *at + 2;
  unsigned code = 0;
  if (!ReadHex(&next, close, &code)) return false;
  if (code >= 0xDC00 && code < 0xE000) return false;  // the second half of a pair, alone
  if (code >= 0xD800 && code < 0xDC00) {
    unsigned second = 0;
    if (close - next < 6 || next[0] != '\\' || next[1] != 'u') return false;
    next += 2;
    if (!ReadHex(&next, close, &second) || second < 0xDC00 || second > 0xDFFF) return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
  }
  AppendUtf8(code, &unescaped_);
  *at = next;
  return true;
}

// RFC 8259, section 6; and a double can hold the size of it.
bool JsonCursor::ReadNumber(std::string_view* out) {
  const char* const begin = at_;
  const auto digits = [this] {
    const char* const first = at_;
    while (at_ < end_ && IsDigit(*at_)) ++at_;
    return at_ > first;
  };
  if (at_ < end_ && *at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return Fail("a value is wanted");
  }
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return Fail("a digit is wanted");
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    const bool small = at_ < end_ && *at_ == '-';
    if (small || (at_ < end_ && *at_ == '+')) ++at_;
    if (!digits()) return Fail("a digit is wanted");
    double value = 0;
    if (!small && std::from_chars(begin, at_, value).ec == std::errc::result_out_of_range) {
      at_ = begin;
      return Fail("a number below 1.8e308 is wanted");
    }
  }
  *out = std::string_view(begin, static_cast<size_t>(at_ - begin));
  return true;
}

bool JsonCursor::ReadWord(std::string_view word) {
  if (!std::string_view(at_, static_cast<size_t>(end_ - at_)).starts_with(word)) {
    return Fail("a value is wanted");
  }
  at_ += word.size();
  return true;
}

}  // namespace burgeon
