#include "engine/simulation/catalogue.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace burgeon {
namespace {

WorldConfig SmallWorld() {
  WorldConfig config;
  config.items = 400;
  config.seed = 11;
  return config;
}

TEST(Catalogue, RanksAreAPermutationAndPopularityIsZipf) {
  WorldConfig config = SmallWorld();
  config.zipf = 0.8;
  const Catalogue catalogue(config);
  std::set<uint32_t> ranks;
  for (uint32_t i = 0; i < 400; ++i) {
    ranks.insert(catalogue.item(i).rank);
    EXPECT_NEAR(catalogue.popularity(i), std::pow(catalogue.item(i).rank, -0.8), 1e-12);
  }
  EXPECT_EQ(ranks.size(), 400U);
  EXPECT_EQ(*ranks.begin(), 1U);
  EXPECT_EQ(*ranks.rbegin(), 400U);
}

TEST(Catalogue, CellsAddUpToTheirItems) {
  const Catalogue catalogue(SmallWorld());
  std::vector<double> weight(kCells, 0);
  std::vector<double> money(kCells, 0);
  for (uint32_t i = 0; i < 400; ++i) {
    const Item& item = catalogue.item(i);
    weight[item.cell] += catalogue.popularity(i);
    money[item.cell] += catalogue.popularity(i) * item.price_cents / 100.0;
  }
  for (int cell = 0; cell < kCells; ++cell) {
    const auto at = static_cast<size_t>(cell);
    EXPECT_NEAR(catalogue.cell_popularity(cell), weight[at], 1e-12);
    if (weight[at] > 0) {
      EXPECT_NEAR(catalogue.cell_price(cell), money[at] / weight[at], 1e-9);
    }
    double square = 0;
    for (const double x : catalogue.cell_taste(cell)) square += x * x;
    EXPECT_NEAR(square, 1, 1e-12);
  }
}

// Frequencies of what is picked in a cell, against popularity, by a chi-square statistic: below
// its mean plus five of its standard deviations (k - 1 and sqrt(2 (k - 1))).
TEST(Catalogue, PicksByPopularity) {
  const Catalogue catalogue(SmallWorld());
  const size_t cell = catalogue.item(0).cell;
  std::vector<uint32_t> members;
  for (uint32_t i = 0; i < 400; ++i) {
    if (catalogue.item(i).cell == cell) members.push_back(i);
  }
  ASSERT_GE(members.size(), 2U);
  constexpr int kPicks = 100'000;
  std::vector<int> counts(400, 0);
  Draws draws(5, Stream::kSessions, 1);
  for (int k = 0; k < kPicks; ++k) ++counts[catalogue.PickInCell(cell, draws)];
  double chi_square = 0;
  int total = 0;
  for (const uint32_t i : members) {
    const double expected =
        kPicks * catalogue.popularity(i) / catalogue.cell_popularity(static_cast<int>(cell));
    chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
    total += counts[i];
  }
  EXPECT_EQ(total, kPicks);  // nothing outside of the cell
  const auto freedom = static_cast<double>(members.size() - 1);
  EXPECT_LT(chi_square, freedom + 5 * std::sqrt(2 * freedom) + 5);
}

TEST(Catalogue, SeasonsHaveMeanOne) {
  const Catalogue catalogue(SmallWorld());
  for (int category = 0; category < kCategories; ++category) {
    double sum = 0;
    for (int month = 0; month < 12; ++month) {
      EXPECT_GT(catalogue.Season(category, month), 0);
      sum += catalogue.Season(category, month);
    }
    EXPECT_NEAR(sum, 12, 1e-9);
  }
}

TEST(Catalogue, OneItemIsAWorldToo) {
  WorldConfig config = SmallWorld();
  config.items = 1;
  const Catalogue catalogue(config);
  Draws draws(1, Stream::kSessions, 0);
  EXPECT_EQ(catalogue.PickInCell(catalogue.item(0).cell, draws), 0U);
  EXPECT_EQ(Catalogue::ItemId(0), "i000000");
  EXPECT_EQ(Catalogue::ItemId(12'345'678), "i12345678");
}

}  // namespace
}  // namespace burgeon
