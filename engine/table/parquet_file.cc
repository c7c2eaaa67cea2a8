#include "engine/table/parquet_file.h"

#include <algorithm>

#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

namespace burgeon {
namespace {

bool IsDictionary(parquet::Encoding::type encoding) {
  return encoding == parquet::Encoding::PLAIN_DICTIONARY ||
         encoding == parquet::Encoding::RLE_DICTIONARY;
}

ParquetColumnChunk Describe(const parquet::ColumnChunkMetaData& column) {
  ParquetColumnChunk chunk;
  chunk.unpacked_bytes = std::max<int64_t>(column.total_uncompressed_size(), 0);
  chunk.has_dictionary = column.has_dictionary_page();
  int64_t data_pages = 0;
  int64_t coded = 0;
  for (const auto& stats : column.encoding_stats()) {
    if (stats.page_type == parquet::PageType::DICTIONARY_PAGE) continue;
    data_pages += stats.count;
    if (IsDictionary(stats.encoding)) coded += stats.count;
  }
  chunk.all_dictionary = data_pages > 0 && coded == data_pages;
  return chunk;
}

arrow::Status OpenReader(ParquetFile& file, int64_t batch_rows) {
  ARROW_ASSIGN_OR_RAISE(file.reader, AnotherReader(file, {}, batch_rows));
  file.metadata = file.reader->parquet_reader()->metadata();
  ARROW_RETURN_NOT_OK(file.reader->GetSchema(&file.schema));
  for (const auto& field : file.reader->manifest().schema_fields) {
    file.leaf.push_back(field.is_leaf() ? field.column_index : -1);
  }
  file.rows = file.metadata->num_rows();
  int64_t rows = 0;
  for (int i = 0; i < file.metadata->num_row_groups(); ++i) {
    const auto group = file.metadata->RowGroup(i);
    ParquetGroup described{.rows = group->num_rows()};
    if (described.rows < 0 || described.rows > file.rows - rows) {
      return arrow::Status::Invalid("its row groups have more rows than the ", file.rows,
                                    " its footer says");
    }
    rows += described.rows;
    for (int c = 0; c < group->num_columns(); ++c) {
      described.columns.push_back(Describe(*group->ColumnChunk(c)));
    }
    if (group->num_columns() != file.metadata->num_columns()) {
      return arrow::Status::Invalid("row group ", i, " has ", group->num_columns(),
                                    " columns, the schema has ", file.metadata->num_columns());
    }
    file.groups.push_back(std::move(described));
  }
  if (rows != file.rows) {
    return arrow::Status::Invalid("its row groups have ", rows, " rows, its footer says ",
                                  file.rows);
  }
  return arrow::Status::OK();
}

}  // namespace

ParquetFile::ParquetFile() = default;
ParquetFile::~ParquetFile() = default;

arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> AnotherReader(
    const ParquetFile& file, const std::vector<int>& dictionary_leaves, int64_t batch_rows) {
  parquet::ReaderProperties properties(file.input->pool());
  properties.enable_buffered_stream();
  properties.set_page_checksum_verification(true);
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_pre_buffer(false);
  arrow_properties.set_use_threads(false);
  arrow_properties.set_batch_size(batch_rows);
  for (const int leaf : dictionary_leaves) arrow_properties.set_read_dictionary(leaf, true);

  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(file.input->stream(), properties, file.metadata));
  builder.memory_pool(file.input->pool())->properties(arrow_properties);
  return builder.Build();
}

absl::StatusOr<std::unique_ptr<ParquetFile>> OpenParquet(FileSystem& files, const std::string& path,
                                                         int64_t batch_rows) {
  auto file = std::make_unique<ParquetFile>();
  BURGEON_ASSIGN_OR_RETURN(file->input, ArrowInput::Open(files, path));
  if (file->input->size() == 0) return InvalidArgument(path, ": the file is empty");
  BURGEON_RETURN_IF_ERROR(file->input->Run([&] { return OpenReader(*file, batch_rows); }));
  return file;
}

}  // namespace burgeon
