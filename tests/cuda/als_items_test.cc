// Rows through their items on a device: the cases of every other form, and rows of each class.
#include "cuda/als_items.h"

#include <gtest/gtest.h>

#include "tests/cuda/als_on_device.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class AlsItemsTest : public CudaDeviceTest {};

TEST_F(AlsItemsTest, MatchesTheReference) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const AlsStepCase& c : AlsStepCases()) {
    for (const AlsForm form : {AlsForm::kItems, AlsForm::kFactors, AlsForm::kAuto}) {
      ExpectStepMatchesReference(*stream, c, form);
    }
  }
}

// At 256 dimensions each class of items has its own limits; rows of 1 to 200 entries touch all, and
// the last few go through the factors.
TEST_F(AlsItemsTest, RowsOfEveryLengthMatchTheReference) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const AlsStepCase c = LengthsCase(25, 8, 256);
  ExpectStepMatchesReference(*stream, c, AlsForm::kItems);
  ExpectStepMatchesReference(*stream, c, AlsForm::kFactors);
}

TEST_F(AlsItemsTest, TheSameBitsFromRunToRun) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const AlsStepCase c = LengthsCase(2'000, 1, 64);
  const auto first = StepOnDevice(*stream, c, AlsForm::kItems);
  const auto second = StepOnDevice(*stream, c, AlsForm::kItems);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->values(), second->values());
}

// Without regularization and with fewer items than factors no form has a solution.
TEST_F(AlsItemsTest, UnevenRowsAreLeftToTheFactorsWhichRefuseThem) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  AlsStepCase c = LengthsCase(3, 2, 16);
  for (float& y : c.fixed.values()) y = 0;
  c.params.regularization = 0;
  const auto got = StepOnDevice(*stream, c, AlsForm::kItems);
  EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument) << got.status();
}

}  // namespace
}  // namespace burgeon::cuda
