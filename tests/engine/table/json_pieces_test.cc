#include "engine/table/json_pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/table/json_row.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;

struct Cut {
  std::vector<std::string> texts;
  std::vector<int64_t> lines;
  size_t too_long = 0;
  int pieces = 0;
};

Cut CutAll(const std::string& text, size_t chunk, int64_t max_objects) {
  MemoryFileSystem files;
  files.contents["f"] = text;
  JsonPieces pieces("f", MakeFileSource(*files.OpenForRead("f")), chunk);
  EXPECT_EQ(pieces.Begin(), absl::OkStatus());
  Cut cut;
  for (;;) {
    const auto piece = pieces.Next(max_objects);
    EXPECT_EQ(piece.status(), absl::OkStatus());
    if (!piece.ok() || !*piece) return cut;
    ++cut.pieces;
    cut.too_long += (*piece)->too_long.size();
    EXPECT_LE(static_cast<int64_t>((*piece)->spans.size()), max_objects);
    EXPECT_GE((*piece)->bytes.capacity(), (*piece)->bytes.size() + kJsonPadding);
    for (const JsonPiece::Span& span : (*piece)->spans) {
      cut.texts.push_back((*piece)->bytes.substr(span.begin, span.size));
      cut.lines.push_back(span.line);
    }
  }
}

TEST(JsonPiecesTest, LinesWithoutTheirEnds) {
  for (const size_t chunk : {1, 3, 100}) {
    for (const int64_t most : {1, 2, 100}) {
      const Cut cut = CutAll("\n{a}\r\n  \n{b}\n\n{c}", chunk, most);
      EXPECT_THAT(cut.texts, ElementsAre("{a}", "{b}", "{c}"));
      EXPECT_THAT(cut.lines, ElementsAre(2, 4, 6));
    }
  }
}

TEST(JsonPiecesTest, MoreBlankLinesThanAPieceHolds) {
  const Cut cut = CutAll("{a}\n" + std::string(3 * kJsonPieceBytes, '\n') + "{b}", 4096, 10);
  EXPECT_THAT(cut.texts, ElementsAre("{a}", "{b}"));
  EXPECT_EQ(cut.lines[1], static_cast<int64_t>(3 * kJsonPieceBytes) + 2);
}

TEST(JsonPiecesTest, ALongLineBetweenShortOnes) {
  const std::string line(17 << 20, 'x');
  const Cut cut = CutAll("{a}\n" + line + "\n{b}\n" + line, kReadChunkBytes, 1000);
  EXPECT_THAT(cut.texts, ElementsAre("{a}", "{b}"));
  EXPECT_THAT(cut.lines, ElementsAre(1, 3));
  EXPECT_EQ(cut.too_long, 2U);
}

TEST(JsonPiecesTest, ElementsOfAnArray) {
  for (const size_t chunk : {1, 2, 100}) {
    const Cut cut = CutAll("[ {\"a\":\"]\\\\\"},\n[1,2] , 3,]", chunk, 2);
    EXPECT_THAT(cut.texts, ElementsAre("{\"a\":\"]\\\\\"}", "[1,2] ", "3", ""));
    EXPECT_THAT(cut.lines, ElementsAre(1, 2, 2, 2));
    EXPECT_GE(cut.pieces, 2);
  }
}

}  // namespace
}  // namespace burgeon
