// A quality job: the file of a source before it is ingested, or the events of a store, held to the
// built-in rules and to those of a configuration.
//
//   QualityJob job;
//   job.input = "retail.csv.gz";
//   job.options = ParseQualityOptions(config.root().Child("quality"));
//   BURGEON_ASSIGN_OR_RETURN(const QualityReport report, CheckFile(files, source, job));
//   if (report.verdict == "fail") ...
//
// One pass over the rows counts everything, exactly, in memory bounded by memory_limit_mib and the
// number of different values and columns (never by the rows; what does not fit goes to files in
// spill_folder). A second pass, which ends at the last row that is shown, fetches the rows shown.
// The report is the same for the same rows, rules and time.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/fast_hash.h"
#include "engine/base/progress.h"
#include "engine/events/event_store.h"
#include "engine/events/mapping.h"
#include "engine/governance/quality_report.h"
#include "engine/governance/quality_rules.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct QualityJob {
  std::string input;  // of CheckFile; source.input is not looked at
  QualityOptions options;
  TimeMicros now = 0;
  std::string spill_folder;                      // made when needed, removed at the end
  std::optional<QualityProfile> reference = {};  // of CheckFile: what drift is measured against
  const EventStore* store = nullptr;             // of CheckFile: for `references: {store: ...}`
  // With a key: what is shown for a customer's id. Without one ids are shown as they are.
  std::function<std::string(std::string_view)> pseudonym = {};
  ProgressStyle progress = ProgressStyle::kSilent;
};

// kNotFound, kInvalidArgument (a rule or a mapping names a column that is not there, an expression
// that does not fit), kDataLoss (damaged file), kResourceExhausted (disk full).
absl::StatusOr<QualityReport> CheckFile(FileSystem& files, const SourceConfig& source,
                                        const QualityJob& job);

// Columns: customer, item, type, event_time, known_at, quantity, value, currency, session, channel,
// source, ingest, and those of quality.columns that begin with "properties.". Drift is that between
// each ingest and the one before it of the same source.
absl::StatusOr<QualityReport> CheckStore(FileSystem& files, const EventStore& store,
                                         const QualityJob& job);

// The ids of a reference. `store` may be nullptr, which is an error for a reference to it.
absl::StatusOr<std::vector<Hash128>> LoadReference(FileSystem& files,
                                                   const RuleReference& reference,
                                                   const EventStore* store);

// Ids of one reference: 16 bytes each are held in memory.
inline constexpr size_t kMaxReferenceIds = 100'000'000;

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_H_
