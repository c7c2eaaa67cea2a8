#include "cli/job_config.h"

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/governance/identity_undo.h"

namespace burgeon {
namespace {

void ApplySeed(uint64_t seed, JobConfig* job) {
  SetSeed(seed, &job->recommender);
  for (EvaluatedRun& run : job->evaluation.runs) SetSeed(seed, &run.recommender);
  job->churn_train.seed = seed;
  job->lookalike.seed = seed;
}

// What split files need too.
void ParseRecommending(const ConfigNode& root, JobConfig* job) {
  job->recommender = ParseRecommenderOptions(root.Child("recommender"));
  job->recommender_fingerprint = root.Child("recommender").Fingerprint();
  job->evaluation = ParseEvaluationOptions(root.Child("evaluation"));
  job->tune = ParseTuneOptions(root.Child("tune"));
}

// `source: {...}`, or `sources: [{...}, ...]`.
std::vector<SourceConfig> ParseSources(const ConfigNode& root) {
  std::vector<SourceConfig> sources;
  if (!root.Has("sources")) {
    sources.push_back(ParseSourceConfig(root.Child("source")));
    return sources;
  }
  if (root.Has("source")) root.Fail("source", "stands beside `sources`: one of the two is wanted");
  StringSet names;
  for (const ConfigNode& node : root.Children("sources")) {
    sources.push_back(ParseSourceConfig(node));
    const std::string& name = sources.back().name;
    if (!name.empty() && !names.insert(name).second) {
      node.Fail("name", Concat("'", Printable(name), "' is the name of another source too"));
    }
  }
  if (sources.empty()) root.Fail("sources", "is empty; a list of sources is wanted");
  return sources;
}

}  // namespace

const SourceConfig* JobConfig::FindSource(std::string_view name) const {
  for (const SourceConfig& source : sources) {
    if (source.name == name) return &source;
  }
  return nullptr;
}

SnapshotOptions JobConfig::snapshot_options(std::optional<Purpose> purpose) const {
  SnapshotOptions options;
  options.consent = consent;
  options.identity.policy = identity;
  options.identity.undone = undone_links;
  options.purpose = purpose;
  options.weights = weights;
  options.min_item_customers = min_item_customers;
  return options;
}

absl::StatusOr<JobConfig> LoadJob(const Session& session, const std::vector<std::string>& more) {
  BURGEON_ASSIGN_OR_RETURN(Config config, session.LoadConfig(more));
  const ConfigNode root = config.root();
  JobConfig job;
  job.fingerprint = config.Fingerprint();
  job.sources = ParseSources(root);
  job.pseudonym_key_file = root.Child("privacy").GetPath("pseudonym_key_file");
  job.retention = ParseRetentionPolicy(root.Child("privacy"));
  job.consent = ParseConsentPolicy(root.Child("consent"));
  job.quality = ParseQualityOptions(root.Child("quality"));
  job.identity = ParseIdentityPolicy(root.Child("identity"));
  const ConfigNode dataset = root.Child("dataset");
  job.weights = ParseEventWeights(dataset.Child("interactions"));
  job.as_of = AsOf::FromConfig(dataset);
  job.min_item_customers = dataset.GetInt("min_item_customers", 1, {1, limits::kMaxCustomers});
  const ConfigNode churn = root.Child("churn");
  job.churn = ParseChurnOptions(churn);
  job.churn_train = ParseChurnTrainOptions(churn.Child("train"));
  const ConfigNode index = root.Child("index");
  job.item_index = ParseIndexParams(index.Child("items"));
  job.item_index.similarity = Similarity::kInnerProduct;
  job.customer_index = ParseIndexParams(index.Child("customers"));
  job.customer_index.similarity = Similarity::kCosine;
  job.lookalike = ParseLookalikeOptions(root.Child("lookalike"));
  ParseRecommending(root, &job);
  if (session.options().random_seed) ApplySeed(*session.options().random_seed, &job);
  BURGEON_RETURN_IF_ERROR(config.Finish());
  BURGEON_ASSIGN_OR_RETURN(job.undone_links, LoadUndoneLinks(session.files(), session.workspace()));
  return job;
}

absl::StatusOr<JobConfig> LoadSplitFilesJob(const Session& session,
                                            const std::vector<std::string>& more) {
  std::optional<Config> config;
  if (session.options().config.empty()) {
    BURGEON_ASSIGN_OR_RETURN(config, Config::Parse("recommender: {}", "--set"));
    for (const std::vector<std::string>* set : {&session.options().set, &more}) {
      for (const std::string& assignment : *set) BURGEON_RETURN_IF_ERROR(config->Set(assignment));
    }
  } else {
    BURGEON_ASSIGN_OR_RETURN(config, session.LoadConfig(more));
    if (config->root().Has("source") || config->root().Has("sources")) {
      return LoadJob(session, more);
    }
  }
  JobConfig job;
  job.fingerprint = config->Fingerprint();
  ParseRecommending(config->root(), &job);
  if (session.options().random_seed) ApplySeed(*session.options().random_seed, &job);
  BURGEON_RETURN_IF_ERROR(config->Finish());
  return job;
}

}  // namespace burgeon
