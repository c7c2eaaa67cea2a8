// The known defects of UCI Online Retail, each with its exact count. The figures come from another
// program (Python's csv module over the original file), never from this one. With
//   rows = list(csv.reader(gzip.open('online_retail.csv.gz', 'rt', newline='')))[1:]
// and I,S,D,Q,T,P,C,K = range(8) for the columns, the expression of each stands beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "engine/config/config.h"
#include "engine/governance/quality.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr std::string_view kQuality = R"yaml(
rules:
  - {name: quantity_negative, field: Quantity, range: {min: 0}}
  - {name: price_zero, field: UnitPrice, expression: UnitPrice != 0}
  - {name: price_negative, field: UnitPrice, range: {min: 0}}
  - {name: cancelled, field: InvoiceNo, expression: "not starts_with(InvoiceNo, 'C')"
}
  - {name: negative_not_cancelled, expression: "Quantity >= 0 or InvoiceNo like 'C%'"}
  - {name: cancelled_not_negative, expression: "Quantity < 0 or InvoiceNo not like 'C%'"}
  - {name: description_missing, field: Description, required: true}
  - {name: customer_missing_in_file, field: CustomerID, required: true}
  - {name: description_question, field: Description, expression: "Description not like '%?%'"}
  - {name: description_only_question, expression: "not (Description matches '[? ]+')"}
  - {name: descriptions_of_code, field: Description, one_value_per: [StockCode]}
  - {name: countries_of_customer, field: Country, one_value_per: [CustomerID]}
  - {name: times_of_invoice, field: InvoiceDate, one_value_per: [InvoiceNo]}
  - {name: customers_of_invoice, field: CustomerID, one_value_per: [InvoiceNo]}
  - {name: invoice_number, field: InvoiceNo, pattern: "[AC]?[0-9]{6}"}
  - {name: stock_code, field: StockCode, pattern: "[0-9]{5}[A-Za-z]{0,2}"}
  - {name: stock_code_case, field: StockCode, expression: StockCode = upper(StockCode)}
  - {name: country_unspecified, field: Country, expression: Country != 'Unspecified'}
  - {name: quantity_huge, field: Quantity, range: {min: -10000, max: 10000}}
  - {name: free_but_named, expression: UnitPrice != 0 or CustomerID is null}
)yaml";

// Sorts of expected results: failing of checked, and groups.
struct Expected {
  int64_t failing;
  int64_t checked;
  int64_t groups = 0;
};

