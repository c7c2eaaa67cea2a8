#include "engine/expression/pattern.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

namespace burgeon {
namespace {

constexpr int kMaxGroups = 50;     // of parentheses, one in another
constexpr int kMaxAtoms = 20'000;  // parsed, again for each repetition written out
constexpr int kMaxRepetitions = 512;
constexpr char32_t kReplacement = 0xFFFD;

}  // namespace

char32_t TakeCodePoint(std::string_view* text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>((*text)[i]); };
  const unsigned char lead = byte(0);
  size_t length = 1;
  char32_t c = lead;
  if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    c = lead & 0x07U;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    length = 3;
    c = lead & 0x0FU;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    length = 2;
    c = lead & 0x1FU;
  } else if (lead >= 0x80) {
    text->remove_prefix(1);
    return kReplacement;
  }
  for (size_t i = 1; i < length; ++i) {
    if (i >= text->size() || (byte(i) & 0xC0U) != 0x80U) {
      text->remove_prefix(1);
      return kReplacement;
    }
    c = (c << 6) | (byte(i) & 0x3FU);
  }
  text->remove_prefix(length);
  return c;
}

bool Pattern::CharacterSet::Has(char32_t c) const {
  for (const auto& [low, high] : ranges) {
    if (c >= low && c <= high) return !negated;
  }
  return negated;
}

// Parses a pattern and builds the sets first, last and follow as it goes.
class PatternBuilder {
 public:
  PatternBuilder(PatternKind kind, std::string_view text) : kind_(kind), text_(text) {}

  absl::StatusOr<Pattern> Build() {
    Fragment whole;
    if (kind_ == PatternKind::kRegex) {
      if (!text_.empty() && text_.front() == '^') at_ = 1;
      whole = Alternatives(0);
      if (problem_.empty() && at_ < text_.size()) Fail("')' without a '('");
    } else {
      whole = Wildcards();
    }
    if (!problem_.empty()) {
      return InvalidArgument("pattern '", Printable(text_), "', position ", problem_at_ + 1, ": ",
                             problem_);
    }
    pattern_.nullable_ = whole.nullable;
    pattern_.first_ = whole.first;
    pattern_.last_ = whole.last;
    pattern_.words_ = (pattern_.positions_.size() + 63) / 64;
    pattern_.accepting_.resize(128);
    for (size_t p = 0; p < pattern_.positions_.size(); ++p) {
      for (char32_t c = 0; c < 128; ++c) {
        if (pattern_.positions_[p].Has(c)) pattern_.accepting_[c][p / 64] |= uint64_t{1} << p % 64;
      }
    }
    return std::move(pattern_);
  }

 private:
  using Bits = Pattern::Bits;
  using CharacterSet = Pattern::CharacterSet;
  // A part of the pattern: whether it matches the empty text, and the positions it can begin and
  // end with.
  struct Fragment {
    bool nullable = true;
    Bits first = {};
    Bits last = {};
  };

