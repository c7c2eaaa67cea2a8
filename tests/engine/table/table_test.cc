#include "engine/table/table.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/engine/table/typed_table_fixture.h"

namespace burgeon {
namespace {

TEST(TextColumnTest, TellsNullFromEmpty) {
  TextColumn column;
  column.Append("one");
  column.AppendNull();
  column.Append("");
  column.Append("two");
  ASSERT_EQ(column.size(), 4);
  EXPECT_EQ(column.value(0), "one");
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.value(1), "");
  EXPECT_FALSE(column.is_null(2));
  EXPECT_EQ(column.value(2), "");
  EXPECT_EQ(column.value(3), "two");
}

TEST(TextColumnTest, CopiesAndMovesKeepTheirValues) {
  TextColumn column;
  column.Append("short");  // within the string object itself, for most libraries
  TextColumn copy = column;
  column.Append(std::string(100, 'x'));
  copy.Append("other");
  const TextColumn moved = std::move(column);
  EXPECT_EQ(moved.value(0), "short");
  EXPECT_EQ(moved.value(1), std::string(100, 'x'));
  EXPECT_EQ(copy.value(0), "short");
  EXPECT_EQ(copy.value(1), "other");
}

TEST(TextColumnTest, ViewsIntoSharedBytes) {
  std::shared_ptr<char[]> bytes(new char[4]{'a', 'b', 'c', 'd'});
  const std::shared_ptr<TextColumn::Slice[]> slices(
      new TextColumn::Slice[3]{{1, 2}, {0, TextColumn::kNull}, {4, 0}});
  const TextColumn column(bytes, slices, 3);
  bytes.reset();
  ASSERT_EQ(column.size(), 3);
  EXPECT_EQ(column.value(0), "bc");
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.value(1), "");
  EXPECT_FALSE(column.is_null(2));
  EXPECT_EQ(column.value(2), "");
}

TEST(TableTest, FindsColumnsByName) {
  const Table table = AwkwardTable();
  ASSERT_NE(table.Find("price"), nullptr);
  EXPECT_EQ(table.Find("price")->type, ColumnType::kDouble);
  EXPECT_EQ(table.Find("Price"), nullptr);
}

TEST(TableTest, NullsAreOptional) {
  const Table table = AwkwardTable();
  EXPECT_FALSE(table.Find("price")->is_null(0));
  EXPECT_TRUE(table.Find("count")->is_null(1));
}

TEST(TableTest, SizeIsThatOfTheVectorInUse) {
  const Table table = AwkwardTable();
  for (const Column& column : table.columns) EXPECT_EQ(column.size(), 3U) << column.name;
}

TEST(TableTest, TypeNames) {
  EXPECT_EQ(ColumnTypeName(ColumnType::kString), "string");
  EXPECT_EQ(ColumnTypeName(ColumnType::kInt64), "int64");
  EXPECT_EQ(ColumnTypeName(ColumnType::kDouble), "double");
  EXPECT_EQ(ColumnTypeName(ColumnType::kFloat), "float");
  EXPECT_EQ(ColumnTypeName(ColumnType::kTimestamp), "timestamp");
}

TEST(TableDeathTest, AColumnOfAnotherLengthIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Table table = AwkwardTable();
  CheckTable(table);
  table.columns[1].ints.pop_back();
  EXPECT_DEATH(CheckTable(table), "column.size");
  table = AwkwardTable();
  table.columns[1].nulls.pop_back();
  EXPECT_DEATH(CheckTable(table), "nulls");
}

}  // namespace
}  // namespace burgeon
