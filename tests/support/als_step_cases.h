// One list of ALS half-steps for every device, held to a plain solver in fp64.
//
//   for (const AlsStepCase& c : AlsStepCases()) ExpectAlsStepMatchesReference(context, c);
#ifndef BURGEON_TESTS_SUPPORT_ALS_STEP_CASES_H_
#define BURGEON_TESTS_SUPPORT_ALS_STEP_CASES_H_

#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct AlsStepCase {
  std::string name;
  CsrMatrix rows;
  FloatMatrix fixed;
  FloatMatrix start;
  AlsStepParams params;
};

// Odd shapes, empty and long rows, with and without weights, exact and in blocks.
std::vector<AlsStepCase> AlsStepCases();

// The half-step in fp64, written as the equations of engine/ops/als_step.h stand.
DoubleMatrix ReferenceAlsStep(const AlsStepCase& test_case);

// The objective of engine/ops/als_step.h, summed over all rows.
double AlsObjective(const CsrView& rows, MatrixView<const float> fixed, const AlsStepParams& params,
                    MatrixView<const float> factors);

// Every factor within 5e-4 of the reference, relative to the largest of its row.
void ExpectAlsStepMatchesReference(ExecutionContext& context, const AlsStepCase& test_case);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_ALS_STEP_CASES_H_
