// Countries and languages as codes.
//
//   CountryCode("Deutschland")       // nothing: names are known in English and in Chinese
//   CountryCode("Germany"), CountryCode("DEU"), CountryCode("德国")     // "DE"
//   LanguageCode("zh_CN"), LanguageCode("Chinese"), LanguageCode("zho")  // "zh"
//
// Case, blanks around and accents of English names do not count. Names are those of CLDR (through
// ICU) and the further ones in standard_place.cc. Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_PLACE_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_PLACE_H_

#include <optional>
#include <string>
#include <string_view>

namespace burgeon {

// ISO 3166-1 alpha-2.
std::optional<std::string> CountryCode(std::string_view text);
// ISO 639: of two letters where there is one, else of three. Of a tag ("en-GB") its language.
std::optional<std::string> LanguageCode(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_PLACE_H_
