#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/base/limits.h"
#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(OpenTableTest, TheFormatByTheName) {
  MemoryFileSystem files;
  const std::vector<TextRow> wanted = {{"1", "x y"}};
  files.contents["t.csv"] = "a,b\n1,x y\n";
  files.contents["T.TSV"] = "a\tb\n1\tx y\n";
  files.contents["t.jsonl"] = "{\"a\":1,\"b\":\"x y\"}\n";
  files.contents["t.ndjson"] = files.contents["t.jsonl"];
  files.contents["t.csv.gz"] = Gzip(files.contents["t.csv"]);
  files.contents["t.tsv.GZ"] = Gzip(files.contents["T.TSV"]);
  files.contents["t.jsonl.gz"] = Gzip(files.contents["t.jsonl"]);
  files.contents["t.ndjson.gz"] = files.contents["t.jsonl.gz"];
  ASSERT_EQ(files.contents.size(), 8U);
  for (const auto& [path, bytes] : std::map(files.contents)) {
    const auto whole = ReadFile(files, path);
    ASSERT_EQ(whole.status(), absl::OkStatus());
    EXPECT_THAT(whole->names, ElementsAre("a", "b")) << path;
    EXPECT_EQ(whole->rows, wanted) << path;
  }
}

TEST(OpenTableTest, TheFormatByTheOptions) {
  MemoryFileSystem files;
  files.contents["log.txt"] = "a|b\n1|2\n";
  ReadOptions options;
  options.format = TableFormat::kCsv;
  options.delimiter = '|';
  EXPECT_EQ(ReadFile(files, "log.txt", options)->rows, (std::vector<TextRow>{{"1", "2"}}));
  options.format = TableFormat::kJsonLines;
  files.contents["log.gz"] = Gzip("{\"a\":1}\n");
  EXPECT_EQ(ReadFile(files, "log.gz", options)->rows, (std::vector<TextRow>{{"1"}}));
}

TEST(OpenTableTest, NamesThatTellNothing) {
  MemoryFileSystem files;
  for (const char* path : {"log.txt", "log.gz", "log", "log.parquet.gz", "csv"}) {
    files.contents[path] = "a,b\n";
    const auto status = OpenTable(files, path, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << path;
    EXPECT_THAT(MessageOf(status), HasSubstr(".csv, .tsv"));
  }
}

TEST(OpenTableTest, AMissingFileIsNotFound) {
  MemoryFileSystem files;
  for (const char* path : {"t.csv", "t.csv.gz", "t.jsonl", "t.parquet"}) {
    EXPECT_EQ(OpenTable(files, path, {}).status().code(), absl::StatusCode::kNotFound) << path;
  }
}

TEST(OpenTableTest, OptionsThatCannotBe) {
  MemoryFileSystem files;
  files.contents["t.csv"] = "a,b\n";
  ReadOptions options;
  options.batch_rows = 0;
  EXPECT_THAT(MessageOf(OpenTable(files, "t.csv", options).status()), HasSubstr("batch_rows: 0"));
  options = {};
  for (const char delimiter : {'"', '\n', '\r', '\xE9'}) {
    options.delimiter = delimiter;
    EXPECT_EQ(OpenTable(files, "t.csv", options).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(OpenTableTest, FilesUnderAnotherName) {
  MemoryFileSystem files;
  files.contents["t.csv"] = Gzip("a,b\n");
  EXPECT_THAT(MessageOf(OpenTable(files, "t.csv", {}).status()), HasSubstr("is gzip data"));
  files.contents["t.csv"] = "PK\x03\x04....";
  EXPECT_THAT(MessageOf(OpenTable(files, "t.csv", {}).status()), HasSubstr("Excel workbook"));
  files.contents["t.csv"] = "PAR1....";
  EXPECT_THAT(MessageOf(OpenTable(files, "t.csv", {}).status()), HasSubstr("is a Parquet file"));
}

TEST(CheckColumnNamesTest, TooManyAndTwice) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < limits::kMaxColumns; ++i) names.push_back(Concat(i));
  EXPECT_EQ(CheckColumnNames("x", names), absl::OkStatus());
  names.push_back("more");
  EXPECT_EQ(MessageOf(CheckColumnNames("x", names)), "x has 4097 columns; at most 4096 wanted");
  EXPECT_THAT(MessageOf(CheckColumnNames("x", {"a", "b", "a"})), HasSubstr("'a' twice"));
}

}  // namespace
}  // namespace burgeon
