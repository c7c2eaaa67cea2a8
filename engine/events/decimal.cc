#include "engine/events/decimal.h"

#include "engine/base/text.h"

namespace burgeon {
namespace {

using Wide = __int128;

constexpr int kMaxDigits = 18;
constexpr int kMaxScale = 36;
constexpr int kMicrosScale = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

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

std::optional<int64_t> ToMicros(const Decimal& value) {
  return ScaledToMicros(value.mantissa, value.scale);
}

std::optional<int64_t> ProductMicros(const Decimal& a, const Decimal& b) {
  Wide product = static_cast<Wide>(a.mantissa) * b.mantissa;  // below 10^36
  // A product of two whole numbers of 18 digits could not be brought to millionths in 128 bits;
  // it is far beyond int64 anyway.
  if (a.scale + b.scale < kMicrosScale &&
      (product > Wide{INT64_MAX} || product < Wide{INT64_MIN})) {
    return std::nullopt;
  }
  return ScaledToMicros(product, a.scale + b.scale);
}

double ToDouble(const Decimal& value) {
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
