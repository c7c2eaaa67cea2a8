// Takes the lines that name a person out of a file of lines: JSON lines (quarantine, cleaning log,
// merge log), CSV and TSV (audiences, lists), plain text.
#ifndef BURGEON_ENGINE_ERASURE_LINE_SWEEP_H_
#define BURGEON_ENGINE_ERASURE_LINE_SWEEP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/erasure/person_forms.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Whether SweepLines knows how: by the end of its name.
bool IsFileOfLines(const std::string& path);

// The rows that name a person, as they stand in the file. Errors as below.
absl::StatusOr<std::vector<std::string>> RowsNaming(FileSystem& files, const std::string& path,
                                                    const PersonForms& forms);

// The number of rows taken out; the file is replaced in one step, and not touched when it is 0. A
// row of CSV that goes over several lines goes as a whole; the header stays. kFailedPrecondition
// for CSV whose rows cannot be told from its lines (ended by '\r' alone, or not to be read).
absl::StatusOr<int64_t> SweepLines(FileSystem& files, const std::string& path,
                                   const PersonForms& forms);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_LINE_SWEEP_H_
