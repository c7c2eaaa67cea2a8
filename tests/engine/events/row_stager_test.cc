#include "engine/events/row_stager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/hash.h"
#include "engine/events/staged_attribute.h"
#include "engine/events/staged_record.h"
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

StagedPiece StageRows(const TextBatch& batch, const Pseudonymise& pseudonym) {
  const auto stager =
      RowStager::Make(ParseSource(kShopFields), ColumnIndex::Of(kNames, "a.csv"), pseudonym, 5);
  EXPECT_TRUE(stager.ok()) << stager.status();
  return stager->Stage(batch);
}

TEST(RowStager, ARowBecomesRecordsOfItsBuckets) {
  const TextBatch batch =
      Rows({{"1", "cup", "A CUP", "6", "2011-03-01", "2.55", "17850.0", "Norway"},
            {"1", "TEST", "", "6", "2011-03-01", "2.55", "17850.0", "Norway"},
            {"1", "cup", "A CUP", "6", "soon", "2.55", "17850.0", "Norway"}});
  const StagedPiece piece = StageRows(batch, nullptr);
  EXPECT_EQ(piece.rows, 3);
  EXPECT_EQ(piece.fields,
            kItemField | kQuantityField | kValueField | kSessionField | kUnmappedField)
      << "the text and the country are no fields of the event";
  const std::string_view record = piece.events.Of(BucketOf("17850"));
  EXPECT_EQ(record.size(), piece.events.bytes.size());
  EventView event;
  ASSERT_TRUE(DecodeRecord(record, &event));
  EXPECT_EQ(event.customer_id, "17850");
  EXPECT_EQ(event.item_id, "cup");
  EXPECT_EQ(event.line, 2);
  EXPECT_EQ(piece.ignored, 1);
  ASSERT_THAT(piece.bad, SizeIs(1));
  EXPECT_EQ(piece.bad[0].line, 4);
  EXPECT_THAT(piece.bad[0].reason, HasSubstr("time: wanted"));

  FaultFileSystem files;
  StagedBuckets items(files, "tmp", "items", kEventBuckets);
  items.Add(piece.items);
  const auto values = ReadStagedAttributes(items, AttributeBucketOf("cup"), "items");
  ASSERT_TRUE(values.ok()) << values.status();
  ASSERT_THAT(*values, SizeIs(1));
  EXPECT_EQ((*values)[0].value.name, "description");
  EXPECT_EQ((*values)[0].value.value, "A CUP");
  EXPECT_EQ((*values)[0].line, 2);
  EXPECT_EQ(piece.values_cleaned, 1) << "17850.0";
}

TEST(RowStager, ThePseudonymTakesTheIdsPlaceEverywhere) {
  int64_t asked = 0;
  const Pseudonymise pseudonym = [&](std::string_view id) {
    ++asked;
    return ToHex(HmacSha256("key", id));
  };
  const TextBatch batch = Rows({{"1", "cup", "T", "6", "2011-03-01", "2.55", "secret-7.0", "N"},
                                {"2", "cup", "T", "6", "2011-03-01", "2.55", "secret-7.0", "N"},
                                {"3", "cup", "T", "6", "2011-03-01", "2.55", " 8.0", "N"},
                                {"4", "cup", "T", "6", "2011-03-01", "2.55", " 8.0", "N"},
                                {"5", "cup", "T", "6", "never", "2.55", " 8.0", "N"}});
  const StagedPiece piece = StageRows(batch, pseudonym);
  EXPECT_EQ(asked, 2) << "once a distinct id of the piece, also that of a bad row";
  for (const BucketedRecords* records : {&piece.events, &piece.customers, &piece.changes}) {
    EXPECT_THAT(records->bytes, testing::Not(HasSubstr("secret")));
  }
  EXPECT_THAT(piece.changes.bytes, HasSubstr(ToHex(HmacSha256("key", "8"))));
}

}  // namespace
}  // namespace burgeon
