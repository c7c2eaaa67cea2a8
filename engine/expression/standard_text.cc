#include "engine/expression/standard_text.h"

#include <algorithm>

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>
#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

icu::StringPiece Piece(std::string_view text) {
  return {text.data(), static_cast<int32_t>(text.size())};
}

// ICU's functions on UTF-8 let bytes through that are none.
std::string Sound(std::string_view text) {
  if (IsValidUtf8(text)) return std::string(text);
  std::string out;
  icu::UnicodeString::fromUTF8(Piece(text)).toUTF8String(out);
  return out;
}

std::string Normalize(const icu::Normalizer2* form, UErrorCode status, std::string_view text) {
  const std::string sound = Sound(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  form->normalizeUTF8(0, Piece(sound), sink, nullptr, status);
  BURGEON_CHECK(U_SUCCESS(status) != 0);
  return out;
}

void Append(UChar32 character, std::string* out) {
  char bytes[U8_MAX_LENGTH];
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, character);
  out->append(bytes, static_cast<size_t>(length));
}

// Calls visit(character) for each; what is not UTF-8 comes as U+FFFD.
template <class Visit>
void ForEach(std::string_view text, const Visit& visit) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(Piece(text));
  for (int32_t at = 0; at < wide.length(); at = wide.moveIndex32(at, 1)) {
    visit(wide.char32At(at));
  }
}

UChar32 HalfWidthOf(UChar32 character) {
  if (character >= 0xFF01 && character <= 0xFF5E) return character - 0xFF01 + '!';
  switch (character) {
    case 0x3000:
      return ' ';
    case 0xFFE0:
      return 0xA2;  // cent
    case 0xFFE1:
      return 0xA3;  // pound
    case 0xFFE2:
      return 0xAC;  // not
    case 0xFFE3:
      return 0xAF;  // macron
    case 0xFFE4:
      return 0xA6;  // broken bar
    case 0xFFE5:
      return 0xA5;  // yen
    case 0xFFE6:
      return 0x20A9;  // won
    default:
      return character;
  }
}

// Whether Collapse and Clean leave the text as it is, told without ICU where it is ASCII: most of
// what comes is.
bool IsPlain(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || (c == ' ' && before == ' ')) return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

bool IsUnseen(UChar32 character) {
  if (character == '\t' || character == '\n' || character == '\r') return false;
  if (u_charType(character) == U_CONTROL_CHAR) return true;
  return character == 0xAD || character == 0x200B || character == 0x200E || character == 0x200F ||
         (character >= 0x202A && character <= 0x202E) || character == 0x2060 ||
         (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF;
}

}  // namespace

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string ToNfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFCInstance(status);
  return Normalize(form, status, text);
}

std::string ToNfkc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const form = icu::Normalizer2::getNFKCInstance(status);
  return Normalize(form, status, text);
}

std::string ToHalfWidth(std::string_view text) {
  std::string out;
  ForEach(text, [&](UChar32 character) { Append(HalfWidthOf(character), &out); });
  return out;
}

std::string FoldCase(std::string_view text) {
  const std::string sound = Sound(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8Fold(U_FOLD_CASE_DEFAULT, Piece(sound), sink, nullptr, status);
  BURGEON_CHECK(U_SUCCESS(status) != 0);
  return out;
}

std::string Collapse(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string out;
  bool blank = false;
  ForEach(text, [&](UChar32 character) {
    if (u_isUWhiteSpace(character) != 0) {
      blank = true;
      return;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    Append(character, &out);
  });
  return out;
}

std::string Clean(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  std::string out;
  ForEach(text, [&](UChar32 character) {
    if (!IsUnseen(character)) Append(character, &out);
  });
  return out;
}

}  // namespace burgeon
