#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/limits.h"
#include "tests/engine/table/text_reading.h"
#include "tests/engine/table/typed_table_fixture.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CsvReaderTest : public ::testing::Test {
 protected:
  absl::StatusOr<WholeText> Read(const std::string& text, const ReadOptions& options = {}) {
    files_.contents["t.csv"] = text;
    return ReadFile(files_, "t.csv", options);
  }
  // The one bad row of a text that has exactly one.
  BadRow OneBadRow(const std::string& text) {
    const auto whole = Read(text);
    EXPECT_EQ(whole.status(), absl::OkStatus());
    if (!whole.ok() || whole->bad_rows.size() != 1) {
      ADD_FAILURE() << "one bad row wanted";
      return {};
    }
    return whole->bad_rows[0];
  }
  MemoryFileSystem files_;
};

TEST_F(CsvReaderTest, ValuesNullsAndLines) {
  const auto whole = Read("a,b\n1,\n\"\",x\n\n\"m\nn\",y\n");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("a", "b"));
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"1", std::nullopt}, {"", "x"}, {"m\nn", "y"}}));
  EXPECT_THAT(whole->lines, ElementsAre(2, 3, 5));
  EXPECT_TRUE(whole->bad_rows.empty());
  EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(files_.contents["t.csv"].size()));
}

TEST_F(CsvReaderTest, AWrongNumberOfFields) {
  const auto whole = Read("a,b,c\n1,2,3\n1,2\n\n1,2,3,4\nx\n4,5,6\n");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(2, 7));
  ASSERT_EQ(whole->bad_rows.size(), 3U);
  EXPECT_EQ(whole->bad_rows[0].line, 3);
  EXPECT_EQ(whole->bad_rows[0].reason, "has 2 fields, the header has 3");
  EXPECT_EQ(whole->bad_rows[0].raw, "1,2");
  EXPECT_EQ(whole->bad_rows[1].line, 5);
  EXPECT_EQ(whole->bad_rows[1].reason, "has 4 fields, the header has 3");
  EXPECT_EQ(whole->bad_rows[2].reason, "has 1 field, the header has 3");
}

TEST_F(CsvReaderTest, TextThatIsNotUtf8OrHasNulBytes) {
  BadRow bad = OneBadRow("a,b\n1,caf\xE9\n2,ok\n");
  EXPECT_EQ(bad.line, 2);
  EXPECT_EQ(bad.reason, "column 'b' is not valid UTF-8");
  EXPECT_EQ(bad.raw, "1,caf\xE9");
  bad = OneBadRow(std::string("a,b\n1,2\nx\0y,2\n", 14));
  EXPECT_EQ(bad.line, 3);
  EXPECT_THAT(bad.reason, HasSubstr("column 'a' has a NUL byte"));
}

TEST_F(CsvReaderTest, TextAfterAClosingQuote) {
  EXPECT_THAT(OneBadRow("a,b\n\"1\"x,2\n").reason, HasSubstr("text after the closing quote"));
}

TEST_F(CsvReaderTest, FieldsAndRowsBeyondTheLimits) {
  const std::string field(static_cast<size_t>(limits::kMaxFieldBytes) + 1, 'f');
  BadRow bad = OneBadRow("a,b\n1," + field + "\n2,3\n");
  EXPECT_EQ(bad.reason, "column 'b' has 1048577 bytes; at most 1048576 wanted");
  EXPECT_EQ(static_cast<int64_t>(bad.raw.size()), limits::kMaxFieldBytes);
  const std::string row(static_cast<size_t>(limits::kMaxRowBytes) + 1, 'r');
  bad = OneBadRow("a,b\n" + row + "\n2,3\n");
  EXPECT_EQ(bad.reason, "has more than 16777216 bytes");
  EXPECT_EQ(static_cast<int64_t>(bad.raw.size()), limits::kMaxFieldBytes);
}

TEST_F(CsvReaderTest, TheByteOrderMarkIsNoPartOfTheFirstName) {
  const auto whole = Read(
      "\xEF\xBB\xBF"
      "a,b\n1,2\n");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("a", "b"));
}

