// Cuts a CSV file into pieces at the ends of rows, in order and cheaply, so that the pieces can be
// parsed side by side. Internal to this room.
//
//   PieceCutter cutter(path, std::move(source), PieceRules{.delimiter = ';'});
//   BURGEON_RETURN_IF_ERROR(cutter.Begin());
//   TextPiece piece;
//   for (;;) {
//     BURGEON_ASSIGN_OR_RETURN(const bool more, cutter.Next(&piece));
//     if (!more) break;
//     ... piece.text(): whole rows, the first of which is on line piece.line ...
//   }
//
// Memory: a piece, and what the caller keeps of the pieces before.
#ifndef BURGEON_ENGINE_TABLE_PIECE_CUTTER_H_
#define BURGEON_ENGINE_TABLE_PIECE_CUTTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/table/byte_source.h"
#include "engine/table/csv_machine.h"
#include "engine/table/csv_scan.h"
#include "engine/table/piece_buffers.h"

namespace burgeon {

// Small enough that a piece, its index and its slices stay in a second-level cache (2 MiB where
// this was measured: four times as much took three times as long a row), and memory is used again.
inline constexpr size_t kPieceBytes = size_t{512} << 10;

struct PieceRules {
  char delimiter = ',';
  size_t piece_bytes = kPieceBytes;  // about; tests make it small
  int64_t max_row_bytes = limits::kMaxRowBytes;
  ScanLevel level = BestScanLevel();
};

struct TextPiece {
  std::shared_ptr<char[]> bytes;  // the holder of a piece may write in it
  size_t begin = 0;               // the piece is bytes[begin, end)
  size_t end = 0;
  int64_t line = 0;          // where it begins; the first of a file is 1
  int64_t source_bytes = 0;  // of the file, compressed as it lies, read for this piece
  bool irregular = false;    // for csv_machine.h
  // One row that has more than max_row_bytes; of its bytes at most limits::kMaxFieldBytes are here.
  bool too_long = false;

  std::string_view text() const { return {bytes.get() + begin, end - begin}; }
};

class PieceCutter {
 public:
  PieceCutter(std::string path, std::unique_ptr<ByteSource> source, const PieceRules& rules);

  // First: skips the byte order mark. Errors as SkipByteOrderMark (text_encoding.h).
  absl::Status Begin();
  // False at the end of the file; each piece has a row at least (it may be blank). Errors of the
  // source with " (read up to line ...)"; kDataLoss for a quote that is open at the end of the
  // file, naming its line.
  absl::StatusOr<bool> Next(TextPiece* piece);

  int64_t file_bytes() const { return source_->file_bytes(); }

 private:
  absl::Status Read(size_t bytes);
  void Look();
  bool EndsInHalfALineEnd() const;
  void Cut(size_t size, TextPiece* piece);
  absl::Status CutLongRow(TextPiece* piece);
  absl::Status OpenQuote(int64_t quote_line) const;
  void Finish(TextPiece* piece);

  const std::string path_;
  const std::unique_ptr<ByteSource> source_;
  const PieceRules rules_;
  const std::shared_ptr<PieceBuffers> buffers_;

  std::shared_ptr<char[]> buffer_;  // begins where a row begins
  size_t capacity_ = 0;
  size_t filled_ = 0;
  size_t looked_ = 0;  // bytes that scan_ knows of
  RowEndScan scan_;
  CsvMachine machine_;  // knows of the same bytes, when they are irregular
  bool at_end_ = false;
  int64_t line_ = 1;  // of the first byte of the buffer
  int64_t file_bytes_taken_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PIECE_CUTTER_H_
