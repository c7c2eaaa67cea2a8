// The readers behind OpenTable, one a format. Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_READERS_H_
#define BURGEON_ENGINE_TABLE_READERS_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/table/byte_source.h"
#include "engine/table/byte_window.h"
#include "engine/table/piece_cutter.h"
#include "engine/table/table.h"

namespace burgeon {

// `options.delimiter` must be set. Tests choose the size of the pieces and the instruction set.
absl::StatusOr<std::unique_ptr<TableReader>> OpenCsv(const std::string& path,
                                                     std::unique_ptr<ByteSource> source,
                                                     const ReadOptions& options,
                                                     PieceRules rules = {});
// `chunk_bytes` of the source are read at a time; tests make it small.
absl::StatusOr<std::unique_ptr<TableReader>> OpenJsonLines(const std::string& path,
                                                           std::unique_ptr<ByteSource> source,
                                                           const ReadOptions& options,
                                                           size_t chunk_bytes = kReadChunkBytes);
// kBlanks or kFixedWidth, by options.format.
absl::StatusOr<std::unique_ptr<TableReader>> OpenAligned(const std::string& path,
                                                         std::unique_ptr<ByteSource> source,
                                                         const ReadOptions& options,
                                                         size_t chunk_bytes = kReadChunkBytes);
absl::StatusOr<std::unique_ptr<TableReader>> OpenParquetSource(FileSystem& files,
                                                               const std::string& path,
                                                               const ReadOptions& options);

// Where each of `wanted` is in `names`; all of them, in order, when `wanted` is empty.
// kInvalidArgument, naming what there is, for one that is not there.
absl::StatusOr<std::vector<size_t>> SelectColumns(const std::string& path,
                                                  const std::vector<std::string>& names,
                                                  const std::vector<std::string>& wanted);

// kInvalidArgument for no names, too many, or one that is there twice. `where` comes before the
// message: "a.csv: the header (line 1)".
absl::Status CheckColumnNames(const std::string& where, const std::vector<std::string>& names);

// "column 'x'" or, beyond the names, "field 9": what a reason for a bad row calls it.
std::string ColumnWords(const std::vector<std::string>& names, size_t column);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_READERS_H_
