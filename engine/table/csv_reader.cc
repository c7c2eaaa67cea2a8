// The CSV source: the header, then pieces of the file as batches.
#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/table/csv_machine.h"
#include "engine/table/csv_parser.h"
#include "engine/table/piece_cutter.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

// What the pieces of a file share.
class CsvParsing {
 public:
  CsvLayout layout;

  TextBatch Parse(TextPiece piece) {
    std::unique_ptr<FieldIndex> index = TakeIndex();
    TextBatch batch = ParseCsvPiece(layout, std::move(piece), index.get());
    const std::lock_guard lock(mutex_);
    spare_.push_back(std::move(index));
    return batch;
  }

 private:
  std::unique_ptr<FieldIndex> TakeIndex() {
    const std::lock_guard lock(mutex_);
    if (spare_.empty()) return std::make_unique<FieldIndex>();
    std::unique_ptr<FieldIndex> index = std::move(spare_.back());
    spare_.pop_back();
    return index;
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<FieldIndex>> spare_;  // as many as ever parsed at once
};

class CsvChunk : public TableChunk {
 public:
  CsvChunk(CsvParsing& parsing, TextPiece piece) : parsing_(parsing), piece_(std::move(piece)) {}
  absl::StatusOr<TextBatch> Parse() override { return parsing_.Parse(std::move(piece_)); }

