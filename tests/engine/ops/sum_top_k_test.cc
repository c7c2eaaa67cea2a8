#include "engine/ops/sum_top_k.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/base/philox.h"
#include "tests/support/random_csr.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kItems = 190;
constexpr int64_t kQueries = 70;

// `grid`: few different values, so that ties happen.
FloatMatrix Dense(int64_t rows, int64_t cols, bool grid, uint64_t seed) {
  const Philox random(seed, 0);
  FloatMatrix out(rows, cols);
  for (size_t k = 0; k < out.values().size(); ++k) {
    out.values()[k] = grid ? static_cast<float>(random.Below(k, 3)) - 1.0F
                           : static_cast<float>(random.Uniform(k) - 0.5);
  }
  return out;
}

std::vector<ScoredItem> Reference(const SumTopKInput& input, int64_t q, int k) {
  std::vector<ScoredItem> list;
  const auto history = input.histories.row_columns(q);
  for (uint32_t j = 0; j < input.items.rows; ++j) {
    if (!input.excluded.offsets.empty() &&
        std::ranges::count(input.excluded.row_columns(q), j) > 0) {
      continue;
    }
    if (!input.allowed.empty() && ((input.allowed[j / 64] >> (j % 64)) & 1) == 0) continue;
    double product = 0;
    for (int64_t d = 0; d < input.items.cols; ++d) {
      product += static_cast<double>(input.queries.row(q)[static_cast<size_t>(d)]) *
                 static_cast<double>(input.items.row(j)[static_cast<size_t>(d)]);
    }
    double sum = 0;
    for (size_t h = 0; h < history.size(); ++h) {
      const auto columns = input.item_operator.row_columns(history[h]);
      for (size_t e = 0; e < columns.size(); ++e) {
        if (columns[e] != j) continue;
        sum += static_cast<double>(input.histories.row_values(q)[h]) *
               static_cast<double>(input.item_operator.row_values(history[h])[e]);
      }
    }
    list.push_back({ItemRow(j), static_cast<float>(product + sum)});
  }
  std::ranges::stable_sort(list, [](const auto& a, const auto& b) { return a.score > b.score; });
  if (std::ssize(list) > k) list.resize(static_cast<size_t>(k));
  return list;
}

class SumTopKTest : public testing::Test {
 protected:
  SumTopKInput Input() const {
    return {.queries = queries_.view(),
            .items = items_.view(),
            .histories = histories_.view(),
            .item_operator = operator_.view(),
            .excluded = {},
            .allowed = {}};
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  FloatMatrix queries_ = Dense(kQueries, 24, false, 1);
  FloatMatrix items_ = Dense(kItems, 24, false, 2);
  CsrMatrix histories_ = RandomCsr(kQueries, kItems, 0.05, 3);
  CsrMatrix operator_ = RandomCsr(kItems, kItems, 0.1, 4);
  const CsrMatrix excluded_ = RandomCsr(kQueries, kItems, 0.2, 5);
  const std::vector<uint64_t> allowed_ = {0xfedcba9876543210, 0x0f0f0f0f0f0f0f0f, 0x3ff};
};

TEST_F(SumTopKTest, AsThePlainReferenceWithAndWithoutMasksAndTies) {
  for (const bool grid : {false, true}) {
    queries_ = Dense(kQueries, 24, grid, 1);
    items_ = Dense(kItems, 24, grid, 2);
    for (const bool masked : {false, true}) {
      SumTopKInput input = Input();
      if (masked) {
        input.excluded = excluded_.view();
        input.allowed = allowed_;
      }
      for (const int k : {1, 7, 400}) {
        SCOPED_TRACE(testing::Message() << grid << masked << k);
        const auto result = SumTopK(context_, input, {.k = k});
        ASSERT_TRUE(result.ok()) << result.status();
        for (int64_t q = 0; q < kQueries; ++q) {
          const auto list = result->list(q);
          EXPECT_EQ(std::vector<ScoredItem>(list.begin(), list.end()), Reference(input, q, k)) << q;
        }
      }
    }
  }
}

// Scores that floats cannot tell apart: the exact ones decide.
TEST_F(SumTopKTest, ScoresNearerThanFloatsTellAreOrderedExactly) {
  for (int64_t j = 0; j < kItems; ++j) {
    for (int64_t d = 0; d < items_.cols(); ++d) items_.at(j, d) = items_.at(0, d);
    items_.at(j, 3) += static_cast<float>((j * 37) % kItems) * 1e-8F;
  }
  const SumTopKInput input = Input();
  const auto result = SumTopK(context_, input, {.k = 9});
  ASSERT_TRUE(result.ok()) << result.status();
  for (int64_t q = 0; q < kQueries; ++q) {
    const auto list = result->list(q);
    EXPECT_EQ(std::vector<ScoredItem>(list.begin(), list.end()), Reference(input, q, 9)) << q;
  }
}

TEST_F(SumTopKTest, SameBitsForAnyThreads) {
  const auto two = SumTopK(context_, Input(), {.k = 12});
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto threaded = SumTopK(other, Input(), {.k = 12});
  ASSERT_TRUE(two.ok() && threaded.ok());
  EXPECT_EQ(threaded->items, two->items);
  EXPECT_EQ(threaded->offsets, two->offsets);
}

TEST_F(SumTopKTest, Refusals) {
  const auto message = [this](const SumTopKInput& input, int k = 3) {
    const auto result = SumTopK(context_, input, {.k = k});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(result.status());
  };
  EXPECT_THAT(message(Input(), 0), HasSubstr("k: 0 is not from 1"));
  SumTopKInput input = Input();
  const FloatMatrix narrow(kItems, 3);
  input.items = narrow.view();
  EXPECT_THAT(message(input), HasSubstr("queries have 24 dimensions, items 3"));
  input = Input();
  input.item_operator = histories_.view();
  EXPECT_THAT(message(input), HasSubstr("item operator is 70 x 190; wanted 190 x 190"));
  input = Input();
  input.histories = operator_.view();
  EXPECT_THAT(message(input), HasSubstr("histories are 190 x 190; wanted queries x items"));
  input = Input();
  input.excluded = operator_.view();
  EXPECT_THAT(message(input), HasSubstr("excluded is 190 x 190"));
  input = Input();
  const std::vector<uint64_t> short_mask(2);
  input.allowed = short_mask;
  EXPECT_THAT(message(input), HasSubstr("allowed holds 2 words"));
  items_.at(4, 1) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(message(Input()), HasSubstr("item row 4 holds a number that is not finite"));
  items_.at(4, 1) = 0;
  queries_.at(2, 0) = std::numeric_limits<float>::infinity();
  EXPECT_THAT(message(Input()), HasSubstr("query row 2 holds"));
  queries_.at(2, 0) = 0;
  std::ranges::fill(operator_.values, std::numeric_limits<float>::infinity());
  EXPECT_THAT(message(Input()), HasSubstr("is not finite; embeddings, weights and operator"));
}

}  // namespace
}  // namespace burgeon
