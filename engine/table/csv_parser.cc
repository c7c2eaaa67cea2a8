#include "engine/table/csv_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <simdjson.h>
#include "engine/base/text.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

// Each "" becomes one quote; returns the size that is left.
size_t UndoubleQuotes(char* bytes, size_t size) {
  size_t out = 0;
  for (size_t i = 0; i < size; ++i) {
    bytes[out++] = bytes[i];
    if (bytes[i] == '"') ++i;  // the second of a pair
  }
  return out;
}

bool IsText(std::string_view text) {
  return std::memchr(text.data(), 0, text.size()) == nullptr &&
         simdjson::validate_utf8(text.data(), text.size());
}

class PieceParser {
 public:
  PieceParser(const CsvLayout& layout, TextPiece piece, FieldIndex& index)
      : layout_(layout), piece_(std::move(piece)), index_(index), bytes_(piece_.bytes.get()) {}

  TextBatch Parse();

 private:
  // A row: its bytes, and the first of its fields in index_.ends.
  struct Row {
    size_t begin = 0;
    size_t end = 0;
    size_t first = 0;
    size_t fields = 0;
  };

  void Allocate();
  template <bool kChecked>
  void ParseRows();
  bool IsGood(const Row& row);
  std::string Problem(const Row& row) const;
  std::string TextProblemOfFields(const Row& row) const;
  std::string TooLong() const { return Concat("has more than ", layout_.max_row_bytes, " bytes"); }
  void AddBad(std::string reason, std::string_view raw);
  template <bool kQuotes>
  void Append(const Row& row);
  TextColumn::Slice Unquoted(size_t begin, size_t end);
  std::string_view FieldText(const Row& row, size_t field) const;
  std::string_view TextOf(const Row& row) const {
    return {bytes_ + row.begin, row.end - row.begin};
  }
  size_t EndOf(size_t place) const { return piece_.begin + index_.ends[place]; }

  const CsvLayout& layout_;
  TextPiece piece_;
  FieldIndex& index_;
  char* const bytes_;
  bool all_text_ = true;  // the whole piece is UTF-8 without NUL
  bool in_order_ = true;  // every column is taken, in the order of the file
  TextBatch batch_;
  std::vector<std::vector<TextColumn::Slice>> slices_;
  std::vector<TextColumn::Slice*> out_;
  size_t rows_ = 0;
  int64_t line_ = 0;
};

TextBatch PieceParser::Parse() {
  line_ = piece_.line;
  batch_.source_bytes = piece_.source_bytes;
  if (piece_.too_long) {
    AddBad(TooLong(), piece_.text());
    batch_.columns.resize(layout_.selected.size());
    return std::move(batch_);
  }
  const std::string_view text = piece_.text();
  if (piece_.irregular) {
    IndexFieldsByteByByte(text, layout_.delimiter, &index_);
  } else {
    IndexFields(layout_.level, text, layout_.delimiter, &index_);
  }
  all_text_ = !index_.nul_or_not_ascii || IsText(text);
  Allocate();
  const bool checked = index_.quotes || !all_text_ ||
                       static_cast<int64_t>(text.size()) > limits::kMaxFieldBytes ||
                       static_cast<int64_t>(text.size()) > layout_.max_row_bytes;
  checked ? ParseRows<true>() : ParseRows<false>();

  batch_.lines.resize(rows_);
  for (auto& slices : slices_) {
    slices.resize(rows_);
    batch_.columns.emplace_back(piece_.bytes, std::move(slices));
  }
  return std::move(batch_);
}

void PieceParser::Allocate() {
  slices_.resize(layout_.selected.size());
  for (auto& slices : slices_) {
    slices.resize(index_.row_count);
    out_.push_back(slices.data());
  }
  batch_.lines.resize(index_.row_count);
  in_order_ = layout_.selected.size() == layout_.names.size();
  for (size_t i = 0; in_order_ && i < layout_.selected.size(); ++i) {
    in_order_ = layout_.selected[i] == i;
  }
}

// Unchecked: rows without quotes that are known to be text and within the limits.
template <bool kChecked>
void PieceParser::ParseRows() {
  const size_t columns = layout_.names.size();
  Row row{.begin = piece_.begin};
  for (size_t i = 0; i < index_.row_count; ++i) {
    const size_t last = index_.row_lasts[i];
    row.fields = last + 1 - row.first;
    row.end = EndOf(last);
    int64_t line_ends = 1;
    if (kChecked && index_.quoted_line_ends) {
      line_ends += CountLineEnds(layout_.level, TextOf(row));
    }
    if (row.begin == row.end && columns != 1) {
      // A blank line.
    } else if (row.fields == columns && (!kChecked || IsGood(row))) {
      kChecked ? Append<true>(row) : Append<false>(row);
    } else {
      AddBad(Problem(row), TextOf(row));
    }
    line_ += line_ends;
    row.first = last + 1;
    row.begin = row.end + 1;
    if (index_.returns && row.begin < piece_.end && bytes_[row.end] == '\r' &&
        bytes_[row.begin] == '\n') {
      ++row.begin;
    }
  }
}

