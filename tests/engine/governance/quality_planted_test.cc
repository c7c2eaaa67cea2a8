// Data of a shop without a fault, and the same with one kind of fault planted at a time: clean
// data raise no alarm, and each fault breaks the rule that is for it, with its exact count, and no
// other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/governance/quality.h"
#include "engine/governance/quality_builtin.h"
#include "engine/governance/quality_checks.h"
#include "engine/governance/quality_tests.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view kConfig = R"(
source:
  name: shop
  lateness_seconds: 172800
  fields:
    event_id: {column: id}
    customer: {column: customer, transforms: [trim]}
    item: {column: item, transforms: [trim]}
    time: {column: time}
    known_at: {column: known_at}
    quantity: {column: quantity}
    unit_price: {column: price}
    currency: {column: currency}
    channel: {column: channel}
    type: {column: type}
    properties: {brand: brand, order: order}
quality:
  columns: {quantity: number, price: number}
  rules:
    - {name: price_range, field: price, range: {min: 0.5, max: 500}}
    - {name: known_channel, field: channel, in: [web, app, store], dimension: consistency}
    - {name: item_pattern, field: item, pattern: "i[0-9]{3}"}
    - {name: one_currency, field: currency, constant: true}
    - {name: order_format, field: order, one_format: true}
    - {name: brand_there, field: brand, required: true, where: type = 'purchase'}
    - {name: brand_of_item, field: brand, one_value_per: [item]}
    - {name: brand_spelling, field: brand, near_identical: true}
    - {name: returns_are_single, expression: "quantity = 1 or type != 'return'"}
    - {name: item_known, field: item, references: {file: items.csv, column: id}}
    - {name: order_once, unique: [order]}
)";

struct Row {
  std::string id, time, known_at, customer, type, item, quantity, price, currency, channel, brand,
      order;
};
using Rows = std::vector<Row>;

constexpr TimeMicros kStart = 1'325'376'000LL * kMicrosPerSecond;  // 2012-01-01
constexpr int kDays = 20;
constexpr int kPerHour = 10;
constexpr int kItems = 200;
const char* const kBrands[] = {"Nordlicht", "Cedar & Co", "Plume", "Old Harbour"};

std::string ItemOf(int item) {
  char text[16];
  std::snprintf(text, sizeof(text), "i%03d", item);
  return text;
}

