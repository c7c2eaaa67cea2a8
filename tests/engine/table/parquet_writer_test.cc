#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/table/table.h"
#include "tests/engine/table/typed_table_fixture.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParquetWriterTest, WritesSyncsCloses) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteParquet(files, "t.parquet", AwkwardTable()), absl::OkStatus());
  EXPECT_THAT(files.steps, ElementsAre("write t.parquet", "sync t.parquet", "close t.parquet"));
  EXPECT_TRUE(files.contents["t.parquet"].starts_with("PAR1"));
  EXPECT_TRUE(files.contents["t.parquet"].ends_with("PAR1"));
}

TEST(ParquetWriterTest, EqualContentGivesEqualBytes) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteParquet(files, "a", AwkwardTable()), absl::OkStatus());
  ASSERT_EQ(WriteParquet(files, "b", AwkwardTable()), absl::OkStatus());
  EXPECT_EQ(files.contents["a"], files.contents["b"]);
}

Table ManyStrings(int64_t rows) {
  Table table;
  table.rows = rows;
  table.columns.resize(1);
  table.columns[0].name = "s";
  for (int64_t i = 0; i < rows; ++i) table.columns[0].strings.push_back(Concat("row ", i));
  return table;
}

TEST(ParquetWriterTest, SeveralRowGroupsReadBackInOrder) {
  MemoryFileSystem files;
  const Table table = ManyStrings(300'000);
  ASSERT_EQ(WriteParquet(files, "t", table), absl::OkStatus());
  const auto back = ReadParquet(files, "t", {});
  ASSERT_EQ(back.status(), absl::OkStatus());
  EXPECT_EQ(back->rows, 300'000);
  EXPECT_EQ(back->columns[0].strings, table.columns[0].strings);
}

TEST(ParquetWriterTest, RepeatedStringsAreDictionaryCoded) {
  MemoryFileSystem files;
  Table table;
  table.rows = 50'000;
  table.columns.resize(1);
  table.columns[0].name = "s";
  table.columns[0].strings.assign(50'000, std::string(100, 'x'));
  ASSERT_EQ(WriteParquet(files, "t", table), absl::OkStatus());
  EXPECT_LT(files.contents["t"].size(), 2'000U);
}

TEST(ParquetWriterTest, AFullDiskIsReportedAsTheStorageSaidIt) {
  for (const int64_t limit : {0, 100, 300'000}) {
    MemoryFileSystem files;
    files.fail_appends_after = limit;
    const absl::Status status = WriteParquet(files, "t", ManyStrings(300'000));
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << limit;
    EXPECT_EQ(MessageOf(status), "t: no space left on device");
  }
}

TEST(ParquetWriterTest, NothingIsWrittenAfterAFailedWrite) {
  MemoryFileSystem files;
  files.fail_appends_after = 300'000;
  EXPECT_FALSE(WriteParquet(files, "t", ManyStrings(300'000)).ok());
  EXPECT_THAT(files.steps, ElementsAre("write t", "write t"));
}

TEST(ParquetWriterTest, AFailedSyncIsReported) {
  MemoryFileSystem files;
  files.fail_sync = true;
  const absl::Status status = WriteParquet(files, "t", AwkwardTable());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(status), HasSubstr("input/output error"));
}

}  // namespace
}  // namespace burgeon
