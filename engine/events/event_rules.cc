#include "engine/events/event_rules.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/events/decimal.h"

namespace burgeon {
namespace {

constexpr std::string_view kPurposes[] = {"recommend", "score", "audience", "export", "all"};
constexpr std::string_view kTruths[] = {"true", "false"};
constexpr std::string_view kKinds[] = {"nps", "csat", "survey", "review", "complaint", "support"};
constexpr Decimal kMostScale{.mantissa = 1000};

// The property's text, "" when there is none.
std::string_view PropertyOf(const Event& event, const std::string& name) {
  const auto found = event.properties.find(name);
  return found == event.properties.end() ? std::string_view() : std::string_view(found->second);
}

bool Refuse(const Event& event, std::string_view name, std::string_view value,
            std::string_view wanted, FieldProblem* problem) {
  *problem = {Concat(EventTypeName(event.type), ".", name), std::string(value),
              std::string(wanted)};
  return false;
}

bool NeedCustomer(const Event& event, FieldProblem* problem) {
  if (!event.customer_id.empty()) return true;
  *problem = {"customer", "",
              Concat("a customer, whom an event of type ", EventTypeName(event.type), " is about")};
  return false;
}

bool NeedOneOf(const Event& event, const std::string& name,
               std::span<const std::string_view> allowed, FieldProblem* problem) {
  const std::string_view text = PropertyOf(event, name);
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return true;
  return Refuse(event, name, text, Concat("one of ", JoinComma({allowed.begin(), allowed.end()})),
                problem);
}

bool NeedText(const Event& event, const std::string& name, FieldProblem* problem) {
  return !PropertyOf(event, name).empty() || Refuse(event, name, "", "a value", problem);
}

bool NeedId(const Event& event, const std::string& name, FieldProblem* problem) {
  const std::string_view id = PropertyOf(event, name);
  const std::string_view wanted = id.empty() ? "an id" : ProblemOfId(id);
  return wanted.empty() || Refuse(event, name, id, wanted, problem);
}

// A score, where it is there, within low and the scale.
bool CheckScore(const Event& event, const Decimal& low, const std::optional<Decimal>& high,
                FieldProblem* problem) {
  const std::string_view text = PropertyOf(event, "score");
  if (text.empty()) return true;
  const auto score = ParseDecimal(text);
  if (score && Compare(*score, low) >= 0 && (!high || Compare(*score, *high) <= 0)) return true;
  const std::string range = high ? Concat("a number from ", ToDouble(low), " to ", ToDouble(*high))
                                 : Concat("a number from ", ToDouble(low));
  return Refuse(event, "score", text, range, problem);
}

// scale_max into *scale, where it is there.
bool CheckScale(const Event& event, std::optional<Decimal>* scale, FieldProblem* problem) {
  const std::string_view text = PropertyOf(event, "scale_max");
  if (text.empty()) return true;
  *scale = ParseDecimal(text);
  if (*scale && Compare(**scale, Decimal{}) > 0 && Compare(**scale, kMostScale) <= 0) return true;
  return Refuse(event, "scale_max", text, "a number above 0 and at most 1000", problem);
}

bool CheckNps(const Event& event, const std::optional<Decimal>& scale, FieldProblem* problem) {
  const Decimal ten{.mantissa = 10};
  if (scale && Compare(*scale, ten) != 0) {
    return Refuse(event, "scale_max", PropertyOf(event, "scale_max"), "10, of nps", problem);
  }
  const std::string_view text = PropertyOf(event, "score");
  const auto score = ParseDecimal(text);
  const auto is_whole = [](const Decimal& number) {
    const auto micros = ToMicros(number);
    return micros && *micros % 1'000'000 == 0;
  };
  if (score && Compare(*score, Decimal{}) >= 0 && Compare(*score, ten) <= 0 && is_whole(*score)) {
    return true;
  }
  return Refuse(event, "score", text, "a whole number from 0 to 10", problem);
}

// "en", "zh-Hans-CN": subtags of up to eight letters and digits, the first of two or three letters
// (RFC 5646, section 2.1).
bool IsLanguageTag(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_other = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  for (bool first = true;; first = false) {
    const std::string_view tag = text.substr(0, text.find('-'));
    const bool length = first ? tag.size() == 2 || tag.size() == 3 : !tag.empty() && tag.size() < 9;
    if (!length) return false;
    if (first && !std::all_of(tag.begin(), tag.end(), is_letter)) return false;
    if (!std::all_of(tag.begin(), tag.end(), is_other)) return false;
    if (tag.size() == text.size()) return true;
    text.remove_prefix(tag.size() + 1);
  }
}

bool CheckFeedback(const Event& event, FieldProblem* problem) {
  if (!NeedOneOf(event, "kind", kKinds, problem)) return false;
  const std::string_view kind = PropertyOf(event, "kind");
  const std::string_view language = PropertyOf(event, "language");
  if (!language.empty() && !IsLanguageTag(language)) {
    return Refuse(event, "language", language, "a language tag such as en or zh-Hans", problem);
  }
  std::optional<Decimal> scale;
  if (!CheckScale(event, &scale, problem)) return false;
  if (kind == "nps") return CheckNps(event, scale, problem);
  if (!scale && (kind == "csat" || kind == "review")) scale = Decimal{.mantissa = 5};
  if (kind == "csat" && !NeedText(event, "score", problem)) return false;
  if (PropertyOf(event, "score").empty() && PropertyOf(event, "text").empty()) {
    return Refuse(event, "text", "", "a score or a text", problem);
  }
  const Decimal low{.mantissa = kind == "csat" ? 1 : 0};
  return CheckScore(event, low, scale, problem);
}

bool CheckRating(const Event& event, FieldProblem* problem) {
  std::optional<Decimal> scale;
  return CheckScale(event, &scale, problem) && CheckScore(event, Decimal{}, scale, problem);
}

bool CheckDwell(const Event& event, FieldProblem* problem) {
  const std::string_view text = PropertyOf(event, "dwell_seconds");
  if (text.empty()) return true;
  const auto seconds = ParseDecimal(text);
  if (seconds && !seconds->negative()) return true;
  return Refuse(event, "dwell_seconds", text, "a number of seconds from 0", problem);
}

}  // namespace

bool CheckEvent(const Event& event, FieldProblem* problem) {
  if (event.properties.empty() && event.type < EventType::kRating) return true;
  if (!CheckDwell(event, problem)) return false;
  switch (event.type) {
    case EventType::kConsent:
      return NeedCustomer(event, problem) && NeedOneOf(event, "purpose", kPurposes, problem) &&
             NeedOneOf(event, "granted", kTruths, problem);
    case EventType::kAttribute:
      return NeedCustomer(event, problem) && NeedId(event, "name", problem) &&
             NeedText(event, "value", problem);
    case EventType::kIdLink:
      return NeedCustomer(event, problem) && NeedId(event, "linked_id", problem);
    case EventType::kFeedback:
      return CheckFeedback(event, problem);
    case EventType::kRating:
      return CheckRating(event, problem);
    default:
      return true;
  }
}

}  // namespace burgeon
