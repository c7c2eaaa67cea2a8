#include "engine/ops/als_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/ops/als_step_cpu.h"
#include "tests/support/als_step_cases.h"

namespace burgeon {
namespace {

class AlsStepTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

AlsStepCase CaseNamed(const std::string& name) {
  for (AlsStepCase& c : AlsStepCases()) {
    if (c.name == name) return c;
  }
  ADD_FAILURE() << "there is no case " << name;
  return {};
}

TEST_F(AlsStepTest, MatchesTheReference) {
  for (const AlsStepCase& c : AlsStepCases()) ExpectAlsStepMatchesReference(context_, c);
}

TEST_F(AlsStepTest, ARowHasTheSameBitsAloneAndForAnyThreads) {
  for (const char* name : {"weights", "blocks"}) {
    const AlsStepCase c = CaseNamed(name);
    FloatMatrix together = c.start;
    ASSERT_TRUE(AlsStep(context_, c.rows.view(), c.fixed.view(), c.params, together.view()).ok());
    ThreadPool one(1);
    ExecutionContext single(&one);
    const CsrView all = c.rows.view();
    for (int64_t u = 0; u < all.rows(); ++u) {
      const auto columns = all.row_columns(u);
      const std::vector<int64_t> offsets = {0, static_cast<int64_t>(columns.size())};
      const CsrView row{offsets, columns, all.row_values(u), all.cols};
      FloatMatrix alone(1, c.fixed.cols(),
                        std::vector<float>(c.start.row(u).begin(), c.start.row(u).end()));
      ASSERT_TRUE(AlsStep(single, row, c.fixed.view(), c.params, alone.view()).ok());
      EXPECT_TRUE(std::ranges::equal(alone.row(0), together.row(u))) << name << " row " << u;
    }
  }
}

// Each pass over the blocks lowers the objective, towards that of the exact solution.
TEST_F(AlsStepTest, PassesOverTheBlocksDescendToTheExactSolution) {
  const AlsStepCase c = CaseNamed("blocks");
  AlsStepParams exact_params = c.params;
  exact_params.block_size = 0;
  FloatMatrix exact = c.start;
  ASSERT_TRUE(AlsStep(context_, c.rows.view(), c.fixed.view(), exact_params, exact.view()).ok());
  const double best = AlsObjective(c.rows.view(), c.fixed.view(), c.params, exact.view());
  FloatMatrix x = c.start;
  double before = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < 6; ++pass) {
    ASSERT_TRUE(AlsStep(context_, c.rows.view(), c.fixed.view(), c.params, x.view()).ok());
    const double now = AlsObjective(c.rows.view(), c.fixed.view(), c.params, x.view());
    EXPECT_LT(now, before) << "pass " << pass;
    EXPECT_GE(now, best * (1 - 1e-6));
    before = now;
  }
  EXPECT_LT(before, best * 1.02);
}

TEST_F(AlsStepTest, RowsWithoutEntriesGetZeros) {
  const AlsStepCase c = CaseNamed("odd shapes");
  ASSERT_TRUE(c.rows.view().row_columns(1).empty());
  FloatMatrix x = c.start;
  ASSERT_TRUE(AlsStep(context_, c.rows.view(), c.fixed.view(), c.params, x.view()).ok());
  for (const float value : x.row(1)) EXPECT_EQ(value, 0.0F);
}

TEST_F(AlsStepTest, RefusesWhatItCannotSolve) {
  AlsStepCase c = CaseNamed("weights");
  const auto message = [&](const AlsStepCase& bad) {
    FloatMatrix x = bad.start;
    const absl::Status status =
        AlsStep(context_, bad.rows.view(), bad.fixed.view(), bad.params, x.view());
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(status);
  };
  AlsStepCase bad = c;
  bad.params.unobserved_weight = 0;
  EXPECT_EQ(message(bad), "als: unobserved_weight 0 is not a positive number");
  bad = c;
  bad.params.regularization = -1;
  EXPECT_EQ(message(bad), "als: regularization -1 is not zero or a positive number");
  bad = c;
  bad.params.regularization_exponent = 1.5F;
  EXPECT_EQ(message(bad), "als: regularization_exponent 1.5 is not from 0 to 1");
  bad = c;
  bad.params.block_size = -1;
  EXPECT_EQ(message(bad), "als: block_size -1 is negative");
  bad = c;
  bad.rows.values[0] = 0;
  EXPECT_EQ(message(bad), "als: row 0 has the weight 0; weights must be positive and finite");
  bad = c;
  bad.fixed.at(3, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message(bad), "als: row 3 of the fixed side holds a value that is not finite");
  bad = c;
  bad.start = FloatMatrix(65, 31);
  EXPECT_EQ(message(bad), "als: factors are 65 x 31; wanted 65 x 32");
  // Two equal factors and no regularisation: singular.
  bad = CaseNamed("one factor");
  bad.fixed = FloatMatrix(9, 2, std::vector<float>(18, 1.0F));
  bad.start = FloatMatrix(5, 2);
  bad.params.regularization = 0;
  EXPECT_EQ(message(bad),
            "als: the normal equations of row 0 are not positive definite in fp32; regularization "
            "0 is too small");
}

}  // namespace
}  // namespace burgeon
