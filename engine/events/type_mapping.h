// What kind of event a row is: the `type` of a source's fields.
//
// type:
//   rules:                                # in order; the first that matches decides
//     - {column: InvoiceNo, starts_with: C, type: return}
//     - {column: Quantity, less_than: 0, type: other, name: stock_adjustment}
//     - {column: StockCode, in: [TEST, DUMMY], type: ignore}
//     - {column: page, matches: "/product/*", type: view}
//   column: event                         # then the value of a column...
//   values: {buy: purchase, view: view}   # ...by this table; names of event types go through
//   default: purchase                     # for all the rest; without it they are bad values
//
// `type` is an event type's name or `ignore`. A value of `column` that becomes `other` is kept in
// properties["type"]. Each rule has one test, on the text of its column without blanks around it:
//   equals: X, in: [X, Y]         one of these texts
//   starts_with, ends_with, contains: X
//   matches: PATTERN              the whole text; * is any text, ? one character, all else itself
//   less_than, greater_than: N    a number; text that is no number does not match
//   present: true, absent: true   whether there is a text that is none of the source's null_values
#ifndef BURGEON_ENGINE_EVENTS_TYPE_MAPPING_H_
#define BURGEON_ENGINE_EVENTS_TYPE_MAPPING_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/events/decimal.h"
#include "engine/events/event.h"

namespace burgeon {

// What an event of a row is: the type, or nothing for a row that is to be ignored. `name` goes
// into properties["type"] of an `other` event.
struct TypeTarget {
  std::optional<EventType> type;
  std::string name;
};

struct TypeRule {
  enum class Test {
    kIn,
    kStartsWith,
    kEndsWith,
    kContains,
    kMatches,
    kLessThan,
    kGreaterThan,
    kPresent,
    kAbsent
  };
  std::string column;
  Test test = Test::kIn;
  std::vector<std::string> texts;  // of kIn; of kPresent and kAbsent the null values; else the one
                                   // text of the test
  std::string bound;               // of kLessThan and kGreaterThan
  TypeTarget target;
};

struct TypeMapping {
  std::vector<TypeRule> rules;
  std::string column;
  std::map<std::string, TypeTarget> values;
  std::optional<TypeTarget> otherwise;
};

// Problems are remembered by the node.
TypeMapping ParseTypeMapping(const ConfigNode& node, const std::vector<std::string>& null_values);

// Whether the rule takes a row whose column has this text; `text` without blanks around it, "" for
// null; `bound` is the number of rule.bound.
bool RuleMatches(const TypeRule& rule, const Decimal& bound, std::string_view text);

// `pattern`: * is any text, also none; ? is one character of UTF-8.
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_TYPE_MAPPING_H_
