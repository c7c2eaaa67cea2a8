// The rows an ingest could not take: one JSON object a line, in the order of the file,
//   {"line":12,"field":"time","value":"13/2010","reason":"wanted a time ...","row":{"a":"1"}}
// A row that could not be taken apart has "raw" instead of "row", and the field "row". With
// pseudonyms the customer's column holds the pseudonym, and "raw" is left out.
#ifndef BURGEON_ENGINE_EVENTS_QUARANTINE_H_
#define BURGEON_ENGINE_EVENTS_QUARANTINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/field_source.h"
#include "engine/storage/file_system.h"
#include "engine/table/table.h"

namespace burgeon {

// A text that must not be written, and what stands in its place.
struct Concealed {
  size_t column = 0;
  std::string replacement;
};

// As written, without the end of line. A problem with the concealed column's own value shows the
// replacement too.
std::string QuarantineLine(const TextBatch& batch, int64_t row,
                           const std::vector<std::string>& column_names,
                           const FieldProblem& problem, const std::optional<Concealed>& concealed);
std::string QuarantineLine(const BadRow& bad, bool keep_raw);

// Written in the staging folder; moved to its place by the ingest. Made with the first line.
class QuarantineFile {
 public:
  QuarantineFile(FileSystem& files, std::string folder);
  absl::Status Add(const std::string& line);
  // Writes out and syncs what there is; OK when there was no line. Nothing may be added afterwards.
  absl::Status Finish();
  bool empty() const { return file_ == nullptr; }
  const std::string& path() const { return path_; }

 private:
  FileSystem& files_;
  const std::string folder_;
  const std::string path_;
  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_QUARANTINE_H_
