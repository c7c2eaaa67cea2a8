// One list of sampled softmaxes for every device, held to plain sums in fp64.
//
//   for (const SampledSoftmaxCase& c : SampledSoftmaxCases()) {
//     ExpectSampledSoftmaxMatchesReference(context, c, SoftmaxErrorOfCpu(c));
//   }
#ifndef BURGEON_TESTS_SUPPORT_SAMPLED_SOFTMAX_CASES_H_
#define BURGEON_TESTS_SUPPORT_SAMPLED_SOFTMAX_CASES_H_

#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/sampled_softmax.h"

namespace burgeon {

struct SampledSoftmaxCase {
  std::string name;
  FloatMatrix queries;
  FloatMatrix positives;
  FloatMatrix candidates;
  std::vector<uint32_t> positive_ids;
  std::vector<uint32_t> candidate_ids;
  std::vector<float> positive_log_q;
  std::vector<float> candidate_log_q;
  std::vector<float> weights;
  float temperature = 1;

  SampledSoftmaxInput input() const;
};

struct SampledSoftmaxResult {
  std::vector<float> losses;
  FloatMatrix queries;
  FloatMatrix positives;
  FloatMatrix candidates;

  explicit SampledSoftmaxResult(const SampledSoftmaxCase& test_case);
  SampledSoftmaxOutput output();
};

// Odd shapes, no candidates, nothing but accidental hits, Zipf ids, weights of zero, logits near
// and far.
std::vector<SampledSoftmaxCase> SampledSoftmaxCases();
SampledSoftmaxCase SampledSoftmaxCaseNamed(const std::string& name);

// The formulas of engine/ops/sampled_softmax.h in fp64. `size`: the gradients' sums of absolute
// values, which their errors are relative to.
struct SampledSoftmaxReference {
  std::vector<double> losses;
  DoubleMatrix queries, positives, candidates;
  DoubleMatrix queries_size, positives_size, candidates_size;
  double longest_product = 0;  // |q| |c| / T or |q| |p| / T
  double largest_logit = 0;    // and addend of one
};
SampledSoftmaxReference ReferenceSampledSoftmax(const SampledSoftmaxCase& test_case);

// As engine/ops/sampled_softmax.h states them.
struct SoftmaxError {
  double logit = 0;     // D / (|q| |c| / T)
  double gradient = 0;  // r
};
SoftmaxError SoftmaxErrorOfCpu(const SampledSoftmaxCase& test_case);
SoftmaxError SoftmaxErrorOfCuda(const SampledSoftmaxCase& test_case, SoftmaxPrecision precision);

void ExpectSampledSoftmaxNear(const SampledSoftmaxCase& test_case, const SampledSoftmaxResult& got,
                              const SoftmaxError& error);
void ExpectSampledSoftmaxMatchesReference(ExecutionContext& context,
                                          const SampledSoftmaxCase& test_case,
                                          const SoftmaxError& error,
                                          SoftmaxPrecision precision = SoftmaxPrecision::kBf16);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_SAMPLED_SOFTMAX_CASES_H_
