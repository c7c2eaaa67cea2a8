#include "engine/ops/top_k_packed.h"

#include <gtest/gtest.h>

#include "engine/ops/packed_items.h"
#include "engine/ops/packed_scan.h"
#include "engine/ops/simd.h"
#include "tests/support/top_k_cases.h"

namespace burgeon {
namespace {

class TopKPackedTest : public testing::Test {
 protected:
  // Against brute force, where this form applies.
  void ExpectMatches(const TopKCase& c, const TopKInput& input, const char* form) {
    SCOPED_TRACE("top-k case: " + c.name + ", " + form);
    const auto got = TopKPacked(pool_, input, {.k = c.k});
    ASSERT_TRUE(got.ok()) << got.status();
    if (!got->has_value()) return;
    ++answers_;
    const TopKResult want = BruteForceTopK(input, c.k);
    ASSERT_EQ((*got)->offsets, want.offsets);
    ASSERT_EQ((*got)->items, want.items);
  }

  ThreadPool pool_{2};
  int answers_ = 0;
};

TEST_F(TopKPackedTest, ManyQueriesMatchBruteForce) {
  for (const TopKCase& c : TopKCases()) {
    TopKInput input = c.input();
    ExpectMatches(c, input, "packed by the call");
    const auto packed = PackedItems::Pack(pool_, input.items, PackedForms::kBf16);
    ASSERT_TRUE(packed.ok()) << packed.status();
    input.packed = &*packed;
    ExpectMatches(c, input, "packed before");
  }
  if (DetectedBFloat16Kernel() == BFloat16Kernel::kNone) {
    EXPECT_EQ(answers_, 0);
  } else {
    EXPECT_GT(answers_, 15);
  }
}

TEST_F(TopKPackedTest, OneQueryMatchesBruteForce) {
  for (const TopKCase& c : TopKCases()) {
    const TopKInput all = c.input();
    const auto packed = PackedItems::Pack(pool_, all.items, PackedForms::kBf16AndInt8);
    ASSERT_TRUE(packed.ok()) << packed.status();
    for (int64_t q = 0; q < std::min<int64_t>(all.queries.rows, 9); ++q) {
      TopKInput input = all;
      input.queries = all.queries.Rows(q, q + 1);
      input.packed = &*packed;
      if (!all.excluded.offsets.empty()) {
        input.excluded.offsets = all.excluded.offsets.subspan(static_cast<size_t>(q), 2);
      }
      ExpectMatches(c, input, "one query");
    }
  }
  if (HasAvx512Vnni()) {
    EXPECT_GT(answers_, 50);
  } else {
    EXPECT_EQ(answers_, 0);
  }
}

// More items than one block of one query's scan; few and many queries.
TEST_F(TopKPackedTest, ManyItems) {
  TopKCase c;
  c.name = "many items";
  c.k = 100;
  c.queries = FloatMatrix(70, 9);
  c.items = FloatMatrix(40000, 9);
  for (size_t i = 0; i < c.items.values().size(); ++i) {
    c.items.values()[i] = static_cast<float>(static_cast<int>(i * 7919 % 1009) - 504);
  }
  for (size_t i = 0; i < c.queries.values().size(); ++i) {
    c.queries.values()[i] = static_cast<float>(static_cast<int>(i * 31 % 53) - 26);
  }
  const auto packed = PackedItems::Pack(pool_, c.items.view(), PackedForms::kBf16AndInt8);
  ASSERT_TRUE(packed.ok()) << packed.status();
  TopKInput input = c.input();
  ExpectMatches(c, input, "many queries");
  input.packed = &*packed;
  input.queries = c.queries.view().Rows(0, 3);
  ExpectMatches(c, input, "few queries");
}

TEST_F(TopKPackedTest, LeavesOtherCallsToTheOtherForm) {
  FloatMatrix queries(3, 4);
  FloatMatrix items(50, 4);
  TopKInput input{.queries = queries.view(), .items = items.view(), .excluded = {}, .allowed = {}};
  auto answer = TopKPacked(pool_, input, {.k = 2});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->has_value()) << "too few queries to pack the items for";
  queries = FloatMatrix(100, 4, std::vector<float>(400, 1e30F));
  input.queries = queries.view();
  answer = TopKPacked(pool_, input, {.k = 2});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->has_value()) << "queries too long for bf16";
}

}  // namespace
}  // namespace burgeon
