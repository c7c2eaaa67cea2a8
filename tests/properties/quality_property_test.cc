// Quality over simulated worlds: nothing is found in a clean one, and every kind of planted defect
// is found in a sloppy one, most of them with the exact count of truth/defects.csv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "engine/governance/quality.h"
#include "engine/simulation/world_writer.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

// What cannot follow from a mapping: which items there are, what prices are like.
constexpr std::string_view kRules = R"yaml(quality:
  rules:
    - {name: item_known, field: item, references: {file: world/items.csv, column: id}}
    - {name: price_positive, expression: "unit_price > 0", where: "type = 'purchase'"}
    - name: price_plausible
      field: unit_price
      range: {max: 6000}
      where: "currency in ('EUR', 'GBP', 'USD')"
    - {name: score_on_scale, expression: "number(score) <= number(scale_max)"}
    - {name: currency_used, field: currency, in: [GBP, EUR, USD, CNY, JPY]}
)yaml";
constexpr std::string_view kCustomerRules = R"yaml(quality:
  rules:
    - {name: region_there, field: region, required: true}
    - {name: one_country, field: country, one_value_per: [id]}
)yaml";

class QualityWorlds {
 public:
  explicit QualityWorlds(uint64_t seed, int64_t customers = 350, int64_t days = 70) {
    config_.customers = customers;
    config_.items = 60;
    config_.days = days;
    config_.events_per_customer = static_cast<double>(days);
    config_.present_at_start = 1;
    config_.hazard_mean_per_day = 0;
    config_.year_amplitude = 0;
    config_.seed = seed;
  }

  const WorldConfig& config() const { return config_; }

  // The report on the events (or the customers) of a world with these defects.
  QualityReport Check(std::string_view source, const std::vector<Defect>& defects,
                      std::optional<QualityProfile> reference, WorldReport* written) {
    FaultFileSystem files;
    auto report = WriteWorld(files, pool_, config_, defects, "world", ProgressStyle::kSilent);
    EXPECT_TRUE(report.ok()) << MessageOf(report.status());
    *written = *report;
    auto rules = Config::Parse(source == "world" ? kRules : kCustomerRules, "world/rules.yaml");
    EXPECT_TRUE(rules.ok()) << MessageOf(rules.status());
    QualityJob job;
    job.options = ParseQualityOptions(rules->root().Child("quality"));
    const absl::Status finished = rules->Finish();
    EXPECT_TRUE(finished.ok()) << MessageOf(finished);
    job.input = source == "world" ? "world/events.csv" : "world/customers.csv";
    job.now = config_.end() + 60 * kMicrosPerDay;
    job.spill_folder = "spill";
    job.reference = std::move(reference);
    const auto found = CheckFile(files, SimSource(SimWorld(config_), source), job);
    EXPECT_TRUE(found.ok()) << MessageOf(found.status());
    return *found;
  }

 private:
  WorldConfig config_;
  ThreadPool pool_{2};
};

int64_t FailingOf(const QualityReport& report, std::string_view prefix) {
  int64_t failing = 0;
  bool there = false;
  for (const RuleResult& rule : report.rules) {
    if (!rule.name.starts_with(prefix)) continue;
    there = true;
    failing += rule.failing;
  }
  EXPECT_TRUE(there) << "no rule " << prefix;
  return failing;
}

std::string Broken(const QualityReport& report) {
  std::string broken;
  for (const RuleResult& rule : report.rules) {
    if (rule.failing == 0 || rule.weight == 0) continue;
    broken += Concat(rule.name, " ", rule.failing, " ", rule.note, "\n");
  }
  return broken;
}

TEST(QualityProperty, ACleanWorldRaisesNoAlarm) {
  const uint64_t seed = TestSeed();
  for (int round = 0; round < PropertyRounds(3); ++round) {
    QualityWorlds worlds(seed + static_cast<uint64_t>(round));
    for (const std::string_view source : {"world", "crm"}) {
      WorldReport written;
      const QualityReport report = worlds.Check(source, {}, std::nullopt, &written);
      for (const RuleResult& rule : report.rules) {
        EXPECT_TRUE(rule.failing == 0 || rule.weight == 0)
            << source << "\n"
            << Broken(report);
      }
      EXPECT_GT(report.rows, 300);
    }
  }
}

