// WriteCsv: RFC 4180 with "\n" line ends. A null is an empty field, an empty string is "", as the
// CSV reader takes them.
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "engine/table/atomic_file.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

void AppendQuotedWhereNeeded(std::string_view value, std::string& out) {
  // A first field that begins with the byte order mark would lose it on reading.
  const bool quoted = value.empty() || value.find_first_of(",\"\r\n") != std::string_view::npos ||
                      value.starts_with("\xEF\xBB\xBF");
  if (!quoted) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void AppendValue(const Column& column, size_t row, std::string& out) {
  if (column.is_null(row)) return;
  switch (column.type) {
    case ColumnType::kString:
      AppendQuotedWhereNeeded(column.strings[row], out);
      return;
    case ColumnType::kInt64:
      internal::AppendOne(out, column.ints[row]);
      return;
    case ColumnType::kTimestamp:
      out += FormatTime(column.ints[row]);
      return;
    case ColumnType::kDouble:
      internal::AppendOne(out, column.doubles[row]);
      return;
    case ColumnType::kFloat:
      internal::AppendOne(out, static_cast<float>(column.doubles[row]));
      return;
  }
  BURGEON_CHECK(false);
}

absl::Status WriteRows(const Table& table, WritableFile& file) {
  std::string block;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) block += ',';
    AppendQuotedWhereNeeded(table.columns[i].name, block);
  }
  block += '\n';
  for (size_t row = 0; row < static_cast<size_t>(table.rows); ++row) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) block += ',';
      AppendValue(table.columns[i], row, block);
    }
    block += '\n';
    if (block.size() >= kBlockBytes) {
      BURGEON_RETURN_IF_ERROR(file.Append(block));
      block.clear();
    }
  }
  if (!block.empty()) BURGEON_RETURN_IF_ERROR(file.Append(block));
  BURGEON_RETURN_IF_ERROR(file.Sync());
  return file.Close();
}

}  // namespace

absl::Status WriteCsv(FileSystem& files, const std::string& path, const Table& table) {
  CheckTable(table);
  return ReplaceFile(files, path, [&](const std::string& temporary) -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForWrite(temporary));
    return WriteRows(table, *file);
  });
}

}  // namespace burgeon
