#include <gmock/gmock.h>

#include "engine/base/limits.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class QueryLookalikeTest : public QueryTest {
 protected:
  QueryLookalikeTest() {
    request_.seeds = {"c00", "c06", "c09", "c12", "c15"};  // one group of the fixture
    request_.options = {.size = 8, .min_seeds = 5, .min_audience = 5};
  }
  std::vector<std::string> Members(const LookalikeAnswer& answer) {
    std::vector<std::string> ids;
    for (const auto& [id, score] : answer.members) ids.push_back(id);
    return ids;
  }
  LookalikeRequest request_;
};

TEST_F(QueryLookalikeTest, ReportsWhatItDidNotFindAndLeavesOutWhatItMust) {
  request_.seeds.insert(request_.seeds.end(), {"c00", "zz", "c13", "c17"});
  request_.exclude = {"c18", "yy"};
  request_.options.size = 1000;
  Erase("c20");
  SetConsent("c21", Purpose::kAudience, false);
  const auto answer = AnswerLookalike(context_, view(), request_);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->seeds_used, 5);
  // c13 consents to nothing, c17 to recommend alone: as unknown as zz.
  EXPECT_THAT(answer->unknown_seeds, ElementsAre("zz", "c13", "c17"));
  EXPECT_THAT(answer->unknown_excluded, ElementsAre("yy"));
  const std::vector<std::string> members = Members(*answer);
  const std::vector<CustomerRow> allowed = CustomersFor(view(), Purpose::kAudience);
  EXPECT_EQ(members.size(), allowed.size() - 5 - 1);
  for (const std::string id : {"c00", "c13", "c17", "c18", "c20", "c21"}) {
    EXPECT_THAT(members, Not(Contains(id)));
  }
}

TEST_F(QueryLookalikeTest, WhoIsErasedHasNoInfluence) {
  Erase("c22");
  const auto before = AnswerLookalike(context_, view(), request_);
  ASSERT_TRUE(before.ok()) << before.status();
  ReleaseData other = MakeSmallRelease(pool_);
  for (float& x : other.recommender.customer_embeddings.row(22)) x = 50;
  for (float& x : other.features.values.row(22)) x = 1e6F;
  Load(std::move(other));
  const auto after = AnswerLookalike(context_, view(), request_);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(before->members, after->members);
}

TEST_F(QueryLookalikeTest, RefusesTooFewSeedsWithTheCounts) {
  Erase("c06");
  const auto answer = AnswerLookalike(context_, view(), request_);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(answer.status()), HasSubstr("4 seeds were found, at least 5 are needed"));
}

TEST_F(QueryLookalikeTest, RefusesAnAudienceThatIsTooSmall) {
  request_.options.min_audience = 9;
  const auto answer = AnswerLookalike(context_, view(), request_);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(answer.status()), HasSubstr("would have 8 customers"));
}

TEST_F(QueryLookalikeTest, BadRequestsAreNamed) {
  const auto problem = [&] {
    const auto answer = AnswerLookalike(context_, view(), request_);
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(answer.status());
  };
  request_.exclude = {""};
  EXPECT_THAT(problem(), HasSubstr("exclude: an empty id"));
  request_.exclude.assign(limits::kMaxRequestSeeds + 1, "c01");
  EXPECT_THAT(problem(), HasSubstr("exclude: 100001 entries, at most 100000"));
  request_.exclude.clear();
  request_.options.size = 0;
  EXPECT_THAT(problem(), HasSubstr("size: 0"));
  request_.seeds.clear();
  EXPECT_THAT(problem(), HasSubstr("seeds: the list is empty"));
}

}  // namespace
}  // namespace burgeon
