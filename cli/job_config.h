// One YAML file describes a job, and every verb reads the whole of it, so that a mistake in any
// part is found by the first verb. The sections and their defaults: docs/configuration.md.
#ifndef BURGEON_CLI_JOB_CONFIG_H_
#define BURGEON_CLI_JOB_CONFIG_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session.h"
#include "engine/audience/lookalike.h"
#include "engine/dataset/as_of.h"
#include "engine/dataset/snapshot.h"
#include "engine/events/mapping.h"
#include "engine/features/churn_examples.h"
#include "engine/governance/consent.h"
#include "engine/governance/identity.h"
#include "engine/governance/quality_rules.h"
#include "engine/governance/retention.h"
#include "engine/index/vector_index.h"
#include "training/churn/train_options.h"
#include "training/recommender/evaluation_options.h"
#include "training/tune/tune_options.h"

namespace burgeon {

struct JobConfig {
  std::string fingerprint;            // SHA-256 of the file with every --set
  std::vector<SourceConfig> sources;  // one at least; names are unique
  std::string pseudonym_key_file;     // "" : ids are kept as they are
  RetentionPolicy retention;
  ConsentPolicy consent;
  QualityOptions quality;
  IdentityPolicy identity;
  std::set<IdPair> undone_links;  // of the workspace (identity_undo.h), not of the file
  AsOf as_of;
  EventWeights weights;
  int64_t min_item_customers = 1;
  RecommenderOptions recommender;
  ChurnOptions churn;
  ChurnTrainOptions churn_train;
  IndexParams item_index;
  IndexParams customer_index;
  LookalikeOptions lookalike;
  EvaluationOptions evaluation;
  TuneOptions tune;
  std::string recommender_fingerprint;  // SHA-256 of `recommender` alone

  // nullptr when there is none of that name.
  const SourceConfig* FindSource(std::string_view name) const;
  // Without a time: as_of needs the store.
  SnapshotOptions snapshot_options(std::optional<Purpose> purpose) const;
};

// The job of --config and --set, with --random-seed in every seed. `more`: assignments after those
// of --set.
absl::StatusOr<JobConfig> LoadJob(const Session& session,
                                  const std::vector<std::string>& more = {});

// The same for split files, which need no sources: of a config without them `recommender`,
// `evaluation` and `tune` are read; without a config what --set says of these.
absl::StatusOr<JobConfig> LoadSplitFilesJob(const Session& session,
                                            const std::vector<std::string>& more = {});

}  // namespace burgeon

#endif  // BURGEON_CLI_JOB_CONFIG_H_
