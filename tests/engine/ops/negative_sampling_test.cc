#include "engine/ops/negative_sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/negative_sampling_cases.h"

namespace burgeon {
namespace {

class NegativeSamplingTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

// What the slots give to each item, in shares of 2^-32 / items.
std::vector<uint64_t> SharesOf(const SamplingTable& table) {
  std::vector<uint64_t> shares(static_cast<size_t>(table.items));
  for (size_t slot = 0; slot < shares.size(); ++slot) {
    // A full slot that is its own alias gives its rest to itself, too.
    shares[slot] += table.accept[slot];
    shares[table.alias[slot]] += (uint64_t{1} << 32) - table.accept[slot];
  }
  return shares;
}

TEST_F(NegativeSamplingTest, TheTableHasTheProbabilitiesOfTheFormula) {
  const std::vector<std::vector<int64_t>> lists = {
      {1}, {0, 3}, {5, 0, 5}, {1, 2, 3, 4, 5, 6, 7}, {1'000'000'000'000, 1, 0, 2, 1}};
  for (const auto& counts : lists) {
    for (const double power : {0.0, 0.5, 0.75, 1.0, 2.0}) {
      const auto table = PopularityTable(counts, power);
      ASSERT_TRUE(table.ok()) << table.status();
      double sum = 0;
      const auto weight = [&](int64_t count) {
        return power == 0 ? 1 : std::pow(static_cast<double>(count), power);
      };
      for (const int64_t count : counts) sum += weight(count);
      const double total = 0x1p32 * static_cast<double>(counts.size());
      const std::vector<uint64_t> shares = SharesOf(*table);
      for (size_t i = 0; i < counts.size(); ++i) {
        const double want = weight(counts[i]) / sum;
        const double got = static_cast<double>(shares[i]) / total;
        // Rounded to a share; the greatest takes what all others' rounding left.
        EXPECT_NEAR(got, want, (2 + static_cast<double>(counts.size())) / total + 1e-15 * want)
            << i << " of " << counts.size() << ", power " << power;
        EXPECT_EQ(got > 0, want > 0);
        EXPECT_FLOAT_EQ(table->LogProbability(static_cast<uint32_t>(i)),
                        static_cast<float>(std::log(got)));
      }
    }
  }
}

TEST_F(NegativeSamplingTest, DrawsComeAsOftenAsTheyShould) {
  const auto table = PopularityTable(std::vector<int64_t>{1, 16, 81, 0, 256}, 0.5);  // 1:4:9:0:16
  ASSERT_TRUE(table.ok());
  Matrix<uint32_t> out(1000, 300);
  ASSERT_EQ(*SampleNegatives(context_, *table, {.seed = 1}, {}, out.view()), 0);
  std::vector<double> counts(5);
  for (const uint32_t item : out.values()) counts[item] += 1;
  const double shares[] = {1, 4, 9, 0, 16};
  for (size_t i = 0; i < 5; ++i) {
    const double p = shares[i] / 30;
    // Six standard deviations.
    EXPECT_NEAR(counts[i], 3e5 * p, 6 * std::sqrt(3e5 * p * (1 - p))) << i;
  }
}

TEST_F(NegativeSamplingTest, TheSameForAnyThreadsAndRowByRow) {
  for (const NegativeSamplingCase& c : NegativeSamplingCases()) {
    const NegativeItems two = Draw(context_, c);
    ThreadPool one(1);
    ExecutionContext single(&one);
    const NegativeItems again = Draw(single, c);
    EXPECT_EQ(two.items.values(), again.items.values()) << c.name;
    EXPECT_EQ(two.left, again.left) << c.name;
    for (int64_t row = 0; row < c.rows; ++row) {
      NegativeSamplingCase alone = c;
      alone.rows = 1;
      alone.range.first += static_cast<uint64_t>(row * c.columns);
      alone.seen = {};
      if (c.seen.rows() != 0) {
        const auto columns = c.seen.view().row_columns(row);
        alone.seen.columns.assign(columns.begin(), columns.end());
        alone.seen.offsets = {0, static_cast<int64_t>(columns.size())};
      }
      EXPECT_TRUE(std::ranges::equal(Draw(context_, alone).items.row(0), two.items.row(row)))
          << c.name << " row " << row;
    }
  }
}

TEST_F(NegativeSamplingTest, SeenItemsAreDrawnOnlyWhereTheyAreCounted) {
  for (const NegativeSamplingCase& c : NegativeSamplingCases()) {
    if (c.seen.rows() == 0) continue;
    const NegativeItems drawn = Draw(context_, c);
    int64_t seen = 0;
    for (int64_t row = 0; row < c.rows; ++row) {
      for (const uint32_t item : drawn.items.row(row)) {
        seen += std::ranges::count(c.seen.view().row_columns(row), item);
      }
    }
    EXPECT_EQ(drawn.left, seen) << c.name;
    EXPECT_LE(seen, c.columns + 5) << c.name;  // the row that has seen all, and chance
  }
}

TEST_F(NegativeSamplingTest, RefusesWhatItCannotDrawFrom) {
  const auto message = [](const absl::StatusOr<SamplingTable>& table) {
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(table.status());
  };
  EXPECT_EQ(message(UniformTable(0)), "negative sampling: 0 items; wanted from 1 to 1000000000");
  EXPECT_EQ(message(PopularityTable(std::vector<int64_t>{1, -2}, 1)),
            "negative sampling: item 1 has the count -2; wanted zero or a positive number");
  EXPECT_EQ(message(PopularityTable(std::vector<int64_t>{0, 0}, 1)),
            "negative sampling: every count is zero");
  EXPECT_EQ(message(PopularityTable(std::vector<int64_t>{1}, -1)),
            "negative sampling: power -1 is not zero or a positive number");
  EXPECT_EQ(message(PopularityTable(std::vector<int64_t>{1000, 1}, 1000)),
            "negative sampling: counts to the power of 1000 are beyond the range of a number");
  const auto table = UniformTable(3);
  Matrix<uint32_t> out(2, 2);
  CsrMatrix seen;
  seen.offsets = {0, 0};
  const auto left = SampleNegatives(context_, *table, {}, seen.view(), out.view());
  EXPECT_EQ(MessageOf(left.status()),
            "negative sampling: there are seen items of 1 rows; wanted 2");
}

}  // namespace
}  // namespace burgeon
