#include "engine/audience/lookalike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/support/lookalike_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class LookalikeTest : public testing::Test {
 protected:
  LookalikeTest() {
    input_.embeddings = world_.embeddings.view();
    input_.seeds = seeds_;
    options_.size = 300;
  }
  absl::StatusOr<std::vector<LookalikeMember>> Expand() {
    return ExpandLookalike(context_, input_, options_);
  }
  // How many of the audience are the hidden half of the group.
  int64_t Hits(const std::vector<LookalikeMember>& audience) const {
    return std::count_if(audience.begin(), audience.end(), [&](const LookalikeMember& m) {
      return std::binary_search(hidden_.begin(), hidden_.end(), m.customer);
    });
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  LookalikeWorld world_ = MakeLookalikeWorld(5000, 10, 7);
  std::vector<CustomerRow> seeds_ = EveryOther(world_.group, 0);
  std::vector<CustomerRow> hidden_ = EveryOther(world_.group, 1);
  LookalikeInput input_;
  LookalikeOptions options_;
};

TEST_F(LookalikeTest, FindsTheHiddenHalfOfTheGroup) {
  const auto audience = Expand();
  ASSERT_TRUE(audience.ok()) << audience.status();
  ASSERT_EQ(audience->size(), 300U);
  // 300 of 5,000 at random would hold 6 % of them.
  EXPECT_GT(Hits(*audience), static_cast<int64_t>(hidden_.size()) / 2);
  for (size_t i = 1; i < audience->size(); ++i) {
    EXPECT_GE((*audience)[i - 1].score, (*audience)[i].score);
  }
}

TEST_F(LookalikeTest, SeedsExcludedAndNotAllowedAreLeftOut) {
  const auto before = Expand();
  ASSERT_TRUE(before.ok()) << before.status();
  std::vector<CustomerRow> excluded;
  for (size_t i = 0; i < 50; ++i) excluded.push_back((*before)[i].customer);
  std::sort(excluded.begin(), excluded.end());
  std::vector<uint8_t> allowed(5000, 1);
  for (size_t i = 50; i < 100; ++i) allowed[(*before)[i].customer.value] = 0;
  input_.excluded = excluded;
  input_.allowed = allowed;
  const auto after = Expand();
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->size(), 300U);
  for (const LookalikeMember& m : *after) {
    EXPECT_FALSE(std::binary_search(seeds_.begin(), seeds_.end(), m.customer));
    EXPECT_FALSE(std::binary_search(excluded.begin(), excluded.end(), m.customer));
    EXPECT_EQ(allowed[m.customer.value], 1);
  }
}

TEST_F(LookalikeTest, WhoIsNotAllowedHasNoInfluence) {
  std::vector<uint8_t> allowed(5000, 1);
  for (size_t i = 0; i < 5000; i += 3) allowed[i] = 0;
  for (const CustomerRow seed : seeds_) allowed[seed.value] = 1;
  input_.allowed = allowed;
  const auto before = Expand();
  ASSERT_TRUE(before.ok()) << before.status();
  for (int64_t i = 0; i < 5000; i += 3) {
    if (allowed[static_cast<size_t>(i)] != 0) continue;
    for (float& x : world_.embeddings.row(i)) x = 100;
  }
  const auto after = Expand();
  ASSERT_TRUE(after.ok()) << after.status();
  ASSERT_EQ(before->size(), after->size());
  for (size_t i = 0; i < after->size(); ++i) {
    EXPECT_EQ((*before)[i].customer, (*after)[i].customer);
    EXPECT_EQ((*before)[i].score, (*after)[i].score);
  }
}

TEST_F(LookalikeTest, FeaturesHelpWhereTheyKnowMore) {
  // A group that the embeddings say nothing about.
  FloatMatrix features(5000, 1);
  std::vector<CustomerRow> group;
  for (uint32_t i = 0; i < 5000; ++i) {
    features.at(i, 0) = static_cast<float>((i * 7919) % 5000);
    if (features.at(i, 0) >= 4800) group.emplace_back(i);
  }
  const std::vector<CustomerRow> seeds = EveryOther(group, 0);
  hidden_ = EveryOther(group, 1);
  input_.seeds = seeds;
  const auto without = Expand();
  input_.features = features.view();
  const auto with = Expand();
  ASSERT_TRUE(without.ok() && with.ok());
  EXPECT_GT(Hits(*with), 3 * Hits(*without));
}

