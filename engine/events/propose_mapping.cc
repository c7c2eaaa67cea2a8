#include "engine/events/propose_mapping.h"

#include <algorithm>

namespace burgeon {

absl::StatusOr<TableSample> SampleTable(FileSystem& files, const std::string& path,
                                        const ReadOptions& read, int64_t sample_rows) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, read));
  std::vector<ColumnProfiler> profilers;
  for (const std::string& name : reader->column_names()) profilers.emplace_back(name);
  TableSample out;
  StringSet seen;
  std::string whole;
  while (out.rows + out.bad_rows < sample_rows) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) break;
    if (!batch->bad_rows.empty() && out.first_problem.empty()) {
      out.first_problem = Concat("line ", batch->bad_rows[0].line, " ", batch->bad_rows[0].reason);
    }
    out.bad_rows += static_cast<int64_t>(batch->bad_rows.size());
    for (int64_t row = 0; row < batch->rows() && out.rows < sample_rows; ++row, ++out.rows) {
      whole.clear();
      for (size_t i = 0; i < profilers.size(); ++i) {
        const std::string_view text = batch->columns[i].value(row);
        profilers[i].Add(batch->columns[i].is_null(row), text);
        whole += Concat(text.size(), ":", text);
      }
      if (!seen.insert(whole).second) ++out.repeated_rows;
    }
  }
  for (ColumnProfiler& profiler : profilers) out.columns.push_back(profiler.Finish());
  return out;
}

absl::StatusOr<ProposedMapping> ProposeMapping(FileSystem& files, const std::string& path,
                                               const ProposeOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const FileShape shape, DetectFileShape(files, path, options.format));
  BURGEON_ASSIGN_OR_RETURN(const TableSample sample,
                           SampleTable(files, path, shape.read, options.sample_rows));
  if (sample.rows == 0) {
    return InvalidArgument(path, ": no row of the sample can be read",
                           sample.first_problem.empty() ? "" : Concat(": ", sample.first_problem));
  }
  ProposedMapping out = WriteProposal(path, shape, sample);
  if (out.yaml.empty()) {
    return InvalidArgument(path, ": no column holds times and none looks like an id: nothing of ",
                           "customers, items or events can be told");
  }
  return out;
}

}  // namespace burgeon
