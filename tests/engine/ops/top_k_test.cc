#include "engine/ops/top_k.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "engine/base/limits.h"
#include "engine/ops/top_k_cpu.h"
#include "tests/support/top_k_cases.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

class TopKTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(TopKTest, MatchesBruteForce) {
  for (const TopKCase& c : TopKCases()) ExpectTopKMatchesBruteForce(context_, c);
}

TEST_F(TopKTest, DoesNotDependOnThreadsNorOnTheBatch) {
  TopKCase c;
  for (const TopKCase& candidate : TopKCases()) {
    if (candidate.name == "near ties") c = candidate;
  }
  ASSERT_GT(c.queries.rows(), 1);
  const TopKInput input = c.input();
  const auto together = TopK(context_, input, {.k = c.k});
  ASSERT_TRUE(together.ok()) << together.status();
  ThreadPool one(1);
  ExecutionContext alone(&one);
  for (int64_t q = 0; q < c.queries.rows(); ++q) {
    TopKInput single = input;
    single.queries = input.queries.Rows(q, q + 1);
    const auto list = TopK(alone, single, {.k = c.k});
    ASSERT_TRUE(list.ok()) << list.status();
    EXPECT_TRUE(std::ranges::equal(list->list(0), together->list(q))) << "query " << q;
  }
}

TEST_F(TopKTest, CanonicalScoreSumsInDoubleInIndexOrder) {
  // In fp32, or in another order, the 1 is lost.
  EXPECT_EQ(CanonicalScore(std::vector<float>{1e8F, 1, 1e8F}, std::vector<float>{1e8F, 1, -1e8F}),
            0.0F);
  EXPECT_EQ(CanonicalScore(std::vector<float>{1e7F, 1, 1e7F}, std::vector<float>{1e7F, 1, -1e7F}),
            1.0F);
  EXPECT_EQ(CanonicalScore({}, {}), 0.0F);
}

TEST_F(TopKTest, RefusesWhatItCannotAnswer) {
  FloatMatrix queries(2, 4);
  FloatMatrix items(70, 4);
  TopKInput input{.queries = queries.view(), .items = items.view(), .excluded = {}, .allowed = {}};
  const auto message = [&](const TopKInput& in, int k) {
    const auto result = TopK(context_, in, {.k = k});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(result.status());
  };
  EXPECT_EQ(message(input, 0), "k: 0 is not from 1 to 10000");
  EXPECT_EQ(message(input, limits::kMaxK + 1), "k: 10001 is not from 1 to 10000");

  FloatMatrix narrow(2, 3);
  TopKInput other = input;
  other.queries = narrow.view();
  EXPECT_EQ(message(other, 1), "queries have 3 dimensions, items 4: they must have the same");

  const std::vector<uint64_t> one_word(1);
  other = input;
  other.allowed = one_word;
  EXPECT_EQ(message(other, 1), "allowed holds 1 words of 64 bits; 70 items need 2");

  CsrMatrix mask;
  mask.offsets = {0, 0, 0, 0};
  mask.cols = 70;
  other = input;
  other.excluded = mask.view();
  EXPECT_EQ(message(other, 1), "excluded is 3 x 70; wanted queries x items, 2 x 70");
}

TEST_F(TopKTest, NamesTheRowThatIsNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    FloatMatrix queries(2, 40);
    FloatMatrix items(5000, 40);
    TopKInput input{
        .queries = queries.view(), .items = items.view(), .excluded = {}, .allowed = {}};
    queries.at(1, 39) = bad;
    auto result = TopK(context_, input, {.k = 3});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(MessageOf(result.status()), "queries: row 1 holds a value that is not finite");

    queries.at(1, 39) = 0;
    items.at(4321, 5) = bad;
    result = TopK(context_, input, {.k = 3});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(MessageOf(result.status()), "items: row 4321 holds a value that is not finite");
  }
}

TEST_F(TopKTest, ReadsViewsWithAStride) {
  const FloatMatrix wide(3, 4, {1, 0, 9, 9, 0, 1, 9, 9, 1, 1, 9, 9});
  const FloatMatrix queries(1, 2, {1, 2});
  TopKInput input;
  input.queries = queries.view();
  input.items = {wide.data(), 3, 2, 4};
  const auto result = TopK(context_, input, {.k = 2});
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->list(0).size(), 2U);
  EXPECT_EQ(result->list(0)[0], (ScoredItem{ItemRow(2), 3.0F}));
  EXPECT_EQ(result->list(0)[1], (ScoredItem{ItemRow(1), 2.0F}));
}

}  // namespace
}  // namespace burgeon
