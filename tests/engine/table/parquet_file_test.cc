#include "engine/table/parquet_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include "engine/table/table.h"
#include "tests/engine/table/typed_table_fixture.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(OpenParquetTest, TellsSchemaAndRows) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteParquet(files, "t", AwkwardTable()), absl::OkStatus());
  const auto file = OpenParquet(files, "t", 10);
  ASSERT_EQ(file.status(), absl::OkStatus());
  EXPECT_EQ((*file)->rows, 3);
  EXPECT_EQ((*file)->groups.size(), 1U);
  EXPECT_THAT((*file)->schema->field_names(), ElementsAre("id", "count", "price", "score", "at"));
  EXPECT_THAT((*file)->leaf, ElementsAre(0, 1, 2, 3, 4));
}

TEST(OpenParquetTest, AFileOfAnotherKindIsDataLoss) {
  MemoryFileSystem files;
  files.contents["t"] = "InvoiceNo,StockCode\n1,2\n";
  const auto status = OpenParquet(files, "t", 10).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("t: Parquet: "));
}

TEST(OpenParquetTest, AnEmptyFileIsInvalid) {
  MemoryFileSystem files;
  files.contents["t"] = "";
  EXPECT_EQ(OpenParquet(files, "t", 10).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
