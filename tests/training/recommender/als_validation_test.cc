#include "training/recommender/als_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/taste_groups.h"
#include "tests/support/vectors.h"
#include "training/recommender/train_als.h"

namespace burgeon {
namespace {

TEST(AlsValidationTest, HoldsOutOneInteractionOfAShareOfTheCustomers) {
  const CsrMatrix all = MakeTasteGroups(900, 60, 4).train;
  const auto split = HoldOutForAls(all.view(), 0.2, 5);
  ASSERT_TRUE(split.ok()) << split.status();
  const int64_t held = split->held_out.rows();
  EXPECT_EQ(split->held_out.columns.size(), static_cast<size_t>(held));
  EXPECT_EQ(split->histories.rows(), held);
  EXPECT_NEAR(static_cast<double>(held) / 900, 0.2, 0.05);  // 3.7 standard deviations
  EXPECT_EQ(split->train.columns.size() + split->held_out.columns.size(), all.columns.size());
  int64_t seen = 0;
  for (int64_t u = 0; u < all.rows(); ++u) {
    const auto whole = all.view().row_columns(u);
    const auto kept = split->train.view().row_columns(u);
    if (whole.size() == kept.size()) {
      EXPECT_TRUE(std::ranges::equal(whole, kept));
      continue;
    }
    std::vector<uint32_t> joined(kept.begin(), kept.end());
    joined.push_back(split->held_out.columns[static_cast<size_t>(seen)]);
    std::ranges::sort(joined);
    EXPECT_TRUE(std::ranges::equal(whole, joined)) << "customer " << u;
    EXPECT_TRUE(std::ranges::equal(kept, split->histories.view().row_columns(seen)));
    ++seen;
  }
  EXPECT_EQ(seen, held);
}

TEST(AlsValidationTest, WeightsStayBesideTheirItems) {
  CsrMatrix all;
  all.cols = 3;
  all.columns = {0, 1, 2, 2};
  all.values = {1, 2, 3, 9};
  all.offsets = {0, 3, 4};
  const auto split = HoldOutForAls(all.view(), 1.0, 1);
  ASSERT_TRUE(split.ok()) << split.status();
  ASSERT_EQ(split->held_out.rows(), 1);  // one interaction is not enough to be held out
  for (size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(split->train.values[k], static_cast<float>(split->train.columns[k] + 1));
  }
  EXPECT_EQ(split->train.values[2], 9);
}

TEST(AlsValidationTest, NobodyToHoldOutIsSaid) {
  CsrMatrix all;
  all.cols = 3;
  all.columns = {0, 1};
  all.offsets = {0, 1, 2};
  EXPECT_EQ(HoldOutForAls(all.view(), 0.5, 1).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(AlsValidationTest, ATrainedModelRanksThemBetterThanRandomItems) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  const CsrMatrix all = MakeTasteGroups(300, 120, 6).train;
  const auto split = HoldOutForAls(all.view(), 0.3, 5);
  ASSERT_TRUE(split.ok()) << split.status();
  TrainingReport report;
  const auto model = TrainAls(context, split->train.view(),
                              {.dim = 12, .regularization = 0.01F, .epochs = 8}, &report);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto good = AlsValidationNdcg(context, *split, model->item_embeddings, model->als);
  ASSERT_TRUE(good.ok()) << good.status();
  const auto bad = AlsValidationNdcg(context, *split, NormalVectors(120, 12, 3), model->als);
  ASSERT_TRUE(bad.ok()) << bad.status();
  EXPECT_GT(*good, 2 * *bad);
}

}  // namespace
}  // namespace burgeon
