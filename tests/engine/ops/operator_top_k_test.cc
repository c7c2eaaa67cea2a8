#include "engine/ops/operator_top_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "tests/support/random_csr.h"

namespace burgeon {
namespace {

std::optional<double> Entry(const CsrView& matrix, int64_t i, uint32_t j) {
  const auto columns = matrix.row_columns(i);
  const auto at = std::lower_bound(columns.begin(), columns.end(), j);
  if (at == columns.end() || *at != j) return std::nullopt;
  return matrix.row_values(i)[static_cast<size_t>(at - columns.begin())];
}

// Every item against every history item, in the plainest way.
std::vector<ScoredItem> Reference(const OperatorTopKInput& input, int64_t u, int k) {
  std::vector<ScoredItem> list;
  for (uint32_t j = 0; j < input.item_operator.cols; ++j) {
    double sum = 0;
    bool spoken_of = false;
    for (const uint32_t i : input.histories.row_columns(u)) {
      const auto entry = Entry(input.item_operator, i, j);
      if (!entry) continue;
      spoken_of = true;
      sum += *Entry(input.histories, u, i) * *entry;
    }
    const bool excluded =
        !input.excluded.offsets.empty() && std::ranges::count(input.excluded.row_columns(u), j) > 0;
    const bool allowed = input.allowed.empty() || ((input.allowed[j / 64] >> (j % 64)) & 1) != 0;
    if (spoken_of && allowed && !excluded) list.push_back({ItemRow(j), static_cast<float>(sum)});
  }
  std::ranges::stable_sort(list, [](const auto& a, const auto& b) { return a.score > b.score; });
  if (std::ssize(list) > k) list.resize(static_cast<size_t>(k));
  return list;
}

class OperatorTopKTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  const CsrMatrix histories_ = RandomCsr(70, 130, 0.06, 1);
  const CsrMatrix operator_ = RandomCsr(130, 130, 0.1, 2);
  const CsrMatrix excluded_ = RandomCsr(70, 130, 0.2, 3);
  const std::vector<uint64_t> allowed_ = {0xfedcba9876543210, 0x0f0f0f0f0f0f0f0f, 0x3};
};

TEST_F(OperatorTopKTest, AsThePlainReferenceWithAndWithoutMasks) {
  for (const bool masked : {false, true}) {
    OperatorTopKInput input{.histories = histories_.view(),
                            .item_operator = operator_.view(),
                            .excluded = {},
                            .allowed = {}};
    if (masked) {
      input.excluded = excluded_.view();
      input.allowed = allowed_;
    }
    for (const int k : {1, 7, 200}) {
      const auto result = OperatorTopK(context_, input, {.k = k});
      ASSERT_TRUE(result.ok()) << result.status();
      ASSERT_EQ(result->offsets.size(), 71U);
      for (int64_t u = 0; u < 70; ++u) {
        const auto list = result->list(u);
        EXPECT_EQ(std::vector(list.begin(), list.end()), Reference(input, u, k)) << u;
      }
    }
  }
}

TEST_F(OperatorTopKTest, WithoutValuesEveryEntryIsOne) {
  CsrMatrix histories;
  histories.offsets = {0, 2, 2};
  histories.columns = {0, 2};
  histories.cols = 3;
  CsrMatrix op;
  op.offsets = {0, 2, 3, 5};
  op.columns = {1, 2, 0, 0, 1};
  op.cols = 3;
  const auto result = OperatorTopK(
      context_,
      {.histories = histories.view(), .item_operator = op.view(), .excluded = {}, .allowed = {}},
      {.k = 3});
  ASSERT_TRUE(result.ok()) << result.status();
  const std::vector<ScoredItem> expected = {{ItemRow(1), 2}, {ItemRow(0), 1}, {ItemRow(2), 1}};
  EXPECT_EQ(result->items, expected);
  EXPECT_EQ(result->offsets, (std::vector<int64_t>{0, 3, 3}));  // nothing for an empty history
}

TEST_F(OperatorTopKTest, SameBitsForAnyThreads) {
  const OperatorTopKInput input{.histories = histories_.view(),
                                .item_operator = operator_.view(),
                                .excluded = {},
                                .allowed = {}};
  ThreadPool alone(1);
  ExecutionContext other(&alone);
  const auto a = OperatorTopK(context_, input, {.k = 20});
  const auto b = OperatorTopK(other, input, {.k = 20});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->items, b->items);
  EXPECT_EQ(a->offsets, b->offsets);
}

TEST_F(OperatorTopKTest, Refusals) {
  const auto problem = [&](const OperatorTopKInput& input, int k) {
    const auto result = OperatorTopK(context_, input, {.k = k});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(result.status());
  };
  OperatorTopKInput input{.histories = histories_.view(),
                          .item_operator = operator_.view(),
                          .excluded = {},
                          .allowed = {}};
  EXPECT_EQ(problem(input, 0), "k: 0 is not from 1 to 10000");
  input.allowed = std::span(allowed_).first(2);
  EXPECT_EQ(problem(input, 1), "allowed holds 2 words of 64 bits; 130 items need 3");
  input.allowed = {};
  input.excluded = operator_.view();
  EXPECT_EQ(problem(input, 1), "excluded is 130 x 130; wanted histories x items, 70 x 130");
  input.excluded = {};
  input.item_operator = histories_.view();
  EXPECT_EQ(problem(input, 1), "item operator is 70 x 130; wanted as many rows as columns");
  CsrMatrix damaged = operator_;
  const uint32_t used = histories_.columns.front();
  damaged.values[static_cast<size_t>(damaged.offsets[used])] =
      std::numeric_limits<float>::infinity();
  input.item_operator = damaged.view();
  const std::string message = problem(input, 1);
  EXPECT_NE(message.find("is not finite"), std::string::npos) << message;
}

}  // namespace
}  // namespace burgeon
