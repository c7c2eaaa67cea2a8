#include "engine/table/flat_json.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "engine/base/limits.h"
#include "engine/base/text.h"
#include "engine/table/json_cursor.h"

namespace burgeon {
namespace {

constexpr size_t kBlock = 16;
static_assert(kBlock <= kJsonPadding);
// An object with more fields than this is not looked at by their order.
constexpr size_t kMaxFields = 1024;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Bit i stands for byte i of a block.
struct Marks {
  uint32_t stops;      // quotes, backslashes and control bytes
  uint32_t not_ascii;  // bytes above 0x7f
};

#if defined(__SSE2__)
Marks MarksOf(const char* at) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i escapes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  const __m128i stops = _mm_or_si128(_mm_or_si128(quotes, escapes), control);
  return {static_cast<uint32_t>(_mm_movemask_epi8(stops)),
          static_cast<uint32_t>(_mm_movemask_epi8(block))};
}
#else
Marks MarksOf(const char* at) {
  Marks out = {0, 0};
  for (size_t i = 0; i < kBlock; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    if (byte == '"' || byte == '\\' || byte < 0x20) out.stops |= uint32_t{1} << i;
    if (byte > 0x7f) out.not_ascii |= uint32_t{1} << i;
  }
  return out;
}
#endif

uint64_t WordAt(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

}  // namespace

bool FlatJson::Fits(const JsonPlan& plan) {
  std::vector<uint8_t> taken(plan.slots.size(), 0);
  for (const JsonPlan::Column& column : plan.columns) {
    if (column.size() != 1 || column[0].kind != JsonPlan::Part::Kind::kSlot) return false;
    if (taken[static_cast<size_t>(column[0].slot)]++ != 0) return false;
  }
  return !plan.explodes && plan.extras.empty();
}

FlatJson::FlatJson(const JsonPlan* plan)
    : plan_(*plan), columns_(plan->slots.size(), -1), given_(plan->columns.size(), 0) {
  for (size_t c = 0; c < plan_.columns.size(); ++c) {
    columns_[static_cast<size_t>(plan_.columns[c][0].slot)] = static_cast<int>(c);
  }
}

int FlatJson::ColumnOf(std::string_view key) const {
  const int node = plan_.ChildOf(plan_.nodes[0], key);
  const int slot = node < 0 ? -1 : plan_.nodes[static_cast<size_t>(node)].slot;
  return slot < 0 ? -1 : columns_[static_cast<size_t>(slot)];
}

void FlatJson::SkipBlanks() {
  while (at_ < end_ && IsBlank(*at_)) ++at_;
}

bool FlatJson::TakeByte(char wanted) {
  if (at_ >= end_ || *at_ != wanted) return false;
  ++at_;
  return true;
}

bool FlatJson::TakeWord(std::string_view word) {
  if (!std::string_view(at_, static_cast<size_t>(end_ - at_)).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

// at_ is behind the quote that opens it.
bool FlatJson::TakeString(std::string_view* text) {
  const char* const begin = at_;
  uint32_t not_ascii = 0;
  for (; at_ < end_; at_ += kBlock) {
    const Marks marks = MarksOf(at_);
    if (marks.stops == 0) {
      not_ascii |= marks.not_ascii;
      continue;
    }
    const int before = std::countr_zero(marks.stops);
    not_ascii |= marks.not_ascii & ((uint32_t{1} << before) - 1);
    at_ += before;
    *text = std::string_view(begin, static_cast<size_t>(at_ - begin));
    return TakeByte('"') && (not_ascii == 0 || IsValidUtf8(*text));
  }
  return false;
}

// Without an exponent. What may not follow a number is seen where a comma is wanted.
bool FlatJson::TakeNumber() {
  const auto digits = [this] {
    const char* const first = at_;
    while (at_ < end_ && IsDigit(*at_)) ++at_;
    return at_ - first;
  };
  (void)TakeByte('-');
  const char* const first = at_;
  const auto whole = digits();
  if (whole == 0 || (whole > 1 && *first == '0')) return false;
  return !TakeByte('.') || digits() > 0;
}

bool FlatJson::TakeValue(const char* piece, TextColumn::Slice* slice) {
  if (at_ >= end_) return false;
  std::string_view text(at_, 0);
  if (*at_ == '"') {
    ++at_;
    if (!TakeString(&text)) return false;
  } else if (*at_ == '-' || IsDigit(*at_)) {
    if (!TakeNumber()) return false;
    text = std::string_view(text.data(), static_cast<size_t>(at_ - text.data()));
  } else if (*at_ == 'n') {
    *slice = {0, TextColumn::kNull};
    return TakeWord("null");
  } else {
    const std::string_view word = *at_ == 't' ? "true" : "false";
    if (!TakeWord(word)) return false;
    text = std::string_view(text.data(), word.size());
  }
  if (text.size() > static_cast<size_t>(limits::kMaxFieldBytes)) return false;
  *slice = {static_cast<uint32_t>(text.data() - piece), static_cast<uint32_t>(text.size())};
  return true;
}

bool FlatJson::StartsWith(const Gap& gap) const {
  const size_t size = gap.text.size();
  if (static_cast<size_t>(end_ - at_) < size) return false;
  const uint64_t differs = ((WordAt(at_) ^ gap.words[0]) & gap.masks[0]) |
                           ((WordAt(at_ + 8) ^ gap.words[1]) & gap.masks[1]);
  if (differs != 0) return false;
  return size <= kShortGap ||
         std::memcmp(at_ + kShortGap, gap.text.data() + kShortGap, size - kShortGap) == 0;
}

// Reads the gap that begins here, which then is the one at this place.
bool FlatJson::LearnGap(size_t number) {
  const char* const begin = at_;
  SkipBlanks();
  if (!TakeByte(number == 0 ? '{' : ',')) return false;
  SkipBlanks();
  std::string_view key;
  if (!TakeByte('"') || !TakeString(&key)) return false;
  SkipBlanks();
  if (!TakeByte(':')) return false;
  SkipBlanks();
  Gap gap{.text = std::string(begin, at_), .column = ColumnOf(key)};
  const size_t size = std::min(gap.text.size(), kShortGap);
  std::memcpy(gap.words, gap.text.data(), size);
  std::memset(gap.masks, 0xff, size);
  if (number == gaps_.size()) gaps_.emplace_back();
  gaps_[number] = std::move(gap);
  return true;
}

bool FlatJson::Parse(const char* piece, size_t begin, size_t size, TextColumn::Slice* row) {
  at_ = piece + begin;
  end_ = at_ + size;
  ++object_;
  std::fill_n(row, given_.size(), TextColumn::Slice{0, TextColumn::kNull});
  for (size_t number = 0; number < kMaxFields; ++number) {
    if (number < gaps_.size() && StartsWith(gaps_[number])) {
      at_ += gaps_[number].text.size();
      SkipBlanks();  // more than there were before
    } else if (!LearnGap(number)) {
      return false;
    }
    const int column = gaps_[number].column;
    TextColumn::Slice unwanted;
    if (!TakeValue(piece, column < 0 ? &unwanted : &row[column])) return false;
    if (column >= 0 && std::exchange(given_[static_cast<size_t>(column)], object_) == object_) {
      return false;  // twice
    }
    SkipBlanks();
    if (at_ < end_ && *at_ == '}') {
      ++at_;
      SkipBlanks();
      return at_ == end_;
    }
  }
  return false;
}

}  // namespace burgeon
