// CheckStore over a store that was filled by ingests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "engine/config/config.h"
#include "engine/events/ingest.h"
#include "engine/governance/quality.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view kSource = R"(
name: shop
max_bad_fraction: 0.5
fields:
  customer: {column: customer}
  item: {column: item}
  time: {column: time}
  known_at: {column: known_at}
  unit_price: {column: price}
  currency: {constant: EUR}
  channel: {column: channel}
  type: {column: type}
  properties: {note: note}
item_attributes:
  brand: {column: brand}
)";

constexpr TimeMicros kStart = 1'325'376'000LL * kMicrosPerSecond;  // 2012-01-01

class QualityStoreTest : public testing::Test {
 protected:
  QualityStoreTest()
      : folder_(Concat(testing::TempDir(), "/burgeon_quality_store_", getpid())), pool_(2) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~QualityStoreTest() override { std::filesystem::remove_all(folder_); }

  // Ten days of 40 purchases an hour, from `day`; `price` of the first item and `extra` rows.
  std::string Csv(int64_t day, double price, const std::string& extra) {
    std::string text = "customer,item,time,known_at,price,channel,type,note,brand\n";
    for (int64_t i = 0; i < 10 * 24 * 40; ++i) {
      const TimeMicros time = kStart + day * kMicrosPerDay + i * 90 * kMicrosPerSecond;
      const int64_t item = i % 50;
      text += Concat("c", i % 97, ",i", item, ",", FormatTime(time), ",", FormatTime(time), ",",
                     price * (1 + static_cast<double>(item) / 10), ",", i % 3 == 0 ? "app" : "web",
                     ",purchase,,b", item % 4, "\n");
    }
    return text + extra;
  }
  void Ingest(const std::string& name, const std::string& csv) {
    std::ofstream(folder_ + "/" + name) << csv;
    auto config = Config::Parse(kSource, "source");
    ASSERT_TRUE(config.ok()) << config.status();
    IngestOptions options;
    options.source = ParseSourceConfig(config->root());
    ASSERT_TRUE(config->Finish().ok()) << config->Finish();
    options.input = folder_ + "/" + name;
    options.store_folder = folder_ + "/events";
    const auto record = burgeon::Ingest(RealFileSystem(), pool_, FixedClock(kStart), options);
    ASSERT_TRUE(record.ok()) << record.status();
  }
  absl::StatusOr<QualityReport> Check(const std::string& quality = "{}") {
    auto config = Config::Parse(quality, "quality");
    if (!config.ok()) return config.status();
    QualityJob job;
    job.options = ParseQualityOptions(config->root());
    BURGEON_RETURN_IF_ERROR(config->Finish());
    job.now = kStart + 100 * kMicrosPerDay;
    job.spill_folder = folder_ + "/spill";
    auto store = EventStore::Open(RealFileSystem(), folder_ + "/events");
    if (!store.ok()) return store.status();
    return CheckStore(RealFileSystem(), *store, job);
  }
  static std::map<std::string, int64_t> Broken(const QualityReport& report) {
    std::map<std::string, int64_t> broken;
    for (const RuleResult& rule : report.rules) {
      if (rule.failing > 0) broken[rule.name] = rule.failing;
    }
    return broken;
  }

  const std::string folder_;
  ThreadPool pool_;
};

TEST_F(QualityStoreTest, ACleanStoreRaisesNoAlarm) {
  Ingest("a.csv", Csv(0, 5, ""));
  Ingest("b.csv", Csv(10, 5, ""));
  const auto report = Check();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Broken(*report), testing::IsEmpty());
  EXPECT_EQ(report->rows, 2 * 9'600);
  EXPECT_EQ(report->verdict, "pass");
  // Drift was looked for: the second ingest against the first.
  EXPECT_THAT(report->rules,
              Contains(testing::Field(&RuleResult::name, "drift_ingest_2_distance_value")));
}

TEST_F(QualityStoreTest, DriftBetweenIngestsIsFound) {
  Ingest("a.csv", Csv(0, 5, ""));
  Ingest("b.csv", Csv(10, 15, ""));
  const auto report = Check();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Broken(*report), ElementsAre(Pair("drift_ingest_2_distance_value", 1)));
}

TEST_F(QualityStoreTest, WhatTheIngestsCountedAndWhatTheEventsAre) {
  const std::string same = "cx,i1,2012-01-03T00:00:30Z,2012-01-03T00:00:30Z,5.5,web,purchase,,b1\n";
  Ingest("a.csv", Csv(0, 5,
                      same + same +  // dropped by the ingest
                          ",i2,2012-01-03T00:00:00Z,2012-01-03T00:00:00Z,6,web,purchase,,b2\n"
                          "cy,,2012-01-03T00:00:00Z,2012-01-03T00:00:00Z,6,web,purchase,,b2\n"
                          "cy,i3,2012-01-03,2012-01-02,6.5,web,purchase,,b3\n"
                          "cz,i4,yesterday,2012-01-02,6.5,web,purchase,,b0\n"
                          "cz,i4,2012-01-04T10:00:00Z,2012-01-04T10:00:00Z,7,web,purchase,,b0\n"
                          "cz,i4,2012-01-04T10:00:01Z,2012-01-04T10:00:01Z,7,web,purchase,,b0\n"
                          "cz,i4,2030-01-01,2030-01-01,7,web,purchase,,b0\n"));
  const auto report = Check(R"yaml(
columns: {properties.note: text}
store_rules:
  - {name: known_item, field: item, references: {store: items}}
  - {name: no_purchase_of_cz, expression: "customer != 'cz'", severity: error}
  - {name: note, field: properties.note, required: true, where: customer = 'cz'}
)yaml");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Broken(*report),
              ElementsAre(Pair("customer_missing", 1), Pair("duplicates_in_files", 1),
                          Pair("item_missing", 1), Pair("known_before_event", 1),
                          Pair("no_purchase_of_cz", 3), Pair("note", 3), Pair("quarantined", 1),
                          Pair("repeated_purchase", 1), Pair("time_in_future", 1)));
  EXPECT_EQ(report->verdict, "fail");
  // The worst row breaks three rules; its place is that of the file: 9,600 rows, the header, and
  // the ninth row after them.
  ASSERT_FALSE(report->worst_rows.empty());
  const ShownRow& worst = report->worst_rows[0];
  EXPECT_THAT(worst.rules, ElementsAre("time_in_future", "no_purchase_of_cz", "note"));
  EXPECT_EQ(worst.line, 9'600 + 1 + 9);
  EXPECT_EQ(worst.ingest, 1);
  EXPECT_EQ(worst.values[0], "cz");
  for (const RuleResult& rule : report->rules) {
    if (rule.name == "quarantined") {
      EXPECT_THAT(rule.note, HasSubstr("time"));
    }
  }
}

TEST_F(QualityStoreTest, ARuleOfAColumnThatEventsDoNotHaveIsNamed) {
  Ingest("a.csv", Csv(0, 5, ""));
  const auto status = Check("store_rules: [{name: r, field: cost, required: true}]").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("quality rule 'r': there is no column 'cost'; the "
                                           "columns are customer, item, type"));
}

}  // namespace
}  // namespace burgeon
