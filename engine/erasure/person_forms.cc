#include "engine/erasure/person_forms.h"

#include <algorithm>
#include <array>
#include <functional>

namespace burgeon {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordByte(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool JoinsNumbers(char c) { return c == '.' || c == '-' || c == ':'; }

bool IsNumber(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// Whether the form at [begin, end) stands alone.
bool IsWord(std::string_view text, size_t begin, size_t end) {
  const std::string_view form = text.substr(begin, end - begin);
  // A form that begins or ends with a blank, say, needs no edge there.
  if (begin > 0 && IsWordByte(form.front()) && IsWordByte(text[begin - 1])) return false;
  if (end < text.size() && IsWordByte(form.back()) && IsWordByte(text[end])) return false;
  if (!IsNumber(form)) return true;
  const bool number_before = begin > 1 && JoinsNumbers(text[begin - 1]) && IsDigit(text[begin - 2]);
  const bool number_behind =
      end + 1 < text.size() && JoinsNumbers(text[end]) && IsDigit(text[end + 1]);
  return !number_before && !number_behind;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool SpeaksOfAPerson(std::string_view field) {
  const std::string name = Lower(field);
  return name == "id" ||
         ContainsAny(name, {"customer", "user", "visitor", "client", "member", "person", "account",
                            "linked", "cookie", "device", "email", "e-mail", "phone", "loyalty"});
}

constexpr size_t kWordBytes = 4;
constexpr size_t kLongBytes = 8;

bool IsDistinct(std::string_view form) {
  return form.size() >= kLongBytes || (form.size() >= kWordBytes && !IsNumber(form));
}

}  // namespace

bool MayNameAPerson(std::string_view field) {
  constexpr std::array<std::string_view, 16> kNumbers = {
      "rank",        "score",   "quantity", "value_micros", "event_time", "known_at",
      "ingested_at", "line",    "risk",     "rows",         "bytes",      "type",
      "currency",    "channel", "method",   "sha256"};
  const std::string name = Lower(field);
  if (ContainsAny(name, {"item", "product", "sku"})) return false;
  return std::find(kNumbers.begin(), kNumbers.end(), name) == kNumbers.end();
}

void PersonForms::Add(std::string_view form) {
  if (form.empty() || !forms_.insert(std::string(form)).second) return;
  if (form.size() < kWordBytes) return;
  if (std::find(lengths_.begin(), lengths_.end(), form.size()) != lengths_.end()) return;
  lengths_.push_back(form.size());
  std::sort(lengths_.begin(), lengths_.end(), std::greater<>());
}

bool PersonForms::IsNamedBy(std::string_view name, std::string_view value) const {
  if (!Holds(value) || !MayNameAPerson(name)) return false;
  return IsDistinct(value) || SpeaksOfAPerson(name);
}

size_t PersonForms::MatchAt(std::string_view text, size_t at, Text kind) const {
  for (const size_t length : lengths_) {
    if (at + length > text.size()) continue;
    const std::string_view form = text.substr(at, length);
    if (!forms_.contains(form) || !IsWord(text, at, at + length)) continue;
    if (kind == Text::kRaw || IsDistinct(form)) return at + length;
  }
  return std::string_view::npos;
}

bool PersonForms::IsIn(std::string_view text, Text kind) const {
  if (kind == Text::kRaw && Holds(text)) return true;
  for (size_t at = 0; at < text.size(); ++at) {
    // Inside of a word no form of word bytes can begin.
    if (at > 0 && IsWordByte(text[at]) && IsWordByte(text[at - 1])) continue;
    if (MatchAt(text, at, kind) != std::string_view::npos) return true;
  }
  return false;
}

bool PersonForms::Names(std::string_view name, std::string_view value) const {
  return MayNameAPerson(name) && (IsNamedBy(name, value) || IsIn(value, Text::kProse));
}

std::string PersonForms::Conceal(std::string_view text, std::string_view replacement) const {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = MatchAt(text, at, Text::kRaw);
    if (end == std::string_view::npos) {
      out += text[at++];
    } else {
      out += replacement;
      at = end;
    }
  }
  return out;
}

}  // namespace burgeon
