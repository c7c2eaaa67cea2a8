#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/hash.h"
#include "engine/table/row_group_file.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

const std::vector<RowGroupColumn> kColumns = {{"word"},
                                              {"count", ColumnType::kInt64},
                                              {"time", ColumnType::kTimestamp},
                                              {"size", ColumnType::kDouble}};

TEST(RowGroupWriter, GroupsAreWhatAnyReaderOfParquetReads) {
  MemoryFileSystem files;
  auto writer = RowGroupWriter::Open(files, "a.parquet", kColumns);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<std::string_view> words = {"a", "", "caf\xc3\xa9"};
  const std::vector<int32_t> codes = {2, 0, 1, 0};
  const std::vector<int64_t> ints = {1, INT64_MIN, 3, INT64_MAX};
  const std::vector<double> doubles = {0.1, -0.0, 1e300, 3};
  const std::vector<uint8_t> nulls = {0, 0, 1, 0};
  ASSERT_TRUE((*writer)
                  ->Write({4,
                           {{.dictionary = words, .codes = codes},
                            {.ints = ints, .nulls = nulls},
                            {.ints = ints},
                            {.doubles = doubles}}})
                  .ok());
  const std::vector<std::string_view> other = {"b"};
  const std::vector<int32_t> zero = {0};
  const std::vector<int64_t> seven = {7};
  const std::vector<double> half = {0.5};
  ASSERT_TRUE((*writer)
                  ->Write({1,
                           {{.dictionary = other, .codes = zero},
                            {.ints = seven},
                            {.ints = seven},
                            {.doubles = half}}})
                  .ok());
  const auto digest = (*writer)->Finish();
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(digest->bytes, static_cast<int64_t>(files.contents["a.parquet"].size()));
  EXPECT_EQ(digest->sha256, Sha256Hex(files.contents["a.parquet"]));

  // ReadParquet goes another way through Arrow, and knows nothing of dictionaries.
  const auto table = ReadParquet(files, "a.parquet", {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rows, 5);
  EXPECT_THAT(table->Find("word")->strings, ElementsAre("caf\xc3\xa9", "a", "", "a", "b"));
  EXPECT_THAT(table->Find("time")->ints, ElementsAre(1, INT64_MIN, 3, INT64_MAX, 7));
  EXPECT_THAT(table->Find("size")->doubles, ElementsAre(0.1, -0.0, 1e300, 3, 0.5));
  const Column& count = *table->Find("count");
  EXPECT_TRUE(count.is_null(2));
  EXPECT_FALSE(count.is_null(3));
  EXPECT_EQ(count.ints[3], INT64_MAX);
}

TEST(RowGroupWriter, AFullDiskIsReported) {
  MemoryFileSystem files;
  files.fail_appends_after = 10;
  auto writer = RowGroupWriter::Open(files, "a.parquet", {{"n", ColumnType::kInt64}});
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<int64_t> ints(100'000, 7);
  absl::Status status = (*writer)->Write({100'000, {{.ints = ints}}});
  if (status.ok()) status = (*writer)->Finish().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace burgeon
