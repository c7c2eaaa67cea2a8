#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/table/table.h"
#include "tests/engine/table/typed_table_fixture.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;

// Worked out by hand from RFC 4180: quotes doubled, nulls empty, the empty string quoted.
TEST(CsvWriterTest, EveryTypeAndAwkwardValues) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteCsv(files, "out/t.csv", AwkwardTable()), absl::OkStatus());
  EXPECT_EQ(files.contents["out/t.csv"],
            "id,count,price,score,at\n"
            "\"a,\"\"b\"\"\nc\",-9223372036854775808,0.1,0.1,2011-12-09T12:50:00Z\n"
            "\"\",,-0,2.5,1969-12-31T23:59:59.999999Z\n"
            ",7,1e+300,,1970-01-01T00:00:00Z\n");
  EXPECT_THAT(files.steps,
              ElementsAre("write out/t.csv.tmp", "sync out/t.csv.tmp", "close out/t.csv.tmp",
                          "rename out/t.csv.tmp out/t.csv", "syncdir out"));
}

TEST(CsvWriterTest, NamesAreQuotedToo) {
  MemoryFileSystem files;
  Table table;
  table.columns.resize(3);
  table.columns[0].name = "\xEF\xBB\xBFmark";
  table.columns[1].name = "a,b";
  ASSERT_EQ(WriteCsv(files, "t.csv", table), absl::OkStatus());
  EXPECT_EQ(files.contents["t.csv"], "\"\xEF\xBB\xBFmark\",\"a,b\",\"\"\n");
}

TEST(CsvWriterTest, AFullDiskLeavesTheOldFileAndNoOther) {
  MemoryFileSystem files;
  files.contents["t.csv"] = "old\n";
  files.fail_appends_after = 10;
  const absl::Status status = WriteCsv(files, "t.csv", AwkwardTable());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(files.contents.size(), 1U);
  EXPECT_EQ(files.contents["t.csv"], "old\n");
}

TEST(CsvWriterTest, LargeTablesAreWrittenInBlocks) {
  MemoryFileSystem files;
  Table table;
  table.rows = 200'000;
  table.columns.resize(1);
  table.columns[0].name = "s";
  table.columns[0].strings.assign(200'000, "0123456789");
  ASSERT_EQ(WriteCsv(files, "t.csv", table), absl::OkStatus());
  EXPECT_EQ(files.contents["t.csv"].size(), 2U + 200'000U * 11U);
  EXPECT_EQ(std::count(files.steps.begin(), files.steps.end(), "write t.csv.tmp"), 3);
}

}  // namespace
}  // namespace burgeon
