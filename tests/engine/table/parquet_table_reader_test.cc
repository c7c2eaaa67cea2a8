#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "engine/table/table.h"
#include "tests/engine/table/typed_table_fixture.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Column Wanted(std::string name, ColumnType type) {
  Column column;
  column.name = std::move(name);
  column.type = type;
  return column;
}

class ReadParquetTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(WriteParquet(files_, "t", AwkwardTable()), absl::OkStatus()); }
  MemoryFileSystem files_;
};

TEST_F(ReadParquetTest, EveryTypeComesBackAsItWas) {
  const auto table = ReadParquet(files_, "t", {});
  ASSERT_EQ(table.status(), absl::OkStatus());
  const Table wanted = AwkwardTable();
  ASSERT_EQ(table->rows, wanted.rows);
  ASSERT_EQ(table->columns.size(), wanted.columns.size());
  for (size_t i = 0; i < wanted.columns.size(); ++i) {
    const Column& got = table->columns[i];
    const Column& want = wanted.columns[i];
    EXPECT_EQ(got.name, want.name);
    EXPECT_EQ(got.type, want.type) << want.name;
    for (size_t row = 0; row < 3; ++row) {
      ASSERT_EQ(got.is_null(row), want.is_null(row)) << want.name << " row " << row;
      if (want.is_null(row)) continue;
      if (!want.strings.empty()) {
        EXPECT_EQ(got.strings[row], want.strings[row]);
      } else if (!want.ints.empty()) {
        EXPECT_EQ(got.ints[row], want.ints[row]);
      } else {
        EXPECT_EQ(got.doubles[row], want.doubles[row]);
      }
    }
  }
  EXPECT_TRUE(std::signbit(table->columns[2].doubles[1]));  // -0.0
}

TEST_F(ReadParquetTest, TakesTheWantedColumnsInTheWantedOrder) {
  const auto table = ReadParquet(
      files_, "t", {Wanted("at", ColumnType::kTimestamp), Wanted("id", ColumnType::kString)});
  ASSERT_EQ(table.status(), absl::OkStatus());
  ASSERT_EQ(table->columns.size(), 2U);
  EXPECT_THAT(table->columns[0].ints, ElementsAre(1'323'435'000'000'000, -1, 0));
  EXPECT_EQ(table->columns[1].strings[0], "a,\"b\"\nc");
}

TEST_F(ReadParquetTest, AMissingColumnIsNamed) {
  const auto status = ReadParquet(files_, "t", {Wanted("idd", ColumnType::kString)}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "t: has no column 'idd' (string wanted)");
}

TEST_F(ReadParquetTest, AColumnOfAnotherTypeIsNamed) {
  const auto status = ReadParquet(files_, "t", {Wanted("id", ColumnType::kInt64)}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "t: column 'id' has the type string; int64 wanted");
}

TEST_F(ReadParquetTest, AFileThatIsNotThereOrEmpty) {
  EXPECT_EQ(ReadParquet(files_, "none", {}).status().code(), absl::StatusCode::kNotFound);
  files_.contents["t"].clear();
  const auto status = ReadParquet(files_, "t", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("t: the file is empty"));
}

TEST_F(ReadParquetTest, NoRowsAndNoNulls) {
  Table table;
  table.columns.push_back(Wanted("x", ColumnType::kDouble));
  ASSERT_EQ(WriteParquet(files_, "t", table), absl::OkStatus());
  const auto back = ReadParquet(files_, "t", {Wanted("x", ColumnType::kDouble)});
  ASSERT_EQ(back.status(), absl::OkStatus());
  EXPECT_EQ(back->rows, 0);
  EXPECT_TRUE(back->columns[0].doubles.empty());
  EXPECT_TRUE(back->columns[0].nulls.empty());
}

TEST_F(ReadParquetTest, NullsBeginInALaterRowGroup) {
  Table table;
  table.rows = 200'000;
  table.columns.push_back(Wanted("x", ColumnType::kInt64));
  table.columns[0].ints.assign(200'000, 5);
  table.columns[0].nulls.assign(200'000, 0);
  table.columns[0].nulls[199'999] = 1;
  ASSERT_EQ(WriteParquet(files_, "t", table), absl::OkStatus());
  const auto back = ReadParquet(files_, "t", {});
  ASSERT_EQ(back.status(), absl::OkStatus());
  EXPECT_EQ(back->columns[0].nulls, table.columns[0].nulls);
}

TEST_F(ReadParquetTest, EveryTruncationIsDataLoss) {
  const std::string whole = files_.contents["t"];
  for (size_t size = 1; size < whole.size(); ++size) {
    files_.contents["t"] = whole.substr(0, size);
    const auto status = ReadParquet(files_, "t", {}).status();
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << size << " of " << whole.size();
    ASSERT_THAT(MessageOf(status), HasSubstr("t: "));
  }
}

// A flip may hit a byte that means nothing for the values (statistics, the writer's name); then the
// table is as it was written. Any other flip must be a Status: page checksums see to it.
TEST_F(ReadParquetTest, EveryBitFlipIsAStatusOrLeavesTheValues) {
  const std::string whole = files_.contents["t"];
  int refused = 0;
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    files_.contents["t"] = damaged;
    const auto table = ReadParquet(
        files_, "t", {Wanted("id", ColumnType::kString), Wanted("at", ColumnType::kTimestamp)});
    if (!table.ok()) {
      const auto code = table.status().code();
      ASSERT_TRUE(code == absl::StatusCode::kDataLoss ||
                  code == absl::StatusCode::kResourceExhausted)
          << "bit " << bit << ": " << table.status();
      ++refused;
      continue;
    }
    ASSERT_EQ(table->rows, 3) << "bit " << bit;
    EXPECT_EQ(table->columns[0].strings, AwkwardTable().columns[0].strings) << "bit " << bit;
    EXPECT_EQ(table->columns[1].ints, AwkwardTable().columns[4].ints) << "bit " << bit;
  }
  EXPECT_GT(refused, 1000);
}

TEST_F(ReadParquetTest, AReadErrorIsReportedAsTheStorageSaidIt) {
  files_.fail_reads_after = 200;
  const auto status = ReadParquet(files_, "t", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(MessageOf(status), "t: input/output error");
}

}  // namespace
}  // namespace burgeon
