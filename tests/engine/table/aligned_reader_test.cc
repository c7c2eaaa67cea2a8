#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/limits.h"
#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AlignedReaderTest : public ::testing::Test {
 protected:
  absl::StatusOr<WholeText> Read(const std::string& text, const ReadOptions& options,
                                 size_t chunk = kReadChunkBytes) {
    files_.contents["t.txt"] = text;
    BURGEON_ASSIGN_OR_RETURN(auto file, files_.OpenForRead("t.txt"));
    BURGEON_ASSIGN_OR_RETURN(auto reader,
                             OpenAligned("t.txt", MakeFileSource(std::move(file)), options, chunk));
    return ReadAll(*reader);
  }
  MemoryFileSystem files_;
};

TEST_F(AlignedReaderTest, FieldsBetweenBlanksForEveryChunkSize) {
  const std::string text = " id  date number\n 00001 19970101  1 \r\n\n\t00002\t19970112   12";
  ReadOptions options;
  options.format = TableFormat::kBlanks;
  for (size_t chunk = 1; chunk <= text.size() + 1; ++chunk) {
    const auto whole = Read(text, options, chunk);
    ASSERT_EQ(whole.status(), absl::OkStatus());
    EXPECT_THAT(whole->names, ElementsAre("id", "date", "number"));
    EXPECT_EQ(whole->rows,
              (std::vector<TextRow>{{"00001", "19970101", "1"}, {"00002", "19970112", "12"}}));
    EXPECT_THAT(whole->lines, ElementsAre(2, 4));
    EXPECT_EQ(whole->source_bytes, static_cast<int64_t>(text.size()));
  }
}

TEST_F(AlignedReaderTest, FieldsByWidth) {
  ReadOptions options;
  options.format = TableFormat::kFixedWidth;
  options.column_names = {"id", "name", "n"};
  options.widths = {4, 6, 3};
  const auto whole = Read("0001Ann Li 12\n0002       7\n0003Bo\n0004Cy    1234\n", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_EQ(whole->rows, (std::vector<TextRow>{{"0001", "Ann Li", "12"},
                                               {"0002", std::nullopt, "7"},
                                               {"0003", "Bo", std::nullopt}}));
  ASSERT_EQ(whole->bad_rows.size(), 1U);
  EXPECT_EQ(whole->bad_rows[0].line, 4);
  EXPECT_EQ(whole->bad_rows[0].reason, "has 14 bytes, more than the 13 of its fields");
  options.columns = {"n", "id"};
  EXPECT_EQ(Read("0001Ann Li 12\n", options)->rows, (std::vector<TextRow>{{"12", "0001"}}));
  options.widths = {4};
  EXPECT_EQ(MessageOf(Read("x\n", options).status()), "t.txt: 1 widths are given for 3 columns");
}

TEST_F(AlignedReaderTest, BadLinesAreKept) {
  ReadOptions options;
  options.format = TableFormat::kBlanks;
  options.column_names = {"a", "b"};
  const std::string line(static_cast<size_t>(limits::kMaxRowBytes) + 1, 'x');
  const auto whole = Read("1 2\n1\n1 2 3\n1 \xFF\n" + line + "\n3 4\n", options);
  ASSERT_EQ(whole.status(), absl::OkStatus());
  EXPECT_THAT(whole->lines, ElementsAre(1, 6));
  ASSERT_EQ(whole->bad_rows.size(), 4U);
  EXPECT_EQ(whole->bad_rows[0].reason, "has 1 field, 2 are wanted");
  EXPECT_EQ(whole->bad_rows[1].reason, "has 3 fields, 2 are wanted");
  EXPECT_EQ(whole->bad_rows[2].reason, "is not valid UTF-8");
  EXPECT_EQ(whole->bad_rows[3].reason, "has more than 16777216 bytes");
}

TEST_F(AlignedReaderTest, HeadersThatAreNone) {
  ReadOptions options;
  options.format = TableFormat::kBlanks;
  EXPECT_EQ(MessageOf(Read("\n\n", options).status()),
            "t.txt: has no header line, only blank ones");
  EXPECT_THAT(MessageOf(Read("a b a\n", options).status()), HasSubstr("the name 'a' twice"));
  options.columns = {"c"};
  EXPECT_THAT(MessageOf(Read("a b\n", options).status()), HasSubstr("has no column 'c'"));
}

}  // namespace
}  // namespace burgeon
