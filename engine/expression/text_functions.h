// The functions of the expression language that work on text.
#ifndef BURGEON_ENGINE_EXPRESSION_TEXT_FUNCTIONS_H_
#define BURGEON_ENGINE_EXPRESSION_TEXT_FUNCTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace burgeon {

// Code points; a byte that is not UTF-8 counts as one.
int64_t CountCodePoints(std::string_view text);

// By Unicode's rules without regard to a language ("Straße" to "STRASSE"). *buffer holds the
// result where the text changes; else the text itself is given back. Text that is not UTF-8 has
// its broken bytes replaced by U+FFFD.
std::string_view LowerText(std::string_view text, std::string* buffer);
std::string_view UpperText(std::string_view text, std::string* buffer);

// Takes the blanks of ASCII and U+00A0, U+3000, U+FEFF off both ends.
std::string_view TrimText(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_TEXT_FUNCTIONS_H_
