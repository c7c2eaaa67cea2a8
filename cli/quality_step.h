// Quality jobs of a session: what the verb `quality` and the gate before an ingest share.
#ifndef BURGEON_CLI_QUALITY_STEP_H_
#define BURGEON_CLI_QUALITY_STEP_H_

#include <string>
#include <string_view>

#include "cli/session.h"
#include "engine/events/mapping.h"
#include "engine/governance/quality_report.h"
#include "engine/governance/quality_rules.h"

namespace burgeon {

struct QualityRequest {
  QualityOptions options;
  std::string pseudonym_key_file = {};  // "" : customers are shown as they are
  std::string reference = {};           // path of a profile; "" takes quality.drift.reference, then
                                        // the profile that the last ingest of the source kept
};

// The source's file, or `input` in its place; says what was found.
absl::StatusOr<QualityReport> CheckSourceStep(Session& session, const SourceConfig& source,
                                              const std::string& input,
                                              const QualityRequest& request);
// The events of the workspace. kNotFound when there are none.
absl::StatusOr<QualityReport> CheckStoreStep(Session& session, const QualityRequest& request);

// Before the ingest of a source: nothing unless `quality.gate` is set; else checks the file.
// kAborted, which is exit code 8, when the verdict is "fail": nothing is to be ingested then.
// Otherwise the profile is kept, for the drift of the next file. The caller holds the workspace's
// lock.
absl::Status QualityGate(Session& session, const SourceConfig& source, const std::string& input,
                         const QualityRequest& request);

// kAborted naming the first failure when the verdict is "fail".
absl::Status VerdictStatus(const QualityReport& report);

}  // namespace burgeon

#endif  // BURGEON_CLI_QUALITY_STEP_H_
