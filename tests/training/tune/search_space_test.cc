#include "training/tune/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace burgeon {
namespace {

using testing::HasSubstr;

std::vector<SearchDimension> Parse(const std::string& yaml, absl::Status* status) {
  auto config = Config::Parse(yaml, "c.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  std::vector<SearchDimension> space = ParseSearchSpace(config->root(), "space");
  *status = config->Finish();
  return space;
}

TEST(SearchSpaceTest, DimensionsAreReadInOrder) {
  absl::Status status;
  const auto space = Parse(
      "space:\n"
      "  spectral.rank: {int: [64, 2048], scale: log}\n"
      "  spectral.item_exponent: {double: [0.2, 0.6]}\n"
      "  spectral.filter: {choice: [ridge, singular_value]}\n",
      &status);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(space.size(), 3U);
  EXPECT_EQ(space[0].field, "spectral.rank");
  EXPECT_EQ(space[0].type, SearchType::kInt);
  EXPECT_EQ(space[0].scale, SearchScale::kLog);
  EXPECT_EQ(space[0].high, 2048);
  EXPECT_EQ(space[1].type, SearchType::kDouble);
  EXPECT_THAT(space[2].choices, testing::ElementsAre("ridge", "singular_value"));
}

TEST(SearchSpaceTest, MistakesNameTheField) {
  absl::Status status;
  for (const auto& [text, problem] :
       std::map<std::string, std::string>{{"{int: [5, 5]}", "low below high"},
                                          {"{int: [1, 2, 3]}", "low below high"},
                                          {"{int: [1, 2.5]}", "not whole"},
                                          {"{double: [0, 1], scale: log}", "log scale"},
                                          {"{choice: [a]}", "fewer than two"},
                                          {"{scale: log}", "exactly one of"},
                                          {"{int: [1, 2], choice: [a, b]}", "exactly one of"},
                                          {"{int: [1, 2], stale: log}", "stale"}}) {
    Parse("space: {a.b: " + text + "}", &status);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(MessageOf(status), HasSubstr("space.a.b")) << text;
    EXPECT_THAT(MessageOf(status), HasSubstr(problem)) << text;
  }
}

TEST(SearchSpaceTest, DrawsFillTheRangeByItsScale) {
  absl::Status status;
  const auto space = Parse(
      "space: {i: {int: [1, 4]}, l: {double: [0.001, 10], scale: log}, c: {choice: [a, b]}, "
      "g: {int: [1, 1000], scale: log}}",
      &status);
  ASSERT_TRUE(status.ok()) << status;
  constexpr int kTrials = 4000;
  std::map<std::string, int> ints;
  std::map<std::string, int> choices;
  int below_middle = 0;
  int small = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const TrialValues values = DrawTrial(space, 3, trial);
    ++ints[values[0].second];
    ++choices[values[2].second];
    const double value = ParseDouble(values[1].second).value();
    EXPECT_GE(value, 0.001);
    EXPECT_LE(value, 10);
    below_middle += value < 0.1 ? 1 : 0;  // the middle of the exponents
    const int64_t whole = ParseInt64(values[3].second).value();
    EXPECT_TRUE(whole >= 1 && whole <= 1000) << whole;
    small += whole <= 31 ? 1 : 0;  // the square root of the range
  }
  ASSERT_EQ(ints.size(), 4U);  // both ends among them
  // Four standard deviations of a binomial.
  for (const auto& [value, count] : ints) EXPECT_NEAR(count, kTrials / 4, 110) << value;
  EXPECT_NEAR(choices["a"], kTrials / 2, 130);
  EXPECT_NEAR(below_middle, kTrials / 2, 130);
  EXPECT_NEAR(small, kTrials * std::log(31.5 / 0.5) / std::log(1000.5 / 0.5), 130);
}

TEST(SearchSpaceTest, ATrialIsTheSameWhateverElseIsDrawn) {
  absl::Status status;
  const auto both = Parse("space: {a: {double: [0, 1]}, b: {double: [0, 1]}}", &status);
  const auto alone = Parse("space: {b: {double: [0, 1]}}", &status);
  EXPECT_EQ(DrawTrial(both, 3, 7)[1], DrawTrial(alone, 3, 7)[0]);
  EXPECT_NE(DrawTrial(both, 3, 7)[1], DrawTrial(both, 4, 7)[1]);
  EXPECT_NE(DrawTrial(both, 3, 7)[1], DrawTrial(both, 3, 8)[1]);
  EXPECT_NE(DrawTrial(both, 3, 7)[0].second, DrawTrial(both, 3, 7)[1].second);
}

}  // namespace
}  // namespace burgeon
