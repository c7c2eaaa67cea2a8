// OpenTable: the format by the name, then the reader of that format.
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/table/gzip_source.h"
#include "engine/table/readers.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct NamedFormat {
  TableFormat format = TableFormat::kAutomatic;
  bool gzip = false;
  bool tabs = false;
};

NamedFormat FormatByName(const std::string& path) {
  std::string lower = path;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string_view name = lower;
  NamedFormat named;
  if (name.ends_with(".gz")) {
    named.gzip = true;
    name.remove_suffix(3);
  }
  if (name.ends_with(".csv")) named.format = TableFormat::kCsv;
  if (name.ends_with(".tsv")) {
    named.format = TableFormat::kCsv;
    named.tabs = true;
  }
  if (name.ends_with(".jsonl") || name.ends_with(".ndjson") || name.ends_with(".json")) {
    named.format = TableFormat::kJsonLines;
  }
  if (name.ends_with(".parquet")) named.format = TableFormat::kParquet;
  return named;
}

absl::Status CheckOptions(const std::string& path, const ReadOptions& options) {
  if (options.batch_rows < 1) {
    return InvalidArgument(path, ": batch_rows: ", options.batch_rows, " is not a positive number");
  }
  const char d = options.delimiter;
  if (d == '"' || d == '\r' || d == '\n' || static_cast<unsigned char>(d) >= 0x80) {
    return InvalidArgument(path, ": delimiter: '", Printable(std::string_view(&d, 1)),
                           "' cannot be one; an ASCII character other than a quote or a line end "
                           "wanted");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckColumnNames(const std::string& where, const std::vector<std::string>& names) {
  if (static_cast<int64_t>(names.size()) > limits::kMaxColumns) {
    return InvalidArgument(where, " has ", names.size(), " columns; at most ", limits::kMaxColumns,
                           " wanted");
  }
  StringSet seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      return InvalidArgument(where, " has the name '", Printable(name),
                             "' twice; every column needs a name of its own");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<size_t>> SelectColumns(const std::string& path,
                                                  const std::vector<std::string>& names,
                                                  const std::vector<std::string>& wanted) {
  std::vector<size_t> selected;
  if (wanted.empty()) {
    for (size_t i = 0; i < names.size(); ++i) selected.push_back(i);
    return selected;
  }
  StringMap<size_t> positions;
  for (size_t i = 0; i < names.size(); ++i) positions.emplace(names[i], i);
  for (const std::string& name : wanted) {
    const auto found = positions.find(name);
    if (found == positions.end()) {
      return InvalidArgument(path, ": has no column '", Printable(name), "'; it has ",
                             Printable(JoinComma(names), 1000));
    }
    selected.push_back(found->second);
  }
  return selected;
}

std::string ColumnWords(const std::vector<std::string>& names, size_t column) {
  if (column >= names.size()) return Concat("field ", column + 1);
  return Concat("column '", Printable(names[column]), "'");
}

absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(FileSystem& files, const std::string& path,
                                                       const ReadOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckOptions(path, options));
  const NamedFormat named = FormatByName(path);
  const TableFormat format =
      options.format == TableFormat::kAutomatic ? named.format : options.format;
  if (format == TableFormat::kAutomatic || (format == TableFormat::kParquet && named.gzip)) {
    return InvalidArgument(
        path,
        ": cannot tell the format; a name that ends in .csv, .tsv, "
        ".jsonl, .ndjson or .json (each also with .gz) or .parquet is wanted, or "
        "the format in the config");
  }
  if (format == TableFormat::kParquet) return OpenParquetSource(files, path, options);

  BURGEON_ASSIGN_OR_RETURN(auto file, files.OpenForRead(path));
  std::unique_ptr<ByteSource> source = MakeFileSource(std::move(file));
  if (named.gzip && source->file_bytes() > 0) source = MakeGzipSource(path, std::move(source));
  if (format == TableFormat::kJsonLines) return OpenJsonLines(path, std::move(source), options);
  if (format == TableFormat::kBlanks || format == TableFormat::kFixedWidth) {
    return OpenAligned(path, std::move(source), options);
  }
  ReadOptions csv_options = options;
  if (csv_options.delimiter == 0) csv_options.delimiter = named.tabs ? '\t' : ',';
  return OpenCsv(path, std::move(source), csv_options);
}

}  // namespace burgeon
