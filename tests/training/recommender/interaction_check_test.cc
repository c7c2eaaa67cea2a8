#include "training/recommender/interaction_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace burgeon {
namespace {

TEST(InteractionCheckTest, NeedsSomethingToLearnFrom) {
  CsrMatrix r;
  r.offsets = {0, 0, 0};
  r.cols = 4;
  const absl::Status status = CheckInteractions(r.view());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(status), testing::HasSubstr("2 customers, 4 items"));
}

TEST(InteractionCheckTest, WeightsArePositiveAndFinite) {
  CsrMatrix r;
  r.offsets = {0, 1, 2};
  r.columns = {0, 1};
  r.cols = 2;
  EXPECT_TRUE(CheckInteractions(r.view()).ok());
  for (const float bad : {0.0F, -1.0F, std::numeric_limits<float>::infinity(),
                          std::numeric_limits<float>::quiet_NaN()}) {
    r.values = {1, bad};
    const absl::Status status = CheckInteractions(r.view());
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(MessageOf(status), testing::HasSubstr("customer row 1"));
  }
}

TEST(InteractionCheckTest, ColumnSums) {
  CsrMatrix r;
  r.offsets = {0, 2, 3};
  r.columns = {0, 2, 2};
  r.cols = 3;
  EXPECT_EQ(ColumnSums(r.view()), (std::vector<double>{1, 0, 2}));
  r.values = {0.5F, 2, 4};
  EXPECT_EQ(ColumnSums(r.view()), (std::vector<double>{0.5, 0, 6}));
}

}  // namespace
}  // namespace burgeon
