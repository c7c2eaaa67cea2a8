// What is asked of persons: date of birth, gender, yes or no, in one form.
//
//   StandardBirthDate("3/4/1980", DateOrder::kDayFirst)   // "1980-04-03"
//   StandardGender("女")                                   // "female"
//   StandardBoolean("Yes")                                // "true"
//
// Nothing for what is none. Idempotent, no locale, no clock. Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_PERSON_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_PERSON_H_

#include <optional>
#include <string>
#include <string_view>

namespace burgeon {

// Of dates with the year at the end; those that begin with it need no order.
enum class DateOrder { kYearFirst, kDayFirst, kMonthFirst };

// A day from 1900 to 2199 as YYYY-MM-DD. Taken: YYYY-MM-DD (one or two digits for month and day;
// also with / or . and 年 月 日), YYYYMMDD, and by the order D/M/YYYY or M/D/YYYY, a time of day
// behind it left out. Years of two digits are refused. Whether somebody is born in the future is
// for a quality rule to tell, which has a clock.
std::optional<std::string> StandardBirthDate(std::string_view text, DateOrder order);

// "male", "female", "other" or "unknown", from words in English and Chinese and the letters m, f, x
// and u. With ISO 5218: 0 unknown, 1 male, 2 female, 9 unknown (not applicable) as well; other
// sources number otherwise, so the digits are not taken by themselves.
enum class GenderCodes { kWords, kIso5218 };
std::optional<std::string> StandardGender(std::string_view text, GenderCodes codes);

// "true" or "false", from true, t, yes, y, 1, on, 是, 对 and false, f, no, n, 0, off, 否, 不是.
std::optional<std::string> StandardBoolean(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_PERSON_H_
