// WriteTable: the format by the ending of the path.
#include <string>
#include <string_view>

#include "engine/table/atomic_file.h"
#include "engine/table/table.h"

namespace burgeon {

absl::Status WriteTable(FileSystem& files, const std::string& path, const Table& table) {
  const std::string_view name = path;
  if (name.ends_with(".csv")) return WriteCsv(files, path, table);
  if (name.ends_with(".parquet")) {
    return ReplaceFile(files, path, [&](const std::string& temporary) {
      return WriteParquet(files, temporary, table);
    });
  }
  return InvalidArgument(path,
                         ": cannot tell the format to write; a name that ends in .csv or "
                         ".parquet is wanted");
}

}  // namespace burgeon
