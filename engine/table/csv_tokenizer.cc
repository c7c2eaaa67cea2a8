#include "engine/table/csv_tokenizer.h"

#include <algorithm>
#include <utility>

namespace burgeon {

std::string_view CsvRow::Value(const CsvField& field, std::string& scratch) const {
  const std::string_view value = text.substr(field.begin, field.end - field.begin);
  if (!field.doubled) return value;
  scratch.clear();
  for (size_t i = 0; i < value.size(); ++i) {
    scratch += value[i];
    if (value[i] == '"') ++i;  // the second of a pair
  }
  return scratch;
}

CsvTokenizer::CsvTokenizer(std::string path, ByteWindow& window, char delimiter,
                           int64_t max_row_bytes)
    : path_(std::move(path)), window_(window), max_row_bytes_(static_cast<size_t>(max_row_bytes)) {
  meaning_.fill(kPlain);
  meaning_[static_cast<unsigned char>('"')] = kQuote;
  meaning_[static_cast<unsigned char>('\r')] = kReturn;
  meaning_[static_cast<unsigned char>('\n')] = kNewline;
  meaning_[static_cast<unsigned char>(delimiter)] = kDelimiter;
}

absl::StatusOr<bool> CsvTokenizer::Next(CsvRow& row) {
  window_.Drop(std::exchange(drop_, 0));
  if (std::exchange(skip_newline_, false)) {
    BURGEON_RETURN_IF_ERROR(window_.FillTo(1));
    if (window_.bytes().starts_with('\n')) window_.Drop(1);
  }
  BeginRow(row);
  for (;;) {
    if (Scan(row)) return true;
    if (at_ > max_row_bytes_ || forgetting_) ForgetLongRow(row);
    if (window_.at_end()) return EndFile(row);
    BURGEON_RETURN_IF_ERROR(window_.Fill());
  }
}

void CsvTokenizer::BeginRow(CsvRow& row) {
  row.line = line_;
  row.fields.clear();
  row.field_count = 0;
  row.problem = CsvProblem::kNone;
  state_ = State::kFieldStart;
  field_ = {};
  at_ = 0;
  forgetting_ = false;
}

bool CsvTokenizer::Scan(CsvRow& row) {
  const std::string_view bytes = window_.bytes();
  const auto meaning_at = [&](size_t i) { return meaning_[static_cast<unsigned char>(bytes[i])]; };
  while (at_ < bytes.size()) {
    const Meaning meaning = meaning_at(at_);
    if (meaning == kPlain && (state_ == State::kUnquoted || state_ == State::kQuoted)) {
      do {
        ++at_;
      } while (at_ < bytes.size() && meaning_at(at_) == kPlain);
      continue;
    }
    if (ScanByte(meaning, at_ > 0 ? bytes[at_ - 1] : '\0', row)) return true;
    ++at_;
  }
  return false;
}

// One step of the state machine; true when the byte at at_ ends the row.
bool CsvTokenizer::ScanByte(Meaning meaning, char byte_before, CsvRow& row) {
  if (state_ == State::kQuoted) {
    if (meaning == kQuote) state_ = State::kQuoteInQuoted;
    if (meaning == kReturn || (meaning == kNewline && byte_before != '\r')) ++line_;
    return false;
  }
  if (meaning == kReturn || meaning == kNewline) {
    EndField(row, at_);
    EndRow(row);
    skip_newline_ = meaning == kReturn;
    drop_ = at_ + 1;
    return true;
  }
  if (meaning == kDelimiter) {
    EndField(row, at_);
    return false;
  }
  if (state_ == State::kQuoteInQuoted) {
    state_ = meaning == kQuote ? State::kQuoted : State::kAfterProblem;
    if (meaning == kQuote) {
      field_.doubled = true;
    } else if (row.problem == CsvProblem::kNone) {
      row.problem = CsvProblem::kTextAfterQuote;
    }
    return false;
  }
  if (state_ == State::kFieldStart && meaning == kQuote) {
    state_ = State::kQuoted;
    field_.quoted = true;
    field_.begin = at_ + 1;
    quote_line_ = line_;
    return false;
  }
  if (state_ == State::kFieldStart) state_ = State::kUnquoted;
  return false;
}

void CsvTokenizer::EndField(CsvRow& row, size_t end) {
  field_.end = state_ == State::kQuoteInQuoted ? end - 1 : end;
  ++row.field_count;
  if (!forgetting_ && row.field_count <= limits::kMaxColumns + 1) row.fields.push_back(field_);
  field_ = {};
  field_.begin = at_ + 1;
  state_ = State::kFieldStart;
}

void CsvTokenizer::EndRow(CsvRow& row) {
  ++line_;
  if (forgetting_ || at_ > max_row_bytes_) {
    if (!forgetting_) ForgetLongRow(row);
    row.text = long_begin_;
  } else {
    row.text = window_.bytes().substr(0, at_);
  }
}

// Keeps the begin of a row that is too long, and its last byte, which may be half of a "\r\n".
void CsvTokenizer::ForgetLongRow(CsvRow& row) {
  if (!forgetting_) {
    forgetting_ = true;
    row.problem = CsvProblem::kTooLong;
    row.fields.clear();
    const auto kept = std::min<size_t>(at_, static_cast<size_t>(limits::kMaxFieldBytes));
    long_begin_ = window_.bytes().substr(0, kept);
  }
  if (at_ > 1) {
    window_.Drop(at_ - 1);
    at_ = 1;
  }
}

absl::StatusOr<bool> CsvTokenizer::EndFile(CsvRow& row) {
  if (at_ == 0) return false;
  if (state_ == State::kQuoted) {
    return DataLoss(path_, ": the quote that opens on line ", quote_line_,
                    " is not closed before the end of the file; the file was cut, or the quote "
                    "does not belong there");
  }
  EndField(row, at_);
  EndRow(row);
  drop_ = at_;
  return true;
}

}  // namespace burgeon
