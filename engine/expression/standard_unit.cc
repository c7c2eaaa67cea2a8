#include "engine/expression/standard_unit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/base/text.h"
#include "engine/expression/standard_text.h"

namespace burgeon {

namespace internal {

enum class Dimension { kMass, kLength, kVolume, kTemperature, kTime, kData };

// One of the unit is numerator / denominator of the base: g, m, l, K, s, bit. Of temperatures, the
// base is (value + shift) * numerator / denominator, with shift in hundredths.
struct Unit {
  std::string_view name;
  Dimension dimension = Dimension::kMass;
  int64_t numerator = 1;
  int64_t denominator = 1;
  int64_t shift_hundredths = 0;
};

}  // namespace internal

namespace {

using internal::Dimension;
using internal::Unit;

constexpr Unit kUnits[] = {
    {"mg", Dimension::kMass, 1, 1000},
    {"g", Dimension::kMass},
    {"kg", Dimension::kMass, 1000},
    {"t", Dimension::kMass, 1'000'000},
    {"oz", Dimension::kMass, 28'349'523'125, 1'000'000'000},
    {"lb", Dimension::kMass, 45'359'237, 100'000},
    {"st", Dimension::kMass, 635'029'318, 100'000},  // 14 lb
    {"jin", Dimension::kMass, 500},
    {"mm", Dimension::kLength, 1, 1000},
    {"cm", Dimension::kLength, 1, 100},
    {"m", Dimension::kLength},
    {"km", Dimension::kLength, 1000},
    {"in", Dimension::kLength, 254, 10'000},
    {"ft", Dimension::kLength, 3048, 10'000},
    {"yd", Dimension::kLength, 9144, 10'000},
    {"mi", Dimension::kLength, 1'609'344, 1000},
    {"ml", Dimension::kVolume, 1, 1000},
    {"l", Dimension::kVolume},
    {"m3", Dimension::kVolume, 1000},
    {"tsp", Dimension::kVolume, 3'785'411'784, 768'000'000'000},  // gal / 768
    {"tbsp", Dimension::kVolume, 3'785'411'784, 256'000'000'000},
    {"fl_oz", Dimension::kVolume, 3'785'411'784, 128'000'000'000},
    {"cup", Dimension::kVolume, 3'785'411'784, 16'000'000'000},
    {"pt", Dimension::kVolume, 3'785'411'784, 8'000'000'000},
    {"qt", Dimension::kVolume, 3'785'411'784, 4'000'000'000},
    {"gal", Dimension::kVolume, 3'785'411'784, 1'000'000'000},  // 231 cubic inches
    {"fl_oz_uk", Dimension::kVolume, 454'609, 16'000'000},      // gal_uk / 160
    {"pt_uk", Dimension::kVolume, 454'609, 800'000},
    {"gal_uk", Dimension::kVolume, 454'609, 100'000},
    {"K", Dimension::kTemperature},
    {"C", Dimension::kTemperature, 1, 1, 27'315},
    {"F", Dimension::kTemperature, 5, 9, 45'967},
    {"ms", Dimension::kTime, 1, 1000},
    {"s", Dimension::kTime},
    {"min", Dimension::kTime, 60},
    {"h", Dimension::kTime, 3600},
    {"d", Dimension::kTime, 86'400},
    {"week", Dimension::kTime, 604'800},
    {"bit", Dimension::kData},
    {"B", Dimension::kData, 8},
    {"kB", Dimension::kData, 8000},
    {"MB", Dimension::kData, 8'000'000},
    {"GB", Dimension::kData, 8'000'000'000},
    {"TB", Dimension::kData, 8'000'000'000'000},
    {"KiB", Dimension::kData, 8LL << 10},
    {"MiB", Dimension::kData, 8LL << 20},
    {"GiB", Dimension::kData, 8LL << 30},
    {"TiB", Dimension::kData, 8LL << 40},
};

// Other spellings; compared without regard to case.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"milligram", "mg"},  {"gram", "g"},         {"gramme", "g"},      {"gm", "g"},
    {"kilogram", "kg"},   {"kilo", "kg"},        {"kgs", "kg"},        {"tonne", "t"},
    {"ounce", "oz"},      {"pound", "lb"},       {"lbs", "lb"},        {"stone", "st"},
    {"克", "g"},          {"千克", "kg"},        {"公斤", "kg"},       {"斤", "jin"},
    {"吨", "t"},          {"毫克", "mg"},        {"millimetre", "mm"}, {"millimeter", "mm"},
    {"centimetre", "cm"}, {"centimeter", "cm"},  {"metre", "m"},       {"meter", "m"},
    {"kilometre", "km"},  {"kilometer", "km"},   {"inch", "in"},       {"inches", "in"},
    {"\"", "in"},         {"foot", "ft"},        {"feet", "ft"},       {"yard", "yd"},
    {"mile", "mi"},       {"毫米", "mm"},        {"厘米", "cm"},       {"米", "m"},
    {"公里", "km"},       {"千米", "km"},        {"millilitre", "ml"}, {"milliliter", "ml"},
    {"litre", "l"},       {"liter", "l"},        {"ltr", "l"},         {"fl oz", "fl_oz"},
    {"gallon", "gal"},    {"pint", "pt"},        {"quart", "qt"},      {"m³", "m3"},
    {"毫升", "ml"},       {"升", "l"},           {"°c", "C"},          {"℃", "C"},
    {"celsius", "C"},     {"°f", "F"},           {"℉", "F"},           {"fahrenheit", "F"},
    {"kelvin", "K"},      {"millisecond", "ms"}, {"sec", "s"},         {"second", "s"},
    {"mins", "min"},      {"minute", "min"},     {"hr", "h"},          {"hour", "h"},
    {"day", "d"},         {"wk", "week"},        {"毫秒", "ms"},       {"秒", "s"},
    {"分钟", "min"},      {"小时", "h"},         {"天", "d"},          {"周", "week"},
    {"byte", "B"},
};

const Unit* FindExact(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// By its symbol, as it is written; then by a word for it, also in the plural; then by its symbol in
// any case, where only one unit has that.
const Unit* FindUnit(std::string_view name) {
  if (const Unit* const exact = FindExact(name)) return exact;
  std::string folded = FoldCase(name);
  for (const bool plural : {false, true}) {
    if (plural && (folded.size() < 3 || folded.back() != 's')) break;
    if (plural) folded.pop_back();
    for (const auto& [word, symbol] : kWords) {
      if (folded == word) return FindExact(symbol);
    }
  }
  folded = FoldCase(name);
  const Unit* found = nullptr;
  for (const Unit& unit : kUnits) {
    // Of data, Mb is no MB.
    if (unit.dimension == Dimension::kData || FoldCase(unit.name) != folded) continue;
    if (found != nullptr) return nullptr;
    found = &unit;
  }
  return found;
}

long double ToBase(const Unit& unit, long double value) {
  const long double shifted = value + static_cast<long double>(unit.shift_hundredths) / 100;
  return shifted * static_cast<long double>(unit.numerator) /
         static_cast<long double>(unit.denominator);
}

long double FromBase(const Unit& unit, long double base) {
  const long double shifted =
      base * static_cast<long double>(unit.denominator) / static_cast<long double>(unit.numerator);
  return shifted - static_cast<long double>(unit.shift_hundredths) / 100;
}

// 15 significant digits without an exponent. What is below `most_behind_point` digits behind the
// point is the noise of a difference.
std::string ToText(double value, int most_behind_point) {
  constexpr int kDigits = 15;
  const int magnitude = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::fabs(value))));
  const int precision = std::clamp(kDigits - 1 - magnitude, 0, most_behind_point);
  std::array<char, 400> buffer = {};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, precision)
                       .ptr;
  std::string out(buffer.data(), end);
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
  }
  return out == "-0" ? "0" : out;
}

// Length of the number at the start of the text.
size_t NumberLength(std::string_view text) {
  size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.')) ++at;
  return at;
}

}  // namespace

absl::StatusOr<UnitConversion> UnitConversion::Parse(std::string_view text) {
  UnitConversion out;
  const size_t arrow = text.find('>');
  const std::string_view to = arrow == std::string_view::npos ? text : text.substr(arrow + 1);
  const auto unknown = [](std::string_view name) {
    std::string names;
    for (const Unit& unit : kUnits) names += Concat(names.empty() ? "" : ", ", unit.name);
    return InvalidArgument("'", Printable(name), "' is no unit: wanted one of ", names);
  };
  out.to_ = FindUnit(to);
  if (out.to_ == nullptr) return unknown(to);
  if (arrow == std::string_view::npos) return out;
  out.from_ = FindUnit(text.substr(0, arrow));
  if (out.from_ == nullptr) return unknown(text.substr(0, arrow));
  if (out.from_->dimension != out.to_->dimension) {
    return InvalidArgument("'", Printable(text), "': ", out.from_->name, " and ", out.to_->name,
                           " are units of different kinds");
  }
  return out;
}

bool UnitConversion::Apply(std::string_view text, std::string* out, std::string* wanted) const {
  *wanted = from_ == nullptr ? Concat("a number with its unit, such as 2.5 ", to_->name)
                             : Concat("a number of ", from_->name, ", or one with its unit");
  text = TrimAscii(text);
  const size_t length = NumberLength(text);
  std::string_view digits = text.substr(0, length);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const auto number = ParseDouble(digits);
  if (!number) return false;
  std::string_view name = TrimAscii(text.substr(length));
  if (name.ends_with('.')) name.remove_suffix(1);  // "2 lbs."
  const Unit* const unit = name.empty() ? from_ : FindUnit(name);
  if (unit == nullptr || unit->dimension != to_->dimension) return false;
  const auto value = static_cast<double>(unit == to_ ? static_cast<long double>(*number)
                                                     : FromBase(*to_, ToBase(*unit, *number)));
  if (!std::isfinite(value)) return false;
  *out = ToText(value, to_->dimension == Dimension::kTemperature ? 12 : 30);
  return true;
}

}  // namespace burgeon
