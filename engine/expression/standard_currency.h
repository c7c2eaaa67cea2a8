// Currencies by their ISO 4217 codes, and how many digits their smaller unit has.
//
//   MinorUnitsOf("EUR")   // 2
//   MinorUnitsOf("JPY")   // 0
//   MinorUnitsOf("eur")   // nothing: codes are capital letters
//
// Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_CURRENCY_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_CURRENCY_H_

#include <optional>
#include <string_view>

namespace burgeon {

// Digits behind the point in an amount of the currency (ISO 4217:2015, list one); nothing for what
// is no currency of it. Withdrawn currencies (DEM) count, since old data has them; the codes for
// testing and for no currency (XTS, XXX) do not.
std::optional<int> MinorUnitsOf(std::string_view code);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_CURRENCY_H_
