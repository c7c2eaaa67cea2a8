// Normal forms of text (Unicode 15, through ICU).
//
//   ToNfkc("ﬁve ①")        // "five 1"
//   ToHalfWidth("ＡＢＣ　１")  // "ABC 1"
//   FoldCase("Straße")      // "strasse"
//   Collapse("  a \t b ")   // "a b"
//
// Each is idempotent: f(f(x)) == f(x). Text is UTF-8; what is not becomes U+FFFD. Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_TEXT_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_TEXT_H_

#include <string>
#include <string_view>

namespace burgeon {

bool IsAscii(std::string_view text);

// Unicode Standard Annex 15: canonical composition, and the same after compatibility
// decomposition.
std::string ToNfc(std::string_view text);
std::string ToNfkc(std::string_view text);
// Full-width letters, digits, signs and the ideographic blank as ASCII (the block U+FF01..U+FF5E,
// U+3000) and the signs ￠￡￢￣￤￥￦. Kana stay.
std::string ToHalfWidth(std::string_view text);
// Full case folding (Unicode, section 3.13), for comparing and not for showing. No locale.
std::string FoldCase(std::string_view text);
// Every run of white space (the property White_Space) as one blank; none at the ends.
std::string Collapse(std::string_view text);
// Without control characters (Cc, but for tab, line feed and carriage return), byte order marks,
// soft hyphens and marks that nobody sees: zero width space, word joiner, marks of direction. The
// zero width joiner and non-joiner stay: scripts and emoji need them.
std::string Clean(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_TEXT_H_
