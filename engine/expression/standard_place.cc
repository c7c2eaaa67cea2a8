#include "engine/expression/standard_place.h"

#include <algorithm>

#include <unicode/locid.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>
#include "engine/base/hash.h"
#include "engine/expression/standard_text.h"

namespace burgeon {
namespace {

// Names that CLDR does not have: long forms of the standard, former names, custom.
constexpr std::pair<std::string_view, std::string_view> kCountryNames[] = {
    {"uk", "GB"},
    {"u.k.", "GB"},
    {"great britain", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"wales", "GB"},
    {"northern ireland", "GB"},
    {"u.s.", "US"},
    {"u.s.a.", "US"},
    {"united states of america", "US"},
    {"america", "US"},
    {"eire", "IE"},
    {"republic of ireland", "IE"},
    {"rsa", "ZA"},
    {"uae", "AE"},
    {"korea", "KR"},
    {"republic of korea", "KR"},
    {"korea, republic of", "KR"},
    {"russian federation", "RU"},
    {"viet nam", "VN"},
    {"czech republic", "CZ"},
    {"turkey", "TR"},
    {"türkiye", "TR"},
    {"holland", "NL"},
    {"the netherlands", "NL"},
    {"ivory coast", "CI"},
    {"cape verde", "CV"},
    {"swaziland", "SZ"},
    {"macedonia", "MK"},
    {"burma", "MM"},
    {"people's republic of china", "CN"},
    {"prc", "CN"},
    {"mainland china", "CN"},
    {"中国大陆", "CN"},
    {"中华人民共和国", "CN"},
    {"hong kong", "HK"},
    {"香港", "HK"},
    {"macau", "MO"},
    {"macao", "MO"},
    {"澳门", "MO"},
    {"taiwan", "TW"},
    {"台湾", "TW"},
    {"iran, islamic republic of", "IR"},
    {"tanzania, united republic of", "TZ"},
    {"bolivia, plurinational state of", "BO"},
    {"venezuela, bolivarian republic of", "VE"},
    {"moldova, republic of", "MD"},
    {"syrian arab republic", "SY"},
    {"lao people's democratic republic", "LA"},
    {"brunei darussalam", "BN"},
};

std::string Utf8Of(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

// What names are compared by: NFKC, folded, no accents of Latin letters, one blank between words.
std::string KeyOf(std::string_view text) {
  if (IsAscii(text)) return FoldCase(Collapse(text));
  std::string folded = FoldCase(Collapse(ToNfkc(text)));
  icu::UnicodeString plain;
  const icu::UnicodeString composed = icu::UnicodeString::fromUTF8(folded);
  for (int32_t i = 0; i < composed.length(); i = composed.moveIndex32(i, 1)) {
    const UChar32 character = composed.char32At(i);
    switch (character) {
      case 0x2019:
        plain += u'\'';
        break;
      case 0xE1:
      case 0xE0:
      case 0xE2:
      case 0xE3:
      case 0xE5:
        plain += u'a';
        break;
      case 0xE7:
        plain += u'c';
        break;
      case 0xE9:
      case 0xE8:
      case 0xEA:
        plain += u'e';
        break;
      case 0xED:
        plain += u'i';
        break;
      case 0xF3:
      case 0xF4:
        plain += u'o';
        break;
      case 0xFC:
        plain += u'u';
        break;
      default:
        plain += character;
    }
  }
  return Utf8Of(plain);
}

const icu::Locale* NameLocales() {
  static const icu::Locale locales[] = {icu::Locale("en"), icu::Locale("zh_Hans"),
                                        icu::Locale("zh_Hant")};
  return locales;
}
constexpr int kNameLocales = 3;

StringMap<std::string> MakeCountries() {
  StringMap<std::string> out;
  for (const char* const* code = uloc_getISOCountries(); *code != nullptr; ++code) {
    const icu::Locale country("", *code);
    out.emplace(KeyOf(*code), *code);
    out.emplace(KeyOf(country.getISO3Country()), *code);
    for (int i = 0; i < kNameLocales; ++i) {
      icu::UnicodeString name;
      country.getDisplayCountry(NameLocales()[i], name);
      out.emplace(KeyOf(Utf8Of(name)), *code);
    }
  }
  for (const auto& [name, code] : kCountryNames) out[KeyOf(name)] = std::string(code);
  out.erase("");
  return out;
}

StringMap<std::string> MakeLanguages() {
  StringMap<std::string> out;
  for (const char* const* code = uloc_getISOLanguages(); *code != nullptr; ++code) {
    const icu::Locale language(*code);
    const std::string canonical = language.getLanguage();
    out.emplace(*code, canonical);
    out.emplace(language.getISO3Language(), canonical);
    for (int i = 0; i < kNameLocales; ++i) {
      icu::UnicodeString name;
      language.getDisplayLanguage(NameLocales()[i], name);
      out.emplace(KeyOf(Utf8Of(name)), canonical);
    }
  }
  out["mandarin"] = "zh";
  out["汉语"] = "zh";
  out["chi"] = "zh";  // ISO 639-2/B, where it differs from /T
  out["ger"] = "de";
  out["fre"] = "fr";
  out["dut"] = "nl";
  out["gre"] = "el";
  out["per"] = "fa";
  out["cze"] = "cs";
  out["may"] = "ms";
  out.erase("");
  return out;
}

std::optional<std::string> Find(const StringMap<std::string>& table, std::string_view key) {
  const auto found = table.find(key);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<std::string> CountryCode(std::string_view text) {
  static const StringMap<std::string> table = MakeCountries();
  return Find(table, KeyOf(text));
}

std::optional<std::string> LanguageCode(std::string_view text) {
  static const StringMap<std::string> table = MakeLanguages();
  const std::string key = KeyOf(text);
  if (auto whole = Find(table, key)) return whole;
  const size_t end = key.find_first_of("-_");
  if (end != 2 && end != 3) return std::nullopt;
  return Find(table, key.substr(0, end));
}

}  // namespace burgeon
