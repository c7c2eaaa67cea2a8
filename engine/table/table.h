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
// a bad value can be named with its line; numbers and times of Parquet are there as such too, and
// become text when somebody asks for it. Memory is bounded by the batch, not by the file.
#ifndef BURGEON_ENGINE_TABLE_TABLE_H_
#define BURGEON_ENGINE_TABLE_TABLE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// The values of a column as the source holds them, where they are no text there: what they are
// before they become text. Views into memory that `owner` keeps.
struct TypedValues {
  // kInstants: of UTC; kLocalTimes: of a clock on the wall. Both in ticks since 1970-01-01.
  enum class Kind { kNone, kIntegers, kReals, kInstants, kLocalTimes };
  Kind kind = Kind::kNone;
  const int64_t* integers = nullptr;  // of all kinds but kReals
  const double* reals = nullptr;      // of kReals
  int64_t ticks_a_second = 0;         // of times
  const uint8_t* valid = nullptr;     // a bit a value, lowest first, 0: null; nullptr: none is null
  int64_t first_bit = 0;              // that of value 0
  std::shared_ptr<const void> owner = {};

  bool is_null(int64_t i) const {
    const int64_t bit = first_bit + i;
    return valid != nullptr && (valid[bit / 8] >> (bit % 8) & 1) == 0;
  }
};

// Values of one column, one after another: views into bytes that the column owns, or shares with
// the other columns of a batch and with the piece of the file they lie in. A view is valid as long
// as the column, or a copy of it, is there. null is not the empty string (CSV cannot tell: an empty
// unquoted field is null there).
class TextColumn {
 public:
  // Where a value lies. Less than 4 GiB of bytes, and 2 GiB a value: BURGEON_CHECK.
  struct Slice {
    uint32_t offset;
    uint32_t size_and_null;
  };
  static constexpr uint32_t kNull = uint32_t{1} << 31;  // of size_and_null; its size is 0

  TextColumn() = default;
  // For readers: `size` values that lie within `bytes` already.
  TextColumn(std::shared_ptr<const char[]> bytes, std::shared_ptr<const Slice[]> slices,
             size_t size)
      : shared_bytes_(std::move(bytes)), shared_slices_(std::move(slices)), shared_size_(size) {}

  // For readers: `size` values that become text when somebody asks for it; `write` is called once
  // at most.
  using Write = std::function<TextColumn()>;
  TextColumn(TypedValues typed, size_t size, Write write);

  // What the values are beside their text; kNone where they are nothing else.
  const TypedValues& typed() const;

  // Copies; not for a column over shared bytes.
  void Append(std::string_view value) {
    BURGEON_CHECK(shared_bytes_ == nullptr && value.size() < kNull &&
                  own_bytes_.size() <= std::numeric_limits<uint32_t>::max() - value.size());
    own_slices_.push_back(
        {static_cast<uint32_t>(own_bytes_.size()), static_cast<uint32_t>(value.size())});
    own_bytes_.append(value);
  }
  void AppendNull() {
    BURGEON_CHECK(shared_bytes_ == nullptr);
    own_slices_.push_back({0, kNull});
  }

  int64_t size() const {
    const bool own = shared_bytes_ == nullptr && late_ == nullptr;
    return static_cast<int64_t>(own ? own_slices_.size() : shared_size_);
  }
  bool is_null(int64_t i) const;
  // Empty for a null.
  std::string_view value(int64_t i) const;

 private:
  // Text that is made when it is wanted; whoever comes first makes it, for all copies.
  class Late;

  const char* bytes() const {
    return shared_bytes_ != nullptr ? shared_bytes_.get() : own_bytes_.data();
  }
  const Slice* slices() const {
    return shared_bytes_ != nullptr ? shared_slices_.get() : own_slices_.data();
  }

  std::shared_ptr<const char[]> shared_bytes_;
  std::shared_ptr<const Slice[]> shared_slices_;
  size_t shared_size_ = 0;
  std::string own_bytes_;
  std::vector<Slice> own_slices_;
  std::shared_ptr<Late> late_;
};

