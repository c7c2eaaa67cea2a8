#include "engine/table/piece_cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/table/gzip_source.h"
#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Pieces {
  std::vector<std::string> texts;
  std::vector<int64_t> lines;
  std::vector<bool> too_long;
  std::vector<bool> irregular;
  int64_t source_bytes = 0;
};

absl::StatusOr<Pieces> CutText(const std::string& text, const PieceRules& rules) {
  MemoryFileSystem files;
  files.contents["t.csv"] = text;
  PieceCutter cutter("t.csv", MakeFileSource(*files.OpenForRead("t.csv")), rules);
  BURGEON_RETURN_IF_ERROR(cutter.Begin());
  Pieces pieces;
  TextPiece piece;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, cutter.Next(&piece));
    if (!more) return pieces;
    pieces.texts.emplace_back(piece.text());
    pieces.lines.push_back(piece.line);
    pieces.too_long.push_back(piece.too_long);
    pieces.irregular.push_back(piece.irregular);
    pieces.source_bytes += piece.source_bytes;
  }
}

TEST(PieceCutterTest, CutsBehindTheLastRowOfWhatWasRead) {
  const auto pieces = CutText("a,b\n1,2\n3,4\n5,6\n7,8\n9", {.piece_bytes = 10});
  ASSERT_EQ(pieces.status(), absl::OkStatus());
  // Ten bytes are read, the two behind the second row are kept, eight more are read, and again. The
  // last piece needs no line end.
  EXPECT_THAT(pieces->texts, ElementsAre("a,b\n1,2\n", "3,4\n5,6\n", "7,8\n9"));
  EXPECT_THAT(pieces->lines, ElementsAre(1, 3, 5));
  EXPECT_EQ(pieces->source_bytes, 21);
}

TEST(PieceCutterTest, NeverWithinQuotesNorWithinALineEnd) {
  const std::string text = "a\r\n\"b\r\n\"\"\nc\"\r\nd\re\n";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    const auto pieces = CutText(text, {.piece_bytes = piece});
    ASSERT_EQ(pieces.status(), absl::OkStatus());
    std::string joined;
    for (size_t i = 0; i < pieces->texts.size(); ++i) {
      const std::string& one = pieces->texts[i];
      EXPECT_THAT("a\"de", HasSubstr(one.substr(0, 1))) << piece;
      EXPECT_EQ(pieces->lines[i], 1 + CountLineEnds(ScanLevel::kPortable, joined)) << piece;
      joined += one;
    }
    EXPECT_EQ(joined, text);
  }
}

TEST(PieceCutterTest, WhereParityLiesItGoesByteByByte) {
  // By parity the line end of the first row would be in quotes, and that of the second not.
  const auto pieces = CutText("5\" pipe\n\"x\ny\",7\"\nlast", {.piece_bytes = 16});
  ASSERT_EQ(pieces.status(), absl::OkStatus());
  EXPECT_THAT(pieces->texts, ElementsAre("5\" pipe\n", "\"x\ny\",7\"\nlast"));
  EXPECT_THAT(pieces->lines, ElementsAre(1, 2));
  EXPECT_THAT(pieces->irregular, ElementsAre(true, true));
}

TEST(PieceCutterTest, ALongRowIsDroppedAndTheNextIsGood) {
  for (const size_t piece : {1U, 2U, 3U, 7U, 64U}) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
      const std::string row = std::string(30, 'x') + ",\"" + std::string(30, '\n') + "\"";
      const auto pieces =
          CutText("ab,c\n" + row + end + "d,e" + end, {.piece_bytes = piece, .max_row_bytes = 20});
      ASSERT_EQ(pieces.status(), absl::OkStatus());
      const size_t last = pieces->texts.size() - 1;
      ASSERT_GE(last, 1U);
      EXPECT_TRUE(pieces->texts[last].ends_with("d,e" + end));
      EXPECT_EQ(pieces->source_bytes, static_cast<int64_t>(8 + row.size() + 2 * end.size()));
      if (piece == 64U) continue;  // the whole row was there: it is for the parser to refuse
      ASSERT_EQ(last, 2U) << piece;
      EXPECT_THAT(pieces->too_long, ElementsAre(false, true, false)) << piece;
      EXPECT_TRUE(row.starts_with(pieces->texts[1]));
      EXPECT_GT(pieces->texts[1].size(), 20U);
      EXPECT_THAT(pieces->lines, ElementsAre(1, 2, 33)) << piece;
    }
  }
}

TEST(PieceCutterTest, AnOpenQuoteNamesItsLineAlsoInALongRow) {
  for (const int64_t max_row : {10, 1000}) {
    const auto status = CutText("a,b\r\nc,d\r\n\"e\n\",\"f\n" + std::string(50, 'x'),
                                {.piece_bytes = 8, .max_row_bytes = max_row})
                            .status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(MessageOf(status), HasSubstr("t.csv: the quote that opens on line 4 is not"));
  }
}

TEST(PieceCutterTest, TheByteOrderMarkIsSkipped) {
  const auto pieces = CutText("\xEF\xBB\xBF\"a\"\n", {.piece_bytes = 1});
  ASSERT_EQ(pieces.status(), absl::OkStatus());
  EXPECT_THAT(pieces->texts, ElementsAre("\"a\"\n"));
}

TEST(PieceCutterTest, GzipCountsTheBytesOfTheFile) {
  MemoryFileSystem files;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += Concat(i, ",", i * i, "\n");
  files.contents["t.csv.gz"] = Gzip(text);
  auto source = MakeGzipSource("t.csv.gz", MakeFileSource(*files.OpenForRead("t.csv.gz")), 100);
  PieceCutter cutter("t.csv.gz", std::move(source), {.piece_bytes = 1000});
  ASSERT_EQ(cutter.Begin(), absl::OkStatus());
  std::string joined;
  int64_t bytes = 0;
  TextPiece piece;
  for (;;) {
    const auto more = cutter.Next(&piece);
    ASSERT_EQ(more.status(), absl::OkStatus());
    if (!*more) break;
    joined += piece.text();
    bytes += piece.source_bytes;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(bytes, cutter.file_bytes());
}

}  // namespace
}  // namespace burgeon
