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
class Schema;
}
namespace parquet::arrow {
class FileReader;
}

namespace burgeon {

struct ParquetFile {
  ParquetFile();
  ~ParquetFile();

  std::unique_ptr<ArrowInput> input;  // owns the memory pool: first in, last out
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::shared_ptr<::arrow::Schema> schema;  // of the top-level fields
  std::vector<int> leaf;                    // of each field; -1 when the field is nested
  int64_t rows = 0;                         // as the footer says
  int row_groups = 0;
};

// Opens with page checksums verified, one page a column in memory, and record batches of
// `batch_rows` rows. kNotFound; kInvalidArgument for an empty file; kDataLoss for a damaged one.
absl::StatusOr<std::unique_ptr<ParquetFile>> OpenParquet(FileSystem& files, const std::string& path,
                                                         int64_t batch_rows);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PARQUET_FILE_H_
