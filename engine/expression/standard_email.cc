#include "engine/expression/standard_email.h"

#include <algorithm>
#include <memory>

#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "engine/expression/standard_text.h"

namespace burgeon {
namespace {

constexpr size_t kMaxLocalBytes = 64;  // RFC 5321, section 4.5.3.1.1
constexpr size_t kMaxBytes = 254;      // RFC 3696, erratum 1690
constexpr size_t kMaxLabelBytes = 63;  // RFC 1035, section 2.3.4
constexpr std::string_view kGmail[] = {"gmail.com", "googlemail.com"};
constexpr std::string_view kPlusTags[] = {
    "outlook.com", "hotmail.com",  "live.com",  "icloud.com",     "me.com",
    "mac.com",     "fastmail.com", "proton.me", "protonmail.com", "pm.me"};

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsAtomText(char c) {
  constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
  return IsAlphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
         kSigns.find(c) != std::string_view::npos;
}

bool IsDotAtom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || IsAtomText(c); });
}

std::string ToLowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Letters, digits and hyphens in at least two labels, the last not all digits (RFC 3696, 2).
bool IsHostName(std::string_view domain) {
  int labels = 0;
  for (bool last = false; !last; ++labels) {
    const size_t point = domain.find('.');
    last = point == std::string_view::npos;
    const std::string_view label = domain.substr(0, point);
    if (label.empty() || label.size() > kMaxLabelBytes) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    const auto allowed = [](char c) { return c == '-' || IsAlphanumeric(c); };
    if (!std::all_of(label.begin(), label.end(), allowed)) return false;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (last && std::all_of(label.begin(), label.end(), is_digit)) return false;
    if (!last) domain.remove_prefix(point + 1);
  }
  return labels >= 2;
}

// False for what is no internationalised name.
bool ToAsciiDomain(std::string_view domain, std::string* out) {
  *out = ToLowerAscii(domain);
  if (IsAscii(domain) && out->find("xn--") == std::string::npos) return true;
  static const icu::IDNA* const idna = [] {
    UErrorCode status = U_ZERO_ERROR;
    auto* made = icu::IDNA::createUTS46Instance(
        UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
            UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
        status);
    BURGEON_CHECK(U_SUCCESS(status) != 0);
    return made;
  }();
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  UErrorCode status = U_ZERO_ERROR;
  idna->nameToASCII_UTF8({domain.data(), static_cast<int32_t>(domain.size())}, sink, info, status);
  *out = std::move(ascii);
  return U_SUCCESS(status) != 0 && !info.hasErrors();
}

template <size_t n>
bool IsOneOf(std::string_view text, const std::string_view (&list)[n]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

}  // namespace

bool StandardEmail(std::string_view text, std::string* out, std::string* wanted) {
  *wanted = "an e-mail address";
  text = TrimAscii(text);
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view local = text.substr(0, at);
  std::string domain;
  if (local.size() > kMaxLocalBytes || !IsDotAtom(local) || !IsValidUtf8(local)) return false;
  if (!ToAsciiDomain(text.substr(at + 1), &domain) || !IsHostName(domain)) return false;
  if (local.size() + 1 + domain.size() > kMaxBytes) return false;
  *out = Concat(local, "@", domain);
  return true;
}

bool CanonicalEmail(std::string_view text, std::string* out, std::string* wanted) {
  if (!StandardEmail(text, out, wanted)) return false;
  const size_t at = out->rfind('@');
  std::string domain = out->substr(at + 1);
  const bool gmail = IsOneOf(domain, kGmail);
  if (!gmail && !IsOneOf(domain, kPlusTags)) return true;
  std::string local = ToLowerAscii(out->substr(0, at));
  local = local.substr(0, local.find('+'));
  if (gmail) {
    std::erase(local, '.');
    domain = "gmail.com";
  }
  if (local.empty()) return false;
  *out = Concat(local, "@", domain);
  return true;
}

}  // namespace burgeon
