// What sources say about a person, an item and a region, as rows of CSV.
//
// customers.csv           first party, by account: told at registration, and again when something
//                         changes (the loyalty tier). Right, but for planted defects.
// partner_customers.csv   second party, by account: region wrong for 8 % of the persons
// broker_customers.csv    third party, by e-mail hash: income band wrong for 25 %, region for 15 %
// region_aggregates.csv   third party, by region and quarter: figures about people, not persons
// items.csv               first party
#ifndef BURGEON_ENGINE_SIMULATION_ATTRIBUTE_ROWS_H_
#define BURGEON_ENGINE_SIMULATION_ATTRIBUTE_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation/history.h"

namespace burgeon {

// What is true of a person, and is in truth/customers.csv.
struct PersonAttributes {
  int birth_year = 0;
  std::string_view gender;       // "female", "male", "other"
  std::string_view income_band;  // "low", "middle", "high": goes with the spend level
  std::string phone;             // E.164
};
PersonAttributes AttributesOf(const WorldConfig& config, const Person& person);

inline constexpr std::string_view kCustomerHeader =
    "id,time,email,phone,country,region,time_zone,language,birth_year,gender,loyalty_tier\n";
inline constexpr std::string_view kPartnerHeader = "id,time,region,income_band,household_size\n";
inline constexpr std::string_view kBrokerHeader = "id,time,region,income_band,age_band\n";
inline constexpr std::string_view kAggregateHeader =
    "region,time,median_income_euro,online_share,category_growth_percent\n";
inline constexpr std::string_view kItemHeader =
    "id,time,description,department,category,style,brand,price,currency\n";

// One row at the start, one more where the tier changed within the world. Fields in the order of
// kCustomerHeader.
std::vector<std::vector<std::string>> CustomerRows(const WorldConfig& config, const Person& person);
std::vector<std::string> PartnerRow(const WorldConfig& config, const Person& person);
std::vector<std::string> BrokerRow(const WorldConfig& config, const Person& person);
std::vector<std::vector<std::string>> AggregateRows(const WorldConfig& config);
// Said at the start of the world.
std::vector<std::string> ItemFields(const WorldConfig& config, const Catalogue& catalogue,
                                    uint32_t item);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_ATTRIBUTE_ROWS_H_
