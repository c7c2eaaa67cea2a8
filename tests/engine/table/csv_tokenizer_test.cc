#include "engine/table/csv_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include <arrow/array.h>
#include <arrow/csv/api.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include "engine/base/philox.h"
#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Tokenized {
  std::vector<std::vector<std::string>> rows;
  std::vector<int64_t> lines;
  std::vector<CsvProblem> problems;
  std::vector<std::string> texts;
};

absl::StatusOr<Tokenized> Tokenize(const std::string& text, size_t chunk_bytes = 1,
                                   int64_t max_row_bytes = limits::kMaxRowBytes) {
  MemoryFileSystem files;
  files.contents["t.csv"] = text;
  ByteWindow window(MakeFileSource(*files.OpenForRead("t.csv")), chunk_bytes);
  CsvTokenizer tokenizer("t.csv", window, ',', max_row_bytes);
  Tokenized all;
  CsvRow row;
  std::string scratch;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, tokenizer.Next(row));
    if (!more) return all;
    std::vector<std::string> values;
    for (const CsvField& field : row.fields) values.emplace_back(row.Value(field, scratch));
    all.rows.push_back(std::move(values));
    all.lines.push_back(row.line);
    all.problems.push_back(row.problem);
    all.texts.emplace_back(row.text);
  }
}

TEST(CsvTokenizerTest, QuotesCommasAndNewlines) {
  const auto all = Tokenize("a,\"b,\"\"c\"\"\",\n\"x\ny\",,\"\"\nlast,1,2");
  ASSERT_EQ(all.status(), absl::OkStatus());
  EXPECT_THAT(all->rows, ElementsAre(ElementsAre("a", "b,\"c\"", ""), ElementsAre("x\ny", "", ""),
                                     ElementsAre("last", "1", "2")));
  EXPECT_THAT(all->lines, ElementsAre(1, 2, 4));
}

TEST(CsvTokenizerTest, EveryLineEndCountsOnce) {
  const auto all = Tokenize("a\r\nb\rc\n\"d\r\ne\rf\ng\"\r\nh\r\n\r\ni");
  ASSERT_EQ(all.status(), absl::OkStatus());
  EXPECT_THAT(all->rows, ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c"),
                                     ElementsAre("d\r\ne\rf\ng"), ElementsAre("h"), ElementsAre(""),
                                     ElementsAre("i")));
  EXPECT_THAT(all->lines, ElementsAre(1, 2, 3, 4, 8, 9, 10));
}

TEST(CsvTokenizerTest, AQuoteWithinAnUnquotedFieldIsAByte) {
  const auto all = Tokenize("5\" pipe,a \"b\"\n");
  ASSERT_EQ(all.status(), absl::OkStatus());
  EXPECT_THAT(all->rows, ElementsAre(ElementsAre("5\" pipe", "a \"b\"")));
  EXPECT_THAT(all->problems, ElementsAre(CsvProblem::kNone));
}

TEST(CsvTokenizerTest, TextAfterAClosingQuoteIsAProblemOfThatRowOnly) {
  const auto all = Tokenize("\"a\"b,c\nd,e\n");
  ASSERT_EQ(all.status(), absl::OkStatus());
  EXPECT_THAT(all->problems, ElementsAre(CsvProblem::kTextAfterQuote, CsvProblem::kNone));
  EXPECT_EQ(all->texts[0], "\"a\"b,c");
  EXPECT_THAT(all->rows[1], ElementsAre("d", "e"));
}

TEST(CsvTokenizerTest, AnOpenQuoteNamesTheLineWhereItOpens) {
  const auto status = Tokenize("a,b\nc,\"d\ne\nf,g").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.csv: the quote that opens on line 2 is not closed"));
}

TEST(CsvTokenizerTest, ALongRowIsForgottenAndTheNextIsGood) {
  for (const size_t chunk : {1U, 2U, 3U, 7U, 64U, 1000U}) {
    for (const char* line_end : {"\n", "\r\n", "\r", ""}) {
      const std::string end = line_end;
      const std::string text =
          "ab,c\n" + std::string(30, 'x') + ",\"" + std::string(30, '\n') + "\"" + end;
      const auto all = Tokenize(text + (end.empty() ? "" : "d,e" + end), chunk, 20);
      ASSERT_EQ(all.status(), absl::OkStatus());
      ASSERT_EQ(all->rows.size(), end.empty() ? 2U : 3U) << "chunk " << chunk;
      EXPECT_EQ(all->problems[1], CsvProblem::kTooLong);
      EXPECT_TRUE(all->texts[1].starts_with("xxxxxxxxxxxxxxxxxxxx"));
      if (end.empty()) continue;
      EXPECT_THAT(all->rows[2], ElementsAre("d", "e"));
      EXPECT_THAT(all->lines, ElementsAre(1, 2, 33)) << "chunk " << chunk;
    }
  }
}

