#include "engine/simulation/person.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace burgeon {
namespace {

constexpr uint64_t kPersons = 20'000;

// Mean over persons, within five standard errors of what is expected.
void ExpectMean(const WorldConfig& config, double mean, double variance,
                const std::function<double(const Person&)>& value) {
  const PersonModel model = MakePersonModel(config);
  double sum = 0;
  for (uint64_t p = 0; p < kPersons; ++p) sum += value(MakePerson(config, model, p));
  EXPECT_NEAR(sum / kPersons, mean, 5 * std::sqrt(variance / kPersons));
}

TEST(Person, RateIsGamma) {
  WorldConfig config;
  config.rate_shape = 1.5;
  const double mean = MakePersonModel(config).mean_rate_per_day;
  ExpectMean(config, mean, mean * mean / 1.5, [](const Person& p) { return p.rate_per_day; });
}

TEST(Person, LifetimesFollowTheParetoOfMixedHazards) {
  WorldConfig config;
  config.hazard_shape = 2;
  config.hazard_mean_per_day = 1.0 / 100;
  config.present_at_start = 1;
  for (const double days : {10.0, 100.0, 365.0}) {
    // P(alive after t) = (1 + t h / s)^-s
    const double alive = std::pow(1 + days * 0.01 / 2, -2);
    ExpectMean(config, alive, alive * (1 - alive), [&](const Person& p) {
      return p.death > p.start + static_cast<TimeMicros>(days * 8.64e10) ? 1.0 : 0.0;
    });
  }
}

TEST(Person, NobodyLeavesWithoutHazard) {
  WorldConfig config;
  config.hazard_mean_per_day = 0;
  const PersonModel model = MakePersonModel(config);
  for (uint64_t p = 0; p < 100; ++p) EXPECT_EQ(MakePerson(config, model, p).death, INT64_MAX);
}

TEST(Person, SpendHasMeanOne) {
  WorldConfig config;
  config.spend_sigma = 0.6;
  ExpectMean(config, 1, std::exp(0.36) - 1, [](const Person& p) { return p.spend; });
}

TEST(Person, StartsConsentAndRegionsHaveTheirShares) {
  WorldConfig config;
  config.present_at_start = 0.6;
  ExpectMean(config, 0.6, 0.24,
             [&](const Person& p) { return p.start == config.start ? 1.0 : 0.0; });
  ExpectMean(config, 0.88, 0.88 * 0.12, [](const Person& p) { return p.consent[1] ? 1.0 : 0.0; });
  for (int r = 0; r < kRegions; ++r) {
    const double share = RegionOf(r).share;
    ExpectMean(config, share, share * (1 - share),
               [r](const Person& p) { return p.region == r ? 1.0 : 0.0; });
  }
}

TEST(Person, RegionSharesAddUp) {
  double sum = 0;
  for (int r = 0; r < kRegions; ++r) sum += RegionOf(r).share;
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(Person, TasteOfAGroupIsAlikeAndOfOthersIsNot) {
  WorldConfig config;
  config.taste_groups = 4;
  config.taste_noise = 0.3;
  const PersonModel model = MakePersonModel(config);
  double within = 0;
  double between = 0;
  int pairs_within = 0;
  int pairs_between = 0;
  for (uint64_t a = 0; a < 60; ++a) {
    for (uint64_t b = a + 1; b < 60; ++b) {
      const Person x = MakePerson(config, model, a);
      const Person y = MakePerson(config, model, b);
      double square = 0;
      for (size_t k = 0; k < kTasteDims; ++k) {
        square += (x.taste[k] - y.taste[k]) * (x.taste[k] - y.taste[k]);
      }
      const bool same = x.taste_group == y.taste_group;
      (same ? within : between) += square;
      ++(same ? pairs_within : pairs_between);
    }
  }
  // Within: twice the noise's variance in 8 dimensions, 2 * 8 * 0.09 / 1.09 = 1.32.
  EXPECT_NEAR(within / pairs_within, 1.32, 0.3);
  EXPECT_GT(between / pairs_between, 3 * within / pairs_within);
}

TEST(Person, ExposureByHand) {
  WorldConfig config;
  config.days = 100;
  config.hazard_mean_per_day = 0;
  config.present_at_start = 1;
  EXPECT_NEAR(ExpectedExposureDays(config), 100, 1e-9);
  config.present_at_start = 0;  // joining evenly: half of it
  EXPECT_NEAR(ExpectedExposureDays(config), 50, 1e-9);
  // Shape 1: the integral of 1 / (1 + h t) is ln(1 + h T) / h.
  config.present_at_start = 1;
  config.hazard_shape = 1;
  config.hazard_mean_per_day = 0.02;
  EXPECT_NEAR(ExpectedExposureDays(config), std::log(3.0) / 0.02, 0.01);
}

TEST(Person, LineValueIsTheMeanOverWhatWouldBePicked) {
  WorldConfig config;
  config.items = 300;
  config.funnel.discounted = 0;
  config.funnel.extra_unit = 0.5;  // two units on average
  const Catalogue catalogue(config);
  const PersonModel model = MakePersonModel(config);
  const Person person = MakePerson(config, model, 3);
  // By hand: every month, every item.
  const CellWeights weights = CellWeightsOf(config, catalogue, person);
  double expected = 0;
  for (int month = 0; month < 12; ++month) {
    double sum = 0;
    double money = 0;
    for (uint32_t i = 0; i < 300; ++i) {
      const Item& item = catalogue.item(i);
      const double p = weights[item.cell] / catalogue.cell_popularity(item.cell) *
                       catalogue.popularity(i) * catalogue.Season(item.category(), month);
      sum += p;
      money += p * item.price_cents / 100.0;
    }
    expected += 2 * money / sum / 12;
  }
  EXPECT_NEAR(ExpectedLineEuro(config, catalogue, person), expected, 1e-9 * expected);
}

TEST(Person, WithoutTasteEveryoneLikesTheSame) {
  WorldConfig config;
  config.taste_strength = 0;
  const Catalogue catalogue(config);
  const PersonModel model = MakePersonModel(config);
  const CellWeights weights = CellWeightsOf(config, catalogue, MakePerson(config, model, 3));
  for (int cell = 0; cell < kCells; ++cell) {
    EXPECT_NEAR(weights[static_cast<size_t>(cell)], catalogue.cell_popularity(cell), 1e-12);
  }
}

}  // namespace
}  // namespace burgeon
