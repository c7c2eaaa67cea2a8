// The CSV source: rows of the tokenizer, checked, as batches.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/table/batch_builder.h"
#include "engine/table/csv_tokenizer.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

class CsvReader : public TableReader {
 public:
  CsvReader(const std::string& path, std::unique_ptr<ByteSource> source, char delimiter,
            size_t chunk_bytes)
      : path_(path),
        window_(std::move(source), chunk_bytes),
        tokenizer_(path, window_, delimiter) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return window_.file_bytes(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;

 private:
  absl::StatusOr<bool> NextRow();
  absl::Status ReadHeader();
  absl::Status PeekFirstRow();
  // Empty when the row is good.
  std::string RowProblem() const;
  std::string TextProblemOfFields() const;
  void AppendRow(BatchBuilder& batch);

  const std::string path_;
  ByteWindow window_;
  CsvTokenizer tokenizer_;
  CsvRow row_;
  bool have_row_ = false;  // row_ was read by Begin and is still to be used
  std::vector<std::string> all_names_;
  std::vector<std::string> names_;  // of the columns taken
  std::vector<size_t> selected_;    // where they are in a row
  bool names_from_header_ = true;
  int64_t batch_rows_ = 0;
  std::string scratch_;
};

absl::Status CsvReader::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  BURGEON_RETURN_IF_ERROR(SkipByteOrderMark(window_, path_, "CSV"));
  names_from_header_ = options.column_names.empty();
  all_names_ = options.column_names;
  BURGEON_RETURN_IF_ERROR(names_from_header_ ? ReadHeader() : PeekFirstRow());
  BURGEON_ASSIGN_OR_RETURN(selected_, SelectColumns(path_, all_names_, options.columns));
  for (const size_t i : selected_) names_.push_back(all_names_[i]);
  return absl::OkStatus();
}

// The next row that is not blank. A blank line is a null in a file of one column, else nothing.
absl::StatusOr<bool> CsvReader::NextRow() {
  if (std::exchange(have_row_, false)) return true;
  do {
    auto more = tokenizer_.Next(row_);
    if (!more.ok()) {
      return MakeStatus(more.status().code(), MessageOf(more.status()), " (read up to line ",
                        tokenizer_.line(), ")");
    }
    if (!*more) return false;
  } while (row_.blank() && all_names_.size() != 1);
  return true;
}

absl::Status CsvReader::ReadHeader() {
  BURGEON_ASSIGN_OR_RETURN(const bool any, NextRow());
  if (!any) return InvalidArgument(path_, ": has no header line, only blank ones");
  const std::string where = Concat(path_, ": the header (line ", row_.line, ")");
  if (row_.problem == CsvProblem::kTooLong) {
    return InvalidArgument(where, " has more than ", limits::kMaxRowBytes, " bytes");
  }
  if (row_.problem == CsvProblem::kTextAfterQuote) {
    return InvalidArgument(where, " has text after a closing quote");
  }
  const std::string_view problem = TextProblem(row_.text);
  if (!problem.empty()) return InvalidArgument(where, " ", problem, "; UTF-8 text wanted");
  if (row_.field_count > limits::kMaxColumns) {
    return InvalidArgument(where, " has ", row_.field_count, " columns; at most ",
                           limits::kMaxColumns, " wanted");
  }
  for (const CsvField& field : row_.fields) {
    all_names_.emplace_back(row_.Value(field, scratch_));
  }
  return CheckColumnNames(where, all_names_);
}

// Without a header the names come from the options; a first row full of NUL bytes still tells
// UTF-16 from text.
absl::Status CsvReader::PeekFirstRow() {
  BURGEON_RETURN_IF_ERROR(CheckColumnNames(path_ + ": the list of column names", all_names_));
  BURGEON_ASSIGN_OR_RETURN(have_row_, NextRow());
  if (have_row_ && row_.text.find('\0') != std::string_view::npos) {
    return InvalidArgument(path_, ": line ", row_.line, " ", TextProblem(row_.text));
  }
  return absl::OkStatus();
}

std::string CsvReader::TextProblemOfFields() const {
  for (size_t i = 0; i < row_.fields.size(); ++i) {
    const CsvField& field = row_.fields[i];
    const auto problem = TextProblem(row_.text.substr(field.begin, field.end - field.begin));
    if (!problem.empty()) return Concat(ColumnWords(all_names_, i), " ", problem);
  }
  return "is not valid UTF-8";
}

std::string CsvReader::RowProblem() const {
  if (row_.problem == CsvProblem::kTooLong) {
    return Concat("has more than ", limits::kMaxRowBytes, " bytes");
  }
  if (row_.problem == CsvProblem::kTextAfterQuote) {
    return Concat("has text after the closing quote of a field");
  }
  if (row_.field_count != static_cast<int64_t>(all_names_.size())) {
    return Concat("has ", row_.field_count, row_.field_count == 1 ? " field" : " fields",
                  names_from_header_ ? ", the header has " : ", the list of column names has ",
                  all_names_.size());
  }
  if (!TextProblem(row_.text).empty()) return TextProblemOfFields();
  if (row_.text.size() <= static_cast<size_t>(limits::kMaxFieldBytes)) return {};
  for (size_t i = 0; i < row_.fields.size(); ++i) {
    const size_t bytes = row_.fields[i].end - row_.fields[i].begin;
    if (bytes > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(ColumnWords(all_names_, i), " has ", bytes, " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
  }
  return {};
}

void CsvReader::AppendRow(BatchBuilder& batch) {
  for (size_t i = 0; i < selected_.size(); ++i) {
    const CsvField& field = row_.fields[selected_[i]];
    if (field.begin == field.end && !field.quoted) {
      batch.column(i).AppendNull();
    } else {
      batch.column(i).Append(row_.Value(field, scratch_));
    }
  }
  batch.EndRow(row_.line, row_.text.size());
}

absl::StatusOr<std::optional<TextBatch>> CsvReader::Next() {
  BatchBuilder batch(names_.size(), batch_rows_);
  while (!batch.full()) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, NextRow());
    if (!more) break;
    std::string problem = RowProblem();
    if (problem.empty()) {
      AppendRow(batch);
    } else {
      batch.AddBadRow(row_.line, std::move(problem), row_.text);
    }
  }
  if (batch.empty()) return std::optional<TextBatch>();
  return std::optional<TextBatch>(batch.Take(window_.TakeFileBytes()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenCsv(const std::string& path,
                                                     std::unique_ptr<ByteSource> source,
                                                     const ReadOptions& options,
                                                     size_t chunk_bytes) {
  auto reader =
      std::make_unique<CsvReader>(path, std::move(source), options.delimiter, chunk_bytes);
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