TEST(CsvTokenizerTest, ARowAtTheLimitIsGood) {
  const auto all = Tokenize("12345,7890\n12345,78901\n", 3, 10);
  ASSERT_EQ(all.status(), absl::OkStatus());
  EXPECT_THAT(all->problems, ElementsAre(CsvProblem::kNone, CsvProblem::kTooLong));
}

TEST(CsvTokenizerTest, FieldsBeyondTheLimitAreCountedNotKept) {
  MemoryFileSystem files;
  files.contents["t"] = std::string(10'000, ',') + "\n";
  ByteWindow window(MakeFileSource(*files.OpenForRead("t")));
  CsvTokenizer tokenizer("t", window, ',');
  CsvRow row;
  ASSERT_TRUE(*tokenizer.Next(row));
  EXPECT_EQ(row.field_count, 10'001);
  EXPECT_EQ(static_cast<int64_t>(row.fields.size()), limits::kMaxColumns + 1);
}

// ---- Against Arrow's own reader, on random tables.

std::string RandomField(const Philox& random, uint64_t at) {
  static const std::vector<std::string> pieces = {
      "a",   "B7", ",", "\"", "\"\"", "\n", "\r\n", "\r", " ", "\xC3\xA9", "\xF0\x9F\x8C\xB1",
      "-1.5"};
  std::string field;
  const uint64_t parts = random.Below(at, 5);
  for (uint64_t i = 1; i <= parts; ++i) field += pieces[random.Below(at + i, pieces.size())];
  return field;
}

std::string Quoted(const std::string& field) {
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string RandomCsv(const Philox& random, uint64_t columns, uint64_t rows) {
  const std::vector<std::string> ends = {"\n", "\r\n", "\r"};
  const std::string end = ends[random.Below(1, 3)];
  std::string text;
  for (uint64_t i = 0; i < rows * columns; ++i) {
    const uint64_t at = 100 + 10 * i;
    const std::string field = RandomField(random, at);
    const bool must = field.find_first_of(",\"\r\n") != std::string::npos;
    text += must || random.Below(at + 8, 3) == 0 ? Quoted(field) : field;
    text += i % columns + 1 < columns ? "," : end;
  }
  if (random.Below(2, 2) == 0) text.resize(text.size() - end.size());  // no line end at the end
  return text;
}

std::vector<std::vector<std::string>> ArrowRows(const std::string& text, int columns) {
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.newlines_in_values = true;
  parse.ignore_empty_lines = false;
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  for (int i = 0; i < columns; ++i) {
    read.column_names.push_back(std::to_string(i));
    convert.column_types[std::to_string(i)] = arrow::utf8();
  }
  auto input = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(text));
  auto reader =
      *arrow::csv::TableReader::Make(arrow::io::default_io_context(), input, read, parse, convert);
  auto table = *(*reader->Read())->CombineChunks();
  std::vector<std::vector<std::string>> rows(static_cast<size_t>(table->num_rows()));
  for (int c = 0; c < columns; ++c) {
    const auto& array = static_cast<const arrow::StringArray&>(*table->column(c)->chunk(0));
    for (int64_t i = 0; i < array.length(); ++i) {
      rows[static_cast<size_t>(i)].push_back(array.GetString(i));
    }
  }
  return rows;
}

TEST(CsvTokenizerTest, AgreesWithArrowForEveryChunkSize) {
  const char* replay = std::getenv("BURGEON_TEST_SEED");
  const uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  const uint64_t seeds = replay != nullptr ? 1 : 60;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(Concat("BURGEON_TEST_SEED=", seed));
    const Philox random(seed, 7);
    const uint64_t columns = 2 + random.Below(0, 3);
    const std::string text = RandomCsv(random, columns, 1 + random.Below(3, 6));
    const auto wanted = ArrowRows(text, static_cast<int>(columns));
    for (size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
      const auto all = Tokenize(text, chunk);
      ASSERT_EQ(all.status(), absl::OkStatus());
      ASSERT_EQ(all->rows, wanted) << "chunk " << chunk << " of\n" << text;
    }
  }
}

}  // namespace
}  // namespace burgeon
