#include "engine/table/csv_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

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
  return std::memchr(text.data(), 0, text.size()) == nullptr && IsValidUtf8(text);
}

class PieceParser {
 public:
  PieceParser(const CsvLayout& layout, TextPiece piece, FieldIndex& index)
      : layout_(layout),
        piece_(std::move(piece)),
        index_(index),
        text_(piece_.bytes.get() + piece_.begin),
        columns_(layout.names.size()) {}

  TextBatch Parse();

 private:
  // A row: its bytes, and the first of its fields in index_.ends.
  struct Row {
    size_t begin = 0;
    size_t end = 0;
    size_t first = 0;
    size_t fields = 0;
  };
  enum class Quotes { kNone, kSome };

  void IndexPiece();
  void Allocate();
  template <Quotes quotes>
  void ParseRows();
  bool HasPairs(const Row& row);
  template <Quotes quotes>
  bool Append(const Row& row);
  void AppendWithPairs(const Row& row);
  void Put(size_t column, size_t begin, size_t size, bool null) {
    const auto null_bit = null ? TextColumn::kNull : 0;
    out_[column][rows_] = {static_cast<uint32_t>(begin), static_cast<uint32_t>(size) | null_bit};
  }

  std::string Problem(const Row& row) const;
  std::string TextProblemOfFields(const Row& row) const;
  std::string TooLong() const { return Concat("has more than ", layout_.max_row_bytes, " bytes"); }
  void AddBad(std::string reason, std::string_view raw);

  size_t BeginOf(const Row& row, size_t field) const {
    return field == 0 ? row.begin : index_.ends[row.first + field - 1] + size_t{1};
  }
  std::string_view FieldText(const Row& row, size_t field) const {
    const size_t begin = BeginOf(row, field);
    return {text_ + begin, index_.ends[row.first + field] - begin};
  }
  std::string_view TextOf(const Row& row) const { return {text_ + row.begin, row.end - row.begin}; }

  const CsvLayout& layout_;
  TextPiece piece_;
  FieldIndex& index_;
  char* const text_;
  const size_t columns_;
  bool look_closer_ = false;  // a row may not be text, or be beyond a limit
  bool in_order_ = true;      // every column is taken, in the order of the file
  size_t next_pair_ = 0;      // in index_.pairs
  TextBatch batch_;
  std::shared_ptr<TextColumn::Slice[]> slices_;  // of one column after another
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
  IndexPiece();
  Allocate();
  index_.quotes ? ParseRows<Quotes::kSome>() : ParseRows<Quotes::kNone>();
  batch_.lines.resize(rows_);
  const std::shared_ptr<const char[]> bytes(piece_.bytes, text_);
  for (TextColumn::Slice* out : out_) {
    batch_.columns.emplace_back(bytes, std::shared_ptr<const TextColumn::Slice[]>(slices_, out),
                                rows_);
  }
  return std::move(batch_);
}

void PieceParser::IndexPiece() {
  const std::string_view text = piece_.text();
  if (piece_.irregular) {
    IndexFieldsByteByByte(text, layout_.delimiter, &index_);
  } else {
    IndexFields(layout_.level, text, layout_.delimiter, &index_);
  }
  const auto size = static_cast<int64_t>(text.size());
  look_closer_ = (index_.nul_or_not_ascii && !IsText(text)) || size > layout_.max_row_bytes ||
                 size > limits::kMaxFieldBytes;
}

void PieceParser::Allocate() {
  const size_t taken = layout_.selected.size();
  slices_ = std::make_shared_for_overwrite<TextColumn::Slice[]>(taken * index_.row_count);
  in_order_ = taken == columns_;
  for (size_t i = 0; i < taken; ++i) {
    out_.push_back(slices_.get() + i * index_.row_count);
    in_order_ = in_order_ && layout_.selected[i] == i;
  }
  batch_.lines.resize(index_.row_count);
}

