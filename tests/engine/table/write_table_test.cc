#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/table/table.h"
#include "tests/engine/table/typed_table_fixture.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WriteTableTest, ParquetIsAtomicToo) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteTable(files, "o/t.parquet", AwkwardTable()), absl::OkStatus());
  EXPECT_THAT(files.steps,
              ElementsAre("write o/t.parquet.tmp", "sync o/t.parquet.tmp", "close o/t.parquet.tmp",
                          "rename o/t.parquet.tmp o/t.parquet", "syncdir o"));
  EXPECT_EQ(ReadParquet(files, "o/t.parquet", {})->rows, 3);
}

TEST(WriteTableTest, CsvByItsEnding) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteTable(files, "t.csv", AwkwardTable()), absl::OkStatus());
  EXPECT_TRUE(files.contents["t.csv"].starts_with("id,count,"));
}

TEST(WriteTableTest, OtherEndingsAreRefusedAndNothingIsWritten) {
  MemoryFileSystem files;
  const absl::Status status = WriteTable(files, "t.xlsx", AwkwardTable());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.xlsx: "));
  EXPECT_THAT(MessageOf(status), HasSubstr(".csv or .parquet"));
  EXPECT_TRUE(files.contents.empty());
}

}  // namespace
}  // namespace burgeon
