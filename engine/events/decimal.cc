#include "engine/events/decimal.h"

#include <array>

#include "engine/base/text.h"

namespace burgeon {
namespace {

using Wide = __int128;

constexpr int kMaxDigits = 18;
constexpr int kMaxScale = 36;
constexpr int kMicrosScale = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<int64_t, kMaxDigits + 1> kPowersOfTen = [] {
  std::array<int64_t, kMaxDigits + 1> powers = {1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

// "-123.45": a sign, at most 18 digits in all, one point. Nothing for any other text, number or
// not: ParseDecimal then reads it the long way.
std::optional<Decimal> ParsePlain(std::string_view text) {
  constexpr size_t kNoPoint = SIZE_MAX;
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) at = 1;
  // Then the digits are at most 18, or 19 characters with a point among them.
  if (text.size() - at > kMaxDigits + 1) return std::nullopt;
  const size_t begin = at;
  size_t point = kNoPoint;
  uint64_t mantissa = 0;  // 19 digits fit
  for (; at < text.size(); ++at) {
    const auto digit = static_cast<unsigned>(text[at] - '0');
    if (digit < 10) {
      mantissa = mantissa * 10 + digit;
    } else if (text[at] == '.' && point == kNoPoint) {
      point = at;
    } else {
      return std::nullopt;
    }
  }
  const size_t digits = text.size() - begin - (point == kNoPoint ? 0 : 1);
  if (digits == 0 || digits > kMaxDigits) return std::nullopt;
  Decimal out;
  out.mantissa = negative ? -static_cast<int64_t>(mantissa) : static_cast<int64_t>(mantissa);
  if (point != kNoPoint && mantissa != 0) out.scale = static_cast<int>(text.size() - point - 1);
  return out;
}

Wide PowerOfTen(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Digits with an optional point, without sign and exponent. `scale` may come out above kMaxScale.
bool ParseDigits(std::string_view text, int64_t* mantissa, int* scale) {
  int significant = 0;
  bool point = false;
  bool any = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!IsDigit(c)) return false;
    any = true;
    if (significant == kMaxDigits) {
      if (!point) return false;
      continue;
    }
    *mantissa = *mantissa * 10 + (c - '0');
    if (*mantissa != 0) ++significant;
    if (point) ++*scale;
  }
  return any;
}

std::optional<int64_t> ScaledToMicros(Wide mantissa, int scale) {
  if (scale < kMicrosScale) {
    mantissa *= PowerOfTen(kMicrosScale - scale);
  } else if (scale > kMicrosScale) {
    // |mantissa| < 10^36, so a divisor beyond 10^37 gives 0.
    const int shift = scale - kMicrosScale;
    if (shift > 37) return 0;
    const Wide divisor = PowerOfTen(shift);
    const Wide rest = mantissa % divisor;
    mantissa /= divisor;
    if (rest >= divisor - rest) ++mantissa;
    if (-rest >= divisor + rest) --mantissa;
  }
  if (mantissa > INT64_MAX || mantissa < INT64_MIN) return std::nullopt;
  return static_cast<int64_t>(mantissa);
}

}  // namespace

std::optional<Decimal> ParseDecimal(std::string_view text) {
  if (const auto plain = ParsePlain(text)) return plain;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int64_t exponent = 0;
  if (const size_t at = text.find_first_of("eE"); at != std::string_view::npos) {
    std::string_view digits = text.substr(at + 1);
    if (!digits.empty() && digits[0] == '+') {
      digits.remove_prefix(1);
      if (digits.empty() || !IsDigit(digits[0])) return std::nullopt;
    }
    const auto parsed = ParseInt64(digits);
    if (!parsed || *parsed > 1000 || *parsed < -1000) return std::nullopt;
    exponent = *parsed;
    text = text.substr(0, at);
  }
  Decimal out;
  int digits_scale = 0;
  if (!ParseDigits(text, &out.mantissa, &digits_scale)) return std::nullopt;
  int64_t scale = digits_scale - exponent;
  for (; scale < 0 && out.mantissa != 0; ++scale) {
    if (out.mantissa >= PowerOfTen(kMaxDigits - 1)) return std::nullopt;
    out.mantissa *= 10;
  }
  for (; scale > kMaxScale && out.mantissa != 0; --scale) out.mantissa /= 10;
  out.scale = out.mantissa == 0 ? 0 : static_cast<int>(scale);
  if (negative) out.mantissa = -out.mantissa;
  return out;
}

std::optional<Decimal> DecimalOf(int64_t number) {
  constexpr int64_t kBeyond = kPowersOfTen[kMaxDigits];
  if (number <= -kBeyond || number >= kBeyond) return std::nullopt;
  return Decimal{.mantissa = number, .scale = 0};
}

std::optional<Decimal> DecimalOf(double number) {
  // Of the decimals with at most 15 digits only one is nearest to a double (IEEE 754), so that one
  // found here is the one that the shortest text has.
  constexpr double kBeyond = 1e15;
  const double hundredths = number * 100;
  if (!(hundredths > -kBeyond && hundredths < kBeyond)) return std::nullopt;
  Decimal out{.mantissa = static_cast<int64_t>(hundredths + (hundredths < 0 ? -.5 : .5)),
              .scale = 2};
  if (static_cast<double>(out.mantissa) / 100 != number) return std::nullopt;
  for (; out.scale > 0 && out.mantissa % 10 == 0; --out.scale) out.mantissa /= 10;
  return out;
}

std::optional<int64_t> ToMicros(const Decimal& value) {
  int64_t micros = 0;
  if (value.scale <= kMicrosScale &&
      !__builtin_mul_overflow(
          value.mantissa, kPowersOfTen[static_cast<size_t>(kMicrosScale - value.scale)], &micros)) {
    return micros;
  }
  return ScaledToMicros(value.mantissa, value.scale);
}

std::optional<int64_t> ProductMicros(const Decimal& a, const Decimal& b) {
  int64_t small = 0;
  if (a.scale + b.scale <= kMicrosScale &&
      !__builtin_mul_overflow(a.mantissa, b.mantissa, &small)) {
    return ToMicros({.mantissa = small, .scale = a.scale + b.scale});
  }
  const Wide product = static_cast<Wide>(a.mantissa) * b.mantissa;  // below 10^36
  // A product of two whole numbers of 18 digits could not be brought to millionths in 128 bits;
  // it is far beyond int64 anyway.
  if (a.scale + b.scale < kMicrosScale &&
      (product > Wide{INT64_MAX} || product < Wide{INT64_MIN})) {
    return std::nullopt;
  }
  return ScaledToMicros(product, a.scale + b.scale);
}

double ToDouble(const Decimal& value) {
  // Both exact in a double, so that the division rounds once (W. D. Clinger, How to read floating
  // point numbers accurately, PLDI 1990: powers of ten to 10^22).
  constexpr int64_t kExactInDouble = int64_t{1} << 53;
  if (value.scale <= kMaxDigits && value.mantissa <= kExactInDouble &&
      value.mantissa >= -kExactInDouble) {
    return static_cast<double>(value.mantissa) /
           static_cast<double>(kPowersOfTen[static_cast<size_t>(value.scale)]);
  }
  // Through text: from_chars rounds once, a division by a power of ten above 10^22 would not.
  return ParseDouble(Concat(value.mantissa, "e-", value.scale)).value_or(0);
}

int Compare(const Decimal& a, const Decimal& b) {
  // Whole parts first: they fit in 128 bits whatever the scale.
  const auto whole = [](const Decimal& d) { return Wide{d.mantissa} / PowerOfTen(d.scale); };
  if (whole(a) != whole(b)) return whole(a) < whole(b) ? -1 : 1;
  const auto fraction = [](const Decimal& d) {  // in 10^-36
    return Wide{d.mantissa} % PowerOfTen(d.scale) * PowerOfTen(kMaxScale - d.scale);
  };
  if (fraction(a) == fraction(b)) return 0;
  return fraction(a) < fraction(b) ? -1 : 1;
}

}  // namespace burgeon
