// The JSON source: objects, one a line or in one array, as batches.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/table/batch_builder.h"
#include "engine/table/flat_json.h"
#include "engine/table/json_pieces.h"
#include "engine/table/json_row.h"
#include "engine/table/readers.h"

namespace burgeon {
namespace {

using Slice = TextColumn::Slice;

// Of a piece in which no object is flat so many are tried as if they were.
constexpr int64_t kTriesAsFlat = 64;

// The rows of a piece in the making: their values lie where they are in the piece, or behind it
// where no value stands there as it is (escapes, nested objects).
class PieceParser {
 public:
  PieceParser(JsonPiece piece, const JsonPlan& plan)
      : piece_(std::make_shared<JsonPiece>(std::move(piece))),
        slices_(std::make_shared<std::vector<std::vector<Slice>>>(plan.columns.size())),
        rows_(&plan),
        row_(plan.columns.size()) {
    for (std::vector<Slice>& column : *slices_) column.reserve(piece_->spans.size());
    if (FlatJson::Fits(plan)) flat_.emplace(&plan);
  }

  TextBatch Parse() {
    for (const BadRow& bad : piece_->too_long) batch_.AddBadRow(bad.line, bad.reason, bad.raw);
    for (const JsonPiece::Span& span : piece_->spans) {
      if (!ParseFlat(span)) ParseAny(span);
    }
    TextBatch batch = batch_.Take(piece_->source_bytes);
    piece_->bytes += elsewhere_;
    BURGEON_CHECK(piece_->bytes.size() <= UINT32_MAX);
    const std::shared_ptr<const char[]> bytes(piece_, piece_->bytes.data());
    for (const std::vector<Slice>& column : *slices_) {
      const std::shared_ptr<const Slice[]> slices(slices_, column.data());
      batch.columns.emplace_back(bytes, slices, column.size());
    }
    return batch;
  }

 private:
  bool ParseFlat(const JsonPiece::Span& span) {
    if (!flat_ || tries_ == 0) return false;
    if (!flat_->Parse(piece_->bytes.data(), span.begin, span.size, row_.data())) {
      --tries_;
      return false;
    }
    ++tries_;
    for (size_t c = 0; c < row_.size(); ++c) (*slices_)[c].push_back(row_[c]);
    batch_.EndRow(span.line, span.size);
    return true;
  }

  void ParseAny(const JsonPiece::Span& span) {
    const std::string_view text = std::string_view(piece_->bytes).substr(span.begin, span.size);
    std::string problem = rows_.Parse(text);
    if (!problem.empty()) {
      batch_.AddBadRow(span.line, std::move(problem), text);
      return;
    }
    for (int64_t row = 0; row < rows_.rows(); ++row) {
      for (size_t c = 0; c < row_.size(); ++c)
        (*slices_)[c].push_back(SliceOf(rows_.value(row, c)));
      batch_.EndRow(span.line, span.size);
    }
  }

  Slice SliceOf(const std::optional<std::string_view>& value) {
    if (!value) return {0, TextColumn::kNull};
    const std::string& bytes = piece_->bytes;
    size_t offset = bytes.size() + elsewhere_.size();
    const std::less_equal<const char*> not_behind;
    if (not_behind(bytes.data(), value->data()) &&
        not_behind(value->data() + value->size(), bytes.data() + bytes.size())) {
      offset = static_cast<size_t>(value->data() - bytes.data());
    } else {
      elsewhere_ += *value;
    }
    return {static_cast<uint32_t>(offset), static_cast<uint32_t>(value->size())};
  }

  const std::shared_ptr<JsonPiece> piece_;
  const std::shared_ptr<std::vector<std::vector<Slice>>> slices_;  // of each column
  BatchBuilder batch_{0, INT64_MAX, INT64_MAX};
  JsonRows rows_;
  std::optional<FlatJson> flat_;
  int64_t tries_ = kTriesAsFlat;
  std::vector<Slice> row_;
  std::string elsewhere_;
};

class JsonChunk : public TableChunk {
 public:
  JsonChunk(JsonPiece piece, std::shared_ptr<const JsonPlan> plan)
      : piece_(std::move(piece)), plan_(std::move(plan)) {}
  absl::StatusOr<TextBatch> Parse() override {
    return PieceParser(std::move(piece_), *plan_).Parse();
  }

 private:
  JsonPiece piece_;
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
  std::vector<std::string> names = options.columns.empty() ? options.json_columns : options.columns;
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
    BURGEON_ASSIGN_OR_RETURN(std::optional<JsonPiece> piece, pieces_.Next(batch_rows_));
    if (!piece) return std::optional<TextBatch>();
    TextBatch batch = PieceParser(*std::move(piece), *plan_).Parse();
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
