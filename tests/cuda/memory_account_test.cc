#include "cuda/memory_account.h"

#include <gtest/gtest.h>

namespace burgeon::cuda {
namespace {

TEST(MemoryAccountTest, CountsWhatIsLiveAndItsPeak) {
  MemoryAccount account;
  ASSERT_TRUE(account.Take(100).ok());
  ASSERT_TRUE(account.Take(50).ok());
  account.GiveBack(100);
  EXPECT_EQ(account.live_bytes(), 50);
  EXPECT_EQ(account.peak_bytes(), 150);
  account.ResetPeak();
  EXPECT_EQ(account.peak_bytes(), 50);
  EXPECT_EQ(account.allocations(), 2);
}

TEST(MemoryAccountTest, TheLimitMayBeReachedButNotPassed) {
  MemoryAccount account;
  account.SetLimit(100);
  ASSERT_TRUE(account.Take(60).ok());
  const absl::Status status = account.Take(41);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(status), "the limit is 100 bytes, 60 of which are in use");
  EXPECT_EQ(account.live_bytes(), 60);
  EXPECT_TRUE(account.Take(40).ok());
  account.SetLimit(10);  // below what is live
  EXPECT_FALSE(account.Take(1).ok());
  account.GiveBack(95);
  EXPECT_TRUE(account.Take(5).ok());
}

TEST(MemoryAccountTest, FailsTheOneItWasToldToAndNoOther) {
  MemoryAccount account;
  account.FailAt(3);
  EXPECT_TRUE(account.Take(1).ok());
  EXPECT_TRUE(account.Take(1).ok());
  EXPECT_EQ(account.Take(1).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(account.Take(1).ok());
  EXPECT_EQ(account.live_bytes(), 3);
  account.FailAt(1);
  account.FailAt(0);
  EXPECT_TRUE(account.Take(1).ok());
}

}  // namespace
}  // namespace burgeon::cuda
