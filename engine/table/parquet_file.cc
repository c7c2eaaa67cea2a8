#include "engine/table/parquet_file.h"

#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

namespace burgeon {
namespace {

arrow::Status OpenReader(ParquetFile& file, int64_t batch_rows) {
  parquet::ReaderProperties properties(file.input->pool());
  properties.enable_buffered_stream();
  properties.set_page_checksum_verification(true);
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_pre_buffer(false);
  arrow_properties.set_use_threads(false);
  arrow_properties.set_batch_size(batch_rows);

  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(file.input->stream(), properties));
  builder.memory_pool(file.input->pool())->properties(arrow_properties);
  ARROW_ASSIGN_OR_RAISE(file.reader, builder.Build());
  ARROW_RETURN_NOT_OK(file.reader->GetSchema(&file.schema));
  for (const auto& field : file.reader->manifest().schema_fields) {
    file.leaf.push_back(field.is_leaf() ? field.column_index : -1);
  }
  file.rows = file.reader->parquet_reader()->metadata()->num_rows();
  file.row_groups = file.reader->num_row_groups();
  return arrow::Status::OK();
}

}  // namespace

ParquetFile::ParquetFile() = default;
ParquetFile::~ParquetFile() = default;

absl::StatusOr<std::unique_ptr<ParquetFile>> OpenParquet(FileSystem& files, const std::string& path,
                                                         int64_t batch_rows) {
  auto file = std::make_unique<ParquetFile>();
  BURGEON_ASSIGN_OR_RETURN(file->input, ArrowInput::Open(files, path));
  if (file->input->size() == 0) return InvalidArgument(path, ": the file is empty");
  BURGEON_RETURN_IF_ERROR(file->input->Run([&] { return OpenReader(*file, batch_rows); }));
  return file;
}

}  // namespace burgeon
