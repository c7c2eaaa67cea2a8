// The Parquet source: columns of any flat type, as text, as batches.
//
// Row groups are chunks of their own, decoded side by side, unless one is so large that its rows
// have to come in batches; those are decoded one after another, and turned to text side by side.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"
#include "engine/table/arrow_text.h"
#include "engine/table/batch_builder.h"
#include "engine/table/parquet_file.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

// A row group beyond this comes in batches.
constexpr int64_t kMaxGroupRows = int64_t{1} << 20;
constexpr int64_t kMaxGroupBytes = int64_t{64} << 20;  // unpacked, of the columns taken

// Text takes more bytes a value than this, were it not coded by a dictionary, if only for its
// length. (Not every writer says which pages are.)
constexpr int64_t kMaxCodedBytes = 4;

// Written as bytes with a length, whatever their offsets were in the writer's memory.
bool IsText(arrow::Type::type type) {
  return type == arrow::Type::STRING || type == arrow::Type::BINARY ||
         type == arrow::Type::LARGE_STRING || type == arrow::Type::LARGE_BINARY;
}

// What the chunks of a file share; they go while the reader is there.
struct ParquetParsing {
  std::shared_ptr<ParquetFile> file;  // batches keep it too, for the memory pool of their values
  std::vector<std::string> names;
  std::vector<int> leaves;
  std::vector<int> dictionary_leaves;  // of `leaves`: coded by a dictionary in the whole file
};

// A column of a batch: text, or numbers and times that are no text yet.
struct ColumnValues {
  TextValues text = {};
  TypedValues typed = {};
  std::shared_ptr<arrow::Array> array = {};  // of typed ones
};

// What memory of Arrow's pool needs to stay.
struct Kept {
  std::shared_ptr<ParquetFile> file;
  std::shared_ptr<const void> values;
};

template <class T>
std::shared_ptr<T> Keep(const std::shared_ptr<ParquetFile>& file,
                        const std::shared_ptr<T>& values) {
  return std::shared_ptr<T>(std::make_shared<Kept>(file, values), values.get());
}

// Of numbers and times, whose text always has room.
TextValues TextOf(const arrow::Array& array) {
  auto text = ArrowToText(array);
  BURGEON_CHECK(text.ok());
  return *std::move(text);
}

TextColumn ToColumn(const std::shared_ptr<ParquetFile>& file, ColumnValues values, size_t rows) {
  if (values.typed.kind == TypedValues::Kind::kNone) {
    return TextColumn(Keep(file, values.text.bytes), std::move(values.text.slices), rows);
  }
  values.typed.owner = Keep(file, values.typed.owner);
  return TextColumn(std::move(values.typed), rows, [array = Keep(file, values.array), rows] {
    TextValues text = TextOf(*array);
    return TextColumn(std::move(text.bytes), std::move(text.slices), rows);
  });
}

// Rows from `first_row` on (the first of the file is 0), a value of each column.
class RowBatch {
 public:
  RowBatch(const ParquetParsing& parsing, std::vector<ColumnValues> columns, size_t rows,
           int64_t first_row)
      : names_(parsing.names),
        file_(parsing.file),
        columns_(std::move(columns)),
        rows_(rows),
        first_row_(first_row) {}

  TextBatch Take(int64_t source_bytes) {
    batch_.source_bytes = source_bytes;
    batch_.lines.resize(rows_);
    for (size_t i = 0; i < rows_; ++i) batch_.lines[i] = first_row_ + static_cast<int64_t>(i) + 1;
    if (!std::all_of(columns_.begin(), columns_.end(), IsGood)) DropBadRows();
    for (ColumnValues& column : columns_) {
      batch_.columns.push_back(ToColumn(file_, std::move(column), rows_));
    }
    return std::move(batch_);
  }

 private:
  // True when every value is known to be good, by looking at all of them as one text.
  static bool IsGood(const ColumnValues& values) {
    const TextValues& column = values.text;
    if (!column.any_text) return true;
    const char* const bytes = column.bytes.get();
    if (column.byte_count > 0 && (std::memchr(bytes, 0, column.byte_count) != nullptr ||
                                  !IsValidUtf8({bytes, column.byte_count}))) {
      return false;
    }
    for (size_t i = 0; i < column.size; ++i) {
      const TextColumn::Slice slice = column.slices[i];
      const uint32_t size = slice.size_and_null & ~TextColumn::kNull;
      // Valid text that begins in the middle of a character ended so in the value before.
      if (size > limits::kMaxFieldBytes) return false;
      if (size > 0 && (static_cast<unsigned char>(bytes[slice.offset]) & 0xC0) == 0x80)
        return false;
    }
    return true;
  }

