#include "engine/expression/standard_phone.h"

#include <algorithm>

#include "engine/base/text.h"
#include "engine/expression/standard_text.h"

namespace burgeon {

namespace internal {

// The national plan of a country: the national significant number has min to max digits.
struct NumberPlan {
  std::string_view country;
  std::string_view code;
  std::string_view trunk;          // dialled before a number within the country
  std::string_view international;  // dialled before one of another country
  size_t min = 0;
  size_t max = 0;
};

}  // namespace internal

namespace {

using internal::NumberPlan;

constexpr size_t kMaxDigits = 15;  // ITU-T E.164, section 6.2.1

// ITU-T E.164 annex (list of assigned country codes) and the national numbering plans filed with
// the ITU (operational bulletin, E.129 presentations). Of two countries with one code the first is
// whom a number with the code is held to; their plans are alike.
constexpr NumberPlan kPlans[] = {
    // country, code, trunk prefix, international prefix, digits at least and at most
    {"CN", "86", "0", "00", 10, 11}, {"IN", "91", "0", "00", 10, 10},
    {"US", "1", "1", "011", 10, 10}, {"ID", "62", "0", "00", 8, 12},
    {"PK", "92", "0", "00", 9, 10},  {"NG", "234", "0", "009", 10, 10},
    {"BR", "55", "0", "00", 10, 11}, {"BD", "880", "0", "00", 8, 10},
    {"RU", "7", "8", "810", 10, 10}, {"MX", "52", "", "00", 10, 10},
    {"JP", "81", "0", "010", 9, 10}, {"ET", "251", "0", "00", 9, 9},
    {"PH", "63", "0", "00", 9, 10},  {"EG", "20", "0", "00", 8, 10},
    {"VN", "84", "0", "00", 9, 10},  {"CD", "243", "0", "00", 7, 9},
    {"TR", "90", "0", "00", 10, 10}, {"IR", "98", "0", "00", 10, 10},
    {"DE", "49", "0", "00", 6, 13},  {"TH", "66", "0", "00", 8, 9},
    {"GB", "44", "0", "00", 9, 10},  {"FR", "33", "0", "00", 9, 9},
    {"TZ", "255", "0", "000", 9, 9}, {"ZA", "27", "0", "00", 9, 9},
    {"IT", "39", "", "00", 6, 11},   {"KE", "254", "0", "000", 9, 9},
    {"MM", "95", "0", "00", 7, 10},  {"CO", "57", "0", "00", 10, 10},
    {"KR", "82", "0", "00", 8, 10},  {"ES", "34", "", "00", 9, 9},
    {"AR", "54", "0", "00", 10, 11}, {"DZ", "213", "0", "00", 8, 9},
    {"UA", "380", "0", "00", 9, 9},  {"SD", "249", "0", "00", 9, 9},
    {"UG", "256", "0", "000", 9, 9}, {"IQ", "964", "0", "00", 8, 10},
    {"PL", "48", "", "00", 9, 9},    {"CA", "1", "1", "011", 10, 10},
    {"MA", "212", "0", "00", 9, 9},  {"SA", "966", "0", "00", 9, 9},
    {"UZ", "998", "", "00", 9, 9},   {"PE", "51", "0", "00", 8, 9},
    {"MY", "60", "0", "00", 8, 10},  {"GH", "233", "0", "00", 9, 9},
    {"NP", "977", "0", "00", 8, 10}, {"VE", "58", "0", "00", 10, 10},
    {"LK", "94", "0", "00", 9, 9},   {"AU", "61", "0", "0011", 9, 9},
    {"RO", "40", "0", "00", 9, 9},   {"CL", "56", "", "00", 9, 9},
    {"KZ", "7", "8", "810", 10, 10}, {"NL", "31", "0", "00", 9, 9},
    {"BE", "32", "0", "00", 8, 9},   {"CZ", "420", "", "00", 9, 9},
    {"GR", "30", "", "00", 10, 10},  {"PT", "351", "", "00", 9, 9},
    {"SE", "46", "0", "00", 7, 9},   {"HU", "36", "06", "00", 8, 9},
    {"AT", "43", "0", "00", 5, 13},  {"CH", "41", "0", "00", 9, 9},
    {"IL", "972", "0", "00", 8, 9},  {"HK", "852", "", "001", 8, 8},
    {"AE", "971", "0", "00", 8, 9},  {"SG", "65", "", "000", 8, 8},
    {"DK", "45", "", "00", 8, 8},    {"FI", "358", "0", "00", 5, 10},
    {"NO", "47", "", "00", 8, 8},    {"IE", "353", "0", "00", 7, 9},
    {"NZ", "64", "0", "00", 8, 10},  {"TW", "886", "0", "002", 8, 9},
    {"EC", "593", "0", "00", 8, 9},
};

// The digits and a leading +, or nothing when something else stands between them.
std::string DigitsOf(std::string_view text) {
  std::string plain(text);
  if (!IsAscii(text)) plain = Collapse(Clean(ToHalfWidth(text)));
  std::string out;
  for (const char c : TrimAscii(plain)) {
    if ((c >= '0' && c <= '9') || (c == '+' && out.empty())) {
      out += c;
    } else if (std::string_view(" -./()").find(c) == std::string_view::npos) {
      return "";
    }
  }
  return out;
}

// How numbers begin, where that is one rule for the whole country.
bool BeginsWell(const NumberPlan& plan, std::string_view number) {
  if (plan.code == "1") return number[0] >= '2' && number[3] >= '2';  // area code and exchange
  // Of these countries only Italy has kept the 0 of its area codes as a part of the number.
  if (plan.code != "86" || number[0] != '1') return number[0] != '0' || plan.code == "39";
  if (number[1] == '0') return number.size() == 10;  // Beijing
  return number.size() == 11 && number[1] >= '3';    // mobile
}

bool Fits(const NumberPlan& plan, std::string_view number) {
  return number.size() >= plan.min && number.size() <= plan.max && BeginsWell(plan, number);
}

// Takes the trunk prefix off. One of zeros is never the beginning of a number itself; 8 and 1 may
// be, and count only where the number is too long without.
std::string_view WithoutTrunk(const NumberPlan& plan, std::string_view number) {
  if (plan.trunk.empty() || !number.starts_with(plan.trunk)) return number;
  if (plan.trunk[0] != '0' && number.size() <= plan.max) return number;
  return number.substr(plan.trunk.size());
}

const NumberPlan* PlanOfCode(std::string_view digits) {
  const auto* const found =
      std::find_if(std::begin(kPlans), std::end(kPlans),
                   [&](const NumberPlan& plan) { return digits.starts_with(plan.code); });
  return found == std::end(kPlans) ? nullptr : found;
}

// `digits` with the calling code, without a prefix.
bool TakeInternational(std::string_view digits, std::string* out) {
  if (digits.empty() || digits[0] == '0') return false;
  const NumberPlan* const plan = PlanOfCode(digits);
  if (plan == nullptr) {
    *out = Concat("+", digits);
    return digits.size() >= 8 && digits.size() <= kMaxDigits;
  }
  std::string_view number = digits.substr(plan->code.size());
  if (!Fits(*plan, number)) number = WithoutTrunk(*plan, number);  // "+44 (0)20 ..."
  *out = Concat("+", plan->code, number);
  return Fits(*plan, number);
}

}  // namespace

absl::StatusOr<PhoneForm> PhoneForm::Of(std::string_view country) {
  PhoneForm out;
  if (country.empty()) return out;
  std::string names;
  for (const NumberPlan& plan : kPlans) {
    if (plan.country == country) out.home_ = &plan;
    names += Concat(names.empty() ? "" : ", ", plan.country);
  }
  if (out.home_ != nullptr) return out;
  return InvalidArgument("'", Printable(country),
                         "' is no country whose numbers are known: wanted ", "one of ", names);
}

bool PhoneForm::Apply(std::string_view text, std::string* out, std::string* wanted) const {
  *wanted = home_ == nullptr ? std::string("a telephone number with + and its country")
                             : Concat("a telephone number of ", home_->country,
                                      ", or one with + and its country");
  const std::string all = DigitsOf(text);
  std::string_view digits = all;
  if (digits.starts_with('+')) return TakeInternational(digits.substr(1), out);
  if (digits.empty() || home_ == nullptr) return false;
  if (digits.starts_with(home_->international) &&
      TakeInternational(digits.substr(home_->international.size()), out)) {
    return true;
  }
  const std::string_view number = WithoutTrunk(*home_, digits);
  if (Fits(*home_, number)) {
    *out = Concat("+", home_->code, number);
    return true;
  }
  // The country's own code without the +.
  return digits.starts_with(home_->code) && TakeInternational(digits, out);
}

}  // namespace burgeon
