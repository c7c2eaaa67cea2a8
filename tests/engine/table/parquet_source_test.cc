#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/writer.h>
#include "engine/base/limits.h"
#include "engine/table/arrow_text.h"
#include "tests/engine/table/text_reading.h"
#include "tests/engine/table/typed_table_fixture.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A Parquet file with these columns, as Arrow writes it.
std::string ParquetBytes(const std::shared_ptr<arrow::Table>& table, int64_t row_group_rows) {
  auto sink = *arrow::io::BufferOutputStream::Create();
  BURGEON_CHECK(
      parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, row_group_rows).ok());
  return (*sink->Finish())->ToString();
}

template <class Builder, class Value>
std::shared_ptr<arrow::Array> Build(Builder builder, const std::vector<Value>& values) {
  for (const Value& value : values) BURGEON_CHECK(builder.Append(value).ok());
  return *builder.Finish();
}

std::shared_ptr<arrow::Table> StringTable(const std::vector<std::string>& values) {
  return arrow::Table::Make(arrow::schema({arrow::field("s", arrow::utf8())}),
                            {Build(arrow::StringBuilder(), values)});
}

TEST(ParquetSourceTest, EveryTypeOfOursAsText) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteParquet(files, "t.parquet", AwkwardTable()), absl::OkStatus());
  const auto whole = ReadFile(files, "t.parquet");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("id", "count", "price", "score", "at"));
  EXPECT_EQ(whole->rows,
            (std::vector<TextRow>{
                {"a,\"b\"\nc", "-9223372036854775808", "0.1", "0.1", "2011-12-09 12:50:00Z"},
                {"", std::nullopt, "-0", "2.5", "1969-12-31 23:59:59.999999Z"},
                {std::nullopt, "7", "1e+300", std::nullopt, "1970-01-01 00:00:00Z"}}));
  EXPECT_THAT(whole->lines, ElementsAre(1, 2, 3));
  EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(files.contents["t.parquet"].size()));
}

TEST(ParquetSourceTest, SomeOfTheColumnsInTheOrderWanted) {
  MemoryFileSystem files;
  ASSERT_EQ(WriteParquet(files, "t.parquet", AwkwardTable()), absl::OkStatus());
  ReadOptions options;
  options.columns = {"price", "id"};
  const auto whole = ReadFile(files, "t.parquet", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows[1], (TextRow{"-0", ""}));
  options.columns = {"prize"};
  const auto status = ReadFile(files, "t.parquet", options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.parquet: has no column 'prize'; it has id, count"));
}

TEST(ParquetSourceTest, RowGroupsComeInBatches) {
  MemoryFileSystem files;
  std::vector<std::string> values;
  for (int i = 0; i < 20'000; ++i) values.push_back(Concat("v", i));
  files.contents["t.parquet"] = ParquetBytes(StringTable(values), 7'000);
  ReadOptions options;
  options.batch_rows = 6'000;
  const auto whole = ReadFile(files, "t.parquet", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->batches, 5);  // 6000 and 1000, twice, and 6000
  ASSERT_EQ(whole->rows.size(), 20'000U);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(whole->rows[i][0], values[i]);
    ASSERT_EQ(whole->lines[i], static_cast<int64_t>(i) + 1);
  }
  EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(files.contents["t.parquet"].size()));
}

// Words that repeat are coded by a dictionary, ids are not; a value in nine is null.
TEST(ParquetSourceTest, ChunksAreRowGroupsAndGiveTheSameRows) {
  arrow::StringBuilder words;
  arrow::StringBuilder ids;
  std::vector<TextRow> wanted;
  for (int i = 0; i < 2'500; ++i) {
    wanted.push_back({Concat("word ", i % 13), Concat(i * 7919)});
    if (i % 9 == 0) wanted.back()[0] = std::nullopt;
    ASSERT_TRUE((i % 9 == 0 ? words.AppendNull() : words.Append(*wanted.back()[0])).ok());
    ASSERT_TRUE(ids.Append(*wanted.back()[1]).ok());
  }
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("word", arrow::utf8()), arrow::field("id", arrow::utf8())}),
      {*words.Finish(), *ids.Finish()});
  MemoryFileSystem files;
  files.contents["t.parquet"] = ParquetBytes(table, 1'000);
  const auto reader = OpenTable(files, "t.parquet", {});
  ASSERT_EQ(reader.status(), absl::OkStatus());
  const auto chunks = ReadAllChunks(**reader);
  ASSERT_EQ(chunks.status(), absl::OkStatus());
  EXPECT_EQ(chunks->batches, 3);
  EXPECT_EQ(chunks->rows, wanted);
  EXPECT_EQ(chunks->lines.front(), 1);
  EXPECT_EQ(chunks->lines.back(), 2'500);
  EXPECT_EQ(chunks->source_bytes, static_cast<int64_t>(files.contents["t.parquet"].size()));
  const auto batches = ReadFile(files, "t.parquet");
  ASSERT_EQ(batches.status(), absl::OkStatus());
  EXPECT_EQ(batches->rows, wanted);
  EXPECT_EQ(batches->lines, chunks->lines);
}

TEST(ParquetSourceTest, HalvesOfACharacterInTwoValuesAreBothBad) {
  MemoryFileSystem files;
  files.contents["t.parquet"] = ParquetBytes(StringTable({"\xC3", "\xA9", "ok"}), 10);
  const auto whole = ReadFile(files, "t.parquet");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(3));
  ASSERT_EQ(whole->bad_rows.size(), 2U);
  EXPECT_EQ(whole->bad_rows[0].reason, "column 's' is not valid UTF-8");
  EXPECT_EQ(whole->bad_rows[1].line, 2);
}

