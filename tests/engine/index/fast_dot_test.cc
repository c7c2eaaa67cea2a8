#include "engine/index/fast_dot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/vectors.h"

namespace burgeon {
namespace {

TEST(FastDot, IsTheInnerProductWithinFloatRounding) {
  for (const int64_t dim : {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200, 1023}) {
    const FloatMatrix v = NormalVectors(2, dim, 5);
    double exact = 0;
    double magnitude = 0;
    for (int64_t j = 0; j < dim; ++j) {
      const double product = static_cast<double>(v.at(0, j)) * static_cast<double>(v.at(1, j));
      exact += product;
      magnitude += std::abs(product);
    }
    const float fast = FastDot(v.data(), v.data() + dim, dim);
    // At most dim roundings, each of half an ulp of the running magnitude.
    const double bound = static_cast<double>(dim) * 0x1p-24 * magnitude;
    EXPECT_NEAR(fast, exact, bound) << dim;
  }
}

TEST(FastDot, CountsEveryDimensionOnce) {
  for (const int64_t dim : {1, 16, 31, 32, 47, 64, 100}) {
    const std::vector<float> ones(static_cast<size_t>(dim), 1.0F);
    EXPECT_EQ(FastDot(ones.data(), ones.data(), dim), static_cast<float>(dim));
  }
}

}  // namespace
}  // namespace burgeon
