// Text whose columns stand below each other: fields between runs of blanks, or fields of so many
// bytes each.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/table/batch_builder.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

constexpr auto kMaxRow = static_cast<size_t>(limits::kMaxRowBytes);

std::vector<std::string_view> SplitAtBlanks(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!(line = TrimAscii(line)).empty()) {
    const size_t size = std::min(line.find_first_of(" \t"), line.size());
    fields.push_back(line.substr(0, size));
    line.remove_prefix(size);
  }
  return fields;
}

class AlignedReader : public TableReader {
 public:
  AlignedReader(const std::string& path, std::unique_ptr<ByteSource> source, size_t chunk_bytes)
      : path_(path), window_(std::move(source), chunk_bytes) {}

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return names_; }
  int64_t total_bytes() const override { return window_.file_bytes(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;

 private:
  // The next line that is not blank into line_, void at the next call; false at the end.
  absl::StatusOr<bool> NextLine();
  absl::StatusOr<bool> FindLine();
  absl::Status ReadHeader();
  // Empty, with the fields of line_ in fields_, or why they cannot be taken.
  std::string Split();

  const std::string path_;
  ByteWindow window_;
  std::vector<int64_t> widths_;  // none: blanks separate
  std::vector<std::string> all_names_, names_;
  std::vector<size_t> selected_;
  std::vector<std::string_view> fields_;
  int64_t batch_rows_ = 0;
  std::string_view line_;
  int64_t line_number_ = 0;
  size_t drop_ = 0;
  bool too_long_ = false;
  std::string long_begin_;
};

absl::Status AlignedReader::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  widths_ = options.format == TableFormat::kFixedWidth ? options.widths : std::vector<int64_t>();
  BURGEON_RETURN_IF_ERROR(SkipByteOrderMark(window_, path_, "text"));
  all_names_ = options.column_names;
  if (all_names_.empty()) {
    BURGEON_RETURN_IF_ERROR(ReadHeader());
  } else {
    BURGEON_RETURN_IF_ERROR(CheckColumnNames(path_ + ": the list of column names", all_names_));
  }
  if (!widths_.empty() && widths_.size() != all_names_.size()) {
    return InvalidArgument(path_, ": ", widths_.size(), " widths are given for ", all_names_.size(),
                           " columns");
  }
  BURGEON_ASSIGN_OR_RETURN(selected_, SelectColumns(path_, all_names_, options.columns));
  for (const size_t i : selected_) names_.push_back(all_names_[i]);
  return absl::OkStatus();
}

absl::Status AlignedReader::ReadHeader() {
  BURGEON_ASSIGN_OR_RETURN(const bool any, NextLine());
  if (!any) return InvalidArgument(path_, ": has no header line, only blank ones");
  const std::string where = Concat(path_, ": the header (line ", line_number_, ")");
  if (too_long_) return InvalidArgument(where, " has more than ", kMaxRow, " bytes");
  const std::string_view problem = TextProblem(line_);
  if (!problem.empty()) return InvalidArgument(where, " ", problem);
  for (const std::string_view name : SplitAtBlanks(line_)) all_names_.emplace_back(name);
  return CheckColumnNames(where, all_names_);
}

absl::StatusOr<bool> AlignedReader::FindLine() {
  too_long_ = false;
  for (size_t looked = 0;;) {
    const std::string_view bytes = window_.bytes();
    const size_t end = bytes.find('\n', looked);
    const size_t size = std::min(end, bytes.size());
    if (!too_long_ && size > kMaxRow) {
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

absl::StatusOr<bool> AlignedReader::NextLine() {
  do {
    window_.Drop(std::exchange(drop_, 0));
    const auto found = FindLine();
    if (!found.ok()) {
      return MakeStatus(found.status().code(), MessageOf(found.status()), " (read up to line ",
                        line_number_ + 1, ")");
    }
    if (!*found) return false;
    ++line_number_;
  } while (TrimAscii(line_).empty());
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  return true;
}

std::string AlignedReader::Split() {
  if (too_long_) return Concat("has more than ", kMaxRow, " bytes");
  const std::string_view problem = TextProblem(line_);
  if (!problem.empty()) return std::string(problem);
  if (widths_.empty()) {
    fields_ = SplitAtBlanks(line_);
  } else {
    fields_.clear();
    std::string_view rest = line_;
    for (const int64_t width : widths_) {
      const std::string_view field = rest.substr(0, static_cast<size_t>(width));
      rest.remove_prefix(field.size());
      fields_.push_back(TrimAscii(field));
    }
    if (!TrimAscii(rest).empty()) {
      return Concat("has ", line_.size(), " bytes, more than the ", line_.size() - rest.size(),
                    " of its fields");
    }
  }
  if (fields_.size() != all_names_.size()) {
    return Concat("has ", fields_.size(), fields_.size() == 1 ? " field, " : " fields, ",
                  all_names_.size(), " are wanted");
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].size() > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(ColumnWords(all_names_, i), " has ", fields_[i].size(), " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
  }
  return {};
}

absl::StatusOr<std::optional<TextBatch>> AlignedReader::Next() {
  BatchBuilder batch(names_.size(), batch_rows_);
  while (!batch.full()) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, NextLine());
    if (!more) break;
    std::string problem = Split();
    if (!problem.empty()) {
      batch.AddBadRow(line_number_, std::move(problem), line_);
      continue;
    }
    for (size_t i = 0; i < selected_.size(); ++i) {
      const std::string_view field = fields_[selected_[i]];
      if (field.empty()) {
        batch.column(i).AppendNull();
      } else {
        batch.column(i).Append(field);
      }
    }
    batch.EndRow(line_number_, line_.size());
  }
  if (batch.empty()) return std::optional<TextBatch>();
  return std::optional<TextBatch>(batch.Take(window_.TakeFileBytes()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenAligned(const std::string& path,
                                                         std::unique_ptr<ByteSource> source,
                                                         const ReadOptions& options,
                                                         size_t chunk_bytes) {
  auto reader = std::make_unique<AlignedReader>(path, std::move(source), chunk_bytes);
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
