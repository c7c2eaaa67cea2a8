// RowGroupWriter: Arrow arrays over the caller's memory, to Parquet.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>
#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/table/arrow_file_adapter.h"
#include "engine/table/row_group_file.h"

namespace burgeon {
namespace {

// Above the largest dictionary a row group can have: one that overflows is written out row by row.
constexpr int64_t kMaxDictionaryBytes = 256 << 20;

// Hashes what goes by.
class DigestingFile : public WritableFile {
 public:
  explicit DigestingFile(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
  absl::Status Append(std::string_view bytes) override {
    hash_.Update(bytes);
    bytes_ += static_cast<int64_t>(bytes.size());
    return file_->Append(bytes);
  }
  absl::Status Sync() override { return file_->Sync(); }
  absl::Status Close() override { return file_->Close(); }
  FileDigest Digest() { return {bytes_, ToHex(hash_.Finish())}; }

 private:
  std::unique_ptr<WritableFile> file_;
  Sha256 hash_;
  int64_t bytes_ = 0;
};

std::shared_ptr<arrow::DataType> TypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kString:
      return arrow::dictionary(arrow::int32(), arrow::utf8());
    case ColumnType::kInt64:
      return arrow::int64();
    case ColumnType::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case ColumnType::kDouble:
      return arrow::float64();
    case ColumnType::kFloat:
      break;
  }
  BURGEON_CHECK(false);
}

std::shared_ptr<parquet::WriterProperties> OptionsFor(const std::vector<RowGroupColumn>& columns) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::LZ4)
      ->disable_statistics()
      ->disable_dictionary()
      ->dictionary_pagesize_limit(kMaxDictionaryBytes);
  for (const RowGroupColumn& column : columns) {
    if (column.type == ColumnType::kString) builder.enable_dictionary(column.name);
  }
  return builder.build();
}

template <class T>
std::shared_ptr<arrow::Buffer> Over(std::span<const T> values) {
  return std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(values.data()),
                                         static_cast<int64_t>(values.size_bytes()));
}

// Nothing where nothing is null.
arrow::Result<std::shared_ptr<arrow::Buffer>> ValidityOf(std::span<const uint8_t> nulls) {
  if (nulls.empty()) return nullptr;
  const auto rows = static_cast<int64_t>(nulls.size());
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> bits, arrow::AllocateEmptyBitmap(rows));
  for (int64_t i = 0; i < rows; ++i) {
    arrow::bit_util::SetBitTo(bits->mutable_data(), i, nulls[static_cast<size_t>(i)] == 0);
  }
  return bits;
}

arrow::Result<std::shared_ptr<arrow::Array>> ToArrow(const RowGroupColumn& column,
                                                     const RowGroupValues& values, int64_t rows) {
  const auto type = TypeOf(column.type);
  if (column.type == ColumnType::kString) {
    BURGEON_CHECK(static_cast<int64_t>(values.codes.size()) == rows);
    arrow::StringBuilder words;
    ARROW_RETURN_NOT_OK(words.Reserve(static_cast<int64_t>(values.dictionary.size())));
    for (const std::string_view word : values.dictionary) ARROW_RETURN_NOT_OK(words.Append(word));
    ARROW_ASSIGN_OR_RAISE(const auto dictionary, words.Finish());
    const auto codes = std::make_shared<arrow::Int32Array>(rows, Over(values.codes));
    return std::make_shared<arrow::DictionaryArray>(type, codes, dictionary);
  }
  const bool real = column.type == ColumnType::kDouble;
  BURGEON_CHECK(static_cast<int64_t>(real ? values.doubles.size() : values.ints.size()) == rows);
  BURGEON_CHECK(values.nulls.empty() || static_cast<int64_t>(values.nulls.size()) == rows);
  ARROW_ASSIGN_OR_RAISE(const auto validity, ValidityOf(values.nulls));
  const auto data = real ? Over(values.doubles) : Over(values.ints);
  return arrow::MakeArray(arrow::ArrayData::Make(type, rows, {validity, data}));
}

}  // namespace

struct RowGroupWriter::State {
  std::vector<RowGroupColumn> columns;
  std::shared_ptr<arrow::Schema> schema;
  DigestingFile* file = nullptr;  // owned by output
  std::unique_ptr<ArrowOutput> output;
  std::unique_ptr<parquet::arrow::FileWriter> writer;

  arrow::Status OpenWriter() {
    std::vector<std::shared_ptr<arrow::Field>> fields;
    for (const RowGroupColumn& column : columns) {
      // A string is never null: "" stands for none.
      fields.push_back(arrow::field(column.name, TypeOf(column.type),
                                    /*nullable=*/column.type != ColumnType::kString));
    }
    schema = arrow::schema(std::move(fields));
    ARROW_ASSIGN_OR_RAISE(writer,
                          parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(),
                                                           output->stream(), OptionsFor(columns)));
    return arrow::Status::OK();
  }

  arrow::Status Write(const RowGroup& group) {
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    for (size_t i = 0; i < columns.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(auto array, ToArrow(columns[i], group.columns[i], group.rows));
      arrays.push_back(std::move(array));
    }
    return writer->WriteTable(*arrow::Table::Make(schema, std::move(arrays), group.rows),
                              group.rows);
  }
};

RowGroupWriter::RowGroupWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
RowGroupWriter::~RowGroupWriter() = default;

absl::StatusOr<std::unique_ptr<RowGroupWriter>> RowGroupWriter::Open(
    FileSystem& files, const std::string& path, std::vector<RowGroupColumn> columns) {
  auto state = std::make_unique<State>();
  state->columns = std::move(columns);
  BURGEON_ASSIGN_OR_RETURN(auto opened, files.OpenForWrite(path));
  auto file = std::make_unique<DigestingFile>(std::move(opened));
  state->file = file.get();
  state->output = ArrowOutput::Over(path, std::move(file));
  BURGEON_RETURN_IF_ERROR(state->output->Run([&] { return state->OpenWriter(); }));
  return std::unique_ptr<RowGroupWriter>(new RowGroupWriter(std::move(state)));
}

absl::Status RowGroupWriter::Write(const RowGroup& group) {
  BURGEON_CHECK(group.columns.size() == state_->columns.size());
  if (group.rows == 0) return absl::OkStatus();
  return state_->output->Run([&] { return state_->Write(group); });
}

absl::StatusOr<FileDigest> RowGroupWriter::Finish() {
  BURGEON_RETURN_IF_ERROR(state_->output->Run([&] { return state_->writer->Close(); }));
  BURGEON_RETURN_IF_ERROR(state_->output->Finish());
  return state_->file->Digest();
}

}  // namespace burgeon
