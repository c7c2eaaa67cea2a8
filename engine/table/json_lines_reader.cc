// The JSON source: objects, one a line or in one array, as batches.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/table/batch_builder.h"
#include "engine/table/json_pieces.h"
#include "engine/table/json_row.h"
#include "engine/table/readers.h"

namespace burgeon {
namespace {

TextBatch ParsePiece(const JsonPiece& piece, const JsonPlan& plan) {
  BatchBuilder batch(plan.columns.size(), INT64_MAX, INT64_MAX);
  JsonRows rows(&plan);
  for (const BadRow& bad : piece.too_long) batch.AddBadRow(bad.line, bad.reason, bad.raw);
  for (const JsonPiece::Span& span : piece.spans) {
    const std::string_view text = std::string_view(piece.bytes).substr(span.begin, span.size);
    std::string problem = rows.Parse(text);
    if (!problem.empty()) {
      batch.AddBadRow(span.line, std::move(problem), text);
      continue;
    }
    for (int64_t row = 0; row < rows.rows(); ++row) {
      for (size_t i = 0; i < plan.columns.size(); ++i) {
        const auto value = rows.value(row, i);
        if (value) {
          batch.column(i).Append(*value);
        } else {
          batch.column(i).AppendNull();
        }
      }
      batch.EndRow(span.line, span.size);
    }
  }
  return batch.Take(piece.source_bytes);
}

class JsonChunk : public TableChunk {
 public:
  JsonChunk(JsonPiece piece, std::shared_ptr<const JsonPlan> plan)
      : piece_(std::move(piece)), plan_(std::move(plan)) {}
  absl::StatusOr<TextBatch> Parse() override { return ParsePiece(piece_, *plan_); }

 private:
  const JsonPiece piece_;
  const std::shared_ptr<const JsonPlan> plan_;
};

class JsonReader : public TableReader {
 public:
  JsonReader(const std::string& path, std::unique_ptr<ByteSource> source, size_t chunk_bytes)
      : path_(path), pieces_(path, std::move(source), chunk_bytes) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return plan_->names; }
  int64_t total_bytes() const override { return pieces_.file_bytes(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;
  absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk() override;

 private:
  absl::StatusOr<std::vector<std::string>> KeysOfFirstObject();

  const std::string path_;
  JsonPieces pieces_;
  std::shared_ptr<const JsonPlan> plan_;
  int64_t batch_rows_ = 0;
};

absl::Status JsonReader::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  BURGEON_RETURN_IF_ERROR(pieces_.Begin());
  std::vector<std::string> names =
      options.columns.empty() ? options.json_columns : options.columns;
  if (names.empty()) {
    BURGEON_ASSIGN_OR_RETURN(names, KeysOfFirstObject());
  }
  BURGEON_RETURN_IF_ERROR(CheckColumnNames(path_ + ": the list of fields", names));
  auto plan = JsonPlan::Make(names, options.explode, options.extra_rows);
  if (!plan.ok()) return InvalidArgument(path_, ": ", MessageOf(plan.status()));
  plan_ = std::make_shared<const JsonPlan>(*std::move(plan));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> JsonReader::KeysOfFirstObject() {
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(std::optional<JsonPiece> piece, pieces_.Next(batch_rows_));
    if (!piece) return InvalidArgument(path_, ": has only blank lines; JSON objects wanted");
    constexpr const char* kWhy = "; its keys are wanted as the columns, since none are named";
    if (!piece->too_long.empty()) {
      return InvalidArgument(path_, ": line ", piece->too_long[0].line, ": is too long", kWhy);
    }
    if (piece->spans.empty()) continue;
    const JsonPiece::Span& first = piece->spans[0];
    const std::string_view text = std::string_view(piece->bytes).substr(first.begin, first.size);
    auto keys = JsonRows::Keys(text);
    if (!keys.ok()) {
      return InvalidArgument(path_, ": line ", first.line, ": ", MessageOf(keys.status()), kWhy);
    }
    pieces_.PutBack(*std::move(piece));
    return *std::move(keys);
  }
}

absl::StatusOr<std::optional<TextBatch>> JsonReader::Next() {
  int64_t source_bytes = 0;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<JsonPiece> piece, pieces_.Next(batch_rows_));
    if (!piece) return std::optional<TextBatch>();
    TextBatch batch = ParsePiece(*piece, *plan_);
    batch.source_bytes += std::exchange(source_bytes, 0);
    if (batch.rows() > 0 || !batch.bad_rows.empty()) {
      return std::optional<TextBatch>(std::move(batch));
    }
    source_bytes = batch.source_bytes;
  }
}

absl::StatusOr<std::unique_ptr<TableChunk>> JsonReader::NextChunk() {
  BURGEON_ASSIGN_OR_RETURN(std::optional<JsonPiece> piece, pieces_.Next(batch_rows_));
  if (!piece) return nullptr;
  return std::make_unique<JsonChunk>(*std::move(piece), plan_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenJsonLines(const std::string& path,
                                                           std::unique_ptr<ByteSource> source,
                                                           const ReadOptions& options,
                                                           size_t chunk_bytes) {
  auto reader = std::make_unique<JsonReader>(path, std::move(source), chunk_bytes);
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