class TextColumn::Late {
 public:
  Late(TypedValues values, Write write) : typed(std::move(values)), write_(std::move(write)) {}
  const TextColumn& Text() {
    std::call_once(once_, [this] { text_ = write_(); });
    return text_;
  }
  const TypedValues typed;

 private:
  const Write write_;
  std::once_flag once_;
  TextColumn text_;
};

inline TextColumn::TextColumn(TypedValues typed, size_t size, Write write)
    : shared_size_(size), late_(std::make_shared<Late>(std::move(typed), std::move(write))) {}
inline const TypedValues& TextColumn::typed() const {
  static const TypedValues kNothing;
  return late_ != nullptr ? late_->typed : kNothing;
}
inline bool TextColumn::is_null(int64_t i) const {
  return late_ != nullptr ? late_->typed.is_null(i) : slices()[i].size_and_null >= kNull;
}
inline std::string_view TextColumn::value(int64_t i) const {
  if (late_ != nullptr) return late_->Text().value(i);
  const Slice slice = slices()[i];
  return {bytes() + slice.offset, slice.size_and_null & ~kNull};
}

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

// kBlanks: fields between runs of blanks; kFixedWidth: fields of ReadOptions::widths bytes.
enum class TableFormat { kAutomatic, kCsv, kJsonLines, kParquet, kBlanks, kFixedWidth };

// Rows that a JSON object gives beside its own (of an identify call: the customer's traits). They
// have the columns of the object, those of ReadOptions::explode excepted, and in the column "#row"
// what `row` says, which is null in the object's own rows.
struct ExtraRows {
  std::string row = {};
  // The path of an object: one row a field of it, with the field's name ("address.city" for one of
  // an object within) in the column "#name" and its value in "#value"; fields that are null give
  // none. "": one row, whose "#value" is that of the path `value`.
  std::string each = {};
  std::string value = {};
  std::vector<std::string> present = {};  // paths; only where each of them has a value
  // Only where the value of each of these paths is one of its texts.
  std::vector<std::pair<std::string, std::vector<std::string>>> where = {};
};

struct ReadOptions {
  TableFormat format = TableFormat::kAutomatic;  // by name: .csv .tsv .jsonl .ndjson .json
                                                 // .parquet, each but Parquet also with .gz
  char delimiter = 0;                            // 0: ',' (or tab for .tsv)
  std::vector<std::string> column_names;         // for a CSV without a header line
  // The columns to take, in this order; empty: all. JSON: paths (json_plan.h: "user.id",
  // "event_params{page}"); empty takes the keys of the first object, and nothing else of later
  // ones.
  std::vector<std::string> columns;
  std::vector<std::string> json_columns;  // JSON: those to take where `columns` has none
  std::string explode;                    // JSON: path of an array, a row an element; "": none
  std::vector<ExtraRows> extra_rows;      // JSON
  std::vector<int64_t> widths;  // kFixedWidth: bytes of each field; the last may be shorter
  int64_t batch_rows = 65'536;  // JSON lines and Parquet
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
// JSON lines: also a file that is one array of objects, each on as many lines as it likes, and then
// TextBatch::lines says where an object begins. kBlanks, kFixedWidth: blanks around a field are not
// part of it, an empty field is null, blank lines are skipped; without column_names the first line
// has them, between blanks. CSV: RFC 4180; a row ends at "\n", "\r\n" or "\r"; blank lines are
// skipped, but are nulls in a file of one column. Parquet: values are written as arrow_text.h says;
// an instant ends in "Z". A batch ends at batch_rows rows or at 16 MiB of them; of a CSV file it is
// what a piece of about half a MiB of the file holds, a longer row being a piece of its own. A
// chunk of a Parquet file is a row group, of at most a million rows and 64 MiB unpacked, or a batch
// of a larger one.
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
