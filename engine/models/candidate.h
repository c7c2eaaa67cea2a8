// What training wrote and nobody published yet: candidates/<kind>-<time>-<hash>/ with
// tensors.safetensors and manifest.json (written last; the folder is renamed into place).
#ifndef BURGEON_ENGINE_MODELS_CANDIDATE_H_
#define BURGEON_ENGINE_MODELS_CANDIDATE_H_

#include <optional>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct Candidate {
  std::string id;           // set by WriteCandidate and the loaders
  std::string kind;         // "recommender" or "churn"
  std::string snapshot_id;  // what it was trained on
  std::string config_sha256;
  int64_t store_version = 0;  // of the event store it was trained from; 0: not known
  std::string code_version;   // set by WriteCandidate
  std::string replaces;       // the candidate that this one is, without somebody; "" for none
  std::string metrics_json;   // a JSON object
  TimeMicros created_at = 0;
  TensorFile tensors;
};

// Returns the id, "<kind>-20261122T154500Z-1a2b3c4d"; ids of one kind sort by time.
absl::StatusOr<std::string> WriteCandidate(FileSystem& files, const std::string& candidates_folder,
                                           const Clock& clock, const Candidate& candidate);

// The manifest of one, without tensors. kNotFound when it is not there.
absl::StatusOr<Candidate> LoadCandidateManifest(FileSystem& files,
                                                const std::string& candidates_folder,
                                                const std::string& id);

// Puts the same candidate with other tensors, or on another snapshot, in the place of `id`, which
// is removed, for good when this returns. It keeps its time. The new id.
absl::StatusOr<std::string> ReplaceCandidate(FileSystem& files,
                                             const std::string& candidates_folder,
                                             const std::string& id, const Candidate& candidate);

// One, with every check. kNotFound when it is not there.
absl::StatusOr<Candidate> LoadCandidate(FileSystem& files, const std::string& candidates_folder,
                                        const std::string& id);

// The newest of a kind, or nothing when there is none. kDataLoss when its checksum does not match.
absl::StatusOr<std::optional<Candidate>> LoadLatestCandidate(FileSystem& files,
                                                             const std::string& candidates_folder,
                                                             const std::string& kind);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_CANDIDATE_H_
