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
                                 size_t chunk = kReadChunkBytes) {
    files_.contents["t.jsonl"] = text;
    ReadOptions options;
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

}  // namespace
}  // namespace burgeon
