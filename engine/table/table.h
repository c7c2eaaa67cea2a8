// A batch of rows in columns, and the readers and the writer of CSV, JSON lines and Parquet. The
// only room that knows Arrow; nothing of Arrow shows here.
//
//   BURGEON_ASSIGN_OR_RETURN(auto reader, OpenTable(files, "events.csv.gz", ReadOptions{}));
//   for (;;) {
//     BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
//     if (!batch) break;
//     ...
//   }
//
// Sources are read as text, whatever their type, and parsed by the mapping (engine/events), so that
// a bad value can be named with its line. Memory is bounded by the batch, not by the file.
#ifndef BURGEON_ENGINE_TABLE_TABLE_H_
#define BURGEON_ENGINE_TABLE_TABLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Values of one column, one after another. null is not the empty string (CSV cannot tell: an empty
// unquoted field is null there).
class TextColumn {
 public:
  void Append(std::string_view value) {
    bytes_.append(value);
    ends_.push_back(static_cast<int64_t>(bytes_.size()));
    nulls_.push_back(0);
  }
  void AppendNull() {
    ends_.push_back(static_cast<int64_t>(bytes_.size()));
    nulls_.push_back(1);
  }
  int64_t size() const { return static_cast<int64_t>(ends_.size()); }
  bool is_null(int64_t i) const { return nulls_[static_cast<size_t>(i)] != 0; }
  std::string_view value(int64_t i) const {
    const auto at = static_cast<size_t>(i);
    const auto begin = static_cast<size_t>(at == 0 ? 0 : ends_[at - 1]);
    return std::string_view(bytes_).substr(begin, static_cast<size_t>(ends_[at]) - begin);
  }

 private:
  std::string bytes_;
  std::vector<int64_t> ends_;
  std::vector<uint8_t> nulls_;
};

// A row that the reader could not take apart (too few or too many fields, bad UTF-8, bad JSON).
struct BadRow {
  int64_t line = 0;
  std::string reason;
  std::string raw;  // at most limits::kMaxFieldBytes of it
};

struct TextBatch {
  std::vector<TextColumn> columns;  // in the order of TableReader::column_names()
  std::vector<int64_t> lines;       // 1-based line (CSV, JSON lines: where the row begins; the
                                    // header is line 1) or row number (Parquet: first row is 1)
  std::vector<BadRow> bad_rows;
  int64_t source_bytes = 0;  // of the file, compressed as it lies, read for this batch
  int64_t rows() const { return static_cast<int64_t>(lines.size()); }
};

enum class TableFormat { kAutomatic, kCsv, kJsonLines, kParquet };

struct ReadOptions {
  TableFormat format = TableFormat::kAutomatic;  // by name: .csv .tsv .jsonl .ndjson .parquet,
                                                 // each but Parquet also with .gz
  char delimiter = 0;                            // 0: ',' (or tab for .tsv)
  std::vector<std::string> column_names;         // for a CSV without a header line
  // The columns to take, in this order; empty: all. JSON lines: dotted paths ("user.id"); empty
  // takes the keys of the first object, and nothing else of later lines.
  std::vector<std::string> columns;
  int64_t batch_rows = 65'536;
};

// A piece of a source, cut at the end of a row. Pieces are cut one after another, which is cheap,
// and parsed side by side.
class TableChunk {
 public:
  virtual ~TableChunk() = default;
  // Once; from any thread, also after the reader went on, but not after it is gone.
  virtual absl::StatusOr<TextBatch> Parse() = 0;
};

class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual const std::vector<std::string>& column_names() const = 0;
  virtual int64_t total_bytes() const = 0;  // of the file, for progress
  // The next batch, or nothing at the end. kDataLoss for a file cut in the middle (gzip, Parquet,
  // an open quote at the end); the message names the file and the line.
  virtual absl::StatusOr<std::optional<TextBatch>> Next() = 0;
  // The same rows in the same order, unparsed; nullptr at the end. A reader is read by one of the
  // two, not by both. A reader whose pieces depend on each other parses here: the default.
  virtual absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk();
};

// kNotFound, kInvalidArgument (empty file, format not known, another encoding than UTF-8, header
// with a name twice, a column that is not there or nested), kDataLoss.
//
// CSV: RFC 4180; a row ends at "\n", "\r\n" or "\r"; blank lines are skipped, but are nulls in a
// file of one column. Parquet: values are written as arrow_text.h says; an instant ends in "Z".
// A batch ends at batch_rows rows or at 16 MiB of them.
absl::StatusOr<std::unique_ptr<TableReader>> OpenTable(FileSystem& files, const std::string& path,
                                                       const ReadOptions& options);

// ---- Typed tables: what Burgeon itself stores and exports.

enum class ColumnType { kString, kInt64, kDouble, kFloat, kTimestamp };  // timestamp: us, UTC

// "string", "int64", "double", "float", "timestamp".
std::string_view ColumnTypeName(ColumnType type);

struct Column {
  std::string name = {};
  ColumnType type = ColumnType::kString;
  std::vector<std::string> strings = {};
  std::vector<int64_t> ints = {};    // kInt64 and kTimestamp
  std::vector<double> doubles = {};  // kDouble and kFloat
  std::vector<uint8_t> nulls = {};   // empty: none; else 1 where the value is null
  bool is_null(size_t i) const { return !nulls.empty() && nulls[i] != 0; }
  size_t size() const;  // values in the vector that `type` uses
};

struct Table {
  std::vector<Column> columns;
  int64_t rows = 0;
  // nullptr when there is none of that name.
  const Column* Find(std::string_view name) const;
};

// Aborts when a column has another number of values (or of nulls) than the table has rows: a bug.
void CheckTable(const Table& table);

// Parquet, zstd, statistics on, through the file seam; synced. Strings that repeat are dictionary
// coded by the writer. Columns whose length is not `rows` are a bug.
absl::Status WriteParquet(FileSystem& files, const std::string& path, const Table& table);
// The columns named in `wanted` (their name and type; an empty list takes all). kDataLoss for a
// damaged file, a missing column or one of another type.
absl::StatusOr<Table> ReadParquet(FileSystem& files, const std::string& path,
                                  const std::vector<Column>& wanted);

// For people and spreadsheets (RFC 4180). Written to path + ".tmp", renamed at the end.
absl::Status WriteCsv(FileSystem& files, const std::string& path, const Table& table);
// By the ending of the path, .csv or .parquet; else kInvalidArgument. Atomic in both cases.
absl::Status WriteTable(FileSystem& files, const std::string& path, const Table& table);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_TABLE_H_
