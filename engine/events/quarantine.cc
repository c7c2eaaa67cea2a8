#include "engine/events/quarantine.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace burgeon {
namespace {

using nlohmann::ordered_json;

constexpr size_t kBufferBytes = 1 << 16;

// Bytes that are not UTF-8 become U+FFFD: the file is JSON whatever the source was.
std::string Dump(const ordered_json& line) {
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string QuarantineLine(const TextBatch& batch, int64_t row,
                           const std::vector<std::string>& column_names,
                           const FieldProblem& problem, const std::optional<Concealed>& concealed) {
  ordered_json fields = ordered_json::object();
  std::string shown = problem.value;
  for (size_t c = 0; c < column_names.size(); ++c) {
    const TextColumn& column = batch.columns[c];
    if (column.is_null(row)) {
      fields[column_names[c]] = nullptr;
    } else if (concealed && concealed->column == c) {
      fields[column_names[c]] = concealed->replacement;
      if (!shown.empty() && shown == column.value(row)) shown = concealed->replacement;
    } else {
      fields[column_names[c]] = std::string(column.value(row));
    }
  }
  return Dump({{"line", batch.lines[static_cast<size_t>(row)]},
               {"field", problem.field},
               {"value", shown},
               {"reason", Concat("wanted ", problem.wanted)},
               {"row", std::move(fields)}});
}

std::string QuarantineLine(const BadRow& bad, bool keep_raw) {
  ordered_json line = {{"line", bad.line}, {"field", "row"}, {"value", ""}, {"reason", bad.reason}};
  if (keep_raw) line["raw"] = bad.raw;
  return Dump(line);
}

QuarantineFile::QuarantineFile(FileSystem& files, std::string folder)
    : files_(files), folder_(std::move(folder)), path_(JoinPath(folder_, "quarantine.jsonl")) {}

absl::Status QuarantineFile::Add(const std::string& line) {
  if (file_ == nullptr) {
    BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(folder_));
    BURGEON_ASSIGN_OR_RETURN(file_, files_.OpenForWrite(path_));
  }
  buffer_ += line;
  buffer_ += '\n';
  if (buffer_.size() < kBufferBytes) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(file_->Append(buffer_));
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status QuarantineFile::Finish() {
  if (file_ == nullptr) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(file_->Append(buffer_));
  BURGEON_RETURN_IF_ERROR(file_->Sync());
  return file_->Close();
}

}  // namespace burgeon
