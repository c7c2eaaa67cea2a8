// Which column of a table is the customer, the item, the time, and so on: by its name, in English
// and in Chinese, and by what it holds. For `burgeon map`.
#ifndef BURGEON_ENGINE_EVENTS_COLUMN_ROLES_H_
#define BURGEON_ENGINE_EVENTS_COLUMN_ROLES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/events/column_profile.h"
#include "engine/events/event.h"

namespace burgeon {

enum class ColumnRole {
  kCustomer,
  kItem,
  kTime,
  kType,
  kSession,
  kQuantity,
  kUnitPrice,
  kValue,
  kCurrency,
  kRating,
  kChannel,
};
inline constexpr int kColumnRoles = 11;

std::string_view ColumnRoleName(ColumnRole role);  // "customer", "unit_price", ...

struct RoleGuess {
  size_t column = 0;
  bool sure = false;  // its name says it and what it holds agrees
  std::string why;    // "named so; 2,345 different values in 20,000 rows"
};

// At most one column a role, at most one role a column.
std::map<ColumnRole, RoleGuess> GuessRoles(const std::vector<ColumnProfile>& columns);

// How well a name fits a role: 3 it is one of its words, 2 it has one of them in it, 0 neither.
int NameFits(std::string_view name, ColumnRole role);

// The event type that a word of a source stands for ("pv" is a view, "加购" an add_to_cart).
std::optional<EventType> EventTypeOfWord(std::string_view word);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_COLUMN_ROLES_H_
