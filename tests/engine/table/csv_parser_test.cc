#include "engine/table/csv_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;

TextPiece PieceOf(const std::string& text) {
  TextPiece piece;
  // Two bytes before it, as the header of a file would be.
  piece.bytes = std::make_shared<char[]>(text.size() + 2);
  std::memcpy(piece.bytes.get() + 2, text.data(), text.size());
  piece.begin = 2;
  piece.end = text.size() + 2;
  piece.line = 11;
  piece.source_bytes = 5;
  return piece;
}

WholeText Parse(const CsvLayout& layout, TextPiece piece) {
  WholeText whole;
  for (const size_t i : layout.selected) whole.names.push_back(layout.names[i]);
  FieldIndex index;
  AddBatch(ParseCsvPiece(layout, std::move(piece), &index), whole);
  return whole;
}

CsvLayout TwoColumns() {
  return {
      .names = {"a", "b"}, .selected = {0, 1}, .first_taken = {0, 1}, .names_from_header = true};
}

TEST(CsvParserTest, TakesAFieldApart) {
  EXPECT_EQ(TakeApart("x\"y").content, "x\"y");
  EXPECT_FALSE(TakeApart("x\"y").quoted);
  EXPECT_EQ(TakeApart("\"\"").content, "");
  EXPECT_TRUE(TakeApart("\"\"").quoted);
  EXPECT_FALSE(TakeApart("\"\"").doubled);
  EXPECT_EQ(TakeApart("\"a\"\"b\"").content, "a\"\"b");
  EXPECT_EQ(TakeApart("\"a\"\"b\"").Value(), "a\"b");
  EXPECT_EQ(TakeApart("\"\"\"\"").Value(), "\"");
  EXPECT_FALSE(TakeApart("\"\"\"\"").text_after_quote);
  EXPECT_TRUE(TakeApart("\"a\"b").text_after_quote);
  EXPECT_TRUE(TakeApart("\"a\"b\"").text_after_quote);
  EXPECT_TRUE(TakeApart("\"a\" ").text_after_quote);
}

TEST(CsvParserTest, ValuesLiveAsLongAsTheBatch) {
  FieldIndex index;
  TextBatch batch = ParseCsvPiece(TwoColumns(), PieceOf("x,\"y\"\"z\"\n,\"\"\n"), &index);
  const TextBatch moved = std::move(batch);
  const TextColumn copy = moved.columns[1];
  EXPECT_EQ(moved.columns[0].value(0), "x");
  EXPECT_TRUE(moved.columns[0].is_null(1));
  EXPECT_EQ(copy.value(0), "y\"z");
  EXPECT_FALSE(copy.is_null(1));
  EXPECT_EQ(copy.value(1), "");
  EXPECT_THAT(moved.lines, ElementsAre(11, 12));
  EXPECT_EQ(moved.source_bytes, 5);
}

TEST(CsvParserTest, AColumnTakenTwiceIsUndoubledOnce) {
  CsvLayout layout = TwoColumns();
  layout.selected = {1, 0, 1};
  layout.first_taken = {0, 1, 0};
  EXPECT_EQ(Parse(layout, PieceOf("x,\"\"\"\"\"\"\n")).rows,
            (std::vector<TextRow>{{"\"\"", "x", "\"\""}}));
}

TEST(CsvParserTest, TextAfterAQuoteInAColumnThatIsNotTakenIsStillBad) {
  CsvLayout layout = TwoColumns();
  layout.selected = {0};
  layout.first_taken = {0};
  const WholeText whole = Parse(layout, PieceOf("x,\"y\"z\n1,\"2\"\n"));
  EXPECT_EQ(whole.rows, (std::vector<TextRow>{{"1"}}));
  ASSERT_EQ(whole.bad_rows.size(), 1U);
  EXPECT_EQ(whole.bad_rows[0].reason, "has text after the closing quote of a field");
  EXPECT_EQ(whole.bad_rows[0].raw, "x,\"y\"z");
}

TEST(CsvParserTest, LimitsOnRows) {
  CsvLayout layout = TwoColumns();
  layout.max_row_bytes = 10;
  const WholeText whole = Parse(layout, PieceOf("12345,7890\n12345,78901\n1,2\n"));
  EXPECT_THAT(whole.lines, ElementsAre(11, 13));
  ASSERT_EQ(whole.bad_rows.size(), 1U);
  EXPECT_EQ(whole.bad_rows[0].line, 12);
  EXPECT_EQ(whole.bad_rows[0].reason, "has more than 10 bytes");
  TextPiece piece = PieceOf("123456789012345");
  piece.too_long = true;
  const WholeText begin = Parse(layout, std::move(piece));
  ASSERT_EQ(begin.bad_rows.size(), 1U);
  EXPECT_EQ(begin.bad_rows[0].line, 11);
  EXPECT_EQ(begin.bad_rows[0].raw, "123456789012345");
}

TEST(CsvParserTest, ManyFieldsAreCounted) {
  const WholeText whole = Parse(TwoColumns(), PieceOf(std::string(10'000, ',') + "\n"));
  ASSERT_EQ(whole.bad_rows.size(), 1U);
  EXPECT_EQ(whole.bad_rows[0].reason, "has 10001 fields, the header has 2");
}

}  // namespace
}  // namespace burgeon