const std::map<std::string, Expected>& KnownDefects() {
  static const std::map<std::string, Expected>* const known = new std::map<std::string, Expected>{
      // sum(int(r[Q]) < 0 for r in rows)
      {"quantity_negative", {10'624, 541'909}},
      // sum(float(r[P]) == 0 for r in rows); < 0
      {"price_zero", {2'515, 541'909}},
      {"price_negative", {2, 541'909}},
      // sum(r[I].startswith('C') for r in rows)
      {"cancelled", {9'288, 541'909}},
      // sum(int(r[Q]) < 0 and not r[I].startswith('C') for r in rows); the reverse
      {"negative_not_cancelled", {1'336, 541'909}},
      {"cancelled_not_negative", {0, 541'909}},
      // sum(r[D] == '' for r in rows); r[C]
      {"description_missing", {1'454, 541'909}},
      {"customer_missing_in_file", {135'080, 541'909}},
      // sum('?' in r[D] for r in rows); sum(bool(re.fullmatch('[? ]+', r[D])) for r in rows)
      {"description_question", {82, 540'455}},
      {"description_only_question", {55, 540'455}},
      // cnt[code][description] of rows with one; sum(sum(v.values()) - max(v.values())), and
      // sum(len(v) > 1)
      {"descriptions_of_code", {7'853, 540'455, 650}},
      {"countries_of_customer", {175, 406'829, 8}},
      {"times_of_invoice", {597, 541'909, 43}},
      {"customers_of_invoice", {0, 406'829, 0}},
      // sum(not re.fullmatch('[AC]?[0-9]{6}', r[I]) for r in rows); the stock code's
      {"invoice_number", {0, 541'909}},
      {"stock_code", {2'995, 541'909}},
      // sum(r[S] != r[S].upper() for r in rows)
      {"stock_code_case", {1'977, 541'909}},
      {"country_unspecified", {446, 541'909}},
      // sum(abs(int(r[Q])) > 10000 for r in rows)
      {"quantity_huge", {5, 541'909}},
      // sum(float(r[P]) == 0 and r[C] != '' for r in rows)
      {"free_but_named", {40, 541'909}},
      // Built in. len(rows) - len(set(map(tuple, rows)))
      {"exact_duplicate", {5'268, 541'909, 0}},
      {"customer_missing", {135'080, 541'909}},
      {"item_missing", {0, 537'661}},
      {"row_readable", {0, 541'909}},
      {"time_in_future", {0, 541'909}},
      // Lines that the mapping takes for purchases with a customer, of one customer and article
      // in one minute, that are not equal to one before: 4,905.
      {"repeated_purchase", {4'905, 396'374}},
  };
  return *known;
}

const RuleResult* Find(const QualityReport& report, const std::string& name) {
  for (const RuleResult& rule : report.rules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

class OnlineRetailQuality : public testing::Test {
 protected:
  static absl::StatusOr<QualityReport> Check(const std::string& input,
                                             int64_t memory_limit_mib = 256) {
    const char* const root = std::getenv("BURGEON_SOURCE_DIR");
    auto config = Config::Load(std::string(root) + "/configs/online_retail.yaml");
    if (!config.ok()) return config.status();
    const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
    auto quality = Config::Parse(kQuality, "quality");
    if (!quality.ok()) return quality.status();
    QualityJob job;
    job.options = ParseQualityOptions(quality->root());
    BURGEON_RETURN_IF_ERROR(quality->Finish());
    job.options.memory_limit_mib = memory_limit_mib;
    job.input = input;
    job.now = 1'400'000'000 * kMicrosPerSecond;  // 2014
    job.spill_folder = SpillFolder();
    return CheckFile(RealFileSystem(), source, job);
  }
  // Tests of one program run side by side, each in a process of its own.
  static std::string SpillFolder() {
    return testing::TempDir() + "/burgeon_quality_online_retail." + std::to_string(getpid());
  }
  static std::string SourceDir() { return std::getenv("BURGEON_SOURCE_DIR"); }
};

void ExpectKnownDefects(const QualityReport& report) {
  EXPECT_EQ(report.rows, 541'909);
  for (const auto& [name, expected] : KnownDefects()) {
    const RuleResult* const rule = Find(report, name);
    ASSERT_NE(rule, nullptr) << name;
    EXPECT_EQ(rule->failing, expected.failing) << name;
    EXPECT_EQ(rule->checked, expected.checked) << name;
    if (expected.groups > 0) {
      EXPECT_EQ(rule->groups, expected.groups) << name;
    }
    EXPECT_EQ(rule->rows.size(), std::min<size_t>(5, static_cast<size_t>(rule->failing))) << name;
  }
}

// The shop was closed from Friday, 24 December 2010 to Monday, 3 January 2011: the last hour with
// rows before is 2010-12-23 17, the first after it 2011-01-04 10. Saturdays and nights, without
// rows all year, are its rhythm.
void ExpectChristmasHolidays(const QualityReport& report) {
  std::map<std::string, std::string> silences;
  for (const SilentSpan& span : report.rhythm.silences) {
    silences[FormatTime(span.begin)] = FormatTime(span.end);
  }
  EXPECT_EQ(silences["2010-12-23T18:00:00Z"], "2011-01-04T10:00:00Z");
  EXPECT_FALSE(silences.contains("2011-01-07T18:00:00Z"));  // a Friday, before a Saturday
  EXPECT_FALSE(silences.contains("2011-06-17T17:00:00Z"));
  const RuleResult* const silence = Find(report, "silence");
  ASSERT_NE(silence, nullptr);
  EXPECT_THAT(silence->note, HasSubstr("nothing from 2010-12-23T18:00:00Z"));
}

TEST_F(OnlineRetailQuality, KnownDefectsAreCountedExactlyInTheParquetCopy) {
  const auto report = Check(SourceDir() + "/examples/online_retail/online_retail.parquet");
  ASSERT_TRUE(report.ok()) << report.status();
  ExpectKnownDefects(*report);
  ExpectChristmasHolidays(*report);
}

TEST_F(OnlineRetailQuality, KnownDefectsAreCountedExactlyInTheOriginal) {
  const std::string input = SourceDir() + "/../shared/data/online-retail/online_retail.csv.gz";
  if (!std::filesystem::exists(input)) GTEST_SKIP() << input << " is not there";
  const auto report = Check(input, 1);  // with so little memory the records spill
  ASSERT_TRUE(report.ok()) << report.status();
  ExpectKnownDefects(*report);
  EXPECT_FALSE(std::filesystem::exists(SpillFolder()));

  // The first row with a negative quantity: awk -F, on the file gives line 143,
  //   C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom
  const auto& shown = report->examples.at("quantity_negative");
  ASSERT_EQ(shown.size(), 5U);
  EXPECT_EQ(shown[0].line, 143);
  EXPECT_EQ(shown[0].values[0], "C536379");
  EXPECT_EQ(shown[0].values[3], "-1");
  EXPECT_THAT(shown[0].rules, testing::IsSupersetOf({"quantity_negative", "cancelled"}));
  EXPECT_EQ(report->worst_rows.size(), 20U);
  EXPECT_EQ(report->verdict, "warn");
}

}  // namespace
}  // namespace burgeon
