#include "engine/simulation/attribute_rows.h"

#include <algorithm>
#include <array>

#include "engine/base/text.h"
#include "engine/simulation/person_ids.h"

namespace burgeon {
namespace {

constexpr std::array<std::string_view, 3> kBands = {"low", "middle", "high"};
constexpr double kPartnerRegionWrong = 0.08;
constexpr double kBrokerRegionWrong = 0.15;
constexpr double kBrokerIncomeWrong = 0.25;

// Parts of an entity's draws (Draws' `sub`).
enum : uint32_t { kOwn = 0, kPartner = 1, kBroker = 2, kTier = 3 };

std::string_view RegionAsSeen(const Person& person, double wrong, Draws& draws) {
  const bool is_wrong = draws.Chance(wrong);
  const uint32_t other = draws.Below(kRegions - 1);
  if (!is_wrong) return RegionOf(person.region).name;
  return RegionOf((person.region + 1 + static_cast<int>(other)) % kRegions).name;
}

std::string_view CallingCode(std::string_view country) {
  if (country == "GB") return "+44";
  if (country == "DE") return "+49";
  if (country == "FR") return "+33";
  if (country == "US") return "+1";
  return country == "CN" ? "+86" : "+81";
}

std::string TwoDigits(int64_t minor) {
  return Concat(minor / 100, ".", minor % 100 / 10, minor % 10);
}

}  // namespace

PersonAttributes AttributesOf(const WorldConfig& config, const Person& person) {
  Draws draws(config.seed, Stream::kAttributes, person.number, kOwn);
  PersonAttributes out;
  out.birth_year = 1945 + static_cast<int>(draws.Below(60));
  const double gender = draws.Uniform();
  out.gender = gender < 0.49 ? "female" : gender < 0.98 ? "male" : "other";
  const double band = person.spend * (0.8 + 0.4 * draws.Uniform());
  out.income_band = kBands[band < 0.6 ? 0 : band < 1.2 ? 1 : 2];
  out.phone = Concat(CallingCode(RegionOf(person.region).country), 2'000'000'000 + person.number);
  return out;
}

std::vector<std::vector<std::string>> CustomerRows(const WorldConfig& config,
                                                   const Person& person) {
  const PersonAttributes attributes = AttributesOf(config, person);
  const Region& region = RegionOf(person.region);
  Draws draws(config.seed, Stream::kAttributes, person.number, kTier);
  constexpr std::array<std::string_view, 3> kTiers = {"basic", "silver", "gold"};
  const uint32_t tier = draws.Below(2);
  const auto row = [&](TimeMicros time, std::string_view tier_name) {
    return std::vector<std::string>{PersonId(config.seed, person.number, kAccountSlot),
                                    FormatTime(time),
                                    EmailOf(person.number),
                                    attributes.phone,
                                    std::string(region.country),
                                    std::string(region.name),
                                    std::string(region.zone),
                                    region.chinese ? "zh" : "en",
                                    Concat(attributes.birth_year),
                                    std::string(attributes.gender),
                                    std::string(tier_name)};
  };
  std::vector<std::vector<std::string>> rows = {row(person.start, kTiers[tier])};
  if (draws.Chance(0.2)) {
    const double days = 30 + 300 * draws.Uniform();
    const TimeMicros time = person.start + static_cast<int64_t>(days * 86'400) * kMicrosPerSecond;
    if (time < std::min(person.death, config.end())) rows.push_back(row(time, kTiers[tier + 1]));
  }
  return rows;
}

std::vector<std::string> PartnerRow(const WorldConfig& config, const Person& person) {
  Draws draws(config.seed, Stream::kAttributes, person.number, kPartner);
  const std::string_view region = RegionAsSeen(person, kPartnerRegionWrong, draws);
  return {PersonId(config.seed, person.number, kAccountSlot), FormatTime(person.start),
          std::string(region), std::string(AttributesOf(config, person).income_band),
          Concat(1 + draws.Below(5))};
}

std::vector<std::string> BrokerRow(const WorldConfig& config, const Person& person) {
  Draws draws(config.seed, Stream::kAttributes, person.number, kBroker);
  const PersonAttributes attributes = AttributesOf(config, person);
  const std::string_view region = RegionAsSeen(person, kBrokerRegionWrong, draws);
  std::string_view band = attributes.income_band;
  const bool wrong = draws.Chance(kBrokerIncomeWrong);
  const uint32_t other = draws.Below(2);
  if (wrong) {
    const auto at =
        static_cast<size_t>(std::find(kBands.begin(), kBands.end(), band) - kBands.begin());
    band = kBands[(at + 1 + other) % 3];
  }
  const int decade = attributes.birth_year / 10 * 10;
  return {PersonId(config.seed, person.number, kEmailSlot), FormatTime(person.start),
          std::string(region), std::string(band), Concat("born ", decade, "-", decade + 9)};
}

std::vector<std::vector<std::string>> AggregateRows(const WorldConfig& config) {
  std::vector<std::vector<std::string>> rows;
  for (int64_t day = 0; day < config.days; day += 91) {
    for (int r = 0; r < kRegions; ++r) {
      Draws draws(config.seed, Stream::kAggregates, static_cast<uint64_t>(r),
                  static_cast<uint32_t>(day));
      rows.push_back({std::string(RegionOf(r).name), FormatTime(config.start + day * kMicrosPerDay),
                      Concat(28'000 + 100 * draws.Below(300)), TwoDigits(20 + draws.Below(50)),
                      TwoDigits(100 + draws.Below(600))});
    }
  }
  return rows;
}

std::vector<std::string> ItemFields(const WorldConfig& config, const Catalogue& catalogue,
                                    uint32_t item) {
  const Item& it = catalogue.item(item);
  const Category& category = CategoryOf(it.category());
  return {Catalogue::ItemId(item),
          FormatTime(config.start),
          catalogue.ItemName(item),
          std::string(category.department),
          std::string(category.name),
          std::string(StyleName(it.style())),
          Catalogue::BrandName(it.brand),
          TwoDigits(it.price_cents),
          "EUR"};
}

}  // namespace burgeon
