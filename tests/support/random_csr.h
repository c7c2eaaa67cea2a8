// Random sparse matrices of few different values, so that ties and cancellation happen.
#ifndef BURGEON_TESTS_SUPPORT_RANDOM_CSR_H_
#define BURGEON_TESTS_SUPPORT_RANDOM_CSR_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/philox.h"

namespace burgeon {

// About `part` of the entries are there, with a value from -2 to 2.
inline CsrMatrix RandomCsr(int64_t rows, int64_t cols, double part, uint64_t seed) {
  const Philox random(seed, 0);
  uint64_t draw = 0;
  CsrMatrix out;
  out.cols = cols;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      if (random.Uniform(draw++) >= part) continue;
      out.columns.push_back(static_cast<uint32_t>(j));
      out.values.push_back(static_cast<float>(random.Below(draw++, 5)) - 2.0F);
    }
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_RANDOM_CSR_H_
