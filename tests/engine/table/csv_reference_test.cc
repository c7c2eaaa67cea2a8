// The CSV reader held to a plain reading of the rules, over every short text there is, and to
// Arrow's own reader, over random tables: for every instruction set, every size of the pieces, and
// both ways of reading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/csv/api.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include "engine/base/philox.h"
#include "tests/engine/table/text_reading.h"
#include "tests/support/plain_csv.h"

namespace burgeon {
namespace {

std::vector<ScanLevel> SupportedLevels() {
  std::vector<ScanLevel> levels;
  for (const ScanLevel level : kScanLevels) {
    if (IsSupported(level)) levels.push_back(level);
  }
  return levels;
}

ReadOptions WithColumns(const std::vector<std::string>& names) {
  ReadOptions options;
  options.delimiter = ',';
  options.column_names = names;
  return options;
}

absl::StatusOr<WholeText> ReadText(MemoryFileSystem& files, const ReadOptions& options,
                                   const PieceRules& rules, bool chunks) {
  BURGEON_ASSIGN_OR_RETURN(
      const auto reader,
      OpenCsv("t.csv", MakeFileSource(*files.OpenForRead("t.csv")), options, rules));
  return chunks ? ReadAllChunks(*reader) : ReadAll(*reader);
}

// What the reader should make of it; `names` is how many fields a row should have.
WholeText Wanted(const PlainCsv& plain, const std::vector<std::string>& names) {
  WholeText wanted;
  wanted.names = names;
  for (const PlainCsvRow& row : plain.rows) {
    if (row.text.empty() && names.size() != 1) continue;
    const size_t fields = row.fields.size();
    if (row.text_after_quote) {
      wanted.bad_rows.push_back(
          {row.line, "has text after the closing quote of a field", row.text});
    } else if (fields != names.size()) {
      wanted.bad_rows.push_back({row.line,
                                 Concat("has ", fields, fields == 1 ? " field" : " fields",
                                        ", the list of column names has ", names.size()),
                                 row.text});
    } else {
      wanted.rows.push_back(row.fields);
      wanted.lines.push_back(row.line);
    }
  }
  return wanted;
}

void ExpectSame(const absl::StatusOr<WholeText>& read, const PlainCsv& plain,
                const std::vector<std::string>& names, const std::string& what) {
  if (plain.open_quote_line) {
    ASSERT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << what;
    ASSERT_THAT(MessageOf(read.status()),
                testing::HasSubstr(Concat("opens on line ", *plain.open_quote_line, " ")))
        << what;
    return;
  }
  ASSERT_EQ(read.status(), absl::OkStatus()) << what;
  const WholeText wanted = Wanted(plain, names);
  ASSERT_EQ(read->rows, wanted.rows) << what;
  ASSERT_EQ(read->lines, wanted.lines) << what;
  ASSERT_EQ(read->bad_rows.size(), wanted.bad_rows.size()) << what;
  for (size_t i = 0; i < wanted.bad_rows.size(); ++i) {
    ASSERT_EQ(read->bad_rows[i].line, wanted.bad_rows[i].line) << what;
    ASSERT_EQ(read->bad_rows[i].reason, wanted.bad_rows[i].reason) << what;
    ASSERT_EQ(read->bad_rows[i].raw, wanted.bad_rows[i].raw) << what;
  }
}

// The text number `i` of those with `size` characters.
std::string TextNumber(uint64_t i, size_t size) {
  constexpr std::string_view kAlphabet = "a,\"\n\r";
  std::string text;
  for (size_t k = 0; k < size; ++k, i /= kAlphabet.size()) text += kAlphabet[i % kAlphabet.size()];
  return text;
}

constexpr uint64_t TextsOfSize(size_t size) {
  uint64_t count = 1;
  for (size_t k = 0; k < size; ++k) count *= 5;
  return count;
}

const std::vector<std::string> kOne = {"x"};
const std::vector<std::string> kTwo = {"x", "y"};

TEST(CsvReferenceTest, EveryShortTextInEveryPieceSize) {
  const std::vector<ScanLevel> levels = SupportedLevels();
  MemoryFileSystem files;
  for (size_t size = 1; size <= 5; ++size) {
    for (uint64_t i = 0; i < TextsOfSize(size); ++i) {
      const std::string text = TextNumber(i, size);
      files.contents["t.csv"] = text;
      const PlainCsv plain = ReadPlainCsv(text, ',');
      for (const auto& names : {kOne, kTwo}) {
        for (const ScanLevel level : levels) {
          for (size_t piece = 1; piece <= size + 1; ++piece) {
            const PieceRules rules{.piece_bytes = piece, .level = level};
            const auto read = ReadText(files, WithColumns(names), rules, (i + piece) % 2 == 0);
            ExpectSame(read, plain, names,
                       Concat(ScanLevelName(level), ", pieces of ", piece, ": ", Printable(text)));
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
}

// Seven characters, and before them as many others as make them lie across the 64 bytes that are
// looked at as one.
TEST(CsvReferenceTest, EveryTextOfSevenAroundTheEndOfABlock) {
  const std::vector<ScanLevel> levels = SupportedLevels();
  MemoryFileSystem files;
  for (uint64_t i = 0; i < TextsOfSize(7); ++i) {
    const std::string text = std::string(i % 4 == 0 ? 0 : 55 + i % 10, 'b') + TextNumber(i, 7);
    files.contents["t.csv"] = text;
    const PlainCsv plain = ReadPlainCsv(text, ',');
    const size_t piece = i % 3 == 0 ? 1 + i % 70 : 200;
    for (const ScanLevel level : levels) {
      const PieceRules rules{.piece_bytes = piece, .level = level};
      const auto read = ReadText(files, WithColumns(kTwo), rules, i % 2 == 0);
      ExpectSame(read, plain, kTwo,
                 Concat(ScanLevelName(level), ", pieces of ", piece, ": ", Printable(text)));
      if (HasFatalFailure()) return;
    }
  }
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
  // No line end at the end; but not after a field without a byte, which Arrow takes for "" there.
  const size_t rest = text.size() - end.size();
  if (random.Below(2, 2) == 0 && text[rest - 1] != ',') text.resize(rest);
  return text;
}

std::vector<TextRow> ArrowRows(const std::string& text, const std::vector<std::string>& names) {
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.newlines_in_values = true;
  parse.ignore_empty_lines = false;
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.column_names = names;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.strings_can_be_null = true;  // empty, and not in quotes
  convert.null_values = {""};
  convert.quoted_strings_can_be_null = false;
  for (const auto& name : names) convert.column_types[name] = arrow::utf8();
  auto input = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(text));
  auto reader =
      *arrow::csv::TableReader::Make(arrow::io::default_io_context(), input, read, parse, convert);
  auto table = *(*reader->Read())->CombineChunks();
  std::vector<TextRow> rows(static_cast<size_t>(table->num_rows()));
  for (int c = 0; c < table->num_columns(); ++c) {
    const auto& array = static_cast<const arrow::StringArray&>(*table->column(c)->chunk(0));
    for (int64_t i = 0; i < array.length(); ++i) {
      rows[static_cast<size_t>(i)].push_back(
          array.IsNull(i) ? std::nullopt : std::optional<std::string>(array.GetString(i)));
    }
  }
  return rows;
}

TEST(CsvReferenceTest, AgreesWithArrowOnRandomTables) {
  const char* replay = std::getenv("BURGEON_TEST_SEED");
  const uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  const uint64_t seeds = replay != nullptr ? 1 : 60;
  MemoryFileSystem files;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(Concat("BURGEON_TEST_SEED=", seed));
    const Philox random(seed, 7);
    std::vector<std::string> names;
    for (uint64_t i = 0; i < 2 + random.Below(0, 3); ++i) names.push_back(Concat("c", i));
    const std::string text = RandomCsv(random, names.size(), 1 + random.Below(3, 12));
    const std::vector<TextRow> wanted = ArrowRows(text, names);
    files.contents["t.csv"] = text;
    for (const ScanLevel level : SupportedLevels()) {
      for (size_t piece = 1; piece <= text.size() + 1; piece += 1 + piece / 8) {
        const PieceRules rules{.piece_bytes = piece, .level = level};
        const auto read = ReadText(files, WithColumns(names), rules, piece % 2 == 0);
        ASSERT_EQ(read.status(), absl::OkStatus());
        ASSERT_TRUE(read->bad_rows.empty());
        ASSERT_EQ(read->rows, wanted) << "pieces of " << piece << " of\n" << text;
      }
    }
  }
}

TEST(CsvReferenceTest, EveryTruncationGivesRowsOrSaysWhichQuoteIsOpen) {
  const std::string whole = "x,y\r\n1,\"two\n\"\"2\"\"\"\r\n\r\n3,\n\"\",5\" pipe\nsix\n";
  MemoryFileSystem files;
  for (size_t size = 1; size <= whole.size(); ++size) {
    files.contents["t.csv"] = whole.substr(0, size);
    const PlainCsv plain = ReadPlainCsv(files.contents["t.csv"], ',');
    for (size_t piece = 1; piece <= size + 1; ++piece) {
      const auto read = ReadText(files, WithColumns(kTwo), {.piece_bytes = piece}, piece % 2 == 0);
      ExpectSame(read, plain, kTwo, Concat(size, " bytes in pieces of ", piece));
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace burgeon