  static std::string_view Value(const TextValues& column, size_t row) {
    const TextColumn::Slice slice = column.slices[row];
    return {column.bytes.get() + slice.offset, slice.size_and_null & ~TextColumn::kNull};
  }

  // Text in a Parquet file may hold anything: it is held to the same rules as text in CSV.
  std::string Problem(size_t column, size_t row) const {
    if (!columns_[column].text.any_text) return {};
    const std::string_view value = Value(columns_[column].text, row);
    if (value.size() > static_cast<size_t>(limits::kMaxFieldBytes)) {
      return Concat(ColumnWords(names_, column), " has ", value.size(), " bytes; at most ",
                    limits::kMaxFieldBytes, " wanted");
    }
    const std::string_view problem = TextProblem(value);
    return problem.empty() ? std::string() : Concat(ColumnWords(names_, column), " ", problem);
  }

  void DropBadRows() {
    for (ColumnValues& values : columns_) {
      if (values.typed.kind == TypedValues::Kind::kNone) continue;
      values = {.text = TextOf(*values.array)};
    }
    size_t kept = 0;
    for (size_t row = 0; row < rows_; ++row) {
      size_t column = 0;
      std::string problem;
      while (problem.empty() && column < columns_.size()) problem = Problem(column++, row);
      if (!problem.empty()) {
        const auto raw = Value(columns_[column - 1].text, row).substr(0, limits::kMaxFieldBytes);
        batch_.bad_rows.push_back({batch_.lines[row], std::move(problem), std::string(raw)});
        continue;
      }
      for (ColumnValues& values : columns_) values.text.slices[kept] = values.text.slices[row];
      batch_.lines[kept++] = batch_.lines[row];
    }
    rows_ = kept;
    batch_.lines.resize(kept);
  }

  const std::vector<std::string>& names_;
  const std::shared_ptr<ParquetFile>& file_;
  std::vector<ColumnValues> columns_;
  size_t rows_;
  const int64_t first_row_;
  TextBatch batch_;
};

struct Place {
  int64_t first_row = 0;
  int64_t source_bytes = 0;
};

absl::Status AtRow(const absl::Status& status, int64_t row) {
  return MakeStatus(status.code(), MessageOf(status), " (read up to row ", row, ")");
}

absl::StatusOr<TextBatch> ToBatch(const ParquetParsing& parsing,
                                  const std::vector<arrow::ArrayVector>& columns, int64_t rows,
                                  const Place& place) {
  std::vector<ColumnValues> values;
  for (const arrow::ArrayVector& arrays : columns) {
    if (arrays.size() == 1) {
      TypedValues typed = ArrowToTyped(arrays[0]);
      if (typed.kind != TypedValues::Kind::kNone) {
        values.push_back({.typed = std::move(typed), .array = arrays[0]});
        continue;
      }
    }
    std::vector<TextValues> parts;
    for (const auto& array : arrays) {
      auto part = ArrowToText(*array);
      if (!part.ok()) return Annotate(part.status(), parsing.file->input->path());
      parts.push_back(*std::move(part));
    }
    auto joined = Joined(std::move(parts));
    if (!joined.ok()) return Annotate(joined.status(), parsing.file->input->path());
    values.push_back({.text = *std::move(joined)});
  }
  return RowBatch(parsing, std::move(values), static_cast<size_t>(rows), place.first_row)
      .Take(place.source_bytes);
}

// A row group, decoded by whoever parses it.
class GroupChunk : public TableChunk {
 public:
  GroupChunk(const ParquetParsing& parsing, int group, const Place& place)
      : parsing_(parsing), group_(group), place_(place) {}

