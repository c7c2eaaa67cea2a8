#include "engine/audience/lookalike_evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lookalike_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class EvaluateLookalikeTest : public testing::Test {
 protected:
  EvaluateLookalikeTest() {
    input_.embeddings = world_.embeddings.view();
    input_.seeds = world_.group;
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  LookalikeWorld world_ = MakeLookalikeWorld(4000, 24, 5);
  LookalikeInput input_;
  LookalikeOptions options_;
};

TEST_F(EvaluateLookalikeTest, ModelsBeatDistanceWhereDistanceIsMisled) {
  const auto evaluation = EvaluateLookalike(context_, input_, options_, 1);
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  const auto group = static_cast<int64_t>(world_.group.size());
  EXPECT_EQ(evaluation->seeds, (group + 1) / 2);
  EXPECT_EQ(evaluation->held_out, group / 2);
  EXPECT_EQ(evaluation->candidates, 4000 - evaluation->seeds);
  ASSERT_EQ(evaluation->methods.size(), 4U);
  const auto& [ours, centroid, nearest, plain] =
      std::tie(evaluation->methods[0], evaluation->methods[1], evaluation->methods[2],
               evaluation->methods[3]);
  EXPECT_EQ(ours.method, "lookalike");
  EXPECT_EQ(centroid.method, "seed_centroid");
  EXPECT_EQ(nearest.method, "max_similarity");
  EXPECT_EQ(plain.method, "plain_logistic");
  EXPECT_GT(ours.lift[1], 2 * nearest.lift[1]);
  EXPECT_GT(plain.lift[1], nearest.lift[1]);
  EXPECT_GT(centroid.lift[1], nearest.lift[1]);
  for (const LookalikeQuality& q : evaluation->methods) {
    for (size_t s = 0; s < kLookalikeShares.size(); ++s) {
      EXPECT_GE(q.recall[s], 0);
      EXPECT_LE(q.recall[s], 1);
      // lift = recall / share, the share being rounded up to a whole customer.
      EXPECT_NEAR(q.lift[s], q.recall[s] / kLookalikeShares[s],
                  q.lift[s] / (kLookalikeShares[s] * 3000) + 1e-9);
    }
    EXPECT_LE(q.recall[0], q.recall[1]);
    EXPECT_LE(q.recall[1], q.recall[2]);
  }
}

TEST_F(EvaluateLookalikeTest, TheSplitDependsOnItsSeedAlone) {
  const auto a = EvaluateLookalike(context_, input_, options_, 1);
  const auto b = EvaluateLookalike(context_, input_, options_, 1);
  const auto c = EvaluateLookalike(context_, input_, options_, 2);
  ASSERT_TRUE(a.ok() && b.ok() && c.ok());
  EXPECT_EQ(a->methods[0].recall, b->methods[0].recall);
  EXPECT_NE(a->methods[2].recall, c->methods[2].recall);
}

TEST_F(EvaluateLookalikeTest, RefusesWhatCannotBeMeasured) {
  const std::vector<CustomerRow> one = {CustomerRow(3)};
  input_.seeds = one;
  auto refused = EvaluateLookalike(context_, input_, options_, 1);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  input_.seeds = world_.group;
  options_.min_seeds = static_cast<int64_t>(world_.group.size());
  refused = EvaluateLookalike(context_, input_, options_, 1);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr("seeds were found"));
  options_.min_seeds = 1;
  const std::vector<CustomerRow> excluded = {world_.group[2]};
  input_.excluded = excluded;
  refused = EvaluateLookalike(context_, input_, options_, 1);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr("could never be found"));
}

}  // namespace
}  // namespace burgeon
