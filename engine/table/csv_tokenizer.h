// Rows and fields of a CSV file (RFC 4180). Internal to this room.
//
//   CsvTokenizer tokenizer(path, window, ',');
//   CsvRow row;
//   for (;;) {
//     BURGEON_ASSIGN_OR_RETURN(const bool more, tokenizer.Next(row));
//     if (!more) break;
//     ... row.fields, row.line, valid until the next call ...
//   }
//
// A row ends at "\n", "\r\n" or "\r". A quote opens a quoted field only as its first byte, and is
// an ordinary byte further on in an unquoted field. One pass; every byte is looked at once however
// the file arrives in chunks; memory is bounded by the longest row allowed.
#ifndef BURGEON_ENGINE_TABLE_CSV_TOKENIZER_H_
#define BURGEON_ENGINE_TABLE_CSV_TOKENIZER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/table/byte_window.h"

namespace burgeon {

struct CsvField {
  size_t begin = 0;  // within the text of the row, without the quotes around it
  size_t end = 0;
  bool quoted = false;
  bool doubled = false;  // holds "" that stand for one quote
};

enum class CsvProblem { kNone, kTooLong, kTextAfterQuote };

struct CsvRow {
  int64_t line = 0;              // where it begins
  std::string_view text;         // without the line end; of a row too long, its begin
  std::vector<CsvField> fields;  // at most limits::kMaxColumns + 1 of them
  int64_t field_count = 0;       // all of them
  CsvProblem problem = CsvProblem::kNone;

  bool blank() const { return text.empty() && problem == CsvProblem::kNone; }
  // The value of a field; `scratch` holds it where quotes had to be undoubled.
  std::string_view Value(const CsvField& field, std::string& scratch) const;
};

class CsvTokenizer {
 public:
  CsvTokenizer(std::string path, ByteWindow& window, char delimiter,
               int64_t max_row_bytes = limits::kMaxRowBytes);

  // False at the end of the file. kDataLoss, naming the line where it opened, for a quote that is
  // still open there.
  absl::StatusOr<bool> Next(CsvRow& row);

  int64_t line() const { return line_; }  // reached

 private:
  enum class State { kFieldStart, kUnquoted, kQuoted, kQuoteInQuoted, kAfterProblem };
  // What a byte means outside and inside quotes.
  enum Meaning : uint8_t { kPlain, kDelimiter, kQuote, kReturn, kNewline };

  void BeginRow(CsvRow& row);
  // Looks at what the window holds; true when the row is complete.
  bool Scan(CsvRow& row);
  bool ScanByte(Meaning meaning, char byte_before, CsvRow& row);
  void EndField(CsvRow& row, size_t end);
  void EndRow(CsvRow& row);
  void ForgetLongRow(CsvRow& row);
  absl::StatusOr<bool> EndFile(CsvRow& row);

  const std::string path_;
  ByteWindow& window_;
  const size_t max_row_bytes_;
  std::array<Meaning, 256> meaning_;

  State state_ = State::kFieldStart;
  size_t at_ = 0;              // next byte to look at, within the window
  size_t drop_ = 0;            // bytes of the last row, dropped at the next call
  bool skip_newline_ = false;  // the last row ended with "\r"
  bool forgetting_ = false;    // the row is too long: its bytes are dropped as they come
  std::string long_begin_;     // what is kept of such a row
  CsvField field_;
  int64_t line_ = 1;
  int64_t quote_line_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_CSV_TOKENIZER_H_
