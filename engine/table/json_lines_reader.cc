// The JSON lines source: one object a line, as batches.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/table/batch_builder.h"
#include "engine/table/json_row.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

class JsonLinesReader : public TableReader {
 public:
  JsonLinesReader(const std::string& path, std::unique_ptr<ByteSource> source, size_t chunk_bytes)
      : path_(path), window_(std::move(source), chunk_bytes) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return window_.file_bytes(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;

 private:
  // The next line that is not blank is in line_; false at the end.
  absl::StatusOr<bool> NextLine();
  absl::StatusOr<bool> FindLineEnd();
  absl::Status TakeNamesFromFirstLine();
  std::string RowProblem();
  void AppendRow(BatchBuilder& batch);

  const std::string path_;
  ByteWindow window_;
  std::vector<std::string> names_;
  std::optional<JsonRow> row_;
  int64_t batch_rows_ = 0;

  bool have_line_ = false;  // line_ was read by Begin and is still to be used
  std::string_view line_;   // in window_, or in long_begin_
  int64_t line_number_ = 0;
  size_t drop_ = 0;  // bytes of line_ and its end, dropped before the next is read
  bool too_long_ = false;
  std::string long_begin_;
};

absl::Status JsonLinesReader::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  BURGEON_RETURN_IF_ERROR(SkipByteOrderMark(window_, path_, "JSON lines"));
  names_ = options.columns;
  if (names_.empty()) BURGEON_RETURN_IF_ERROR(TakeNamesFromFirstLine());
  BURGEON_RETURN_IF_ERROR(CheckColumnNames(path_ + ": the list of fields", names_));
  row_.emplace(names_);
  return absl::OkStatus();
}

absl::Status JsonLinesReader::TakeNamesFromFirstLine() {
  BURGEON_ASSIGN_OR_RETURN(have_line_, NextLine());
  if (!have_line_) return InvalidArgument(path_, ": has only blank lines; JSON objects wanted");
  const auto keys = JsonKeys(line_);
  if (too_long_ || !keys.ok()) {
    return InvalidArgument(path_, ": line ", line_number_, ": ",
                           too_long_ ? "is too long" : MessageOf(keys.status()),
                           "; its keys are wanted as the columns, since none are named");
  }
  names_ = *keys;
  return absl::OkStatus();
}

// True when the window holds a whole line; line_ and drop_ are set. Of a line too long only the
// begin is kept.
absl::StatusOr<bool> JsonLinesReader::FindLineEnd() {
  too_long_ = false;
  size_t looked = 0;
  for (;;) {
    const std::string_view bytes = window_.bytes();
    const size_t end = bytes.find('\n', looked);
    const size_t size = std::min(end, bytes.size());
    if (!too_long_ && size > static_cast<size_t>(limits::kMaxRowBytes)) {
      too_long_ = true;
      long_begin_ = bytes.substr(0, static_cast<size_t>(limits::kMaxFieldBytes));
    }
    if (end != std::string_view::npos || window_.at_end()) {
      if (bytes.empty() && !too_long_) return false;
      line_ = too_long_ ? std::string_view(long_begin_) : bytes.substr(0, size);
      drop_ = end == std::string_view::npos ? size : size + 1;
      return true;
    }
    looked = bytes.size();
    if (too_long_) window_.Drop(std::exchange(looked, 0));
    BURGEON_RETURN_IF_ERROR(window_.Fill());
  }
}

absl::StatusOr<bool> JsonLinesReader::NextLine() {
  if (std::exchange(have_line_, false)) return true;
  do {
    window_.Drop(std::exchange(drop_, 0));
    auto found = FindLineEnd();
    if (!found.ok()) {
      return MakeStatus(found.status().code(), MessageOf(found.status()), " (read up to line ",
                        line_number_ + 1, ")");
    }
    if (!*found) return false;
    ++line_number_;
  } while (TrimAscii(line_).empty());
  return true;
}

std::string JsonLinesReader::RowProblem() {
  if (too_long_) return Concat("has more than ", limits::kMaxRowBytes, " bytes");
  std::string problem = row_->Parse(line_);
  if (!problem.empty()) return problem;
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto& value = row_->values()[i];
    if (!value) continue;
    if (value->size() > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(ColumnWords(names_, i), " has ", value->size(), " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
    const std::string_view text_problem = TextProblem(*value);
    if (!text_problem.empty()) return Concat(ColumnWords(names_, i), " ", text_problem);
  }
  return {};
}

void JsonLinesReader::AppendRow(BatchBuilder& batch) {
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto& value = row_->values()[i];
    if (value) {
      batch.column(i).Append(*value);
    } else {
      batch.column(i).AppendNull();
    }
  }
  batch.EndRow(line_number_, line_.size());
}

absl::StatusOr<std::optional<TextBatch>> JsonLinesReader::Next() {
  BatchBuilder batch(names_.size(), batch_rows_);
  while (!batch.full()) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, NextLine());
    if (!more) break;
    std::string problem = RowProblem();
    if (problem.empty()) {
      AppendRow(batch);
    } else {
      batch.AddBadRow(line_number_, std::move(problem),
                      line_.ends_with('\r') ? line_.substr(0, line_.size() - 1) : line_);
    }
  }
  if (batch.empty()) return std::optional<TextBatch>();
  return std::optional<TextBatch>(batch.Take(window_.TakeFileBytes()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenJsonLines(const std::string& path,
                                                           std::unique_ptr<ByteSource> source,
                                                           const ReadOptions& options,
                                                           size_t chunk_bytes) {
  auto reader = std::make_unique<JsonLinesReader>(path, std::move(source), chunk_bytes);
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
