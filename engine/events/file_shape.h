// What kind of file a source is, from its name and its first bytes: for `burgeon map`.
//
//   BURGEON_ASSIGN_OR_RETURN(const FileShape shape, DetectFileShape(files, "events.txt", {}));
//   shape.read            // how to open it
#ifndef BURGEON_ENGINE_EVENTS_FILE_SHAPE_H_
#define BURGEON_ENGINE_EVENTS_FILE_SHAPE_H_

#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/table/table.h"

namespace burgeon {

struct FileShape {
  ReadOptions read;    // names c1, c2, ... where the file has no header
  std::string format;  // as `format` of a source: csv, json_lines, parquet, blanks, segment, ...
  bool header = true;  // of csv and blanks
  std::vector<std::string> notes;  // how sure each of this is, in words
};

// `format`: "" finds it out. kNotFound, kInvalidArgument (empty; no text and no Parquet).
absl::StatusOr<FileShape> DetectFileShape(FileSystem& files, const std::string& path,
                                          const std::string& format);

// Whether the first line of a table names its columns: its fields are no numbers and all different,
// where those of the next lines are. `rows` in the order of the file.
bool LooksLikeHeader(const std::vector<std::vector<std::string>>& rows);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_FILE_SHAPE_H_