bool PieceParser::IsGood(const Row& row) {
  const auto size = static_cast<int64_t>(row.end - row.begin);
  if (!all_text_ || size > limits::kMaxFieldBytes || size > layout_.max_row_bytes) {
    return Problem(row).empty();
  }
  if (!index_.quotes) return true;
  size_t begin = row.begin;
  for (size_t i = 0; i < row.fields; ++i) {
    const size_t end = EndOf(row.first + i);
    if (begin < end && bytes_[begin] == '"' &&
        TakeApart({bytes_ + begin, end - begin}).text_after_quote) {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

std::string_view PieceParser::FieldText(const Row& row, size_t field) const {
  const size_t begin = field == 0 ? row.begin : EndOf(row.first + field - 1) + 1;
  return {bytes_ + begin, EndOf(row.first + field) - begin};
}

std::string PieceParser::TextProblemOfFields(const Row& row) const {
  for (size_t i = 0; i < row.fields; ++i) {
    const auto problem = TextProblem(TakeApart(FieldText(row, i)).content);
    if (!problem.empty()) return Concat(ColumnWords(layout_.names, i), " ", problem);
  }
  return "is not valid UTF-8";
}

// Empty for a good row.
std::string PieceParser::Problem(const Row& row) const {
  const std::string_view text = TextOf(row);
  if (static_cast<int64_t>(text.size()) > layout_.max_row_bytes) return TooLong();
  for (size_t i = 0; index_.quotes && i < row.fields; ++i) {
    if (TakeApart(FieldText(row, i)).text_after_quote) {
      return "has text after the closing quote of a field";
    }
  }
  if (row.fields != layout_.names.size()) {
    return Concat(
        "has ", row.fields, row.fields == 1 ? " field" : " fields",
        layout_.names_from_header ? ", the header has " : ", the list of column names has ",
        layout_.names.size());
  }
  if (!TextProblem(text).empty()) return TextProblemOfFields(row);
  if (static_cast<int64_t>(text.size()) <= limits::kMaxFieldBytes) return {};
  for (size_t i = 0; i < row.fields; ++i) {
    const size_t bytes = TakeApart(FieldText(row, i)).content.size();
    if (static_cast<int64_t>(bytes) > limits::kMaxFieldBytes) {
      return Concat(ColumnWords(layout_.names, i), " has ", bytes, " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
  }
  return {};
}

void PieceParser::AddBad(std::string reason, std::string_view raw) {
  raw = raw.substr(0, static_cast<size_t>(limits::kMaxFieldBytes));
  batch_.bad_rows.push_back({.line = line_, .reason = std::move(reason), .raw = std::string(raw)});
}

// The slice of a field between two delimiters, without its quotes.
TextColumn::Slice PieceParser::Unquoted(size_t begin, size_t end) {
  const CsvField field = TakeApart({bytes_ + begin, end - begin});
  size_t size = field.content.size();
  if (field.doubled) size = UndoubleQuotes(bytes_ + begin + 1, size);
  return {static_cast<uint32_t>(begin + 1), static_cast<uint32_t>(size)};
}

template <bool kQuotes>
void PieceParser::Append(const Row& row) {
  const size_t at = rows_++;
  batch_.lines[at] = line_;
  const auto slice = [&](size_t begin, size_t end) -> TextColumn::Slice {
    if (kQuotes && begin < end && bytes_[begin] == '"') return Unquoted(begin, end);
    const auto size = static_cast<uint32_t>(end - begin);
    return {static_cast<uint32_t>(begin), size | (size == 0 ? TextColumn::kNull : 0)};
  };
  if (in_order_) {
    size_t begin = row.begin;
    for (size_t i = 0; i < out_.size(); ++i) {
      const size_t end = EndOf(row.first + i);
      out_[i][at] = slice(begin, end);
      begin = end + 1;
    }
    return;
  }
  for (size_t i = 0; i < out_.size(); ++i) {
    const size_t field = layout_.selected[i];
    const size_t begin = field == 0 ? row.begin : EndOf(row.first + field - 1) + 1;
    out_[i][at] = slice(begin, EndOf(row.first + field));
  }
}

}  // namespace

CsvField TakeApart(std::string_view field) {
  CsvField out;
  out.content = field;
  out.quoted = field.starts_with('"');
  if (!out.quoted) return out;
  size_t quote = field.find('"', 1);
  while (quote + 1 < field.size() && field[quote + 1] == '"') {
    out.doubled = true;
    quote = field.find('"', quote + 2);
  }
  out.text_after_quote = quote != field.size() - 1;
  out.content = field.substr(1, out.text_after_quote ? std::string_view::npos : quote - 1);
  return out;
}

std::string CsvField::Value() const {
  std::string value(content);
  if (doubled) value.resize(UndoubleQuotes(value.data(), value.size()));
  return value;
}

TextBatch ParseCsvPiece(const CsvLayout& layout, TextPiece piece, FieldIndex* index) {
  return PieceParser(layout, std::move(piece), *index).Parse();
}

}  // namespace burgeon