TEST_F(LookalikeTest, DoesNotDependOnTheNumberOfThreads) {
  options_.background = 2000;
  const auto two = Expand();
  ThreadPool one_thread(1);
  ExecutionContext alone(&one_thread);
  const auto one = ExpandLookalike(alone, input_, options_);
  ASSERT_TRUE(one.ok() && two.ok());
  ASSERT_EQ(one->size(), two->size());
  for (size_t i = 0; i < one->size(); ++i) {
    EXPECT_EQ((*one)[i].customer, (*two)[i].customer);
    EXPECT_EQ((*one)[i].score, (*two)[i].score);
  }
}

TEST_F(LookalikeTest, EqualCustomersAreOrderedByRow) {
  for (uint32_t i = 1000; i < 1400; ++i) {
    const auto from = world_.embeddings.row(seeds_[0].value);
    std::copy(from.begin(), from.end(), world_.embeddings.row(i).begin());
  }
  const auto audience = Expand();
  ASSERT_TRUE(audience.ok()) << audience.status();
  for (size_t i = 1; i < audience->size(); ++i) {
    if ((*audience)[i].customer.value < 1000 || (*audience)[i].customer.value >= 1400) continue;
    if ((*audience)[i - 1].customer.value < 1000 || (*audience)[i - 1].customer.value >= 1400) {
      continue;
    }
    EXPECT_LT((*audience)[i - 1].customer, (*audience)[i].customer);
  }
}

TEST_F(LookalikeTest, AnAudienceIsNoLargerThanWhatIsThere) {
  options_.size = 1'000'000;
  const auto audience = Expand();
  ASSERT_TRUE(audience.ok()) << audience.status();
  EXPECT_EQ(audience->size(), 5000 - seeds_.size());
}

TEST_F(LookalikeTest, TooFewSeedsOrTooSmallAnAudienceAreRefusedWithTheCounts) {
  options_.min_seeds = static_cast<int64_t>(seeds_.size()) + 1;
  auto refused = Expand();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(refused.status()),
              HasSubstr(Concat(seeds_.size(), " seeds were found, at least ", seeds_.size() + 1)));
  options_.min_seeds = 1;
  options_.size = 50;
  refused = Expand();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr("would have 50 customers (50 wanted, "));
  options_.min_audience = 50;
  EXPECT_TRUE(Expand().ok());
}

TEST_F(LookalikeTest, BadInputIsNamed) {
  const auto problem = [&] {
    const auto audience = Expand();
    EXPECT_EQ(audience.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(audience.status());
  };
  std::swap(seeds_[0], seeds_[1]);
  EXPECT_THAT(problem(), HasSubstr("of the seeds is out of order"));
  std::swap(seeds_[0], seeds_[1]);
  const std::vector<CustomerRow> beyond = {CustomerRow(5000)};
  input_.excluded = beyond;
  EXPECT_THAT(problem(), HasSubstr("row 5000 of the excluded is not one of 5000"));
  input_.excluded = {};
  std::vector<uint8_t> allowed(5000, 1);
  allowed[seeds_[3].value] = 0;
  input_.allowed = allowed;
  EXPECT_THAT(problem(), HasSubstr(Concat("seed row ", seeds_[3].value, " is not allowed")));
  input_.allowed = {};
  options_.size = 0;
  EXPECT_THAT(problem(), HasSubstr("size: 0 is not from 1"));
  options_.size = 100;
  options_.l2 = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(problem(), HasSubstr("l2: nan"));
}

TEST_F(LookalikeTest, ScoresAreThoseOfTheAudience) {
  const auto audience = Expand();
  const auto scores = LookalikeScores(context_, input_, options_);
  ASSERT_TRUE(audience.ok() && scores.ok());
  ASSERT_EQ(scores->size(), 5000U);
  for (const LookalikeMember& m : *audience) EXPECT_EQ((*scores)[m.customer.value], m.score);
}

TEST(ParseLookalikeOptions, ReadsEveryFieldAndHasDefaults) {
  auto config = Config::Parse(
      "lookalike: {size: 5, min_seeds: 6, min_audience: 7, l2: 0.5, iterations: 8,\n"
      "            random_seed: 9, background: 10}\n"
      "other: {}\n",
      "test.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const LookalikeOptions read = ParseLookalikeOptions(config->root().Child("lookalike"));
  EXPECT_EQ(read.size, 5);
  EXPECT_EQ(read.min_seeds, 6);
  EXPECT_EQ(read.min_audience, 7);
  EXPECT_EQ(read.l2, 0.5F);
  EXPECT_EQ(read.iterations, 8);
  EXPECT_EQ(read.seed, 9U);
  EXPECT_EQ(read.background, 10);
  const LookalikeOptions defaults = ParseLookalikeOptions(config->root().Child("other"));
  EXPECT_EQ(defaults.min_audience, LookalikeOptions().min_audience);
  EXPECT_EQ(defaults.l2, LookalikeOptions().l2);
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
}

}  // namespace
}  // namespace burgeon
