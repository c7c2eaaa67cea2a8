// WriteParquet: a Table to one Parquet file, a row group at a time.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>
#include "engine/base/check.h"
#include "engine/table/arrow_file_adapter.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

// Large enough for dictionaries and zstd to pay, small enough to stream.
constexpr int64_t kRowGroupRows = 131'072;

std::shared_ptr<arrow::DataType> ArrowTypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kString:
      return arrow::utf8();
    case ColumnType::kInt64:
      return arrow::int64();
    case ColumnType::kDouble:
      return arrow::float64();
    case ColumnType::kFloat:
      return arrow::float32();
    case ColumnType::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  }
  BURGEON_CHECK(false);
}

template <class Builder, class Values, class Convert>
arrow::Result<std::shared_ptr<arrow::Array>> BuildSlice(Builder builder, const Column& column,
                                                        const Values& values, size_t begin,
                                                        size_t end, const Convert& convert) {
  ARROW_RETURN_NOT_OK(builder.Reserve(static_cast<int64_t>(end - begin)));
  for (size_t i = begin; i < end; ++i) {
    ARROW_RETURN_NOT_OK(column.is_null(i) ? builder.AppendNull()
                                          : builder.Append(convert(values[i])));
  }
  return builder.Finish();
}

// Rows [begin, end) of a column.
arrow::Result<std::shared_ptr<arrow::Array>> ToArrow(const Column& column, size_t begin,
                                                     size_t end) {
  const auto as_is = [](const auto& value) { return value; };
  switch (column.type) {
    case ColumnType::kString:
      return BuildSlice(arrow::StringBuilder(), column, column.strings, begin, end,
                        [](const std::string& value) { return std::string_view(value); });
    case ColumnType::kInt64:
      return BuildSlice(arrow::Int64Builder(), column, column.ints, begin, end, as_is);
    case ColumnType::kTimestamp:
      return BuildSlice(
          arrow::TimestampBuilder(ArrowTypeOf(column.type), arrow::default_memory_pool()), column,
          column.ints, begin, end, as_is);
    case ColumnType::kDouble:
      return BuildSlice(arrow::DoubleBuilder(), column, column.doubles, begin, end, as_is);
    case ColumnType::kFloat:
      return BuildSlice(arrow::FloatBuilder(), column, column.doubles, begin, end,
                        [](double value) { return static_cast<float>(value); });
  }
  BURGEON_CHECK(false);
}

std::shared_ptr<arrow::Schema> SchemaOf(const Table& table) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  for (const Column& column : table.columns) {
    fields.push_back(arrow::field(column.name, ArrowTypeOf(column.type)));
  }
  return arrow::schema(std::move(fields));
}

// Page checksums let the reader tell a damaged page from a valid one.
std::shared_ptr<parquet::WriterProperties> WriterOptions() {
  return parquet::WriterProperties::Builder()
      .compression(parquet::Compression::ZSTD)
      ->enable_dictionary()
      ->enable_statistics()
      ->enable_page_checksum()
      ->build();
}

arrow::Status WriteRowGroups(const Table& table, const ArrowOutput& output) {
  const auto schema = SchemaOf(table);
  ARROW_ASSIGN_OR_RAISE(auto writer,
                        parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(),
                                                         output.stream(), WriterOptions()));
  for (int64_t begin = 0; begin < table.rows; begin += kRowGroupRows) {
    const int64_t end = std::min(begin + kRowGroupRows, table.rows);
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    for (const Column& column : table.columns) {
      ARROW_ASSIGN_OR_RAISE(auto array,
                            ToArrow(column, static_cast<size_t>(begin), static_cast<size_t>(end)));
      arrays.push_back(std::move(array));
    }
    ARROW_RETURN_NOT_OK(
        writer->WriteTable(*arrow::Table::Make(schema, std::move(arrays)), kRowGroupRows));
  }
  return writer->Close();
}

}  // namespace

absl::Status WriteParquet(FileSystem& files, const std::string& path, const Table& table) {
  CheckTable(table);
  BURGEON_ASSIGN_OR_RETURN(auto output, ArrowOutput::Open(files, path));
  BURGEON_RETURN_IF_ERROR(output->Run([&] { return WriteRowGroups(table, *output); }));
  return output->Finish();
}

}  // namespace burgeon
