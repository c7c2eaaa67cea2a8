#include "engine/events/piece_pipeline.h"

#include <gmock/gmock.h>

#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// Pieces of one row each; the piece `bad` does not parse.
class SmallPieces : public TableReader {
 public:
  SmallPieces(int64_t pieces, int64_t bad) : pieces_(pieces), bad_(bad) {}
  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return pieces_; }
  absl::StatusOr<std::optional<TextBatch>> Next() override { return std::nullopt; }
  absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk() override {
    if (next_ == pieces_) return nullptr;
    return std::make_unique<Piece>(next_++, bad_);
  }
  int64_t cut() const { return next_; }

 private:
  class Piece : public TableChunk {
   public:
    Piece(int64_t number, int64_t bad) : number_(number), bad_(bad) {}
    absl::StatusOr<TextBatch> Parse() override {
      if (number_ == bad_) return DataLoss("piece ", number_, " is cut");
      TextBatch batch;
      batch.columns.resize(2);
      batch.columns[0].Append("c");
      batch.columns[1].Append("2011-03-01");
      batch.lines = {number_};
      return batch;
    }

   private:
    int64_t number_, bad_;
  };
  const std::vector<std::string> names_ = {"customer", "time"};
  int64_t pieces_, bad_;
  int64_t next_ = 0;
};

class PiecePipelineTest : public testing::TestWithParam<int> {
 protected:
  PiecePipelineTest()
      : stager_(*RowStager::Make(
            ParseSource("  fields:\n    customer: {column: customer}\n    time: {column: time}\n"
                        "    type: {default: view}\n"),
            ColumnIndex::Of({"customer", "time"}, "a.csv"), nullptr, 5)) {}

  ThreadPool pool_{GetParam()};
  RowStager stager_;
};

TEST_P(PiecePipelineTest, PiecesAreTakenInOrderOnce) {
  SmallPieces reader(500, -1);
  int64_t taken = 0;
  const absl::Status status = ReadPieces(pool_, reader, stager_, [&](StagedPiece piece) {
    EXPECT_EQ(piece.rows, 1);
    // The line of its only record says which piece it is.
    EXPECT_THAT(piece.events.bytes,
                HasSubstr(std::string(reinterpret_cast<const char*>(&taken), sizeof(taken))));
    ++taken;
    return absl::StatusOr<bool>(true);
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(taken, 500);
}

TEST_P(PiecePipelineTest, AnErrorComesAfterThePiecesBeforeIt) {
  SmallPieces reader(500, 37);
  int64_t taken = 0;
  const absl::Status status = ReadPieces(pool_, reader, stager_, [&](StagedPiece) {
    ++taken;
    return absl::StatusOr<bool>(true);
  });
  EXPECT_THAT(MessageOf(status), HasSubstr("piece 37 is cut"));
  EXPECT_EQ(taken, 37);
}

TEST_P(PiecePipelineTest, ItStopsWhenNoMoreIsWantedOrTakingFails) {
  SmallPieces reader(100'000, -1);
  int64_t taken = 0;
  const absl::Status status = ReadPieces(
      pool_, reader, stager_, [&](StagedPiece) { return absl::StatusOr<bool>(++taken < 10); });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(taken, 10);
  EXPECT_LE(reader.cut(), 10 + 4 * GetParam() + 1) << "no further ahead than it may";

  SmallPieces again(1000, -1);
  EXPECT_EQ(ReadPieces(pool_, again, stager_,
                       [](StagedPiece) { return absl::StatusOr<bool>(ResourceExhausted("full")); })
                .code(),
            absl::StatusCode::kResourceExhausted);
}

INSTANTIATE_TEST_SUITE_P(Threads, PiecePipelineTest, testing::Values(1, 2, 8));

}  // namespace
}  // namespace burgeon
