#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(ExitCodeTest, EachKindOfFailureHasTheDocumentedNumber) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(Internal("x")), 1);
  EXPECT_EQ(ExitCodeOf(InvalidArgument("x")), 2);
  EXPECT_EQ(ExitCodeOf(NotFound("x")), 3);
  EXPECT_EQ(ExitCodeOf(DataLoss("x")), 4);
  EXPECT_EQ(ExitCodeOf(FailedPrecondition("x")), 5);
  EXPECT_EQ(ExitCodeOf(AlreadyExists("x")), 5);
  EXPECT_EQ(ExitCodeOf(ResourceExhausted("x")), 6);
  EXPECT_EQ(ExitCodeOf(Unavailable("x")), 7);
  EXPECT_EQ(ExitCodeOf(MakeStatus(absl::StatusCode::kAborted, "x")), 8);
}

TEST(ExitCodeTest, NamesAreTheOnesJsonUses) {
  EXPECT_EQ(StatusCodeName(absl::StatusCode::kDataLoss), "damaged");
  EXPECT_EQ(StatusCodeName(absl::StatusCode::kNotFound), "not_found");
  EXPECT_EQ(StatusCodeName(absl::StatusCode::kAborted), "check_failed");
}

}  // namespace
}  // namespace burgeon
