// A Parquet file opened for reading by columns: what ReadParquet and the source reader share.
// Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_PARQUET_FILE_H_
#define BURGEON_ENGINE_TABLE_PARQUET_FILE_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/table/arrow_file_adapter.h"

namespace arrow {
template <class T>
class Result;
class Schema;
}  // namespace arrow
namespace parquet {
class FileMetaData;
namespace arrow {
class FileReader;
}
}  // namespace parquet

namespace burgeon {

// A column of a row group, as the footer describes it.
struct ParquetColumnChunk {
  int64_t unpacked_bytes = 0;
  bool has_dictionary = false;
  bool all_dictionary = false;  // every data page is coded by it
};

struct ParquetGroup {
  int64_t rows = 0;
  std::vector<ParquetColumnChunk> columns = {};  // of the leaves
};

struct ParquetFile {
  ParquetFile();
  ~ParquetFile();

  std::unique_ptr<ArrowInput> input;  // owns the memory pool: first in, last out
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::shared_ptr<::arrow::Schema> schema;  // of the top-level fields
  std::vector<int> leaf;                    // of each field; -1 when the field is nested
  std::shared_ptr<parquet::FileMetaData> metadata;
  int64_t rows = 0;  // as the footer says; the sum of those of the groups
  std::vector<ParquetGroup> groups;
};

// Opens with page checksums verified, one page a column in memory, and record batches of
// `batch_rows` rows. kNotFound; kInvalidArgument for an empty file; kDataLoss for a damaged one.
absl::StatusOr<std::unique_ptr<ParquetFile>> OpenParquet(FileSystem& files, const std::string& path,
                                                         int64_t batch_rows);

// For a thread of its own: shares the footer, reads text of `dictionary_leaves` as codes. Through
// file.input->Run.
::arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> AnotherReader(
    const ParquetFile& file, const std::vector<int>& dictionary_leaves, int64_t batch_rows);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PARQUET_FILE_H_
