#include "engine/expression/standard_currency.h"

#include <string>

#include <unicode/ucurr.h>
#include <unicode/uenum.h>
#include "engine/base/check.h"
#include "engine/base/hash.h"

namespace burgeon {
namespace {

// Where it is not two (ISO 4217:2015, list one). ICU has digits of its own, which follow custom and
// not the standard (two for the dinar of Iraq).
constexpr std::string_view kNone[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                      "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::string_view kFour[] = {"CLF", "UYW"};

StringMap<int> MakeTable() {
  StringMap<int> out;
  UErrorCode status = U_ZERO_ERROR;
  UEnumeration* const codes = ucurr_openISOCurrencies(UCURR_ALL, &status);
  BURGEON_CHECK(U_SUCCESS(status) != 0);
  int32_t length = 0;
  while (const char* code = uenum_next(codes, &length, &status)) {
    out.emplace(std::string(code, static_cast<size_t>(length)), 2);
  }
  uenum_close(codes);
  BURGEON_CHECK(U_SUCCESS(status) != 0);
  out.erase("XTS");
  out.erase("XXX");
  for (const std::string_view code : kNone) out[code] = 0;
  for (const std::string_view code : kThree) out[code] = 3;
  for (const std::string_view code : kFour) out[code] = 4;
  return out;
}

}  // namespace

std::optional<int> MinorUnitsOf(std::string_view code) {
  static const StringMap<int> table = MakeTable();
  const auto found = table.find(code);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

}  // namespace burgeon