Rows CleanRows(uint64_t seed) {
  std::mt19937_64 random(seed);
  Rows rows;
  for (int64_t hour = 0; hour < kDays * 24; ++hour) {
    for (int i = 0; i < kPerHour; ++i) {
      const int64_t second = hour * 3600 + i * 360 + static_cast<int64_t>(random() % 350);
      const TimeMicros time = kStart + second * kMicrosPerSecond;
      const int item = static_cast<int>(random() % kItems);
      Row row;
      row.id = Concat("e", rows.size());
      row.time = FormatTime(time);
      row.known_at = FormatTime(time + static_cast<int64_t>(random() % 3600) * kMicrosPerSecond);
      row.customer = Concat("c", random() % 500);
      row.type = i == 0 ? "return" : "purchase";
      row.item = ItemOf(item);
      row.quantity = i == 0 ? "1" : Concat(1 + random() % 4);
      row.price = Concat(static_cast<double>(100 + random() % 9'900) / 100);
      row.currency = "EUR";
      row.channel = random() % 3 == 0 ? "app" : "web";
      row.brand = kBrands[item % 4];
      row.order = Concat("O-", 100'000 + rows.size());
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string Csv(const Rows& rows) {
  std::string out =
      "id,time,known_at,customer,type,item,quantity,price,currency,channel,brand,order\n";
  for (const Row& r : rows) {
    for (const std::string* field : {&r.id, &r.time, &r.known_at, &r.customer, &r.type, &r.item,
                                     &r.quantity, &r.price, &r.currency, &r.channel, &r.brand}) {
      out += *field + ",";
    }
    out += r.order + "\n";
  }
  return out;
}

class PlantedTest : public testing::Test {
 protected:
  PlantedTest() : seed_(TestSeed()), rows_(CleanRows(seed_)) {
    files_.contents["items.csv"] = "id,name\n";
    for (int i = 0; i < kItems; ++i) files_.contents["items.csv"] += ItemOf(i) + ",x\n";
  }

  absl::StatusOr<QualityReport> Check(const std::string& csv) {
    files_.contents["shop.csv"] = csv;
    auto config = Config::Parse(kConfig, "quality_planted_test.yaml");
    if (!config.ok()) return config.status();
    const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
    QualityJob job;
    job.options = ParseQualityOptions(config->root().Child("quality"));
    BURGEON_RETURN_IF_ERROR(config->Finish());
    for (QualityRule& rule : job.options.rules) {
      if (!rule.reference.file.empty()) rule.reference.file = "items.csv";
    }
    if (change_job_) change_job_(&job);
    job.input = "shop.csv";
    job.now = kStart + (kDays + 1) * kMicrosPerDay;
    job.spill_folder = "spill";
    job.reference = reference_;
    return CheckFile(files_, source, job);
  }

  // The rules broken, with how many rows break them.
  std::map<std::string, int64_t> Broken(const std::string& csv) {
    const auto report = Check(csv);
    EXPECT_TRUE(report.ok()) << report.status();
    std::map<std::string, int64_t> broken;
    if (!report.ok()) return broken;
    for (const RuleResult& rule : report->rules) {
      if (rule.failing > 0) broken[rule.name] = rule.failing;
    }
    return broken;
  }
  std::map<std::string, int64_t> Broken() { return Broken(Csv(rows_)); }

  // Rows spread over the data, not those at its ends.
  Row& At(size_t i) { return rows_[500 + i * 137]; }
  // The same, a purchase: every tenth row is a return.
  Row& Purchase(size_t i) {
    size_t at = 500 + i * 137;
    while (rows_[at].type != "purchase") ++at;
    return rows_[at];
  }

  const uint64_t seed_;
  MemoryFileSystem files_;
  Rows rows_;
  std::optional<QualityProfile> reference_;
  std::function<void(QualityJob*)> change_job_;
};

TEST_F(PlantedTest, CleanDataRaiseNoAlarm) {
  const auto report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  for (const RuleResult& rule : report->rules) EXPECT_EQ(rule.failing, 0) << rule.name;
  EXPECT_EQ(report->score, 1);
  EXPECT_EQ(report->verdict, "pass");
  EXPECT_EQ(report->rows, kDays * 24 * kPerHour);
  EXPECT_TRUE(report->worst_rows.empty());
  EXPECT_GT(report->rules.size(), 30U);
  EXPECT_FALSE(files_.Exists("spill"));
}

TEST_F(PlantedTest, CleanDataOfAnotherDayDoNotDrift) {
  const auto before = Check(Csv(CleanRows(seed_ + 1)));
  ASSERT_TRUE(before.ok()) << before.status();
  reference_ = before->profile;
  EXPECT_TRUE(Broken().empty());
}

// ---- Accuracy

TEST_F(PlantedTest, ValuesOutOfRange) {
  for (size_t i = 0; i < 7; ++i) At(i).price = "5000";
  EXPECT_THAT(Broken(), ElementsAre(Pair("price_range", 7)));
}
TEST_F(PlantedTest, ValuesOfNoEnumeration) {
  for (size_t i = 0; i < 3; ++i) At(i).channel = "fax";
  EXPECT_THAT(Broken(), ElementsAre(Pair("known_channel", 3)));
}
TEST_F(PlantedTest, CrossFieldRules) {
  int planted = 0;
  for (Row& row : rows_) {
    if (row.type == "return" && planted < 4) row.quantity = Concat(2 + planted++);
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("returns_are_single", 4)));
}
TEST_F(PlantedTest, TimesInTheFuture) {
  // Known no later than they happen: 0 seconds of lag.
  for (size_t i = 0; i < 2; ++i) At(i).time = At(i).known_at = "2012-05-01T10:00:00Z";
  EXPECT_THAT(Broken(), ElementsAre(Pair("time_in_future", 2)));
}
TEST_F(PlantedTest, TimesBefore1990) {
  At(1).time = At(1).known_at = "1984-05-01T10:00:00Z";
  EXPECT_THAT(Broken(), ElementsAre(Pair("time_before_1990", 1)));
}
TEST_F(PlantedTest, TextThatIsNoTimeNumberOrType) {
  At(0).time = "yesterday";
  At(1).known_at = "2012-13-01";
  At(2).quantity = "two";
  At(3).type = "bought";
  At(4).currency = "euro";
  // What is no number breaks the type of the column too; the odd currency is not the one of all.
  EXPECT_THAT(Broken(),
              ElementsAre(Pair("currency_valid", 1), Pair("known_at_valid", 1),
                          Pair("one_currency", 1), Pair("quantity_valid", 1), Pair("time_valid", 1),
                          Pair("type_quantity", 1), Pair("type_valid", 1)));
}
TEST_F(PlantedTest, DamagedEncoding) {
  // Every row of the brand, so that it is the spelling of all its items.
  int64_t count = 0;
  for (Row& row : rows_) {
    if (row.brand != "Plume") continue;
    row.brand = "Pl\xC3\x83\xC2\xBCme";
    ++count;
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("text_encoding_brand", count)));
}
TEST_F(PlantedTest, RowsThatCannotBeTakenApart) {
  EXPECT_THAT(Broken(Csv(rows_) + "1,2,3\nx\n"), ElementsAre(Pair("row_readable", 2)));
}

// ---- Completeness

TEST_F(PlantedTest, MissingCustomers) {
  for (size_t i = 0; i < 11; ++i) At(i).customer = i % 2 == 0 ? "" : "  ";
  EXPECT_THAT(Broken(), ElementsAre(Pair("customer_missing", 11)));
}
TEST_F(PlantedTest, MissingItems) {
  for (size_t i = 0; i < 5; ++i) At(i).item = "";
  EXPECT_THAT(Broken(), ElementsAre(Pair("item_missing", 5)));
}
TEST_F(PlantedTest, MissingTimes) {
  for (size_t i = 0; i < 6; ++i) At(i).time = "";
  EXPECT_THAT(Broken(), ElementsAre(Pair("time_required", 6)));
}
TEST_F(PlantedTest, MissingFieldsOfSomeTypesOnly) {
  for (size_t i = 0; i < 6; ++i) Purchase(i).brand = "";
  for (Row& row : rows_) {
    if (row.type == "return") row.brand = "";  // not asked of returns
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("brand_there", 6)));
}

// ---- Consistency

TEST_F(PlantedTest, AnotherCurrency) {
  for (size_t i = 0; i < 9; ++i) At(i).currency = "GBP";
  EXPECT_THAT(Broken(), ElementsAre(Pair("one_currency", 9)));
}
TEST_F(PlantedTest, AnotherFormat) {
  for (size_t i = 0; i < 4; ++i) At(i).order = Concat("2012/", 900'000 + i);
  EXPECT_THAT(Broken(), ElementsAre(Pair("order_format", 4)));
}
TEST_F(PlantedTest, ContradictingValues) {
  for (size_t i = 0; i < 4; ++i) {
    At(i).brand = At(i).brand == "Plume" ? "Nordlicht" : "Plume";
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("brand_of_item", 4)));
}
TEST_F(PlantedTest, IdsThatNobodyKnows) {
  for (size_t i = 0; i < 8; ++i) {
    At(i).item = "i999";
    At(i).brand = "Plume";
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("item_known", 8)));
}
TEST_F(PlantedTest, LettersOfFullWidth) {
  At(3).item = "i\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93";
  EXPECT_THAT(Broken(), ElementsAre(Pair("item_full_width", 1), Pair("item_known", 1),
                                    Pair("item_pattern", 1)));
}
TEST_F(PlantedTest, OneEventIdForTwoEvents) {
  At(5).id = At(6).id;
  EXPECT_THAT(Broken(), ElementsAre(Pair("event_id_conflict", 1)));
}

// ---- Timeliness

TEST_F(PlantedTest, LateArrivals) {
  for (size_t i = 0; i < 12; ++i) At(i).known_at = "2012-02-20T00:00:00Z";
  EXPECT_THAT(Broken(), ElementsAre(Pair("late", 12)));
}
TEST_F(PlantedTest, KnownBeforeItHappened) {
  for (size_t i = 0; i < 2; ++i) At(i).known_at = "2012-01-01T00:00:00Z";
  EXPECT_THAT(Broken(), ElementsAre(Pair("known_before_event", 2)));
}
TEST_F(PlantedTest, AGap) {
  // Five hours of the tenth day: 50 events.
  rows_.erase(rows_.begin() + (10 * 24 + 3) * kPerHour, rows_.begin() + (10 * 24 + 8) * kPerHour);
  EXPECT_THAT(Broken(), ElementsAre(Pair("silence", 5)));
}
TEST_F(PlantedTest, StaleData) {
  change_job_ = [](QualityJob* job) { job->options.max_staleness_days = 3; };
  EXPECT_TRUE(Broken().empty());
  change_job_ = [](QualityJob* job) { job->options.max_staleness_days = 0.5; };
  EXPECT_THAT(Broken(), ElementsAre(Pair("stale", 1)));
}

// ---- Uniqueness

TEST_F(PlantedTest, ExactDuplicates) {
  for (size_t i = 0; i < 10; ++i) rows_.push_back(Row(At(i)));
  rows_.push_back(Row(At(0)));  // a third time
  EXPECT_THAT(Broken(), ElementsAre(Pair("exact_duplicate", 11), Pair("order_once", 11)));
}
TEST_F(PlantedTest, NearDuplicates) {
  for (size_t i = 0; i < 6; ++i) {
    Row again = Purchase(i);
    again.id += "x";
    again.order = Concat("O-", 900'000 + i);
    rows_.push_back(again);
  }
  EXPECT_THAT(Broken(), ElementsAre(Pair("repeated_purchase", 6)));
}
TEST_F(PlantedTest, OneKeyTwice) {
  At(1).order = At(2).order;
  EXPECT_THAT(Broken(), ElementsAre(Pair("order_once", 1)));
}
TEST_F(PlantedTest, NearlyTheSameText) {
  // All rows of one item, so that the item has one brand all the same.
  int64_t count = 0;
  for (Row& row : rows_) {
    if (row.item != "i001") continue;
    row.brand = "CEDAR  &  CO.";
    ++count;
  }
  ASSERT_GT(count, 0);
  EXPECT_THAT(Broken(), ElementsAre(Pair("brand_spelling", count)));
}

// ---- Drift

TEST_F(PlantedTest, DriftOfNumbersCategoriesNullsAndRate) {
  const auto before = Check(Csv(CleanRows(seed_ + 1)));
  ASSERT_TRUE(before.ok()) << before.status();
  reference_ = before->profile;
  const Rows clean = rows_;
  for (Row& row : rows_) row.price = Concat(*ParseDouble(row.price) * 3);
  EXPECT_THAT(Broken(), ElementsAre(Pair("drift_distance_price", 1)));
  rows_ = clean;
  for (size_t i = 0; i < rows_.size(); ++i) rows_[i].channel = i % 5 == 0 ? "app" : "store";
  EXPECT_THAT(Broken(), ElementsAre(Pair("drift_psi_channel", 1)));
  rows_ = clean;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].type == "return" || i % 3 == 0) rows_[i].brand = "";
  }
  EXPECT_THAT(Broken(), testing::Contains(Pair("drift_null_share_brand", 1)));
  rows_.assign(clean.begin(), clean.begin() + 24 * kPerHour);
  Rows thin;
  for (size_t i = 0; i < clean.size(); i += 10) thin.push_back(clean[i + 1]);
  rows_ = thin;
  EXPECT_THAT(Broken(), testing::Contains(Pair("drift_rows_per_day", 1)));
}

