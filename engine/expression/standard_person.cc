#include "engine/expression/standard_person.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "engine/base/text.h"
#include "engine/expression/standard_text.h"

namespace burgeon {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

using Word = std::pair<std::string_view, std::string_view>;

constexpr Word kGenders[] = {
    {"m", "male"},          {"male", "male"},       {"man", "male"},
    {"boy", "male"},        {"男", "male"},         {"男性", "male"},
    {"f", "female"},        {"female", "female"},   {"woman", "female"},
    {"girl", "female"},     {"女", "female"},       {"女性", "female"},
    {"x", "other"},         {"other", "other"},     {"non-binary", "other"},
    {"nonbinary", "other"}, {"diverse", "other"},   {"其他", "other"},
    {"u", "unknown"},       {"unknown", "unknown"}, {"undisclosed", "unknown"},
    {"未知", "unknown"},    {"保密", "unknown"},    {"prefer not to say", "unknown"}};
constexpr Word kIso5218[] = {{"0", "unknown"}, {"1", "male"}, {"2", "female"}, {"9", "unknown"}};
constexpr Word kBooleans[] = {
    {"true", "true"},   {"t", "true"},    {"yes", "true"}, {"y", "true"},
    {"1", "true"},      {"on", "true"},   {"是", "true"},  {"对", "true"},
    {"false", "false"}, {"f", "false"},   {"no", "false"}, {"n", "false"},
    {"0", "false"},     {"off", "false"}, {"否", "false"}, {"不是", "false"}};

template <size_t n>
std::optional<std::string> Find(const Word (&words)[n], std::string_view key) {
  for (const auto& [word, meaning] : words) {
    if (word == key) return std::string(meaning);
  }
  return std::nullopt;
}

std::string KeyOf(std::string_view text) { return FoldCase(Collapse(ToNfkc(text))); }

// The runs of digits in a date, each with one of the separators between; empty when it is none.
struct Runs {
  std::array<std::string_view, 3> digits;
  size_t count = 0;
};

Runs RunsOf(std::string_view text) {
  constexpr std::string_view kSeparators[] = {"-", "/", ".", "年", "月", "日"};
  Runs out;
  while (!text.empty() && out.count < 3) {
    size_t length = 0;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') ++length;
    if (length == 0) return {};
    out.digits[out.count++] = text.substr(0, length);
    text.remove_prefix(length);
    for (const std::string_view separator : kSeparators) {
      if (!text.starts_with(separator)) continue;
      text.remove_prefix(separator.size());
      if (text.empty() && separator != "日") return {};
      break;
    }
    // Without a separator nothing may follow.
    if (!text.empty() && (text[0] < '0' || text[0] > '9')) return {};
  }
  return text.empty() ? out : Runs{};
}

std::optional<std::string> DateOf(std::string_view year, std::string_view month,
                                  std::string_view day) {
  if (year.size() != 4 || month.size() > 2 || day.size() > 2) return std::nullopt;
  const auto number = [](std::string_view text) {
    return static_cast<int>(ParseInt64(text).value_or(0));
  };
  const std::chrono::year_month_day date(std::chrono::year(number(year)),
                                         std::chrono::month(static_cast<unsigned>(number(month))),
                                         std::chrono::day(static_cast<unsigned>(number(day))));
  if (!date.ok() || number(year) < kFirstYear || number(year) > kLastYear) return std::nullopt;
  const auto two = [&](std::string_view text) { return text.size() == 2 ? "" : "0"; };
  return Concat(year, "-", two(month), month, "-", two(day), day);
}

}  // namespace

std::optional<std::string> StandardBirthDate(std::string_view text, DateOrder order) {
  std::string plain(TrimAscii(text));
  if (!IsAscii(plain)) plain = Collapse(ToHalfWidth(plain));
  // A time of day: "1980-04-03T00:00:00Z", "1980-04-03 00:00:00".
  const std::string_view date = std::string_view(plain).substr(0, plain.find_first_of("T "));
  if (date.size() < plain.size() && plain.find(':') == std::string::npos) return std::nullopt;
  const Runs runs = RunsOf(date);
  if (runs.count == 1 && runs.digits[0].size() == 8) {
    return DateOf(date.substr(0, 4), date.substr(4, 2), date.substr(6, 2));
  }
  if (runs.count != 3) return std::nullopt;
  const auto& [first, second, third] = runs.digits;
  if (first.size() == 4) return DateOf(first, second, third);
  if (order == DateOrder::kDayFirst) return DateOf(third, second, first);
  if (order == DateOrder::kMonthFirst) return DateOf(third, first, second);
  return std::nullopt;
}

std::optional<std::string> StandardGender(std::string_view text, GenderCodes codes) {
  const std::string key = KeyOf(text);
  if (codes == GenderCodes::kIso5218) {
    if (auto found = Find(kIso5218, key)) return found;
  }
  return Find(kGenders, key);
}

std::optional<std::string> StandardBoolean(std::string_view text) {
  return Find(kBooleans, KeyOf(text));
}

}  // namespace burgeon
