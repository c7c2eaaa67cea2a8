#include "engine/events/propose_mapping.h"

#include <gmock/gmock.h>

#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class ProposeMappingTest : public IngestTest {
 protected:
  ProposedMapping Propose(const std::string& text, const std::string& path) {
    WriteInput(files_, path, text);
    const auto proposed = ProposeMapping(files_, path, {});
    EXPECT_TRUE(proposed.ok()) << proposed.status();
    return proposed.ok() ? *proposed : ProposedMapping{};
  }
  // Takes the proposal as it is.
  IngestCounters IngestProposed(const ProposedMapping& proposed, const std::string& path) {
    auto config = Config::Parse(proposed.yaml, "proposed.yaml");
    EXPECT_TRUE(config.ok()) << config.status() << "\n" << proposed.yaml;
    source_ = ParseSourceConfig(config->root().Child("source"));
    EXPECT_EQ(config->root().Child("consent").GetString("default", ""), "denied");
    EXPECT_TRUE(config->Finish().ok()) << config->Finish() << "\n" << proposed.yaml;
    const auto record = IngestFile(files_, path);
    EXPECT_TRUE(record.ok()) << record.status() << "\n" << proposed.yaml;
    return record.ok() ? record->counters : IngestCounters{};
  }
};

TEST_F(ProposeMappingTest, AShopLog) {
  std::string text =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  for (int i = 0; i < 40; ++i) {
    text += Concat(536365 + i / 4, ",85", 100 + i % 7, "A,\"A, mug\",", i == 9 ? -2 : 1 + i % 3,
                   ",2010-12-0", 1 + i / 5, " 08:26:00,2.", 10 + i, ",",
                   i % 5 == 0 ? std::string() : Concat(17850 + i % 6, ".0"), ",France\n");
  }
  const ProposedMapping proposed = Propose(text, "in/shop.csv");
  EXPECT_THAT(proposed.yaml,
              HasSubstr("customer: {column: \"CustomerID\", transforms: [strip_decimal]}"));
  EXPECT_THAT(proposed.yaml, HasSubstr("item: {column: \"StockCode\"}"));
  EXPECT_THAT(proposed.yaml, HasSubstr("session: {column: \"InvoiceNo\"}"));
  EXPECT_THAT(proposed.yaml, HasSubstr("- {column: \"Quantity\", less_than: 0, type: return}"));
  EXPECT_THAT(proposed.open, Contains(HasSubstr("read as UTC")));
  EXPECT_THAT(proposed.open, Contains(HasSubstr("the file does not say which")));
  const IngestCounters counters = IngestProposed(proposed, "in/shop.csv");
  EXPECT_EQ(counters.rows_read, 40);
  EXPECT_EQ(counters.events_added, 32);
  EXPECT_EQ(counters.events_without_customer, 8);
  EXPECT_EQ(counters.events_by_type.at("return"), 1);
}

TEST_F(ProposeMappingTest, NoHeaderAndChineseWords) {
  std::string text;
  const char* words[] = {"浏览", "浏览", "收藏", "加购", "购买"};
  for (int i = 0; i < 50; ++i) {
    text += Concat(100 + i / 10, ",", 2268318 + 7 * i, ",", 41 + i % 3, ",", words[i % 5], ",",
                   1511544070 + i, "\n");
  }
  const ProposedMapping proposed = Propose(text, "in/behaviour.csv");
  EXPECT_THAT(proposed.yaml, HasSubstr("columns: [c1, c2, c3, c4, c5]"));
  EXPECT_THAT(proposed.open, Contains(HasSubstr("the first column that could be an id")));
  const IngestCounters counters = IngestProposed(proposed, "in/behaviour.csv");
  EXPECT_EQ(counters.events_added, 50);
  EXPECT_EQ(counters.events_by_type,
            (std::map<std::string, int64_t>{
                {"view", 20}, {"favourite", 10}, {"add_to_cart", 10}, {"purchase", 10}}));
}

TEST_F(ProposeMappingTest, ATableOfCustomers) {
  const ProposedMapping proposed =
      Propose("user_id|age|occupation\n1|24|none\n2|53|other\n3|N/A|writer\n", "in/users.txt");
  EXPECT_THAT(proposed.yaml, HasSubstr("kind: customers"));
  EXPECT_THAT(proposed.yaml, HasSubstr("null_values: [\"N/A\"]"));
  const IngestCounters counters = IngestProposed(proposed, "in/users.txt");
  EXPECT_EQ(counters.attribute_rows, 3);
  EXPECT_EQ(counters.attribute_values_added, 5);
}

TEST_F(ProposeMappingTest, AStandardFormatNeedsNoFields) {
  const std::string call =
      R"({"type":"page","messageId":"m","userId":"u","timestamp":"2026-03-01T09:00:00Z"})";
  const ProposedMapping proposed = Propose(call + "\n", "in/calls.jsonl");
  EXPECT_THAT(proposed.yaml, HasSubstr("format: segment"));
  EXPECT_THAT(proposed.yaml, Not(HasSubstr("fields:\n")));
  EXPECT_EQ(IngestProposed(proposed, "in/calls.jsonl").events_added, 1);
}

TEST_F(ProposeMappingTest, NamesThatYamlWouldReadOtherwise) {
  std::string text = "user:id,\"a \"\"b\"\": #c\",time\n";
  for (int i = 0; i < 20; ++i) text += Concat("u", i, ",x", i, ",2020-01-", 10 + i, "\n");
  const ProposedMapping proposed = Propose(text, "in/odd name.csv");
  const IngestCounters counters = IngestProposed(proposed, "in/odd name.csv");
  EXPECT_EQ(counters.rows_read, 20);
  EXPECT_EQ(counters.rows_quarantined, 0);
}

TEST_F(ProposeMappingTest, WhatNobodyCanTell) {
  WriteInput(files_, "in/x.csv", "a,b\nfoo,1.5\nbar,2.5\n");
  const auto status = ProposeMapping(files_, "in/x.csv", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("no column holds times and none looks like an id"));
}

TEST_F(ProposeMappingTest, TheSampleCountsRepeatedAndBadRows) {
  WriteInput(files_, "in/y.csv", "a,b\n1,2\n1,2\n1\n3,4\n");
  ReadOptions read;
  const auto sample = SampleTable(files_, "in/y.csv", read, 100);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->rows, 3);
  EXPECT_EQ(sample->repeated_rows, 1);
  EXPECT_EQ(sample->bad_rows, 1);
  EXPECT_THAT(sample->first_problem, HasSubstr("line 4 has 1 field"));
}

}  // namespace
}  // namespace burgeon