TEST(ParquetSourceTest, BadTextIsKeptApart) {
  MemoryFileSystem files;
  const std::string large(static_cast<size_t>(limits::kMaxFieldBytes) + 1, 'x');
  files.contents["t.parquet"] =
      ParquetBytes(StringTable({"ok", "caf\xE9", std::string("a\0b", 3), large, "fine"}), 10);
  const auto whole = ReadFile(files, "t.parquet");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(1, 5));
  ASSERT_EQ(whole->bad_rows.size(), 3U);
  EXPECT_EQ(whole->bad_rows[0].line, 2);
  EXPECT_EQ(whole->bad_rows[0].reason, "column 's' is not valid UTF-8");
  EXPECT_EQ(whole->bad_rows[0].raw, "caf\xE9");
  EXPECT_THAT(whole->bad_rows[1].reason, HasSubstr("NUL"));
  EXPECT_THAT(whole->bad_rows[2].reason, HasSubstr("at most 1048576 wanted"));
}

TEST(ParquetSourceTest, ANestedColumnIsRefusedByNameUnlessItIsNotTaken) {
  MemoryFileSystem files;
  auto list =
      arrow::ListBuilder(arrow::default_memory_pool(), std::make_shared<arrow::Int32Builder>());
  ASSERT_TRUE(list.Append().ok());
  const auto table =
      arrow::Table::Make(arrow::schema({arrow::field("tags", arrow::list(arrow::int32())),
                                        arrow::field("n", arrow::int32())}),
                         {*list.Finish(), Build(arrow::Int32Builder(), std::vector<int32_t>{5})});
  files.contents["t.parquet"] = ParquetBytes(table, 10);
  const auto status = ReadFile(files, "t.parquet").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.parquet: column 'tags' has the type list<"));
  ReadOptions options;
  options.columns = {"n"};
  const auto whole = ReadFile(files, "t.parquet", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"5"}}));
}

TEST(ParquetSourceTest, NoRows) {
  MemoryFileSystem files;
  files.contents["t.parquet"] = ParquetBytes(StringTable({}), 10);
  const auto whole = ReadFile(files, "t.parquet");
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("s"));
  EXPECT_TRUE(whole->rows.empty());
}

TEST(ParquetSourceTest, EmptyFilesTruncationsAndReadErrors) {
  MemoryFileSystem files;
  files.contents["t.parquet"] = "";
  EXPECT_EQ(MessageOf(ReadFile(files, "t.parquet").status()), "t.parquet: the file is empty");
  const std::string whole = ParquetBytes(StringTable({"a", "b"}), 1);
  for (size_t size = 1; size < whole.size(); ++size) {
    files.contents["t.parquet"] = whole.substr(0, size);
    ASSERT_EQ(ReadFile(files, "t.parquet").status().code(), absl::StatusCode::kDataLoss) << size;
  }
}

