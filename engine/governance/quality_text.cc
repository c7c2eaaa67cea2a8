#include "engine/governance/quality_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <numeric>

#include "engine/base/hash.h"
#include "engine/expression/pattern.h"
#include "engine/expression/text_functions.h"

namespace burgeon {
namespace {

constexpr size_t kMaxShapeBytes = 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// What the bytes 0x80 to 0x9F are in Windows-1252, where that is not the control of Latin-1.
bool IsWindows1252(char32_t c) {
  static constexpr std::array<char32_t, 27> kCharacters = {
      0x20AC, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
      0x0160, 0x2039, 0x0152, 0x017D, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x017E, 0x0178};
  return std::find(kCharacters.begin(), kCharacters.end(), c) != kCharacters.end();
}

// A character that a byte 0x80 to 0xBF, the rest of a UTF-8 sequence, is read as.
bool IsMisreadRest(char32_t c) { return (c >= 0x80 && c <= 0xBF) || IsWindows1252(c); }

std::string DigitsOf(std::string_view text) {
  std::string digits;
  bool within = false;
  for (const char c : text) {
    if (IsDigit(c)) {
      digits += c;
    } else if (within) {
      digits += ' ';
    }
    within = IsDigit(c);
  }
  return digits;
}

// Joins sets of indices.
class Union {
 public:
  explicit Union(size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Root(size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(size_t a, size_t b) { parent_[Root(a)] = Root(b); }

 private:
  std::vector<size_t> parent_;
};

struct Sketch {
  std::string normal;
  std::string digits;
  uint64_t hash = 0;
};

bool Near(const Sketch& a, const Sketch& b) {
  return a.digits == b.digits && std::popcount(a.hash ^ b.hash) <= kNearSimHashBits;
}

// Two hashes that differ in at most three bits agree in one of four blocks of 16.
void JoinBySimHash(const std::vector<Sketch>& sketches, Union* sets) {
  for (int block = 0; block < 4; ++block) {
    HashMap<uint64_t, std::vector<size_t>> buckets;
    for (size_t i = 0; i < sketches.size(); ++i) {
      if (sketches[i].normal.size() < kShortestSimHashText) continue;
      // The digits are part of the bucket: they have to agree, and keep it small.
      const uint64_t bits = sketches[i].hash >> (16 * block) & 0xFFFF;
      std::vector<size_t>& bucket = buckets[StableHash64(sketches[i].digits) * 65'537 + bits];
      for (const size_t other : bucket) {
        if (Near(sketches[i], sketches[other])) sets->Join(i, other);
      }
      bucket.push_back(i);
    }
  }
}

}  // namespace

void ShapeOf(std::string_view text, std::string* shape) {
  shape->clear();
  for (const char c : text) {
    const char kind = IsDigit(c) ? '9' : IsLetter(c) ? 'A' : c;
    if ((kind == '9' || kind == 'A') && !shape->empty() && shape->back() == kind) continue;
    if (shape->size() == kMaxShapeBytes) return;
    *shape += kind;
  }
}

bool LooksMisread(std::string_view text) {
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), ascii)) return false;
  char32_t before = 0;
  char32_t two_before = 0;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(&text);
    if (c == 0xFFFD) return true;
    // Chinese, Japanese and Korean: three bytes each. A no-break space is left to French, which
    // sets it between a letter and its closing quote.
    const bool wide_lead = two_before >= 0xE3 && two_before <= 0xED && before != 0xA0;
    if (wide_lead && IsMisreadRest(before) && IsMisreadRest(c)) return true;
    // 0xC2 to 0xF4 begin a sequence of UTF-8. Of Latin-1 text they are letters, which capital
    // signs seldom follow: only the lead bytes of Latin letters and of punctuation are looked for.
    const bool lead = before == 0xC2 || before == 0xC3 || before == 0xE2 || before == 0xC5;
    if (lead && IsMisreadRest(c)) return true;
    two_before = before;
    before = c;
  }
  return false;
}

bool HasFullWidth(std::string_view text) {
  if (text.find('\xEF') == std::string_view::npos) return false;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(&text);
    if (c >= 0xFF01 && c <= 0xFF5E) return true;
  }
  return false;
}

std::string NormalForm(std::string_view text) {
  std::string buffer;
  const std::string_view lower = LowerText(text, &buffer);
  std::string out;
  bool blank = false;
  for (const char c : lower) {
    if (!IsLetter(c) && !IsDigit(c)) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

uint64_t SimHash(std::string_view normal_form) {
  std::vector<std::string_view> characters;
  for (std::string_view rest = normal_form; !rest.empty();) {
    const char* const begin = rest.data();
    TakeCodePoint(&rest);
    characters.emplace_back(begin, static_cast<size_t>(rest.data() - begin));
  }
  std::array<int, 64> votes = {};
  const size_t grams = characters.size() < 3 ? 1 : characters.size() - 2;
  for (size_t i = 0; i < grams && !characters.empty(); ++i) {
    const std::string_view last = characters[std::min(i + 2, characters.size() - 1)];
    const char* const begin = characters[i].data();
    uint64_t hash = StableHash64({begin, static_cast<size_t>(last.data() + last.size() - begin)});
    // FNV leaves the high bits of short texts alike; the finaliser of MurmurHash3 mixes them.
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdULL;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53ULL;
    hash ^= hash >> 33;
    for (size_t bit = 0; bit < 64; ++bit) votes[bit] += (hash >> bit & 1) != 0 ? 1 : -1;
  }
  uint64_t out = 0;
  for (size_t bit = 0; bit < 64; ++bit) {
    if (votes[bit] > 0) out |= uint64_t{1} << bit;
  }
  return out;
}

std::vector<size_t> NearIdentical(const std::vector<TextCount>& values) {
  std::vector<Sketch> sketches(values.size());
  Union sets(values.size());
  std::map<std::string_view, size_t> by_normal;
  for (size_t i = 0; i < values.size(); ++i) {
    sketches[i].normal = NormalForm(values[i].text);
    sketches[i].digits = DigitsOf(sketches[i].normal);
    sketches[i].hash = SimHash(sketches[i].normal);
    if (sketches[i].normal.empty()) continue;
    const auto [at, added] = by_normal.emplace(sketches[i].normal, i);
    if (!added) sets.Join(i, at->second);
  }
  JoinBySimHash(sketches, &sets);
  const auto better = [&](size_t a, size_t b) {
    if (values[a].count != values[b].count) return values[a].count > values[b].count;
    return values[a].text < values[b].text;
  };
  std::map<size_t, size_t> best;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto [at, added] = best.emplace(sets.Root(i), i);
    if (!added && better(i, at->second)) at->second = i;
  }
  std::vector<size_t> out(values.size());
  for (size_t i = 0; i < values.size(); ++i) out[i] = best.at(sets.Root(i));
  return out;
}

}  // namespace burgeon
