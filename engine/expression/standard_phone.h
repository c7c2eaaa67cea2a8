// Telephone numbers in the international form of ITU-T E.164.
//
//   BURGEON_ASSIGN_OR_RETURN(const PhoneForm form, PhoneForm::Of("GB"));
//   form.Apply("020 7946 0958", &out, &wanted);         // +442079460958
//   form.Apply("+49 (0)30 901820", &out, &wanted);      // +4930901820
//
// The country is that of numbers without a + or an international prefix. Known are the calling
// code, the prefixes and the lengths of the national plan of the countries in standard_phone.cc,
// for North America and China also how a number begins; whether a number is in use nobody can tell
// from it. A number of another country has to have 8 to 15 digits. Extensions are refused: they are
// no part of E.164. Blanks, hyphens, points, slashes and brackets between digits do not count, and
// full-width digits are taken. Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_PHONE_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_PHONE_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

namespace internal {
struct NumberPlan;
}

class PhoneForm {
 public:
  // "GB" (ISO 3166-1 alpha-2), or "" for numbers that all have a country. kInvalidArgument for a
  // country that is not in the table.
  static absl::StatusOr<PhoneForm> Of(std::string_view country);

  // False fills *wanted.
  bool Apply(std::string_view text, std::string* out, std::string* wanted) const;

 private:
  const internal::NumberPlan* home_ = nullptr;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_PHONE_H_
