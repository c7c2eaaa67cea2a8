#include "engine/events/type_mapping.h"

#include <algorithm>

namespace burgeon {
namespace {

using Test = TypeRule::Test;

std::string EventTypeNames() {
  std::vector<std::string> names;
  for (int i = 0; i < kEventTypes; ++i) {
    names.emplace_back(EventTypeName(static_cast<EventType>(i)));
  }
  return JoinComma(names);
}

TypeTarget ParseTarget(const ConfigNode& node, std::string_view field, const std::string& text) {
  if (text == "ignore") return {};
  TypeTarget out;
  out.type = ParseEventType(text);
  if (!out.type && !text.empty()) {
    node.Fail(field, Concat("'", Printable(text), "' is neither an event type (", EventTypeNames(),
                            ") nor ignore"));
  }
  return out;
}

std::string ParseBound(const ConfigNode& node, std::string_view field) {
  std::string bound = node.RequireString(field);
  if (!ParseDecimal(bound)) {
    node.Fail(field, Concat("'", Printable(bound), "' is not a number"));
  }
  return bound;
}

// `present: true`; `present: false` would be `absent`, which says it better.
void RequireTrue(const ConfigNode& node, std::string_view field) {
  if (!node.GetBool(field, true))
    node.Fail(field, "is false: `present` and `absent` are each other's");
}

// The test of a rule that has exactly one of them.
void ParseTest(const ConfigNode& node, std::string_view name,
               const std::vector<std::string>& null_values, TypeRule* rule) {
  if (name == "in") {
    rule->texts = node.GetStrings(name);
  } else if (name == "equals") {
    rule->texts = {node.RequireString(name)};
  } else if (name == "less_than" || name == "greater_than") {
    rule->test = name == "less_than" ? Test::kLessThan : Test::kGreaterThan;
    rule->bound = ParseBound(node, name);
  } else if (name == "present" || name == "absent") {
    RequireTrue(node, name);
    rule->test = name == "present" ? Test::kPresent : Test::kAbsent;
    rule->texts = null_values;
  } else {
    if (name == "starts_with") rule->test = Test::kStartsWith;
    if (name == "ends_with") rule->test = Test::kEndsWith;
    if (name == "contains") rule->test = Test::kContains;
    if (name == "matches") rule->test = Test::kMatches;
    rule->texts = {node.RequireString(name)};
  }
}

TypeRule ParseRule(const ConfigNode& node, const std::vector<std::string>& null_values) {
  constexpr std::string_view kTests[] = {"equals",   "in",      "starts_with", "ends_with",
                                         "contains", "matches", "less_than",   "greater_than",
                                         "present",  "absent"};
  TypeRule out;
  out.column = node.RequireString("column");
  int tests = 0;
  for (const std::string_view test : kTests) {
    if (!node.Has(test)) continue;
    ++tests;
    ParseTest(node, test, null_values, &out);
  }
  if (tests != 1) {
    node.Fail("column",
              "exactly one of `equals`, `in`, `starts_with`, `ends_with`, `contains`, `matches`, "
              "`less_than`, `greater_than`, `present`, `absent` is wanted");
  }
  out.target = ParseTarget(node, "type", node.RequireString("type"));
  out.target.name = node.GetString("name", "");
  if (!out.target.name.empty() && out.target.type != EventType::kOther) {
    node.Fail("name", "has a meaning only with `type: other`");
  }
  return out;
}

// Length of the character of UTF-8 at the start of `text`, by its lead byte.
size_t CharacterLength(std::string_view text) {
  size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    ++length;
  }
  return length;
}

}  // namespace

TypeMapping ParseTypeMapping(const ConfigNode& node, const std::vector<std::string>& null_values) {
  TypeMapping out;
  for (const ConfigNode& rule : node.Children("rules")) {
    out.rules.push_back(ParseRule(rule, null_values));
  }
  out.column = node.GetString("column", "");
  for (const auto& [from, to] : node.GetMap("values")) {
    out.values.emplace(from, ParseTarget(node, "values", to));
  }
  if (node.Has("default")) {
    out.otherwise = ParseTarget(node, "default", node.RequireString("default"));
  }
  if (!out.values.empty() && out.column.empty()) {
    node.Fail("values", "has no meaning without `column`");
  }
  if (out.column.empty() && !out.otherwise) {
    node.Fail("default", "is missing: without `column` it is the type of every row no rule takes");
  }
  return out;
}

bool RuleMatches(const TypeRule& rule, const Decimal& bound, std::string_view text) {
  const auto listed = [&] {
    return std::find(rule.texts.begin(), rule.texts.end(), text) != rule.texts.end();
  };
  switch (rule.test) {
    case Test::kIn:
      return listed();
    case Test::kStartsWith:
      return text.starts_with(rule.texts.front());
    case Test::kEndsWith:
      return text.ends_with(rule.texts.front());
    case Test::kContains:
      return text.find(rule.texts.front()) != std::string_view::npos;
    case Test::kMatches:
      return MatchesGlob(rule.texts.front(), text);
    case Test::kLessThan: {
      const auto number = ParseDecimal(text);
      return number && Compare(*number, bound) < 0;
    }
    case Test::kGreaterThan: {
      const auto number = ParseDecimal(text);
      return number && Compare(*number, bound) > 0;
    }
    case Test::kPresent:
      return !text.empty() && !listed();
    case Test::kAbsent:
      return text.empty() || listed();
  }
  return false;
}

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  // Of two stars only the last has to be gone back to: what the first took up to there may stay.
  size_t star = std::string_view::npos;
  size_t star_text = 0;
  size_t p = 0;
  size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += CharacterLength(text.substr(t));
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      star_text += CharacterLength(text.substr(star_text));
      t = star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace burgeon
