// A configuration for a file that nobody has described yet, from a sample of its rows: `burgeon
// map`.
//
//   BURGEON_ASSIGN_OR_RETURN(const ProposedMapping proposed,
//                            ProposeMapping(files, "events.csv", {.sample_rows = 20'000}));
//   std::cout << proposed.yaml;       // `burgeon ingest` takes it as it is
//
// It says how it came to each line. What it is not sure of is marked "# check:", and what it left
// open stands in `open` too.
#ifndef BURGEON_ENGINE_EVENTS_PROPOSE_MAPPING_H_
#define BURGEON_ENGINE_EVENTS_PROPOSE_MAPPING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/column_profile.h"
#include "engine/events/file_shape.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct ProposeOptions {
  std::string format = {};  // "": found out
  int64_t sample_rows = 20'000;
};

struct ProposedMapping {
  std::string yaml;
  std::vector<std::string> open;
  int64_t sampled_rows = 0;
};

// kNotFound, kInvalidArgument (nothing to read; no column is a time and none an id).
absl::StatusOr<ProposedMapping> ProposeMapping(FileSystem& files, const std::string& path,
                                               const ProposeOptions& options);

// The sample behind it: a profile a column.
struct TableSample {
  std::vector<ColumnProfile> columns;
  int64_t rows = 0;
  int64_t bad_rows = 0;
  int64_t repeated_rows = 0;  // equal to an earlier one
  std::string first_problem;  // of the bad rows
};
absl::StatusOr<TableSample> SampleTable(FileSystem& files, const std::string& path,
                                        const ReadOptions& read, int64_t sample_rows);

// The YAML of a sample; separate so that a test can give it any.
ProposedMapping WriteProposal(const std::string& path, const FileShape& shape,
                              const TableSample& sample);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_PROPOSE_MAPPING_H_
