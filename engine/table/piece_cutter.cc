#include "engine/table/piece_cutter.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "engine/base/check.h"
#include "engine/table/text_encoding.h"

namespace burgeon {

PieceCutter::PieceCutter(std::string path, std::unique_ptr<ByteSource> source,
                         const PieceRules& rules)
    : path_(std::move(path)),
      source_(std::move(source)),
      rules_(rules),
      buffers_(PieceBuffers::Make(rules.piece_bytes + 1)),  // and the "\n" of a "\r\n"
      machine_(rules.delimiter) {
  BURGEON_CHECK(rules.piece_bytes > 0 && rules.max_row_bytes > 0);
}

absl::Status PieceCutter::Begin() {
  BURGEON_RETURN_IF_ERROR(Read(std::max(rules_.piece_bytes, kLongestMark)));
  BURGEON_ASSIGN_OR_RETURN(const size_t mark,
                           ByteOrderMark({buffer_.get(), filled_}, path_, "CSV"));
  std::memmove(buffer_.get(), buffer_.get() + mark, filled_ - mark);
  filled_ -= mark;
  return absl::OkStatus();
}

// So many more bytes, or fewer when the file ends.
absl::Status PieceCutter::Read(size_t bytes) {
  if (filled_ + bytes > capacity_) {
    const size_t capacity = std::max({filled_ + bytes, rules_.piece_bytes + 1, 2 * capacity_});
    std::shared_ptr<char[]> larger = buffers_->Take(capacity);
    if (filled_ > 0) std::memcpy(larger.get(), buffer_.get(), filled_);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  }
  while (bytes > 0 && !at_end_) {
    const auto read = source_->Read(std::span(buffer_.get() + filled_, bytes));
    if (!read.ok()) {
      return MakeStatus(read.status().code(), MessageOf(read.status()), " (read up to line ",
                        line_ + scan_.line_ends, ")");
    }
    at_end_ = *read == 0;
    filled_ += *read;
    bytes -= *read;
  }
  return absl::OkStatus();
}

// Brings scan_ up to the bytes there are.
void PieceCutter::Look() {
  if (looked_ == filled_) return;
  const std::string_view bytes(buffer_.get(), filled_);
  const size_t from = std::exchange(looked_, filled_);
  const bool known_irregular = scan_.irregular;
  const size_t known_row_end = scan_.row_end;
  FindRowEnds(rules_.level, bytes, from, rules_.delimiter, &scan_);
  if (!scan_.irregular) return;
  // What the parity of quotes says is void. A "\r" ends a row before its "\n" does.
  if (!known_irregular) machine_ = CsvMachine(rules_.delimiter, line_);
  scan_.row_end = known_irregular ? known_row_end : 0;
  for (size_t i = known_irregular ? from : 0; i < bytes.size(); ++i) {
    const bool row_end = machine_.Next(bytes[i]) == CsvMachine::Found::kRowEnd;
    const bool newline_of_return =
        bytes[i] == '\n' && i > 0 && i == scan_.row_end && bytes[i - 1] == '\r';
    if (row_end || newline_of_return) scan_.row_end = i + 1;
  }
  scan_.in_quotes = machine_.in_quotes();
}

bool PieceCutter::EndsInHalfALineEnd() const {
  return !at_end_ && filled_ > 0 && scan_.row_end == filled_ && buffer_[filled_ - 1] == '\r';
}

absl::StatusOr<bool> PieceCutter::Next(TextPiece* piece) {
  for (;;) {
    Look();
    if (at_end_ && !scan_.in_quotes) {
      if (filled_ == 0) return false;
      Cut(filled_, piece);
      return true;
    }
    const bool half = EndsInHalfALineEnd();
    if (scan_.row_end > 0 && !half) {
      Cut(scan_.row_end, piece);
      return true;
    }
    if (!half && static_cast<int64_t>(filled_) > rules_.max_row_bytes) {
      BURGEON_RETURN_IF_ERROR(CutLongRow(piece));
      return true;
    }
    if (at_end_) {
      CsvMachine machine(rules_.delimiter, line_);
      for (size_t i = 0; i < filled_; ++i) machine.Next(buffer_[i]);
      return OpenQuote(machine.quote_line());
    }
    const size_t piece_rest = rules_.piece_bytes - std::min(filled_, rules_.piece_bytes);
    BURGEON_RETURN_IF_ERROR(Read(half ? 1 : piece_rest > 0 ? piece_rest : rules_.piece_bytes));
  }
}

// Hands out the first `size` bytes, which end with a row.
void PieceCutter::Cut(size_t size, TextPiece* piece) {
  const std::string_view rest(buffer_.get() + size, filled_ - size);
  const int64_t line_ends = scan_.line_ends - CountLineEnds(rules_.level, rest);
  *piece = {.bytes = std::move(buffer_), .end = size, .line = line_, .irregular = scan_.irregular};
  line_ += line_ends;
  filled_ = rest.size();
  capacity_ = 0;
  if (!rest.empty()) {
    capacity_ = std::max(rules_.piece_bytes + 1, rest.size());
    buffer_ = buffers_->Take(capacity_);
    std::memcpy(buffer_.get(), rest.data(), rest.size());
  }
  Finish(piece);
}

void PieceCutter::Finish(TextPiece* piece) {
  looked_ = 0;
  scan_ = {};
  const int64_t read = source_->file_bytes_read();
  piece->source_bytes = read - std::exchange(file_bytes_taken_, read);
}

// The row is too long to be kept: what is read of it is dropped, up to its end.
absl::Status PieceCutter::CutLongRow(TextPiece* piece) {
  machine_ = CsvMachine(rules_.delimiter, line_);
  const size_t kept = std::min(filled_, static_cast<size_t>(limits::kMaxFieldBytes));
  *piece = {.bytes = buffers_->Take(kept), .end = kept, .line = line_, .too_long = true};
  std::memcpy(piece->bytes.get(), buffer_.get(), kept);
  size_t at = 0;
  bool after_return = false;
  for (;;) {
    while (at < filled_ && machine_.Next(buffer_[at]) != CsvMachine::Found::kRowEnd) ++at;
    if (at < filled_) {
      after_return = buffer_[at++] == '\r';
      break;
    }
    if (at_end_) break;
    at = filled_ = 0;
    BURGEON_RETURN_IF_ERROR(Read(rules_.piece_bytes));
  }
  if (machine_.in_quotes()) return OpenQuote(machine_.quote_line());
  line_ = machine_.line();
  const auto drop = [&](size_t bytes) {
    std::memmove(buffer_.get(), buffer_.get() + bytes, filled_ - bytes);
    filled_ -= bytes;
  };
  drop(at);
  if (after_return) {
    if (filled_ == 0) BURGEON_RETURN_IF_ERROR(Read(rules_.piece_bytes));
    if (filled_ > 0 && buffer_[0] == '\n') drop(1);
  }
  Finish(piece);
  return absl::OkStatus();
}

absl::Status PieceCutter::OpenQuote(int64_t quote_line) const {
  return DataLoss(path_, ": the quote that opens on line ", quote_line,
                  " is not closed before the end of the file; the file was cut, or the quote does "
                  "not belong there");
}

}  // namespace burgeon
