#include "cli/id_list.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr std::string_view kColumn = "customer_id";
constexpr int64_t kMaxTextBytes = int64_t{1} << 30;

class IdCollector {
 public:
  explicit IdCollector(const std::string& path) : path_(path) {}

  absl::Status Add(std::string_view id, int64_t line) {
    id = TrimAscii(id);
    if (id.empty()) return absl::OkStatus();
    if (static_cast<int64_t>(id.size()) > limits::kMaxIdBytes || !IsValidUtf8(id)) {
      return InvalidArgument(path_, ":", line, ": '", Printable(id), "' is not an id: UTF-8 of at ",
                             "most ", limits::kMaxIdBytes, " bytes is wanted");
    }
    if (seen_.emplace(std::string(id)).second) ids_.emplace_back(id);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> Take() {
    if (ids_.empty()) return InvalidArgument(path_, ": holds no customer id");
    return std::move(ids_);
  }

 private:
  const std::string& path_;
  StringSet seen_;
  std::vector<std::string> ids_;
};

bool IsTable(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  constexpr std::array<std::string_view, 5> kEndings = {".csv", ".tsv", ".jsonl", ".ndjson",
                                                        ".parquet"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

absl::StatusOr<size_t> IdColumn(const std::string& path, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), kColumn);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  if (names.size() == 1) return 0;
  return InvalidArgument(path, ": has no column '", kColumn, "'; its columns are ",
                         JoinComma(names));
}

absl::Status ReadTableIds(FileSystem& files, const std::string& path, IdCollector* ids) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, ReadOptions{}));
  BURGEON_ASSIGN_OR_RETURN(const size_t column, IdColumn(path, reader->column_names()));
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return absl::OkStatus();
    if (!batch->bad_rows.empty()) {
      const BadRow& bad = batch->bad_rows.front();
      return InvalidArgument(path, ":", bad.line, ": ", bad.reason);
    }
    for (int64_t row = 0; row < batch->rows(); ++row) {
      BURGEON_RETURN_IF_ERROR(
          ids->Add(batch->columns[column].value(row), batch->lines[static_cast<size_t>(row)]));
    }
  }
}

absl::Status ReadTextIds(FileSystem& files, const std::string& path, IdCollector* ids) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(files, path, kMaxTextBytes));
  std::string_view rest = text;
  for (int64_t line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    BURGEON_RETURN_IF_ERROR(ids->Add(rest.substr(0, end), line));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadIdList(FileSystem& files, const std::string& path) {
  IdCollector ids(path);
  BURGEON_RETURN_IF_ERROR(IsTable(path) ? ReadTableIds(files, path, &ids)
                                        : ReadTextIds(files, path, &ids));
  return ids.Take();
}

}  // namespace burgeon
