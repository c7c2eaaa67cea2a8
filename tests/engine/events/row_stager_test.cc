#include "engine/events/row_stager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/events/ingest_staging.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> kNames = {"invoice", "item",  "text",     "quantity",
                                         "time",    "price", "customer", "country"};

TextBatch Rows(const std::vector<std::vector<std::string>>& rows) {
  TextBatch out;
  out.columns.resize(kNames.size());
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) out.columns[c].Append(row[c]);
    out.lines.push_back(static_cast<int64_t>(out.lines.size()) + 2);
  }
  return out;
}

TEST(RowStager, ARowBecomesRecordsOfItsBuckets) {
  const auto stager =
      RowStager::Make(ParseSource(kShopFields), ColumnIndex::Of(kNames, "a.csv"), nullptr, 5);
  ASSERT_TRUE(stager.ok()) << stager.status();
  const StagedBlock block =
      stager->Stage(Rows({{"1", "cup", "A CUP", "6", "2011-03-01", "2.55", "17850.0", "Norway"},
                          {"1", "TEST", "", "6", "2011-03-01", "2.55", "17850.0", "Norway"},
                          {"1", "cup", "A CUP", "6", "soon", "2.55", "17850.0", "Norway"}}),
                    0, 3);
  ASSERT_THAT(block.events.records, SizeIs(1));
  EXPECT_EQ(block.events.records[0].first, BucketOf("17850"));
  EXPECT_EQ(block.events.records[0].second, block.events.bytes.size());
  const auto events = DecodeStagedEvents(block.events.bytes, "x");
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ((*events)[0].event.customer_id, "17850");
  const auto items = DecodeStagedAttributes(block.item_attributes.bytes, "x");
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_THAT(*items, SizeIs(1));
  EXPECT_EQ((*items)[0].value.name, "description");
  EXPECT_EQ((*items)[0].line, 2);
  EXPECT_EQ(block.ignored, 1);
  ASSERT_THAT(block.bad, SizeIs(1));
  EXPECT_EQ(block.bad[0].line, 4);
  EXPECT_THAT(block.bad[0].reason, HasSubstr("time: wanted"));
}

}  // namespace
}  // namespace burgeon