 private:
  CsvParsing& parsing_;
  TextPiece piece_;
};

class CsvReader : public TableReader {
 public:
  CsvReader(const std::string& path, std::unique_ptr<ByteSource> source, const PieceRules& rules)
      : path_(path), rules_(rules), cutter_(path, std::move(source), rules) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return cutter_.file_bytes(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;
  absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk() override;

 private:
  absl::StatusOr<bool> NextPiece(TextPiece* piece);
  absl::StatusOr<bool> FindFirstRow(size_t* begin, int64_t* line);
  absl::Status ReadHeader();
  absl::Status CheckFirstRow();
  std::string_view FirstRow(std::string_view text) const;
  absl::Status TakeNames(std::string_view row, const std::string& where);

  const std::string path_;
  const PieceRules rules_;
  PieceCutter cutter_;
  TextPiece first_;  // was cut by Begin and is still to be used
  bool have_first_ = false;
  std::vector<std::string> names_;  // of the columns taken
  CsvParsing parsing_;
};

absl::Status CsvReader::Begin(const ReadOptions& options) {
  CsvLayout& layout = parsing_.layout;
  layout.delimiter = rules_.delimiter;
  layout.max_row_bytes = rules_.max_row_bytes;
  layout.level = rules_.level;
  layout.names_from_header = options.column_names.empty();
  layout.names = options.column_names;
  BURGEON_RETURN_IF_ERROR(cutter_.Begin());
  BURGEON_RETURN_IF_ERROR(layout.names_from_header ? ReadHeader() : CheckFirstRow());
  BURGEON_ASSIGN_OR_RETURN(layout.selected, SelectColumns(path_, layout.names, options.columns));
  std::vector<size_t> first_taken(layout.names.size(), layout.selected.size());
  for (size_t i = 0; i < layout.selected.size(); ++i) {
    const size_t column = layout.selected[i];
    names_.push_back(layout.names[column]);
    first_taken[column] = std::min(first_taken[column], i);
    layout.first_taken.push_back(first_taken[column]);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::NextPiece(TextPiece* piece) {
  if (!have_first_) return cutter_.Next(piece);
  have_first_ = false;
  *piece = std::move(first_);
  return true;
}

// Brings the piece with the first row that is not blank into first_, and where in it the row
// begins; false when there is none.
absl::StatusOr<bool> CsvReader::FindFirstRow(size_t* begin, int64_t* line) {
  int64_t source_bytes = 0;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(have_first_, cutter_.Next(&first_));
    if (!have_first_) return false;
    first_.source_bytes += std::exchange(source_bytes, 0);
    const std::string_view text = first_.text();
    const size_t blank = std::min(text.find_first_not_of("\r\n"), text.size());
    *begin = first_.begin + blank;
    *line = first_.line + CountLineEnds(rules_.level, text.substr(0, blank));
    if (blank < text.size()) return true;
    source_bytes = first_.source_bytes;
  }
}

absl::Status CsvReader::ReadHeader() {
  size_t begin = 0;
  int64_t line = 0;
  BURGEON_ASSIGN_OR_RETURN(const bool any, FindFirstRow(&begin, &line));
  if (!any) return InvalidArgument(path_, ": has no header line, only blank ones");
  const std::string where = Concat(path_, ": the header (line ", line, ")");
  const std::string_view rest(first_.bytes.get() + begin, first_.end - begin);
  const std::string_view row = FirstRow(rest);
  BURGEON_RETURN_IF_ERROR(TakeNames(row, where));
  // The piece begins behind the header from now on.
  size_t end = row.size() + (rest.substr(row.size()).starts_with("\r\n") ? 2 : 1);
  end = std::min(end, rest.size());
  first_.line = line + CountLineEnds(rules_.level, rest.substr(0, end));
  first_.begin = begin + end;
  return absl::OkStatus();
}

absl::Status CsvReader::TakeNames(std::string_view row, const std::string& where) {
  if (first_.too_long || static_cast<int64_t>(row.size()) > rules_.max_row_bytes) {
    return InvalidArgument(where, " has more than ", rules_.max_row_bytes, " bytes");
  }
  std::vector<std::string>& names = parsing_.layout.names;
  CsvMachine machine(rules_.delimiter);
  size_t begin = 0;
  int64_t fields = 0;
  for (size_t i = 0; i <= row.size(); ++i) {
    if (i < row.size() && machine.Next(row[i]) != CsvMachine::Found::kFieldEnd) continue;
    const CsvField name = TakeApart(row.substr(begin, i - begin));
    if (name.text_after_quote) return InvalidArgument(where, " has text after a closing quote");
    if (++fields <= limits::kMaxColumns) names.push_back(name.Value());
    begin = i + 1;
  }
  const std::string_view problem = TextProblem(row);
  if (!problem.empty()) return InvalidArgument(where, " ", problem, "; UTF-8 text wanted");
  if (fields > limits::kMaxColumns) {
    return InvalidArgument(where, " has ", fields, " columns; at most ", limits::kMaxColumns,
                           " wanted");
  }
  return CheckColumnNames(where, names);
}

// The row that `text` begins with, without its line end.
std::string_view CsvReader::FirstRow(std::string_view text) const {
  CsvMachine machine(rules_.delimiter);
  for (size_t i = 0; i < text.size(); ++i) {
    if (machine.Next(text[i]) == CsvMachine::Found::kRowEnd) return text.substr(0, i);
  }
  return text;
}

// Without a header the names come from the options; a first row full of NUL bytes still tells
// UTF-16 from text.
absl::Status CsvReader::CheckFirstRow() {
  BURGEON_RETURN_IF_ERROR(
      CheckColumnNames(path_ + ": the list of column names", parsing_.layout.names));
  size_t begin = 0;
  int64_t line = 1;
  if (parsing_.layout.names.size() == 1) {  // a blank line is a row there
    BURGEON_ASSIGN_OR_RETURN(have_first_, cutter_.Next(&first_));
  } else {
    BURGEON_ASSIGN_OR_RETURN(have_first_, FindFirstRow(&begin, &line));
  }
  if (!have_first_) return absl::OkStatus();
  const std::string_view row = FirstRow(first_.text().substr(begin - first_.begin));
  if (row.find('\0') != std::string_view::npos) {
    return InvalidArgument(path_, ": line ", line, " ", TextProblem(row));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<TableChunk>> CsvReader::NextChunk() {
  TextPiece piece;
  BURGEON_ASSIGN_OR_RETURN(const bool more, NextPiece(&piece));
  if (!more) return nullptr;
  return std::make_unique<CsvChunk>(parsing_, std::move(piece));
}

absl::StatusOr<std::optional<TextBatch>> CsvReader::Next() {
  int64_t source_bytes = 0;
  for (;;) {
    TextPiece piece;
    BURGEON_ASSIGN_OR_RETURN(const bool more, NextPiece(&piece));
    if (!more) return std::optional<TextBatch>();
    TextBatch batch = parsing_.Parse(std::move(piece));
    batch.source_bytes += std::exchange(source_bytes, 0);
    if (batch.rows() > 0 || !batch.bad_rows.empty())
      return std::optional<TextBatch>(std::move(batch));
    source_bytes = batch.source_bytes;  // only blank lines
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenCsv(const std::string& path,
                                                     std::unique_ptr<ByteSource> source,
                                                     const ReadOptions& options, PieceRules rules) {
  rules.delimiter = options.delimiter;
  auto reader = std::make_unique<CsvReader>(path, std::move(source), rules);
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
