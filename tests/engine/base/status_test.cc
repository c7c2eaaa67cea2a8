#include "engine/base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace burgeon {
namespace {

TEST(StatusTest, HelpersSetCodeAndMessage) {
  EXPECT_EQ(InvalidArgument("k: ", 0), absl::Status(absl::StatusCode::kInvalidArgument, "k: 0"));
  EXPECT_EQ(NotFound("f").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DataLoss("f").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(FailedPrecondition("f").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ResourceExhausted("f").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Unavailable("f").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(AlreadyExists("f").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Internal("f").code(), absl::StatusCode::kInternal);
}

TEST(AnnotateTest, PutsContextBeforeTheMessageAndKeepsTheCode) {
  const absl::Status status = Annotate(DataLoss("cut at byte 7"), "a.json");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "a.json: cut at byte 7");
  EXPECT_TRUE(Annotate(absl::OkStatus(), "a.json").ok());
}

absl::StatusOr<std::unique_ptr<int>> Half(int value) {
  if (value % 2 != 0) return InvalidArgument(value, " is odd");
  return std::make_unique<int>(value / 2);
}

absl::StatusOr<int> Quarter(int value) {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<int> half, Half(value));
  BURGEON_ASSIGN_OR_RETURN(auto quarter, Half(*half));
  return *quarter;
}

absl::Status Both(const absl::Status& first, const absl::Status& second) {
  BURGEON_RETURN_IF_ERROR(first);
  BURGEON_RETURN_IF_ERROR(second);
  return absl::OkStatus();
}

TEST(AssignOrReturnTest, MovesTheValueOutOrReturnsTheError) {
  ASSERT_TRUE(Quarter(12).ok());
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_EQ(MessageOf(Quarter(6).status()), "3 is odd");
  EXPECT_EQ(MessageOf(Quarter(5).status()), "5 is odd");
}

TEST(ReturnIfErrorTest, ReturnsTheFirstError) {
  EXPECT_TRUE(Both(absl::OkStatus(), absl::OkStatus()).ok());
  EXPECT_EQ(Both(NotFound("a"), DataLoss("b")), NotFound("a"));
  EXPECT_EQ(Both(absl::OkStatus(), DataLoss("b")), DataLoss("b"));
}

}  // namespace
}  // namespace burgeon
