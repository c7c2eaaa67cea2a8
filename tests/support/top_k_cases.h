// One list of top-k cases for every device: inputs, and a brute-force answer to hold them to.
//
//   for (const TopKCase& c : TopKCases()) ExpectTopKMatchesBruteForce(context, c);
#ifndef BURGEON_TESTS_SUPPORT_TOP_K_CASES_H_
#define BURGEON_TESTS_SUPPORT_TOP_K_CASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/top_k.h"

namespace burgeon {

struct TopKCase {
  std::string name;
  FloatMatrix queries;
  FloatMatrix items;
  CsrMatrix excluded;             // rows() == 0: none
  std::vector<uint64_t> allowed;  // empty: all
  int k = 1;

  TopKInput input() const {
    TopKInput view;
    view.queries = queries.view();
    view.items = items.view();
    if (excluded.rows() > 0) view.excluded = excluded.view();
    view.allowed = allowed;
    return view;
  }
};

// Odd shapes (0, 1, 31, 32, 33, 1023 queries, items, dimensions), masks, ties, scores that only
// fp64 can tell apart, cancellation, values that overflow or underflow fp32, k past what is
// allowed.
std::vector<TopKCase> TopKCases();

// Every pair scored canonically, sorted.
TopKResult BruteForceTopK(const TopKInput& input, int k);

// The same items in the same order with the same bits; a failure names the case and the query.
void ExpectTopKMatchesBruteForce(ExecutionContext& context, const TopKCase& test_case);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_TOP_K_CASES_H_