TEST_F(CsvReaderTest, OtherEncodingsNameTheOneWanted) {
  for (const std::string& text :
       {std::string("\xFF\xFE"
                    "a\0\n\0",
                    6),
        std::string("\xFE\xFF\0a\0\n", 6), std::string("a\0,\0b\0\n\0", 8)}) {
    const auto status = Read(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(MessageOf(status), HasSubstr("t.csv: "));
    EXPECT_THAT(MessageOf(status), HasSubstr("UTF-16"));
    EXPECT_THAT(MessageOf(status), HasSubstr("UTF-8"));
  }
  ReadOptions options;
  options.column_names = {"a", "b"};
  EXPECT_THAT(MessageOf(Read(std::string("1\0,\0002\0\n\0", 8), options).status()),
              HasSubstr("line 1 has a NUL byte"));
}

TEST_F(CsvReaderTest, EmptyFilesAndHeaders) {
  EXPECT_EQ(MessageOf(Read("").status()), "t.csv: the file is empty");
  EXPECT_EQ(Read("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read("\n\n").status().code(), absl::StatusCode::kInvalidArgument);
  const auto whole = Read("a,b");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("a", "b"));
  EXPECT_TRUE(whole->rows.empty());
}

TEST_F(CsvReaderTest, ANameTwiceIsRefused) {
  const auto status = Read("id,b,id\n1,2,3\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.csv: the header (line 1) has the name 'id' twice"));
}

TEST_F(CsvReaderTest, WithoutHeader) {
  ReadOptions options;
  options.column_names = {"user", "item"};
  const auto whole = Read("u1,i1\nu2\n", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"u1", "i1"}}));
  EXPECT_THAT(whole->lines, ElementsAre(1));
  EXPECT_EQ(whole->bad_rows[0].reason, "has 1 field, the list of column names has 2");
  options.column_names = {"user", "user"};
  EXPECT_EQ(Read("u1,i1\n", options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CsvReaderTest, SomeOfTheColumns) {
  ReadOptions options;
  options.columns = {"c", "a"};
  const auto whole = Read("a,b,c\n1,2,3\n", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"3", "1"}}));
  options.columns = {"d"};
  const auto status = Read("a,b,c\n1,2,3\n", options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MessageOf(status), "t.csv: has no column 'd'; it has a, b, c");
}

TEST_F(CsvReaderTest, OneColumnTakesABlankLineAsNull) {
  const auto whole = Read("a\n1\n\n2\n");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"1"}, {std::nullopt}, {"2"}}));
}

TEST_F(CsvReaderTest, ABatchIsAPieceOfTheFile) {
  files_.contents["t.csv"] = "a,b\n";
  const std::string row = std::string(500, 'x') + "," + std::string(499, 'y') + "\n";
  for (int i = 0; i < 2000; ++i) files_.contents["t.csv"] += row;
  const auto reader = OpenTable(files_, "t.csv", {});
  ASSERT_EQ(reader.status(), absl::OkStatus());
  int64_t rows = 0;
  int64_t bytes = 0;
  for (;;) {
    const auto batch = (*reader)->Next();
    ASSERT_EQ(batch.status(), absl::OkStatus());
    if (!*batch) break;
    rows += (*batch)->rows();
    bytes += (*batch)->source_bytes;
    EXPECT_LE((*batch)->rows() * static_cast<int64_t>(row.size()),
              static_cast<int64_t>(kPieceBytes));
  }
  EXPECT_EQ(rows, 2000);
  EXPECT_EQ(bytes, static_cast<int64_t>(files_.contents["t.csv"].size()));
}

TEST_F(CsvReaderTest, AnOpenQuoteIsDataLoss) {
  const auto status = Read("a,b\n1,\"2\n3,4\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.csv: the quote that opens on line 2"));
}

TEST_F(CsvReaderTest, AReadErrorNamesTheLineReached) {
  files_.contents["t.csv"] = "a,b\n1,2\n3,4\n5,6\n";
  ReadOptions options;
  options.delimiter = ',';
  auto reader = OpenCsv("t.csv", MakeFileSource(*files_.OpenForRead("t.csv")), options,
                        PieceRules{.piece_bytes = 4});
  ASSERT_EQ(reader.status(), absl::OkStatus());
  files_.fail_reads_after = 6;  // the first row is read, the second is not
  const auto row = (*reader)->Next();
  ASSERT_EQ(row.status(), absl::OkStatus());
  EXPECT_THAT((*row)->lines, ElementsAre(2));
  const auto status = (*reader)->Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(status), HasSubstr("(read up to line 3)"));
}

TEST_F(CsvReaderTest, WhatWriteCsvWroteReadsBack) {
  const Table table = AwkwardTable();
  ASSERT_EQ(WriteCsv(files_, "t.csv", table), absl::OkStatus());
  const auto whole = ReadFile(files_, "t.csv");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  ASSERT_EQ(whole->rows.size(), 3U);
  EXPECT_EQ(whole->rows[0][0], "a,\"b\"\nc");
  EXPECT_EQ(whole->rows[1][0], "");
  EXPECT_EQ(whole->rows[2][0], std::nullopt);
  EXPECT_EQ(whole->rows[1][1], std::nullopt);
}

TEST_F(CsvReaderTest, EveryTruncationOfAGzipFileIsAStatus) {
  std::string text = "a,b\n";
  for (int i = 0; i < 300; ++i) text += Concat(i, ",\"", i * i, "\"\n");
  const std::string packed = Gzip(text);
  files_.contents["t.csv.gz"] = packed;
  ASSERT_EQ(ReadFile(files_, "t.csv.gz")->rows.size(), 300U);
  EXPECT_EQ(ReadFile(files_, "t.csv.gz")->source_bytes, static_cast<int64_t>(packed.size()));
  for (size_t size = 1; size < packed.size(); ++size) {
    files_.contents["t.csv.gz"] = packed.substr(0, size);
    const auto status = ReadFile(files_, "t.csv.gz").status();
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
    ASSERT_THAT(MessageOf(status), HasSubstr("t.csv.gz: the gzip data end in the middle"));
  }
  files_.contents["t.csv.gz"] = "";
  EXPECT_EQ(MessageOf(ReadFile(files_, "t.csv.gz").status()), "t.csv.gz: the file is empty");
}

}  // namespace
}  // namespace burgeon
