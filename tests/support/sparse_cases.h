// One list of sparse matrices for every device, and their products held to plain loops.
//
//   for (const SparseCase& c : SparseCases()) ExpectProductsMatch(context, c);
#ifndef BURGEON_TESTS_SUPPORT_SPARSE_CASES_H_
#define BURGEON_TESTS_SUPPORT_SPARSE_CASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct SparseCase {
  std::string name;
  CsrMatrix matrix;
  std::vector<int64_t> widths;  // of the dense side
};

// Odd shapes, empty rows and columns, with and without weights, rows of up to several segments
// (engine/base/sum_order.h), lengths that fall off by Zipf's law.
std::vector<SparseCase> SparseCases();

// `rows` rows of Zipf's lengths from `longest` down, at random columns.
CsrMatrix ZipfMatrix(int64_t rows, int64_t cols, int64_t longest, uint64_t seed);

FloatMatrix NormalMatrix(int64_t rows, int64_t cols, uint64_t seed);

// Both products of SparseProduct: bit by bit what a loop in the order of sum_order.h gives, and
// within SumErrorBound of sums in double.
void ExpectProductsMatch(ExecutionContext& context, const SparseCase& test_case);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_SPARSE_CASES_H_