  void Fail(std::string problem) { FailAt(at_, std::move(problem)); }
  void FailAt(size_t at, std::string problem) {
    if (!problem_.empty()) return;
    problem_ = std::move(problem);
    problem_at_ = at;
  }
  bool failed() const { return !problem_.empty(); }
  bool AtEnd() const { return at_ >= text_.size(); }
  bool Next(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  char32_t TakeCharacter() {
    std::string_view rest = text_.substr(at_);
    const char32_t c = TakeCodePoint(&rest);
    at_ = text_.size() - rest.size();
    return c;
  }

  static void Merge(const Bits& from, Bits* into) {
    for (size_t w = 0; w < from.size(); ++w) (*into)[w] |= from[w];
  }
  // Whatever ends in `last` may go on with `first`.
  void Link(const Bits& last, const Bits& first) {
    for (size_t p = 0; p < pattern_.positions_.size(); ++p) {
      if ((last[p / 64] >> p % 64 & 1) != 0) Merge(first, &pattern_.follow_[p]);
    }
  }

  Fragment Position(CharacterSet set) {
    const size_t p = pattern_.positions_.size();
    if (p >= kMaxPatternPositions) {
      Fail(Concat("the pattern has more than ", kMaxPatternPositions,
                  " characters, repetitions written out"));
      return {};
    }
    pattern_.positions_.push_back(std::move(set));
    pattern_.follow_.push_back({});
    Fragment out;
    out.nullable = false;
    out.first[p / 64] = uint64_t{1} << p % 64;
    out.last = out.first;
    return out;
  }
  Fragment Sequence(const Fragment& a, const Fragment& b) {
    Link(a.last, b.first);
    Fragment out;
    out.nullable = a.nullable && b.nullable;
    out.first = a.first;
    if (a.nullable) Merge(b.first, &out.first);
    out.last = b.last;
    if (b.nullable) Merge(a.last, &out.last);
    return out;
  }
  Fragment Repeat(Fragment a) {  // once or more
    Link(a.last, a.first);
    return a;
  }
  static Fragment Optional(Fragment a) {
    a.nullable = true;
    return a;
  }

  static CharacterSet Any() { return {.ranges = {}, .negated = true}; }
  static CharacterSet Only(char32_t c) { return {.ranges = {{c, c}}, .negated = false}; }

  // ---- like and glob

  Fragment Wildcards() {
    const char many = kind_ == PatternKind::kLike ? '%' : '*';
    const char one = kind_ == PatternKind::kLike ? '_' : '?';
    Fragment whole;
    while (!AtEnd() && !failed()) {
      if (Next(many)) {
        whole = Sequence(whole, Optional(Repeat(Position(Any()))));
      } else if (Next(one)) {
        whole = Sequence(whole, Position(Any()));
      } else if (kind_ == PatternKind::kGlob && Next('[')) {
        whole = Sequence(whole, Position(Set('!')));
      } else if (Next('\\')) {
        if (AtEnd()) {
          Fail("a character after the \\ is wanted");
          break;
        }
        whole = Sequence(whole, Position(Only(TakeCharacter())));
      } else {
        whole = Sequence(whole, Position(Only(TakeCharacter())));
      }
    }
    return whole;
  }

  // The rest of a set, after its '['.
  CharacterSet Set(char negation) {
    const size_t begin = at_ - 1;
    CharacterSet set;
    set.negated = Next(negation);
    bool any = false;
    while (!failed()) {
      if (AtEnd()) {
        FailAt(begin, "a '[' without its ']'");
        break;
      }
      if (any && Next(']')) break;
      any = true;
      if (kind_ == PatternKind::kRegex && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        if (const auto named = NamedSet(text_[at_ + 1]); named) {
          if (named->negated) {
            Fail("a negated class within [ ] is not taken");
            break;
          }
          at_ += 2;
          set.ranges.insert(set.ranges.end(), named->ranges.begin(), named->ranges.end());
          continue;
        }
      }
      const char32_t low = SetCharacter(begin);
      char32_t high = low;
      if (!AtEnd() && text_[at_] == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        high = SetCharacter(begin);
      }
      if (high < low) FailAt(begin, "a range of characters that ends before it begins");
      set.ranges.emplace_back(low, high);
    }
    return set;
  }
  char32_t SetCharacter(size_t begin) {
    if (Next('\\')) {
      if (AtEnd()) {
        FailAt(begin, "a '[' without its ']'");
        return 0;
      }
      return kind_ == PatternKind::kRegex ? Escaped() : TakeCharacter();
    }
    return TakeCharacter();
  }

  // ---- regular expressions

  static std::optional<CharacterSet> NamedSet(char name) {
    const bool negated = name == 'D' || name == 'W' || name == 'S';
    switch (name) {
      case 'd':
      case 'D':
        return CharacterSet{{{'0', '9'}}, negated};
      case 'w':
      case 'W':
        return CharacterSet{{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, negated};
      case 's':
      case 'S':
        return CharacterSet{{{'\t', '\r'}, {' ', ' '}}, negated};
      default:
        return std::nullopt;
    }
  }

  // The character that an escape stands for, after its '\'.
  char32_t Escaped() {
    const char32_t c = TakeCharacter();
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
          FailAt(at_ - 1, "this escape is not known");
        }
        return c;
    }
  }

  Fragment Alternatives(int depth) {
    if (depth > kMaxGroups) {
      Fail(Concat("more than ", kMaxGroups, " parentheses in one another"));
      return {};
    }
    Fragment out = Pieces(depth);
    while (!failed() && Next('|')) {
      const Fragment other = Pieces(depth);
      out.nullable = out.nullable || other.nullable;
      Merge(other.first, &out.first);
      Merge(other.last, &out.last);
    }
    return out;
  }

  Fragment Pieces(int depth) {
    Fragment out;
    while (!failed() && !AtEnd() && text_[at_] != '|' && text_[at_] != ')') {
      if (text_[at_] == '$' && at_ + 1 == text_.size()) {
        ++at_;
        break;
      }
      out = Sequence(out, Piece(depth));
    }
    return out;
  }