template <PieceParser::Quotes quotes>
void PieceParser::ParseRows() {
  const size_t row_count = index_.row_count;
  const uint32_t* const ends = index_.ends.get();
  const uint32_t* const row_lasts = index_.row_lasts.get();
  const size_t size = piece_.text().size();
  Row row;
  for (size_t i = 0; i < row_count; ++i) {
    const size_t last = row_lasts[i];
    row.fields = last + 1 - row.first;
    row.end = ends[last];
    int64_t line_ends = 1;
    if (quotes == Quotes::kSome && index_.quoted_line_ends) {
      line_ends += CountLineEnds(layout_.level, TextOf(row));
    }
    const bool pairs = quotes == Quotes::kSome && HasPairs(row);
    if (row.fields == columns_ && !pairs && !look_closer_ && Append<quotes>(row)) {
      ++rows_;
    } else if (row.begin < row.end || columns_ == 1) {  // not a blank line
      std::string problem = Problem(row);
      if (problem.empty()) {
        AppendWithPairs(row);
        ++rows_;
      } else {
        AddBad(std::move(problem), TextOf(row));
      }
    }
    line_ += line_ends;
    row.first = last + 1;
    row.begin = row.end + 1;
    if (index_.returns && row.begin < size && text_[row.end] == '\r' && text_[row.begin] == '\n') {
      ++row.begin;
    }
  }
}

// Whether a pair of quotes that stand for one may be in the row; rows are asked in order.
bool PieceParser::HasPairs(const Row& row) {
  if (piece_.irregular) return true;
  bool found = false;
  for (; next_pair_ < index_.pair_count && index_.pairs[next_pair_] < row.end; ++next_pair_) {
    found = true;
  }
  return found;
}

// Writes the values of a row, whose quoted fields have no pairs, behind the rows before; false when
// text follows a closing quote.
template <PieceParser::Quotes quotes>
inline bool PieceParser::Append(const Row& row) {
  batch_.lines[rows_] = line_;
  bool good = true;
  const auto put = [&](size_t column, size_t begin, size_t end) {
    const size_t size = end - begin;
    if (quotes == Quotes::kSome && size > 0 && text_[begin] == '"') {
      good = good && size > 1 && text_[end - 1] == '"';
      Put(column, begin + 1, size - 2, false);
    } else {
      Put(column, begin, size, size == 0);
    }
  };
  if (in_order_) {
    const uint32_t* const ends = index_.ends.get() + row.first;
    size_t begin = row.begin;
    for (size_t i = 0; i < columns_; ++i) {
      put(i, begin, ends[i]);
      begin = ends[i] + size_t{1};
    }
    return good;
  }
  if (quotes == Quotes::kSome) {
    for (size_t i = 0; i < columns_; ++i) {
      const std::string_view field = FieldText(row, i);
      if (field.starts_with('"') && (field.size() < 2 || !field.ends_with('"'))) return false;
    }
  }
  for (size_t i = 0; i < out_.size(); ++i) {
    const size_t field = layout_.selected[i];
    put(i, BeginOf(row, field), index_.ends[row.first + field]);
  }
  return good;
}

// The same for any good row. A column may be taken twice, but is undoubled once.
void PieceParser::AppendWithPairs(const Row& row) {
  batch_.lines[rows_] = line_;
  for (size_t i = 0; i < out_.size(); ++i) {
    if (const size_t first = layout_.first_taken[i]; first < i) {
      out_[i][rows_] = out_[first][rows_];
      continue;
    }
    const size_t begin = BeginOf(row, layout_.selected[i]);
    const CsvField field = TakeApart(FieldText(row, layout_.selected[i]));
    if (field.doubled) {
      Put(i, begin + 1, UndoubleQuotes(text_ + begin + 1, field.content.size()), false);
    } else {
      Put(i, begin + (field.quoted ? 1 : 0), field.content.size(),
          field.content.empty() && !field.quoted);
    }
  }
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
  if (row.fields != columns_) {
    return Concat(
        "has ", row.fields, row.fields == 1 ? " field" : " fields",
        layout_.names_from_header ? ", the header has " : ", the list of column names has ",
        columns_);
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
