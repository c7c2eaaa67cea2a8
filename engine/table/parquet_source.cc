// The Parquet source: columns of any flat type, as text, as batches.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include "engine/base/limits.h"
#include "engine/table/arrow_text.h"
#include "engine/table/batch_builder.h"
#include "engine/table/parquet_file.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

// Rows decoded at a time; a batch is put together of several such pieces.
constexpr int64_t kPieceRows = 4096;

class ParquetSource : public TableReader {
 public:
  explicit ParquetSource(std::unique_ptr<ParquetFile> file) : file_(std::move(file)) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return file_->input->size(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;

 private:
  // Decodes the next rows into piece_; false at the end.
  absl::StatusOr<bool> NextPiece();
  std::string RowProblem(int64_t row, size_t* column) const;
  void AppendRow(BatchBuilder& batch);
  int64_t TakeBytes();

  std::unique_ptr<ParquetFile> file_;  // before what reads through it
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::vector<std::string> names_;
  int64_t batch_rows_ = 0;

  std::vector<TextColumn> piece_;
  int64_t piece_rows_ = 0;
  int64_t piece_at_ = 0;  // next row of the piece
  int64_t rows_done_ = 0;
  int64_t bytes_taken_ = 0;
};

absl::Status ParquetSource::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  const std::string& path = file_->input->path();
  const std::vector<std::string> all = file_->schema->field_names();
  BURGEON_RETURN_IF_ERROR(CheckColumnNames(path + ": the schema", all));
  BURGEON_ASSIGN_OR_RETURN(const auto selected, SelectColumns(path, all, options.columns));
  std::vector<int> leaves;
  for (const size_t i : selected) {
    const arrow::Field& field = *file_->schema->field(static_cast<int>(i));
    if (file_->leaf[i] < 0 || !HasTextForm(*field.type())) {
      return InvalidArgument(path, ": column '", Printable(field.name()), "' has the type ",
                             field.type()->ToString(),
                             "; text, numbers, dates and times can be read, nested and other "
                             "types cannot");
    }
    names_.push_back(field.name());
    leaves.push_back(file_->leaf[i]);
  }
  std::vector<int> groups;
  for (int i = 0; i < file_->row_groups; ++i) groups.push_back(i);
  return file_->input->Run([&]() -> arrow::Status {
    return file_->reader->GetRecordBatchReader(groups, leaves).Value(&batches_);
  });
}

absl::StatusOr<bool> ParquetSource::NextPiece() {
  std::shared_ptr<arrow::RecordBatch> read;
  do {
    const absl::Status status = file_->input->Run([&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(batches_->ReadNext(&read));
      return read == nullptr ? arrow::Status::OK() : read->Validate();
    });
    if (!status.ok()) {
      return MakeStatus(status.code(), MessageOf(status), " (read up to row ", rows_done_, ")");
    }
    if (read == nullptr) {
      if (rows_done_ == file_->rows) return false;
      return DataLoss(file_->input->path(), ": ends after row ", rows_done_, ", its footer says ",
                      file_->rows, " rows");
    }
  } while (read->num_rows() == 0);
  piece_.clear();
  for (const auto& array : read->columns()) piece_.push_back(ArrowToText(*array));
  piece_rows_ = read->num_rows();
  piece_at_ = 0;
  return true;
}

// Text in a Parquet file may hold anything: it is held to the same rules as text in CSV.
std::string ParquetSource::RowProblem(int64_t row, size_t* column) const {
  for (size_t i = 0; i < piece_.size(); ++i) {
    const std::string_view value = piece_[i].value(row);
    *column = i;
    if (value.size() > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(ColumnWords(names_, i), " has ", value.size(), " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
    const std::string_view problem = TextProblem(value);
    if (!problem.empty()) return Concat(ColumnWords(names_, i), " ", problem);
  }
  return {};
}

void ParquetSource::AppendRow(BatchBuilder& batch) {
  const int64_t row = piece_at_++;
  ++rows_done_;
  size_t bad = 0;
  std::string problem = RowProblem(row, &bad);
  if (!problem.empty()) {
    batch.AddBadRow(rows_done_, std::move(problem), piece_[bad].value(row));
    return;
  }
  size_t bytes = 0;
  for (size_t i = 0; i < piece_.size(); ++i) {
    if (piece_[i].is_null(row)) {
      batch.column(i).AppendNull();
    } else {
      batch.column(i).Append(piece_[i].value(row));
      bytes += piece_[i].value(row).size();
    }
  }
  batch.EndRow(rows_done_, bytes);
}

// The part of the file that the rows read so far stand for, less what was told before.
int64_t ParquetSource::TakeBytes() {
  const double part = static_cast<double>(rows_done_) / static_cast<double>(file_->rows);
  const auto bytes = rows_done_ >= file_->rows
                         ? total_bytes()
                         : static_cast<int64_t>(part * static_cast<double>(total_bytes()));
  return bytes - std::exchange(bytes_taken_, bytes);
}

absl::StatusOr<std::optional<TextBatch>> ParquetSource::Next() {
  BatchBuilder batch(names_.size(), batch_rows_);
  while (!batch.full()) {
    if (piece_at_ == piece_rows_) {
      BURGEON_ASSIGN_OR_RETURN(const bool more, NextPiece());
      if (!more) break;
    }
    AppendRow(batch);
  }
  if (batch.empty()) return std::optional<TextBatch>();
  return std::optional<TextBatch>(batch.Take(TakeBytes()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenParquetSource(FileSystem& files,
                                                               const std::string& path,
                                                               const ReadOptions& options) {
  const int64_t piece_rows = std::min(options.batch_rows, kPieceRows);
  BURGEON_ASSIGN_OR_RETURN(auto file, OpenParquet(files, path, piece_rows));
  auto reader = std::make_unique<ParquetSource>(std::move(file));
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