  // An atom with its repetition.
  Fragment Piece(int depth) {
    const size_t begin = at_;
    const Fragment atom = Atom(depth);
    Fragment out = atom;
    if (Next('*')) {
      out = Optional(Repeat(atom));
    } else if (Next('+')) {
      out = Repeat(atom);
    } else if (Next('?')) {
      out = Optional(atom);
    } else if (!AtEnd() && text_[at_] == '{') {
      out = Counted(atom, begin, depth);
    }
    if (!failed() && !AtEnd() &&
        (text_[at_] == '*' || text_[at_] == '+' || text_[at_] == '?' || text_[at_] == '{')) {
      Fail("a repetition of a repetition; put parentheses around the first");
    }
    return out;
  }

  std::optional<int> Count() {
    int value = 0;
    const size_t begin = at_;
    while (!AtEnd() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = std::min(value * 10 + (text_[at_++] - '0'), kMaxRepetitions + 1);
    }
    if (at_ == begin) return std::nullopt;
    return value;
  }

  // {n}, {n,} or {n,m}: the atom is parsed again for each repetition.
  Fragment Counted(const Fragment& atom, size_t begin, int depth) {
    const size_t brace = at_++;
    const auto low = Count();
    const bool open = low && Next(',');
    const auto high = open ? Count() : low;
    if (!low || !Next('}') || (high && *high < *low)) {
      FailAt(brace, "{n}, {n,} or {n,m} is wanted, m not below n; \\{ for the character");
      return {};
    }
    if (*low > kMaxRepetitions || high.value_or(0) > kMaxRepetitions) {
      FailAt(brace, Concat("more than ", kMaxRepetitions, " repetitions"));
      return {};
    }
    const size_t end = at_;
    if (!high && *low == 0) return Optional(Repeat(atom));
    Fragment out;
    const int copies = high ? *high : *low;
    for (int i = 1; i <= copies && !failed(); ++i) {
      Fragment copy = atom;
      if (i > 1) {
        at_ = begin;
        copy = Atom(depth);
      }
      if (i > *low) copy = Optional(copy);
      if (!high && i == copies) copy = Repeat(copy);
      out = Sequence(out, copy);
    }
    at_ = end;
    return out;
  }

  Fragment Atom(int depth) {
    if (++atoms_ > kMaxAtoms) {
      Fail("the pattern is too large, repetitions written out");
      return {};
    }
    if (Next('(')) {
      if (!AtEnd() && text_[at_] == '?') {
        if (!text_.substr(at_).starts_with("?:")) {
          Fail("(?...) is not taken");
          return {};
        }
        at_ += 2;
      }
      const size_t begin = at_;
      const Fragment out = Alternatives(depth + 1);
      if (!failed() && !Next(')')) FailAt(begin - 1, "a '(' without its ')'");
      return out;
    }
    if (Next('[')) return Position(Set('^'));
    if (Next('.')) return Position(Any());
    if (Next('\\')) {
      if (AtEnd()) {
        Fail("a character after the \\ is wanted");
        return {};
      }
      if (const auto named = NamedSet(text_[at_]); named) {
        ++at_;
        return Position(*named);
      }
      return Position(Only(Escaped()));
    }
    const char c = text_[at_];
    if (c == '*' || c == '+' || c == '?' || c == '{' || c == '^' || c == '$') {
      Fail(Concat("'", c, "' has nothing to apply to here; \\", c, " for the character"));
      return {};
    }
    return Position(Only(TakeCharacter()));
  }

  const PatternKind kind_;
  const std::string_view text_;
  size_t at_ = 0;
  int atoms_ = 0;
  std::string problem_;
  size_t problem_at_ = 0;
  Pattern pattern_;
};

absl::StatusOr<Pattern> Pattern::Compile(PatternKind kind, std::string_view text) {
  return PatternBuilder(kind, text).Build();
}

bool Pattern::Matches(std::string_view text) const {
  if (text.empty()) return nullable_;
  Bits now = {};
  Bits next = first_;
  bool alive = true;
  while (!text.empty() && alive) {
    const char32_t c = TakeCodePoint(&text);
    if (c < 128) {
      for (size_t w = 0; w < words_; ++w) next[w] &= accepting_[c][w];
    } else {
      for (size_t p = 0; p < positions_.size(); ++p) {
        if (!positions_[p].Has(c)) next[p / 64] &= ~(uint64_t{1} << p % 64);
      }
    }
    now = next;
    next = {};
    alive = false;
    for (size_t w = 0; w < words_; ++w) {
      for (uint64_t rest = now[w]; rest != 0; rest &= rest - 1) {
        alive = true;
        const Bits& follow = follow_[w * 64 + static_cast<size_t>(std::countr_zero(rest))];
        for (size_t v = 0; v < words_; ++v) next[v] |= follow[v];
      }
    }
  }
  if (!alive) return false;
  for (size_t w = 0; w < words_; ++w) {
    if ((now[w] & last_[w]) != 0) return true;
  }
  return false;
}

}  // namespace burgeon