// ---- What is shown

TEST_F(PlantedTest, TheWorstRowsComeFirstWithTheirLinesAndRules) {
  At(3).price = "5000";
  At(5).price = "5000";
  At(5).channel = "fax";
  const auto report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->worst_rows.size(), 2U);
  EXPECT_EQ(report->worst_rows[0].line, 500 + 5 * 137 + 2);  // the header is line 1
  EXPECT_THAT(report->worst_rows[0].rules, ElementsAre("price_range", "known_channel"));
  EXPECT_EQ(report->worst_rows[0].values[7], "5000");
  EXPECT_EQ(report->worst_rows[1].line, 500 + 3 * 137 + 2);
  EXPECT_EQ(report->verdict, "warn");
  // price_range: 2 of 4,800 rows; accuracy is the mean over the weights of its rules.
  const Score& accuracy = report->dimensions[static_cast<size_t>(QualityDimension::kAccuracy)];
  EXPECT_NEAR(1 - accuracy.score, 2.0 / 4'800 / accuracy.weight, 1e-9);
}

TEST_F(PlantedTest, CustomersAreConcealedWhenThereIsAKey) {
  At(0).customer = "secret-person";
  At(0).price = "5000";
  change_job_ = [](QualityJob* job) {
    job->pseudonym = [](std::string_view) { return std::string("PSEUDONYM"); };
    job->options.conceal = {"order"};
  };
  const auto report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->worst_rows.size(), 1U);
  EXPECT_EQ(report->worst_rows[0].values[3], "PSEUDONYM");
  EXPECT_EQ(report->worst_rows[0].values[11], "PSEUDONYM");
  for (const FieldSummary& field : report->fields) {
    if (field.name == "customer" || field.name == "order") {
      EXPECT_TRUE(field.personal);
      EXPECT_TRUE(field.frequent.empty());
    }
  }
}

