#include "training/recommender/als_loss.h"

#include <gtest/gtest.h>

#include "tests/support/als_step_cases.h"
#include "tests/support/taste_groups.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

class AlsLossTest : public testing::Test {
 protected:
  double Loss(ExecutionContext& context) {
    return AlsLoss(context,
                   {.interactions = rows_.view(),
                    .transposed = columns_.view(),
                    .customers = customers_.view(),
                    .items = items_.view()},
                   params_);
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  const CsrMatrix rows_ = MakeTasteGroups(1200, 60, 4).train;
  const CsrMatrix columns_ = Transpose(rows_.view());
  FloatMatrix customers_ = NormalVectors(1200, 7, 1);
  FloatMatrix items_ = NormalVectors(60, 7, 2);
  const AlsStepParams params_ = {
      .unobserved_weight = 0.3F, .regularization = 0.02F, .regularization_exponent = 0.6F};
};

// The half-step's objective holds the customers' regulariser alone; that of the items is the same
// function of the transposed matrix, less what both have in common.
TEST_F(AlsLossTest, IsTheObjectiveWrittenOut) {
  AlsStepParams bare = params_;
  bare.regularization = 0;
  const double with_customers =
      AlsObjective(rows_.view(), items_.view(), params_, customers_.view());
  const double with_items =
      AlsObjective(columns_.view(), customers_.view(), params_, items_.view());
  const double neither = AlsObjective(rows_.view(), items_.view(), bare, customers_.view());
  const double wanted =
      (with_customers + with_items - neither) / static_cast<double>(rows_.columns.size());
  EXPECT_NEAR(Loss(context_), wanted, 1e-5 * wanted);
}

TEST_F(AlsLossTest, EveryExactHalfStepLowersIt) {
  double before = Loss(context_);
  for (int step = 0; step < 6; ++step) {
    const absl::Status status =
        step % 2 == 0
            ? AlsStep(context_, rows_.view(), items_.view(), params_, customers_.view())
            : AlsStep(context_, columns_.view(), customers_.view(), params_, items_.view());
    ASSERT_TRUE(status.ok()) << status;
    const double now = Loss(context_);
    EXPECT_LT(now, before) << "half-step " << step;
    before = now;
  }
}

TEST_F(AlsLossTest, SameBitsForAnyThreads) {
  ThreadPool five(5);
  ExecutionContext other(&five);
  EXPECT_EQ(Loss(context_), Loss(other));
}

}  // namespace
}  // namespace burgeon
