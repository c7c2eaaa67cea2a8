// Patterns over UTF-8 text, in three notations, matched in time proportional to the text whatever
// the pattern: there is no backtracking, so that a pattern from a configuration cannot hang a job.
//
//   BURGEON_ASSIGN_OR_RETURN(const Pattern code,
//                            Pattern::Compile(PatternKind::kRegex, "[0-9]{5}[A-Z]?"));
//   code.Matches("85123A")   // true: the whole text must match
//
//   kLike   %: any characters, _: one character, \x: the character x itself
//   kGlob   *: any characters, ?: one character, [a-z] [!a-z]: one of a set, \x
//   kRegex  . [a-z] [^a-z] \d \w \s \D \W \S (ASCII) ( ) | * + ? {n} {n,} {n,m}, \x for any other
//           character x; ^ at the beginning and $ at the end change nothing. No groups to capture,
//           no lazy repetition, no back references, no look around: errors
//
// Immutable, thread-safe, matches without allocation. The automaton is the position automaton of
// Glushkov (1961), its states kept as bits.
#ifndef BURGEON_ENGINE_EXPRESSION_PATTERN_H_
#define BURGEON_ENGINE_EXPRESSION_PATTERN_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

enum class PatternKind { kLike, kGlob, kRegex };

// Characters that a pattern may name, repetitions written out: "[0-9]{5}" has 5.
inline constexpr size_t kMaxPatternPositions = 512;

class Pattern {
 public:
  // kInvalidArgument naming what is wrong and where (1-based byte), or that it is too large.
  static absl::StatusOr<Pattern> Compile(PatternKind kind, std::string_view text);

  bool Matches(std::string_view text) const;

 private:
  friend class PatternBuilder;
  static constexpr size_t kWords = kMaxPatternPositions / 64;
  using Bits = std::array<uint64_t, kWords>;

  // A set of characters: ranges of code points, or everything else.
  struct CharacterSet {
    std::vector<std::pair<char32_t, char32_t>> ranges = {};
    bool negated = false;
    bool Has(char32_t c) const;
  };

  size_t words_ = 0;  // of each set of bits in use
  bool nullable_ = false;
  Bits first_ = {};
  Bits last_ = {};
  std::vector<Bits> follow_;             // by position
  std::vector<CharacterSet> positions_;  // what each position accepts
  std::vector<Bits> accepting_;          // by ASCII character: the positions that accept it
};

// The code point at the front of `text`, which must not be empty, and takes it off. A byte that
// is not UTF-8 counts as U+FFFD.
char32_t TakeCodePoint(std::string_view* text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_PATTERN_H_
