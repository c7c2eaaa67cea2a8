// One list of draws of negatives for every device; a CUDA context must draw what a CPU draws.
#ifndef BURGEON_TESTS_SUPPORT_NEGATIVE_SAMPLING_CASES_H_
#define BURGEON_TESTS_SUPPORT_NEGATIVE_SAMPLING_CASES_H_

#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/negative_sampling.h"

namespace burgeon {

struct NegativeSamplingCase {
  std::string name;
  SamplingTable table;
  DrawRange range;
  CsrMatrix seen;  // no rows: nothing is seen
  int64_t rows = 0;
  int64_t columns = 0;
};

// Uniform and by popularity, one item, Zipf counts with zeros, seen items (of one row: all).
std::vector<NegativeSamplingCase> NegativeSamplingCases();

struct NegativeItems {
  Matrix<uint32_t> items;
  int64_t left = 0;  // draws that ended with a seen item
};
// A failed test, and nothing, where that fails.
NegativeItems Draw(ExecutionContext& context, const NegativeSamplingCase& test_case);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_NEGATIVE_SAMPLING_CASES_H_