// Without page checksums (this file has none, as those of others) a flip may change a value; it
// must not do worse.
TEST(ParquetSourceTest, EveryBitFlipIsAStatusOrRows) {
  MemoryFileSystem files;
  const std::string whole = ParquetBytes(StringTable({"a", "b", "a"}), 2);
  int refused = 0;
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    files.contents["t.parquet"] = damaged;
    const auto read = ReadFile(files, "t.parquet");
    if (read.ok()) {
      ASSERT_EQ(read->rows.size() + read->bad_rows.size(), 3U) << "bit " << bit;
      continue;
    }
    ++refused;
    ASSERT_THAT(MessageOf(read.status()), HasSubstr("t.parquet: ")) << "bit " << bit;
  }
  EXPECT_GT(refused, 500);
}

std::shared_ptr<arrow::Array> Ticks(arrow::TimeUnit::type unit, const std::string& zone) {
  arrow::TimestampBuilder builder(arrow::timestamp(unit, zone), arrow::default_memory_pool());
  BURGEON_CHECK(builder.Append(1'300'000'000'123'456).ok() && builder.AppendNull().ok() &&
                builder.Append(-5).ok());
  return *builder.Finish();
}

// Numbers and times are there as such; their text is that of ArrowToText, also when the reader is
// gone, and when a row of another column is bad.
TEST(ParquetSourceTest, NumbersAndTimesStayWhatTheyAreUntilTheirTextIsWanted) {
  arrow::DoubleBuilder reals;
  ASSERT_TRUE(reals.Append(7.27).ok() && reals.Append(std::nan("")).ok() &&
              reals.AppendNull().ok());
  arrow::Int64Builder wholes;
  ASSERT_TRUE(wholes.AppendNull().ok() && wholes.Append(-1).ok() && wholes.Append(INT64_MAX).ok());
  const std::vector<std::shared_ptr<arrow::Array>> arrays = {
      *reals.Finish(), *wholes.Finish(), Ticks(arrow::TimeUnit::MICRO, ""),
      Ticks(arrow::TimeUnit::MILLI, "UTC"), Ticks(arrow::TimeUnit::NANO, "Europe/London")};
  for (const std::string last : {"good", "bad \xE9"}) {
    auto columns = arrays;
    columns.push_back(Build(arrow::StringBuilder(), std::vector<std::string>{"a", "b", last}));
    arrow::FieldVector fields;
    for (size_t i = 0; i < columns.size(); ++i) {
      fields.push_back(arrow::field(Concat("c", i), columns[i]->type()));
    }
    MemoryFileSystem files;
    files.contents["t.parquet"] =
        ParquetBytes(arrow::Table::Make(arrow::schema(fields), columns), 10);
    std::optional<TextBatch> batch;
    {
      auto reader = OpenTable(files, "t.parquet", {});
      ASSERT_EQ(reader.status(), absl::OkStatus());
      batch = *(*(*reader)->NextChunk())->Parse();
    }
    const bool good = last == "good";
    ASSERT_EQ(batch->rows(), good ? 3 : 2);
    using Kind = TypedValues::Kind;
    const Kind kinds[] = {Kind::kReals, Kind::kIntegers, Kind::kLocalTimes, Kind::kInstants,
                          Kind::kInstants};
    for (size_t c = 0; c < arrays.size(); ++c) {
      const TextColumn copy = batch->columns[c];
      EXPECT_EQ(copy.typed().kind, good ? kinds[c] : Kind::kNone) << c;
      EXPECT_EQ(copy.size(), batch->rows());
      const auto text = ArrowToText(*arrays[c]);
      for (int64_t i = 0; i < batch->rows(); ++i) {
        const TextColumn::Slice slice = text->slices[i];
        EXPECT_EQ(copy.is_null(i), slice.size_and_null == TextColumn::kNull) << c << " " << i;
        if (copy.is_null(i)) continue;
        EXPECT_EQ(copy.value(i),
                  std::string_view(text->bytes.get() + slice.offset, slice.size_and_null));
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
