#include "engine/base/check.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(CheckTest, PassesAndEvaluatesOnce) {
  int calls = 0;
  BURGEON_CHECK(++calls == 1);
  EXPECT_EQ(calls, 1);
}

TEST(CheckDeathTest, NamesPlaceAndConditionAndAborts) {
  const int rows = 3;
  EXPECT_DEATH(BURGEON_CHECK(rows == 4),
               "check_test\\.cc:[0-9]+: check failed: rows == 4 .*bug in burgeon");
}

}  // namespace
}  // namespace burgeon
