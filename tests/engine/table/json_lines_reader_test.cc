#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/limits.h"
#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JsonLinesReaderTest : public ::testing::Test {
 protected:
  absl::StatusOr<WholeText> Read(const std::string& text, std::vector<std::string> columns,
                                 size_t chunk = kReadChunkBytes, ReadOptions options = {}) {
    files_.contents["t.jsonl"] = text;
    options.columns = std::move(columns);
    BURGEON_ASSIGN_OR_RETURN(auto file, files_.OpenForRead("t.jsonl"));
    BURGEON_ASSIGN_OR_RETURN(
        auto reader, OpenJsonLines("t.jsonl", MakeFileSource(std::move(file)), options, chunk));
    return ReadAll(*reader);
  }
  MemoryFileSystem files_;
};

TEST_F(JsonLinesReaderTest, RowsAndLinesForEveryChunkSize) {
  const std::string text = "\n{\"a\":1,\"b\":\"x\"}\r\n\n{\"b\":\"y\"}\n{\"a\":2.0,\"b\":null}";
  for (size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
    const auto whole = Read(text, {"a", "b"}, chunk);
    ASSERT_EQ(whole.status(), absl::OkStatus());
    EXPECT_EQ(whole->rows,
              (std::vector<TextRow>{{"1", "x"}, {std::nullopt, "y"}, {"2.0", std::nullopt}}));
    EXPECT_THAT(whole->lines, ElementsAre(2, 4, 5));
    EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(text.size()));
  }
}

TEST_F(JsonLinesReaderTest, WithoutColumnsThoseOfTheFirstObject) {
  const auto whole = Read("{\"b\":1,\"a\":{\"c\":2}}\n{\"a\":3,\"z\":4}\n", {});
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->names, ElementsAre("b", "a"));
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"1", "{\"c\":2}"}, {std::nullopt, "3"}}));
  const auto status = Read("nonsense\n", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.jsonl: line 1: is not JSON"));
}

TEST_F(JsonLinesReaderTest, BadLinesAreKept) {
  const auto whole = Read("{\"a\":1}\n{\"a\":\n{\"a\":\"x\\u0000y\"}\n{\"a\":2}\n{\"a\"", {"a"});
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(1, 4));
  ASSERT_EQ(whole->bad_rows.size(), 3U);
  EXPECT_EQ(whole->bad_rows[0].line, 2);
  EXPECT_THAT(whole->bad_rows[0].reason, HasSubstr("is not JSON: "));
  EXPECT_EQ(whole->bad_rows[0].raw, "{\"a\":");
  EXPECT_THAT(whole->bad_rows[1].reason, HasSubstr("column 'a' has a NUL byte"));
  EXPECT_EQ(whole->bad_rows[2].line, 5);
}

TEST_F(JsonLinesReaderTest, ALongLineIsForgottenAndTheNextIsGood) {
  const std::string line(static_cast<size_t>(limits::kMaxRowBytes) + 1, 'x');
  const auto whole = Read(line + "\n{\"a\":1}\n" + line, {"a"});
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(2));
  ASSERT_EQ(whole->bad_rows.size(), 2U);
  EXPECT_EQ(whole->bad_rows[1].line, 3);
  EXPECT_EQ(whole->bad_rows[1].reason, "has more than 16777216 bytes");
  EXPECT_EQ(static_cast<int64_t>(whole->bad_rows[1].raw.size()), limits::kMaxFieldBytes);
}

TEST_F(JsonLinesReaderTest, EmptyFilesAndOtherEncodings) {
  EXPECT_EQ(MessageOf(Read("", {"a"}).status()), "t.jsonl: the file is empty");
  EXPECT_THAT(MessageOf(Read(std::string("\xFF\xFE{\0", 4), {"a"}).status()),
              HasSubstr("UTF-8 wanted"));
  EXPECT_EQ(Read("\xEF\xBB\xBF{\"a\":1}\n", {"a"})->rows.size(), 1U);
}

TEST_F(JsonLinesReaderTest, ACutGzipFileNamesTheLine) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += Concat("{\"a\":", i * 7919, "}\n");
  const std::string packed = Gzip(text);
  files_.contents["t.jsonl.gz"] = packed;
  EXPECT_EQ(ReadFile(files_, "t.jsonl.gz")->rows.size(), 500U);
  files_.contents["t.jsonl.gz"] = packed.substr(0, packed.size() - 20);
  const auto status = ReadFile(files_, "t.jsonl.gz").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("t.jsonl.gz: the gzip data end in the middle"));
  EXPECT_THAT(MessageOf(status), HasSubstr("read up to line "));
}

