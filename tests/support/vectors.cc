#include "tests/support/vectors.h"

#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {

FloatMatrix NormalVectors(int64_t rows, int64_t dim, uint64_t seed) {
  const Philox random(seed, /*stream=*/0);
  FloatMatrix vectors(rows, dim);
  for (size_t i = 0; i < vectors.values().size(); ++i) {
    vectors.values()[i] = static_cast<float>(random.Normal(i));
  }
  return vectors;
}

FloatMatrix ClusteredVectors(int64_t rows, int64_t dim, int64_t centres, float noise, float skew,
                             uint64_t seed, uint64_t stream) {
  const FloatMatrix centre = NormalVectors(centres, dim, seed);
  const Philox random(seed, /*stream=*/1 + 2 * stream);
  const Philox choice(seed, /*stream=*/2 + 2 * stream);
  FloatMatrix vectors(rows, dim);
  for (int64_t i = 0; i < rows; ++i) {
    const auto row = static_cast<uint64_t>(i);
    const auto c = static_cast<int64_t>(choice.Below(2 * row, static_cast<uint64_t>(centres)));
    const float length = std::exp(skew * static_cast<float>(choice.Normal(2 * row + 1)));
    for (int64_t j = 0; j < dim; ++j) {
      const auto z = static_cast<float>(random.Normal(static_cast<uint64_t>(i * dim + j)));
      vectors.at(i, j) = length * (centre.at(c, j) + noise * z);
    }
  }
  return vectors;
}

}  // namespace burgeon
