#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/table/row_group_file.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// All words of a column, looked up.
std::vector<std::string> Words(const RowGroupValues& values) {
  std::vector<std::string> out;
  for (const int32_t code : values.codes) {
    out.emplace_back(values.dictionary[static_cast<size_t>(code)]);
  }
  return out;
}

class RowGroupReaderTest : public testing::Test {
 protected:
  // WriteParquet goes another way through Arrow: zstd, statistics, and its own row groups.
  void Write(const Table& table) { ASSERT_TRUE(WriteParquet(files_, "a.parquet", table).ok()); }

  MemoryFileSystem files_;
};

TEST_F(RowGroupReaderTest, WantedColumnsInTheOrderWanted) {
  Table table;
  table.rows = 3;
  table.columns = {{.name = "word", .strings = {"b", "a", "b"}},
                   {.name = "n", .type = ColumnType::kInt64, .ints = {1, 2, 3}, .nulls = {0, 1, 0}},
                   {.name = "gone", .strings = {"", "x", ""}, .nulls = {1, 0, 1}}};
  Write(table);
  auto reader = RowGroupReader::Open(files_, "a.parquet",
                                     {{"n", ColumnType::kInt64}, {"nowhere"}, {"word"}, {"gone"}});
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->rows(), 3);
  const auto group = (*reader)->Next();
  ASSERT_TRUE(group.ok()) << group.status();
  ASSERT_NE(*group, nullptr);
  EXPECT_EQ((*group)->rows, 3);
  EXPECT_EQ((*group)->columns[0].ints[2], 3);
  EXPECT_THAT((*group)->columns[0].nulls, ElementsAre(0, 1, 0));
  EXPECT_THAT((*group)->columns[1].codes, IsEmpty()) << "a column that is not there";
  EXPECT_THAT(Words((*group)->columns[2]), ElementsAre("b", "a", "b"));
  EXPECT_THAT(Words((*group)->columns[3]), ElementsAre("", "x", "")) << "null is no word";
  EXPECT_EQ(*(*reader)->Next(), nullptr);
}

TEST_F(RowGroupReaderTest, ManyRowGroupsAndLargeDictionaries) {
  Table table;
  table.rows = 300'000;
  table.columns = {{.name = "word"}};
  for (int64_t i = 0; i < table.rows; ++i) {
    table.columns[0].strings.push_back(Concat("word number ", i * 7919 % 250'000));
  }
  Write(table);  // dictionaries that overflow to plain pages
  auto reader = RowGroupReader::Open(files_, "a.parquet", {{"word"}});
  ASSERT_TRUE(reader.ok()) << reader.status();
  size_t at = 0;
  for (;;) {
    const auto group = (*reader)->Next();
    ASSERT_TRUE(group.ok()) << group.status();
    if (*group == nullptr) break;
    for (const std::string& word : Words((*group)->columns[0])) {
      ASSERT_EQ(word, table.columns[0].strings[at++]);
    }
  }
  EXPECT_EQ(at, 300'000U);
}

TEST_F(RowGroupReaderTest, DamageAndOtherTypesAreNamed) {
  Table table;
  table.rows = 1;
  table.columns = {{.name = "n", .type = ColumnType::kInt64, .ints = {1}}};
  Write(table);
  EXPECT_THAT(MessageOf(RowGroupReader::Open(files_, "a.parquet", {{"n"}}).status()),
              HasSubstr("a.parquet: column 'n' has the type int64; string wanted"));
  EXPECT_EQ(RowGroupReader::Open(files_, "nowhere", {}).status().code(),
            absl::StatusCode::kNotFound);
  const std::string whole = files_.contents["a.parquet"];
  for (const size_t size : {size_t{0}, size_t{3}, whole.size() / 2, whole.size() - 1}) {
    files_.contents["a.parquet"] = whole.substr(0, size);
    EXPECT_EQ(RowGroupReader::Open(files_, "a.parquet", {}).status().code(),
              absl::StatusCode::kDataLoss)
        << "cut to " << size;
  }
}

}  // namespace
}  // namespace burgeon