TEST_F(JsonLinesReaderTest, AnArrayOfObjectsOverAsManyLinesAsItLikes) {
  const std::string text =
      "\n [\n{\"a\": 1,\n \"b\": \"x,]}\\\"\"},{\"a\":[2,{}]}\n\n,\n{\"b\":3\n}\n, 4] \n";
  for (size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
    const auto whole = Read(text, {"a", "b"}, chunk);
    ASSERT_EQ(whole.status(), absl::OkStatus());
    EXPECT_EQ(whole->rows, (std::vector<TextRow>{
                               {"1", "x,]}\""}, {"[2,{}]", std::nullopt}, {std::nullopt, "3"}}));
    EXPECT_THAT(whole->lines, ElementsAre(3, 4, 7));
    ASSERT_EQ(whole->bad_rows.size(), 1U);
    EXPECT_EQ(whole->bad_rows[0].line, 9);
    EXPECT_EQ(whole->bad_rows[0].reason, "is not a JSON object");
    EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(text.size()));
  }
}

TEST_F(JsonLinesReaderTest, AnArrayThatDoesNotEndAsOne) {
  EXPECT_EQ(Read("[]", {"a"})->rows.size(), 0U);
  const auto error = [&](const std::string& text) { return Read(text, {"a"}).status(); };
  EXPECT_EQ(error("[{\"a\":1}").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(error("[").code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(error("[{\"a\":1},\n{\"a\":\"x\\")),
              HasSubstr("t.jsonl: the file ends in the middle of the array's element that begins "
                        "in line 2"));
  EXPECT_EQ(MessageOf(error("[{\"a\":1}] x")),
            "t.jsonl: line 1: there is text after the end of the array");
  EXPECT_THAT(MessageOf(error("[" + std::string(limits::kMaxRowBytes + 2, '{'))),
              HasSubstr("or is not closed"));
}

TEST_F(JsonLinesReaderTest, ExplodedRowsKeepTheLineOfTheirObject) {
  ReadOptions options;
  options.explode = "l";
  const auto whole =
      Read("{\"l\":[1,2]}\n{\"l\":3}\n{\"l\":[]}\n", {"l", "#element"}, kReadChunkBytes, options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows,
            (std::vector<TextRow>{{"1", "1"}, {"2", "2"}, {std::nullopt, std::nullopt}}));
  EXPECT_THAT(whole->lines, ElementsAre(1, 1, 3));
  ASSERT_EQ(whole->bad_rows.size(), 1U);
  EXPECT_EQ(whole->bad_rows[0].line, 2);
}

TEST_F(JsonLinesReaderTest, ChunksHoldTheRowsOfTheBatches) {
  std::string text;
  for (int i = 0; i < 120'000; ++i) {
    text += i % 1000 == 7 ? "{broken\n" : Concat("{\"a\":", i, ",\"b\":\"", i * 3, "\"}\n");
  }
  ReadOptions options;
  options.batch_rows = 1000;
  const auto whole = Read(text, {"b", "a"}, 4096, options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_GE(whole->batches, 120);
  options.columns = {"b", "a"};
  auto reader = OpenJsonLines("t.jsonl", MakeFileSource(*files_.OpenForRead("t.jsonl")), options);
  ASSERT_EQ(reader.status(), absl::OkStatus());
  std::vector<std::unique_ptr<TableChunk>> chunks;
  for (;;) {
    auto chunk = (*reader)->NextChunk();
    ASSERT_EQ(chunk.status(), absl::OkStatus());
    if (*chunk == nullptr) break;
    chunks.push_back(*std::move(chunk));
  }
  std::vector<TextBatch> batches(chunks.size());
  for (size_t i = chunks.size(); i-- > 0;) batches[i] = *chunks[i]->Parse();  // in any order
  size_t row = 0;
  int64_t bad = 0;
  int64_t bytes = 0;
  for (const TextBatch& batch : batches) {
    bytes += batch.source_bytes;
    bad += static_cast<int64_t>(batch.bad_rows.size());
    for (int64_t i = 0; i < batch.rows(); ++i, ++row) {
      ASSERT_EQ(batch.lines[static_cast<size_t>(i)], whole->lines[row]);
      ASSERT_EQ(batch.columns[1].value(i), *whole->rows[row][1]);
      ASSERT_EQ(batch.columns[0].value(i), *whole->rows[row][0]);
    }
  }
  EXPECT_EQ(row, whole->rows.size());
  EXPECT_EQ(row, 119'880U);
  EXPECT_EQ(bad, 120);
  EXPECT_EQ(bytes, static_cast<int64_t>(text.size()));
}

TEST_F(JsonLinesReaderTest, APathThatIsNone) {
  EXPECT_THAT(MessageOf(Read("{}\n", {"{x}", "a{}"}).status()),
              HasSubstr("t.jsonl: the JSON path 'a{}' is none"));
}

}  // namespace
}  // namespace burgeon
