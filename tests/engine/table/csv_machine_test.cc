#include "engine/table/csv_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

// The text with '|' where a field ends and '/' where a row ends, in place of the byte that ends it.
std::string Marked(const std::string& text) {
  CsvMachine machine(',');
  std::string marked;
  for (const char c : text) {
    switch (machine.Next(c)) {
      case CsvMachine::Found::kNothing:
        marked += c;
        break;
      case CsvMachine::Found::kFieldEnd:
        marked += '|';
        break;
      case CsvMachine::Found::kRowEnd:
        marked += '/';
        break;
    }
  }
  return marked;
}

TEST(CsvMachineTest, QuotesHideDelimitersAndLineEnds) {
  EXPECT_EQ(Marked("a,b\n\"c,\n\"\",\"\"\",d\n"), "a|b/\"c,\n\"\",\"\"\"|d/");
}

TEST(CsvMachineTest, EveryLineEndEndsARowOnce) {
  EXPECT_EQ(Marked("a\nb\rc\r\nd\n\ne\r\r\nf"), "a/b/c/\nd//e//\nf");
}

TEST(CsvMachineTest, AQuoteOpensOnlyAsTheFirstByteOfAField) {
  EXPECT_EQ(Marked("5\" pipe,x\n"), "5\" pipe|x/");
  EXPECT_EQ(Marked("\"a\"b\",c\n"), "\"a\"b\"|c/");
  EXPECT_EQ(Marked("\"a\" \"b,c\n"), "\"a\" \"b|c/");
}

TEST(CsvMachineTest, LinesAndOpenQuotes) {
  CsvMachine machine(',', 7);
  for (const char c : std::string_view("a\r\n\"b\r\nc\rd\ne\",\n,\"open\n\"\"")) machine.Next(c);
  EXPECT_TRUE(machine.in_quotes());
  EXPECT_EQ(machine.quote_line(), 12);
  EXPECT_EQ(machine.line(), 13);
}

TEST(CsvMachineTest, AnIndexByteByByteKnowsQuotesThatAreNone) {
  FieldIndex index;
  //                     01 2345 6 7
  IndexFieldsByteByByte("5\" p,\r\n\"", ',', &index);
  ASSERT_EQ(index.end_count, 3U);
  EXPECT_EQ(index.ends[0], 4U);
  EXPECT_EQ(index.ends[1], 5U);
  ASSERT_EQ(index.row_count, 2U);
  EXPECT_EQ(index.row_lasts[0], 1U);
  EXPECT_EQ(index.row_lasts[1], 2U);
  EXPECT_TRUE(index.quotes);
  EXPECT_TRUE(index.returns);
  EXPECT_FALSE(index.quoted_line_ends);
}

}  // namespace
}  // namespace burgeon
