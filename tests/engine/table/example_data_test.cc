// The example data in the repository: what its README says, and that the readers take all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "engine/base/hash.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ExamplePath(const std::string& name) {
  const char* root = std::getenv("BURGEON_SOURCE_DIR");
  return Concat(root != nullptr ? root : ".", "/examples/online_retail/", name);
}

struct Counts {
  int64_t rows = 0;
  int64_t bad_rows = 0;
  int64_t source_bytes = 0;
  int64_t without_customer = 0;
  int64_t returns = 0;
  StringSet customers;
};

Counts CountRows(const std::string& path) {
  Counts counts;
  auto reader = OpenTable(RealFileSystem(), path, {});
  EXPECT_EQ(reader.status(), absl::OkStatus());
  if (!reader.ok()) return counts;
  EXPECT_THAT((*reader)->column_names(),
              ElementsAre("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate",
                          "UnitPrice", "CustomerID", "Country"));
  for (;;) {
    const auto batch = (*reader)->Next();
    EXPECT_EQ(batch.status(), absl::OkStatus());
    if (!batch.ok() || !*batch) break;
    counts.rows += (*batch)->rows();
    counts.bad_rows += static_cast<int64_t>((*batch)->bad_rows.size());
    counts.source_bytes += (*batch)->source_bytes;
    for (int64_t i = 0; i < (*batch)->rows(); ++i) {
      const TextColumn& customer = (*batch)->columns[6];
      if (customer.is_null(i)) ++counts.without_customer;
      if (!customer.is_null(i)) counts.customers.emplace(customer.value(i));
      if ((*batch)->columns[0].value(i).starts_with('C')) ++counts.returns;
    }
  }
  EXPECT_EQ(counts.source_bytes, (*reader)->total_bytes());
  return counts;
}

TEST(ExampleDataTest, OnlineRetailIsWhole) {
  const Counts counts = CountRows(ExamplePath("online_retail.parquet"));
  EXPECT_EQ(counts.rows, 541'909);
  EXPECT_EQ(counts.bad_rows, 0);
  EXPECT_EQ(counts.without_customer, 135'080);
  EXPECT_EQ(counts.customers.size(), 4'372U);
}

TEST(ExampleDataTest, TheSampleIsWhatItsReadmeSays) {
  const Counts counts = CountRows(ExamplePath("sample.csv"));
  EXPECT_EQ(counts.rows, 3'013);
  EXPECT_EQ(counts.bad_rows, 0);
  EXPECT_EQ(counts.without_customer, 121);
  EXPECT_EQ(counts.customers.size(), 80U);
  EXPECT_EQ(counts.returns, 75);
}

TEST(ExampleDataTest, TheReadmeHasTheChecksums) {
  const auto readme = ReadWholeFile(RealFileSystem(), ExamplePath("README.md"), 1 << 20);
  ASSERT_EQ(readme.status(), absl::OkStatus());
  for (const char* name : {"online_retail.parquet", "sample.csv"}) {
    const auto bytes = ReadWholeFile(RealFileSystem(), ExamplePath(name), 16 << 20);
    ASSERT_EQ(bytes.status(), absl::OkStatus());
    EXPECT_THAT(*readme, HasSubstr(Sha256Hex(*bytes))) << name;
  }
}

}  // namespace
}  // namespace burgeon
