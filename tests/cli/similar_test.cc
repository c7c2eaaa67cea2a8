#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(SimilarTest, ItemsAndCustomersHaveNeighboursOtherThanThemselves) {
  const Outcome outcome = Burgeon(
      {"similar", "--workspace", PublishedWorkspace(), "--item", "85123A", "--k", "4", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json similar = outcome.json()["similar"];
  ASSERT_EQ(similar.size(), 4U);
  float last = 2;
  for (const auto& entry : similar) {
    EXPECT_NE(entry["id"], "85123A");
    EXPECT_LE(entry["score"].get<float>(), last);
    last = entry["score"].get<float>();
  }
}

TEST(SimilarTest, AnUnknownIdIsNotFoundAndOneOfTheTwoIsWanted) {
  const Outcome unknown =
      Burgeon({"similar", "--workspace", PublishedWorkspace(), "--customer", "nobody"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("nobody"));
  EXPECT_EQ(Burgeon({"similar", "--workspace", PublishedWorkspace()}).exit_code, 2);
  EXPECT_EQ(Burgeon({"similar", "--item", "a", "--customer", "b"}).exit_code, 2);
}

}  // namespace
}  // namespace burgeon
