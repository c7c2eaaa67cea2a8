// The rules of CSV (RFC 4180) byte by byte: what the vector form (csv_scan.h) comes down to, used
// for the pieces it leaves. Internal to this room.
//
//   CsvMachine machine(',');
//   for (const char c : bytes) {
//     if (machine.Next(c) == CsvMachine::Found::kRowEnd) ...
//   }
//
// A row ends at "\n", "\r\n" (at its "\r") or "\r". A quote opens a quoted field only as its first
// byte, and is an ordinary byte further on in an unquoted field. After a quoted field was closed
// quotes are ordinary too, up to its end.
#ifndef BURGEON_ENGINE_TABLE_CSV_MACHINE_H_
#define BURGEON_ENGINE_TABLE_CSV_MACHINE_H_

#include <cstdint>
#include <string_view>

#include "engine/table/csv_scan.h"

namespace burgeon {

class CsvMachine {
 public:
  enum class Found { kNothing, kFieldEnd, kRowEnd };

  // The first byte is on line `line`.
  explicit CsvMachine(char delimiter, int64_t line = 1) : delimiter_(delimiter), line_(line) {}

  Found Next(char c) {
    const bool newline_of_return = c == '\n' && after_return_;
    after_return_ = c == '\r';
    if ((c == '\n' || c == '\r') && !newline_of_return) ++line_;
    if (state_ == State::kQuoted) {
      if (c == '"') state_ = State::kQuoteInQuoted;
      return Found::kNothing;
    }
    if (c == '\n' || c == '\r') {
      if (newline_of_return) return Found::kNothing;
      state_ = State::kFieldStart;
      return Found::kRowEnd;
    }
    if (c == delimiter_) {
      state_ = State::kFieldStart;
      return Found::kFieldEnd;
    }
    if (c == '"' && state_ != State::kOrdinary) {
      if (state_ == State::kFieldStart) quote_line_ = line_;
      state_ = State::kQuoted;
    } else {
      state_ = State::kOrdinary;
    }
    return Found::kNothing;
  }

  bool in_quotes() const { return state_ == State::kQuoted; }
  int64_t line() const { return line_; }              // of the next byte
  int64_t quote_line() const { return quote_line_; }  // where the last quoted field opened

 private:
  enum class State { kFieldStart, kOrdinary, kQuoted, kQuoteInQuoted };

  char delimiter_;
  State state_ = State::kFieldStart;
  bool after_return_ = false;
  int64_t line_;
  int64_t quote_line_ = 0;
};

// As IndexFields (csv_scan.h), for any piece that begins where a row begins and ends outside
// quotes.
void IndexFieldsByteByByte(std::string_view piece, char delimiter, FieldIndex* index);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_CSV_MACHINE_H_
