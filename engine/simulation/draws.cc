#include "engine/simulation/draws.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace burgeon {

double Draws::Exponential() { return -std::log(Uniform()); }

double Draws::Normal() {
  const double u = Uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586476925 * Uniform());
}

double Draws::Gamma(double shape) {
  BURGEON_CHECK(shape > 0);
  if (shape < 1) {
    const double boost = std::pow(Uniform(), 1.0 / shape);
    return Gamma(shape + 1) * boost;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = Normal();
    const double v = 1.0 + c * x;
    if (v <= 0) continue;
    const double v3 = v * v * v;
    if (std::log(Uniform()) < 0.5 * x * x + d - d * v3 + d * std::log(v3)) return d * v3;
  }
}

uint32_t Draws::Geometric(double p) {
  if (p >= 1) return 0;
  const double failures = std::floor(std::log(Uniform()) / std::log1p(-p));
  return static_cast<uint32_t>(std::min(failures, 1e6));
}

size_t Draws::Pick(std::span<const double> cumulative) {
  const double at = Uniform() * cumulative.back();
  const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), at);
  return std::min(static_cast<size_t>(found - cumulative.begin()), cumulative.size() - 1);
}

}  // namespace burgeon