TEST_F(PlantedTest, AnErrorFailsTheVerdictAndAMinimumToo) {
  At(0).price = "5000";
  change_job_ = [](QualityJob* job) { job->options.rules[0].severity = Severity::kError; };
  auto report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict, "fail");
  ASSERT_EQ(report->failures.size(), 1U);
  EXPECT_THAT(report->failures[0], HasSubstr("rule 'price_range' (price from 0.5 to 500) is broken "
                                             "by 1 of 4800 rows"));
  change_job_ = [](QualityJob* job) {
    job->options.rules[0].severity = Severity::kError;
    job->options.rules[0].max_share = 0.01;
  };
  report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict, "warn");
  change_job_ = [](QualityJob* job) { job->options.min_scores[0] = 1; };
  report = Check(Csv(rows_));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict, "fail");
  EXPECT_THAT(report->failures[0], HasSubstr("accuracy score 0.99"));
}

TEST_F(PlantedTest, RulesThatDoNotFitTheFileAreNamed) {
  const auto problem = [&](std::function<void(QualityJob*)> change) {
    change_job_ = std::move(change);
    return MessageOf(Check(Csv(rows_)).status());
  };
  EXPECT_THAT(
      problem([](QualityJob* job) { job->options.rules[0].field = "cost"; }),
      HasSubstr("quality rule 'price_range': there is no column 'cost'; the columns are id"));
  EXPECT_THAT(problem([](QualityJob* job) { job->options.rules[0].min = "cheap"; }),
              HasSubstr("quality rule 'price_range': range: 'cheap' is not a number"));
  EXPECT_THAT(problem([](QualityJob* job) { job->options.rules[8].expression = "quantity ="; }),
              HasSubstr("quality rule 'returns_are_single': expression 'quantity =', position 11"));
  EXPECT_THAT(problem([](QualityJob* job) { job->options.rules[2].expression = "("; }),
              HasSubstr("quality rule 'item_pattern': pattern '(', position 1"));
  EXPECT_THAT(problem([](QualityJob* job) { job->options.rules[0].where = "price"; }),
              HasSubstr("quality rule 'price_range': where: expression 'price'"));
  EXPECT_THAT(problem([](QualityJob* job) {
                job->options.rules[9].reference = {"", "", "items"};
              }),
              HasSubstr("needs a workspace with an event store"));
  EXPECT_THAT(
      problem([](QualityJob* job) { job->options.columns["cost"] = ExpressionType::kText; }),
      HasSubstr("quality.columns: the file has no column 'cost'"));
}

}  // namespace
}  // namespace burgeon
