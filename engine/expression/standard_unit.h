// Amounts with a unit, brought to one unit. Factors are exact (NIST SP 811, 2008 edition, appendix
// B.8; the pound, the yard and the US gallon by definition), so that a result is off by the
// rounding to 15 digits alone.
//
//   BURGEON_ASSIGN_OR_RETURN(const UnitConversion to_kg, UnitConversion::Parse("lb>kg"));
//   to_kg.Apply("2.5", &out, &wanted);      // "1.133980925"
//   to_kg.Apply("2.5 kg", &out, &wanted);   // "2.5": a unit in the text counts before lb
//
// "kg" alone wants a unit in every text. Mass: mg g kg t oz lb st jin; length: mm cm m km in ft yd
// mi; volume: ml l m3 tsp tbsp fl_oz cup pt qt gal (of the US) fl_oz_uk pt_uk gal_uk; temperature:
// C F K; time: ms s min h d week; data: bit B kB MB GB TB (powers of 1000) KiB MiB GiB TiB. Words
// for them ("pounds", "litres", "公斤") are known too. No unit depends on a locale. Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_UNIT_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_UNIT_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

namespace internal {
struct Unit;
}

class UnitConversion {
 public:
  // "lb>kg" or "kg". kInvalidArgument for a unit it does not know, or two of different kinds.
  static absl::StatusOr<UnitConversion> Parse(std::string_view text);

  // The number in the unit wanted, as short as 15 digits can say it, no exponent, no unit. False
  // fills *wanted.
  bool Apply(std::string_view text, std::string* out, std::string* wanted) const;

 private:
  const internal::Unit* from_ = nullptr;  // nullptr: the text has to name it
  const internal::Unit* to_ = nullptr;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_UNIT_H_