  absl::StatusOr<TextBatch> Parse() override {
    const ParquetFile& file = *parsing_.file;
    std::shared_ptr<arrow::Table> read;
    const absl::Status status = file.input->Run([&]() -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(const auto reader,
                            AnotherReader(file, parsing_.dictionary_leaves, kMaxGroupRows));
      ARROW_ASSIGN_OR_RAISE(read, reader->ReadRowGroup(group_, parsing_.leaves));
      return read->Validate();
    });
    if (!status.ok()) return AtRow(status, place_.first_row);
    const int64_t rows = file.groups[static_cast<size_t>(group_)].rows;
    if (read->num_rows() != rows) {
      return DataLoss(file.input->path(), ": row group ", group_, " has ", read->num_rows(),
                      " rows, its footer says ", rows);
    }
    std::vector<arrow::ArrayVector> columns;
    for (const auto& column : read->columns()) {
      columns.push_back(column->chunks());
      if (columns.back().empty()) return TextBatch();  // no rows
    }
    return ToBatch(parsing_, columns, rows, place_);
  }

 private:
  const ParquetParsing& parsing_;
  const int group_;
  const Place place_;
};

// Some rows of a large row group, decoded already.
class DecodedChunk : public TableChunk {
 public:
  DecodedChunk(const ParquetParsing& parsing, std::shared_ptr<arrow::RecordBatch> decoded,
               const Place& place)
      : parsing_(parsing), decoded_(std::move(decoded)), place_(place) {}

  absl::StatusOr<TextBatch> Parse() override {
    std::vector<arrow::ArrayVector> columns;
    for (const auto& array : decoded_->columns()) columns.push_back({array});
    return ToBatch(parsing_, columns, decoded_->num_rows(), place_);
  }

 private:
  const ParquetParsing& parsing_;
  const std::shared_ptr<arrow::RecordBatch> decoded_;
  const Place place_;
};

class ParquetSource : public TableReader {
 public:
  explicit ParquetSource(std::unique_ptr<ParquetFile> file) { parsing_.file = std::move(file); }

  absl::Status Begin(const ReadOptions& options);

  const std::vector<std::string>& column_names() const override { return parsing_.names; }
  int64_t total_bytes() const override { return parsing_.file->input->size(); }
  absl::StatusOr<std::optional<TextBatch>> Next() override;
  absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk() override;

 private:
  const ParquetGroup& group() const { return parsing_.file->groups[group_]; }
  int64_t GroupBytes() const;
  bool IsLarge() const { return group().rows > kMaxGroupRows || GroupBytes() > kMaxGroupBytes; }
  absl::Status BeginGroup();
  absl::StatusOr<std::unique_ptr<TableChunk>> NextDecoded();
  Place TakePlace(int64_t rows);

  ParquetParsing parsing_;  // before what reads through it
  int64_t batch_rows_ = 0;
  size_t group_ = 0;  // next, or the one that is read in batches
  std::unique_ptr<parquet::arrow::FileReader> group_reader_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;  // of the row group; null: none was begun
  int64_t group_rows_done_ = 0;
  int64_t rows_done_ = 0;
  int64_t bytes_taken_ = 0;
};

absl::Status ParquetSource::Begin(const ReadOptions& options) {
  batch_rows_ = options.batch_rows;
  const ParquetFile& file = *parsing_.file;
  const std::string& path = file.input->path();
  const std::vector<std::string> all = file.schema->field_names();
  BURGEON_RETURN_IF_ERROR(CheckColumnNames(path + ": the schema", all));
  BURGEON_ASSIGN_OR_RETURN(const auto selected, SelectColumns(path, all, options.columns));
  for (const size_t i : selected) {
    const arrow::Field& field = *file.schema->field(static_cast<int>(i));
    if (file.leaf[i] < 0 || !HasTextForm(*field.type())) {
      return InvalidArgument(path, ": column '", Printable(field.name()), "' has the type ",
                             field.type()->ToString(),
                             "; text, numbers, dates and times can be read, nested and other "
                             "types cannot");
    }
    parsing_.names.push_back(field.name());
    parsing_.leaves.push_back(file.leaf[i]);
    const bool text = IsText(field.type()->id());
    const auto coded = [&](const ParquetGroup& group) {
      const ParquetColumnChunk& chunk = group.columns[static_cast<size_t>(file.leaf[i])];
      return chunk.all_dictionary ||
             (chunk.has_dictionary && chunk.unpacked_bytes <= kMaxCodedBytes * group.rows);
    };
    if (text && std::all_of(file.groups.begin(), file.groups.end(), coded)) {
      parsing_.dictionary_leaves.push_back(file.leaf[i]);
    }
  }
  return absl::OkStatus();
}

