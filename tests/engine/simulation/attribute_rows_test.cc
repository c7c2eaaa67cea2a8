#include "engine/simulation/attribute_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/simulation/person_ids.h"

namespace burgeon {
namespace {

size_t Fields(std::string_view header) {
  return static_cast<size_t>(std::count(header.begin(), header.end(), ',')) + 1;
}

TEST(AttributeRows, HaveAFieldForEveryColumn) {
  const WorldConfig config;
  const Catalogue catalogue(config);
  const Person person = MakePerson(config, MakePersonModel(config), 4);
  EXPECT_EQ(CustomerRows(config, person).at(0).size(), Fields(kCustomerHeader));
  EXPECT_EQ(PartnerRow(config, person).size(), Fields(kPartnerHeader));
  EXPECT_EQ(BrokerRow(config, person).size(), Fields(kBrokerHeader));
  EXPECT_EQ(AggregateRows(config).at(0).size(), Fields(kAggregateHeader));
  EXPECT_EQ(ItemFields(config, catalogue, 3).size(), Fields(kItemHeader));
}

TEST(AttributeRows, SourcesDisagreeAtTheirRates) {
  const WorldConfig config;
  const PersonModel model = MakePersonModel(config);
  constexpr int kPersons = 5000;
  double partner_region = 0;
  double broker_region = 0;
  double broker_income = 0;
  for (uint64_t p = 0; p < kPersons; ++p) {
    const Person person = MakePerson(config, model, p);
    const std::string region(RegionOf(person.region).name);
    const std::string income(AttributesOf(config, person).income_band);
    const auto crm = CustomerRows(config, person);
    EXPECT_EQ(crm[0][5], region);
    EXPECT_EQ(crm[0][0], PersonId(config.seed, p, kAccountSlot));
    const auto partner = PartnerRow(config, person);
    EXPECT_EQ(partner[3], income);
    if (partner[2] != region) ++partner_region;
    const auto broker = BrokerRow(config, person);
    EXPECT_EQ(broker[0], PersonId(config.seed, p, kEmailSlot));
    if (broker[2] != region) ++broker_region;
    if (broker[3] != income) ++broker_income;
  }
  const auto near = [](double count, double p) {
    EXPECT_NEAR(count / kPersons, p, 5 * std::sqrt(p * (1 - p) / kPersons));
  };
  near(partner_region, 0.08);
  near(broker_region, 0.15);
  near(broker_income, 0.25);
}

TEST(AttributeRows, TiersChangeWithinTheLife) {
  WorldConfig config;
  config.hazard_mean_per_day = 1.0 / 100;
  const PersonModel model = MakePersonModel(config);
  int changed = 0;
  for (uint64_t p = 0; p < 500; ++p) {
    const Person person = MakePerson(config, model, p);
    const auto rows = CustomerRows(config, person);
    ASSERT_LE(rows.size(), 2U);
    if (rows.size() < 2) continue;
    ++changed;
    EXPECT_LT(rows[0][1], rows[1][1]);  // ISO times
    EXPECT_LT(rows[1][1], FormatTime(std::min(person.death, config.end())));
    EXPECT_NE(rows[0][10], rows[1][10]);
    EXPECT_EQ(rows[0][5], rows[1][5]);
  }
  EXPECT_GT(changed, 0);
}

}  // namespace
}  // namespace burgeon
