// What quality looks for in texts: the shape of a value, damaged encoding, and values that are
// nearly the same.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_TEXT_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burgeon {

// The form of a value: a run of digits is 9, a run of letters A, anything else itself. At most 40
// bytes. "2011-12-09 08:26" and "1-1-1 1:1" are "9-9-9 9:9", "09/12/2011" is "9/9/9".
void ShapeOf(std::string_view text, std::string* shape);

// True for text whose encoding was damaged on its way: U+FFFD, or UTF-8 that was read as Latin-1
// or as Windows-1252 and written as UTF-8 again ("CafÃ©").
bool LooksMisread(std::string_view text);

// True when letters, digits or signs of full width (U+FF01 to U+FF5E) are in it.
bool HasFullWidth(std::string_view text);

// Lower case, punctuation and blanks to one blank each, none at the ends: what two ways to write
// one text have in common. Empty for a text of punctuation alone.
std::string NormalForm(std::string_view text);

// SimHash (Charikar 2002) of the 3-grams of code points of a normal form: texts that are nearly
// the same differ in few of the 64 bits.
uint64_t SimHash(std::string_view normal_form);

// A value and how often it was seen.
struct TextCount {
  std::string text;
  int64_t count = 0;
};
inline constexpr int kNearSimHashBits = 3;  // Manku, Jain, Das Sarma 2007
inline constexpr size_t kShortestSimHashText = 12;

// For each value the index of the one it should be: the most frequent (then the first in order of
// bytes) of the values that are nearly identical to it, directly or by way of others; itself when
// there is none. Nearly identical: of the same normal form, or normal forms of at least
// kShortestSimHashText bytes, with the same digits in the same order, whose SimHash differs in at
// most kNearSimHashBits bits. ("Size 10" and "Size 12" are two things.)
std::vector<size_t> NearIdentical(const std::vector<TextCount>& values);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_TEXT_H_