int64_t ParquetSource::GroupBytes() const {
  int64_t bytes = 0;
  for (const int leaf : parsing_.leaves) {
    bytes += group().columns[static_cast<size_t>(leaf)].unpacked_bytes;
  }
  return bytes;
}

// Batches of a row group hold so many rows as are about kMaxBatchBytes.
absl::Status ParquetSource::BeginGroup() {
  const int64_t row_bytes = 1 + GroupBytes() / std::max<int64_t>(group().rows, 1);
  const int64_t rows = std::min(batch_rows_, std::max<int64_t>(kMaxBatchBytes / row_bytes, 16));
  group_rows_done_ = 0;
  return parsing_.file->input->Run([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(group_reader_,
                          AnotherReader(*parsing_.file, parsing_.dictionary_leaves, rows));
    return group_reader_->GetRecordBatchReader({static_cast<int>(group_)}, parsing_.leaves)
        .Value(&batches_);
  });
}

// The next batch of the row group that was begun; nullptr at its end.
absl::StatusOr<std::unique_ptr<TableChunk>> ParquetSource::NextDecoded() {
  std::shared_ptr<arrow::RecordBatch> read;
  do {
    const absl::Status status = parsing_.file->input->Run([&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(batches_->ReadNext(&read));
      return read == nullptr ? arrow::Status::OK() : read->Validate();
    });
    if (!status.ok()) return AtRow(status, rows_done_);
  } while (read != nullptr && read->num_rows() == 0);
  if (read != nullptr) {
    group_rows_done_ += read->num_rows();
    const Place place = TakePlace(read->num_rows());
    return std::make_unique<DecodedChunk>(parsing_, std::move(read), place);
  }
  if (group_rows_done_ != group().rows) {
    return DataLoss(parsing_.file->input->path(), ": row group ", group_, " has ", group_rows_done_,
                    " rows, its footer says ", group().rows);
  }
  batches_.reset();
  group_reader_.reset();
  ++group_;
  return nullptr;
}

// Where the next `rows` rows are, and the part of the file that they stand for.
Place ParquetSource::TakePlace(int64_t rows) {
  Place place{.first_row = rows_done_};
  rows_done_ += rows;
  const int64_t all = parsing_.file->rows;
  const double part = static_cast<double>(rows_done_) / static_cast<double>(all);
  const auto bytes = rows_done_ >= all
                         ? total_bytes()
                         : static_cast<int64_t>(part * static_cast<double>(total_bytes()));
  place.source_bytes = bytes - std::exchange(bytes_taken_, bytes);
  return place;
}

absl::StatusOr<std::optional<TextBatch>> ParquetSource::Next() {
  for (;;) {
    if (batches_ == nullptr) {
      if (group_ == parsing_.file->groups.size()) return std::optional<TextBatch>();
      BURGEON_RETURN_IF_ERROR(BeginGroup());
    }
    BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<TableChunk> chunk, NextDecoded());
    if (chunk == nullptr) continue;
    BURGEON_ASSIGN_OR_RETURN(TextBatch batch, chunk->Parse());
    return std::optional<TextBatch>(std::move(batch));
  }
}

absl::StatusOr<std::unique_ptr<TableChunk>> ParquetSource::NextChunk() {
  for (;;) {
    if (batches_ != nullptr) {
      BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<TableChunk> chunk, NextDecoded());
      if (chunk != nullptr) return chunk;
      continue;
    }
    if (group_ == parsing_.file->groups.size()) return nullptr;
    if (!IsLarge()) {
      const Place place = TakePlace(group().rows);
      return std::make_unique<GroupChunk>(parsing_, static_cast<int>(group_++), place);
    }
    BURGEON_RETURN_IF_ERROR(BeginGroup());
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenParquetSource(FileSystem& files,
                                                               const std::string& path,
                                                               const ReadOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(auto file, OpenParquet(files, path, options.batch_rows));
  auto reader = std::make_unique<ParquetSource>(std::move(file));
  BURGEON_RETURN_IF_ERROR(reader->Begin(options));
  return reader;
}

}  // namespace burgeon
