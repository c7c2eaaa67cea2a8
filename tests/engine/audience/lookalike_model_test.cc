#include "engine/audience/lookalike_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/lookalike_world.h"

namespace burgeon {
namespace {

class LookalikeModelTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

std::vector<CustomerRow> Rows(std::initializer_list<uint32_t> values) {
  std::vector<CustomerRow> rows;
  for (const uint32_t value : values) rows.emplace_back(value);
  return rows;
}

TEST_F(LookalikeModelTest, CandidatesAreTheAllowedButSeedsAndExcluded) {
  const FloatMatrix embeddings = NormalVectors(8, 2, 1);
  const std::vector<CustomerRow> seeds = Rows({0, 3});
  const std::vector<CustomerRow> excluded = Rows({3, 4, 7});
  const std::vector<uint8_t> allowed = {1, 1, 0, 1, 1, 0, 1, 1};
  const LookalikeInput input{.embeddings = embeddings.view(),
                             .features = {},
                             .seeds = seeds,
                             .excluded = excluded,
                             .allowed = allowed};
  EXPECT_EQ(LookalikeCandidates(input), Rows({1, 6}));
}

TEST_F(LookalikeModelTest, ProbabilityIsCorrectedForSeedsHiddenInTheBackground) {
  // Half of the group are the seeds, chosen without regard to anything: a member of the group is a
  // seed with probability one half, which is what the correction has to find out. Then the mean
  // probability of hidden members is that of members, near 1, where the log odds alone say half.
  const LookalikeWorld world = MakeLookalikeWorld(6000, 4, 2);
  const std::vector<CustomerRow> seeds = EveryOther(world.group, 0);
  const std::vector<CustomerRow> hidden = EveryOther(world.group, 1);
  const LookalikeInput input{.embeddings = world.embeddings.view(),
                             .features = {},
                             .seeds = seeds,
                             .excluded = {},
                             .allowed = {}};
  const LookalikeOptions options{.l2 = 0.01F};
  const std::vector<CustomerRow> candidates = LookalikeCandidates(input);
  const auto model = LookalikeModel::Fit(context_, input, candidates, options);
  ASSERT_TRUE(model.ok()) << model.status();
  double corrected = 0;
  double plain = 0;
  for (const CustomerRow customer : hidden) {
    const double odds = model->LogOddsOf(customer);
    corrected += model->Probability(odds);
    plain += 1 / (1 + std::exp(-odds));
  }
  corrected /= static_cast<double>(hidden.size());
  plain /= static_cast<double>(hidden.size());
  EXPECT_LT(plain, 0.55);
  EXPECT_GT(corrected, 1.6 * plain);
  for (const double odds : {-800.0, -3.0, 0.0, 3.0, 800.0}) {
    EXPECT_GE(model->Probability(odds), 0);
    EXPECT_LE(model->Probability(odds), 1);
  }
}

TEST_F(LookalikeModelTest, ASampleOfTheBackgroundStandsForAllOfIt) {
  const LookalikeWorld world = MakeLookalikeWorld(6000, 4, 3);
  const std::vector<CustomerRow> seeds = EveryOther(world.group, 0);
  const LookalikeInput input{.embeddings = world.embeddings.view(),
                             .features = {},
                             .seeds = seeds,
                             .excluded = {},
                             .allowed = {}};
  const std::vector<CustomerRow> candidates = LookalikeCandidates(input);
  const auto total = [&](int64_t background) {
    const auto model = LookalikeModel::Fit(context_, input, candidates, {.background = background});
    EXPECT_TRUE(model.ok()) << model.status();
    double sum = 0;
    for (const double odds : model->LogOddsOf(pool_, candidates)) sum += 1 / (1 + std::exp(-odds));
    for (const CustomerRow seed : seeds) sum += 1 / (1 + std::exp(-model->LogOddsOf(seed)));
    return sum;
  };
  // At its minimum a logistic regression with an intercept expects as many seeds as there are; a
  // fit to a quarter of the background estimates that from 1,400 customers.
  const auto count = static_cast<double>(seeds.size());
  EXPECT_NEAR(total(100'000), count, 0.01 * count);
  EXPECT_NEAR(total(1'400), count, 0.25 * count);
}

TEST_F(LookalikeModelTest, ScoresOfManyAreThoseOfEach) {
  const LookalikeWorld world = MakeLookalikeWorld(2000, 4, 4);
  const std::vector<CustomerRow> seeds = EveryOther(world.group, 0);
  const LookalikeInput input{.embeddings = world.embeddings.view(),
                             .features = {},
                             .seeds = seeds,
                             .excluded = {},
                             .allowed = {}};
  const std::vector<CustomerRow> candidates = LookalikeCandidates(input);
  const auto model = LookalikeModel::Fit(context_, input, candidates, {});
  ASSERT_TRUE(model.ok()) << model.status();
  const std::vector<double> odds = model->LogOddsOf(pool_, candidates);
  for (size_t i = 0; i < candidates.size(); i += 97) {
    EXPECT_EQ(odds[i], model->LogOddsOf(candidates[i]));
  }
}

}  // namespace
}  // namespace burgeon
