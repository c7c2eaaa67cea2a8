// Parquet files of ours, written and read a row group at a time: what holds more rows than memory
// should, and strings that repeat. A string column is a dictionary and a code a row on both sides,
// so nothing is copied or hashed here that the caller has interned already.
//
//   BURGEON_ASSIGN_OR_RETURN(auto writer, RowGroupWriter::Open(files, path, {{"id"}, {"n",
//   kInt64}})); RowGroup group = ...;                                   // a column for each of
//   those named BURGEON_RETURN_IF_ERROR(writer->Write(group));          // any number of times
//   BURGEON_ASSIGN_OR_RETURN(const FileDigest digest, writer->Finish());    // synced
//
//   BURGEON_ASSIGN_OR_RETURN(auto reader, RowGroupReader::Open(files, path, columns));
//   for (;;) {
//     BURGEON_ASSIGN_OR_RETURN(const RowGroup* group, reader->Next());
//     if (group == nullptr) break;
//   }
//
// A data page a column and group; whole numbers as packed differences where that is shorter than
// plain, words and plain numbers with LZ4 where that is shorter; no statistics and no page
// checksums: whoever writes such a file keeps its SHA-256. Of a group whose words take more than
// 256 MiB in one column there are several in the file.
#ifndef BURGEON_ENGINE_TABLE_ROW_GROUP_FILE_H_
#define BURGEON_ENGINE_TABLE_ROW_GROUP_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/tensor_file.h"
#include "engine/table/table.h"

namespace burgeon {

struct RowGroupColumn {
  std::string name = {};
  ColumnType type = ColumnType::kString;  // kString, kInt64, kDouble or kTimestamp
};

// The rows of one column; views, which the caller (or the reader) owns.
struct RowGroupValues {
  std::span<const std::string_view> dictionary = {};  // of kString
  std::span<const int32_t> codes = {};                // of kString: into the dictionary
  std::span<const int64_t> ints = {};                 // of kInt64 and kTimestamp
  std::span<const double> doubles = {};               // of kDouble
  std::span<const uint8_t> nulls = {};                // of numbers; empty: none, else 1: null
};

struct RowGroup {
  int64_t rows = 0;
  std::vector<RowGroupValues> columns;  // as the file's columns were named
};

class RowGroupWriter {
 public:
  // `nullable` numbers are those whose group may have nulls: all of them.
  static absl::StatusOr<std::unique_ptr<RowGroupWriter>> Open(FileSystem& files,
                                                              const std::string& path,
                                                              std::vector<RowGroupColumn> columns);
  ~RowGroupWriter();
  // A column whose length is not `rows` is a bug.
  absl::Status Write(const RowGroup& group);
  // Writes the footer, syncs and closes. Once.
  absl::StatusOr<FileDigest> Finish();

 private:
  struct State;
  explicit RowGroupWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class RowGroupReader {
 public:
  // The columns named in `wanted`, in that order; one that the file does not have has empty values
  // in every group. kNotFound; kDataLoss for a damaged file or a column of another type.
  static absl::StatusOr<std::unique_ptr<RowGroupReader>> Open(FileSystem& files,
                                                              const std::string& path,
                                                              std::vector<RowGroupColumn> wanted);
  ~RowGroupReader();
  int64_t rows() const;  // as the footer says
  // The next group, or nullptr after the last; its memory is void at the next call.
  absl::StatusOr<const RowGroup*> Next();

 private:
  struct State;
  explicit RowGroupReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_ROW_GROUP_FILE_H_
