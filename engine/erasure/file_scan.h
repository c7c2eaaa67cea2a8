// Looks into files for persons: the byte scan of `burgeon erase --verify`, and what tells a sweep
// which files to write anew. Reads what a file says, not only its bytes: every value of a Parquet
// file, every string of a tensor file, every string of JSON, every field of CSV; anything else, and
// what does not read as what its name says, is searched as text.
#ifndef BURGEON_ENGINE_ERASURE_FILE_SCAN_H_
#define BURGEON_ENGINE_ERASURE_FILE_SCAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/erasure/person_forms.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Where persons are named in one file.
struct ScanFinding {
  std::string file;   // relative to the folder scanned
  std::string where;  // "column customer_id", "tensor customers", "line 12", "its name", ...
  int64_t count = 0;  // values, lines or strings there
};

// Paths of all files under `folder`, relative to it, ascending. Empty when it is not there.
absl::StatusOr<std::vector<std::string>> ListTree(FileSystem& files, const std::string& folder);

// One file, `relative` to `folder`.
absl::StatusOr<std::vector<ScanFinding>> ScanFile(FileSystem& files, const std::string& folder,
                                                  const std::string& relative,
                                                  const PersonForms& forms);
// Every file under a folder.
absl::StatusOr<std::vector<ScanFinding>> ScanTree(FileSystem& files, const std::string& folder,
                                                  const PersonForms& forms);

// Whether a line of JSON names a person, in a string anywhere in it or a key; a line that is not
// JSON is searched as text.
bool JsonNamesAPerson(std::string_view text, const PersonForms& forms);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_FILE_SCAN_H_