struct Expected {
  DefectKind kind;
  std::vector<std::string_view> rules;  // what finds it; their counts are added
  bool exactly = true;                  // as many as were planted; else some
  std::string_view source = "world";
};

TEST(QualityProperty, MojibakeOfChineseIsFound) {
  QualityWorlds worlds(TestSeed());
  WorldReport written;
  const QualityReport report = worlds.Check(
      "world", {{.kind = DefectKind::kMojibake, .rate = 0.05}}, std::nullopt, &written);
  EXPECT_EQ(FailingOf(report, "text_encoding_"), written.defects["mojibake"]);
}

TEST(QualityProperty, EveryPlantedDefectIsFound) {
  const uint64_t seed = TestSeed();
  const Expected expected[] = {
      // Consent and links need one; other events may do without.
      {DefectKind::kMissingCustomer, {"customer_missing", "customer_required"}},
      {DefectKind::kMissingItem, {"item_missing"}, false},  // a view may do without one
      {DefectKind::kOrphanItem, {"item_known"}},
      {DefectKind::kNegativeQuantity, {"quantity_valid"}},
      {DefectKind::kZeroPrice, {"price_positive"}},
      {DefectKind::kWrongUnit, {"price_plausible"}, false},  // cups at the price of a telephone
      {DefectKind::kWrongCurrency, {"currency_used"}},
      {DefectKind::kExactDuplicate, {"exact_duplicate"}},
      {DefectKind::kNearDuplicate, {"repeated_purchase"}},
      {DefectKind::kBrokenTime, {"time_valid"}},
      // 29 February is there in 2024, and neither in 2097 nor in 1970.
      {DefectKind::kTimeOutOfRange, {"time_in_future", "time_before_1990", "time_valid"}},
      {DefectKind::kFullWidth, {"item_full_width"}},
      {DefectKind::kScoreOutOfRange, {"score_on_scale"}},
      {DefectKind::kMissingAttribute,
       {"region_there"},
       false,
       "crm"},  // in both rows of a customer
      {DefectKind::kContradictoryAttribute, {"one_country"}, true, "crm"},
  };
  QualityWorlds worlds(seed);
  for (const Expected& one : expected) {
    SCOPED_TRACE(DefectKindName(one.kind));
    WorldReport written;
    const QualityReport report =
        worlds.Check(one.source, {{.kind = one.kind, .rate = 0.05}}, std::nullopt, &written);
    const int64_t planted = written.defects[std::string(DefectKindName(one.kind))];
    EXPECT_GT(planted, 0);
    int64_t found = 0;
    for (const std::string_view rule : one.rules) found += FailingOf(report, rule);
    EXPECT_NE(report.verdict, "pass");
    if (one.exactly) {
      EXPECT_EQ(found, planted) << Broken(report);
    } else {
      EXPECT_GT(found, 0) << Broken(report);
    }
  }
}

// Events come in sessions of about nine, so it takes many customers for every hour to have some.
TEST(QualityProperty, GapsAndDriftAreFoundAndNotImagined) {
  QualityWorlds worlds(/*seed=*/21, /*customers=*/8000, /*days=*/28);
  WorldReport written;
  const QualityReport clean = worlds.Check("world", {}, std::nullopt, &written);
  EXPECT_EQ(clean.verdict, "pass") << Broken(clean);
  EXPECT_EQ(FailingOf(clean, "silence"), 0);
  const QualityReport gap =
      worlds.Check("world", {{.kind = DefectKind::kGap, .rate = 1, .from_day = 12, .to_day = 14}},
                   clean.profile, &written);
  EXPECT_GT(FailingOf(gap, "silence"), 0);
  const QualityReport drift =
      worlds.Check("world", {{.kind = DefectKind::kDrift, .rate = 1, .from_day = 10, .factor = 5}},
                   clean.profile, &written);
  EXPECT_GT(FailingOf(drift, "drift_"), 0);
  EXPECT_THAT(Broken(drift), testing::HasSubstr("unit_price"));
}

}  // namespace
}  // namespace burgeon
