#include "engine/models/catch_torch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>

#include <c10/util/Exception.h>

namespace burgeon {
namespace {

TEST(CatchTorchTest, WhatIsThrownBecomesAStatus) {
  EXPECT_TRUE(CatchTorch("here", [] {}).ok());
  const absl::Status full = CatchTorch("here", [] { throw std::bad_alloc(); });
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(full), "here: out of memory");
  const absl::Status failed = CatchTorch("here", [] { TORCH_CHECK(false, "shapes differ"); });
  EXPECT_EQ(failed.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(MessageOf(failed), testing::StartsWith("here: torch: shapes differ"));
}

}  // namespace
}  // namespace burgeon
