#include "engine/models/candidate.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/version.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int kSchemaVersion = 2;
constexpr char kTensorsName[] = "tensors.safetensors";
constexpr char kManifestName[] = "manifest.json";
constexpr size_t kHashDigits = 8;

absl::Status CheckCandidate(const Candidate& candidate) {
  if (candidate.kind.empty() ||
      candidate.kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) {
    return InvalidArgument("candidate kind '", Printable(candidate.kind),
                           "': lower-case letters and _ were wanted");
  }
  for (const std::string& text : {candidate.snapshot_id, candidate.config_sha256}) {
    if (!IsValidUtf8(text)) {
      return InvalidArgument("candidate: '", Printable(text), "' is not UTF-8");
    }
  }
  auto metrics = JsonDocument::Parse(candidate.metrics_json, "candidate metrics");
  if (!metrics.ok()) return InvalidArgument(MessageOf(metrics.status()));
  return absl::OkStatus();
}

std::string ManifestText(const Candidate& candidate, const FileDigest& tensors) {
  nlohmann::ordered_json manifest;
  manifest["schema_version"] = kSchemaVersion;
  manifest["kind"] = candidate.kind;
  manifest["created_at_us"] = candidate.created_at;
  manifest["snapshot_id"] = candidate.snapshot_id;
  manifest["config_sha256"] = candidate.config_sha256;
  manifest["store_version"] = candidate.store_version;
  manifest["code_version"] = candidate.code_version;
  manifest["replaces"] = candidate.replaces;
  manifest["metrics"] = nlohmann::ordered_json::parse(candidate.metrics_json, nullptr, false);
  manifest["files"][kTensorsName] = {{"bytes", tensors.bytes}, {"sha256", tensors.sha256}};
  return manifest.dump(2) + "\n";
}

// Fills a folder that is not yet in place. Returns the id.
absl::StatusOr<std::string> WriteFolder(FileSystem& files, const std::string& folder,
                                        const Candidate& candidate) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  FileDigest tensors;
  BURGEON_RETURN_IF_ERROR(
      WriteTensorFile(files, JoinPath(folder, kTensorsName), candidate.tensors, &tensors));
  const std::string manifest = ManifestText(candidate, tensors);
  BURGEON_RETURN_IF_ERROR(WriteSyncedFile(files, JoinPath(folder, kManifestName), manifest));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(folder));
  return Concat(candidate.kind, "-", CompactTime(candidate.created_at), "-",
                Sha256Hex(manifest).substr(0, kHashDigits));
}

struct CandidateManifest {
  Candidate candidate;  // without tensors
  FileDigest tensors;
};

absl::StatusOr<CandidateManifest> ReadCandidateManifest(FileSystem& files,
                                                        const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document,
                           ReadManifest(files, JoinPath(folder, kManifestName)));
  const JsonNode root = document.root();
  CandidateManifest manifest;
  root["schema_version"].Int(kSchemaVersion, kSchemaVersion);
  manifest.candidate.kind = root["kind"].String();
  manifest.candidate.created_at = root["created_at_us"].Int(INT64_MIN, INT64_MAX);
  manifest.candidate.snapshot_id = root["snapshot_id"].String();
  manifest.candidate.config_sha256 = root["config_sha256"].String();
  manifest.candidate.store_version = root["store_version"].Int(0, INT64_MAX);
  manifest.candidate.code_version = root["code_version"].String();
  manifest.candidate.replaces = root["replaces"].String();
  manifest.candidate.metrics_json = root["metrics"].ObjectText();
  manifest.tensors = ReadDigest(root["files"][kTensorsName]);
  BURGEON_RETURN_IF_ERROR(document.status());
  return manifest;
}

// "<kind>-<time>-": what ids of one kind and one second have in common.
std::string SecondPrefix(const std::string& id) { return id.substr(0, id.size() - kHashDigits); }

bool IsIdOfKind(const std::string& name, const std::string& kind) {
  const std::string prefix = kind + "-";
  const size_t length = prefix.size() + CompactTime(0).size() + 1 + kHashDigits;
  return name.size() == length && name.rfind(prefix, 0) == 0;
}

// Puts it in place as it is, its time included.
absl::StatusOr<std::string> WriteDated(FileSystem& files, const std::string& candidates_folder,
                                       const Candidate& dated) {
  BURGEON_RETURN_IF_ERROR(CheckCandidate(dated));
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(candidates_folder));
  BURGEON_RETURN_IF_ERROR(RemoveTemporaries(files, candidates_folder));
  const std::string temporary = JoinPath(candidates_folder, Concat(kTemporaryPrefix, dated.kind));
  const auto id = WriteFolder(files, temporary, dated);
  if (!id.ok()) {
    files.RemoveTree(temporary).IgnoreError();  // the error to report is the first one
    return id.status();
  }
  // The id holds the hash of the manifest, and so of all content: what is there is the same.
  const std::string folder = JoinPath(candidates_folder, *id);
  if (files.Exists(folder)) {
    BURGEON_RETURN_IF_ERROR(files.RemoveTree(temporary));
    return *id;
  }
  BURGEON_RETURN_IF_ERROR(files.Rename(temporary, folder));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(candidates_folder));
  return *id;
}

}  // namespace

absl::StatusOr<std::string> WriteCandidate(FileSystem& files, const std::string& candidates_folder,
                                           const Clock& clock, const Candidate& candidate) {
  Candidate dated = candidate;
  dated.created_at = clock.Now();
  dated.code_version = kBurgeonVersion;
  return WriteDated(files, candidates_folder, dated);
}

absl::StatusOr<std::string> ReplaceCandidate(FileSystem& files,
                                             const std::string& candidates_folder,
                                             const std::string& id, const Candidate& candidate) {
  BURGEON_ASSIGN_OR_RETURN(const std::string replacement,
                           WriteDated(files, candidates_folder, candidate));
  if (replacement == id) return id;
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(JoinPath(candidates_folder, id)));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(candidates_folder));
  return replacement;
}

absl::StatusOr<Candidate> LoadCandidateManifest(FileSystem& files,
                                                const std::string& candidates_folder,
                                                const std::string& id) {
  const std::string folder = JoinPath(candidates_folder, id);
  if (id.empty() || id.find('/') != std::string::npos || id.front() == '.' ||
      !files.Exists(folder)) {
    return NotFound("candidate '", Printable(id), "': not in ", candidates_folder);
  }
  BURGEON_ASSIGN_OR_RETURN(CandidateManifest manifest, ReadCandidateManifest(files, folder));
  manifest.candidate.id = id;
  return std::move(manifest.candidate);
}

absl::StatusOr<Candidate> LoadCandidate(FileSystem& files, const std::string& candidates_folder,
                                        const std::string& id) {
  BURGEON_RETURN_IF_ERROR(LoadCandidateManifest(files, candidates_folder, id).status());
  const std::string folder = JoinPath(candidates_folder, id);
  BURGEON_ASSIGN_OR_RETURN(CandidateManifest manifest, ReadCandidateManifest(files, folder));
  manifest.candidate.id = id;
  FileDigest digest;
  const std::string path = JoinPath(folder, kTensorsName);
  BURGEON_ASSIGN_OR_RETURN(manifest.candidate.tensors, ReadTensorFile(files, path, &digest));
  BURGEON_RETURN_IF_ERROR(CheckDigest(path, digest, manifest.tensors));
  return std::move(manifest.candidate);
}

absl::StatusOr<std::optional<Candidate>> LoadLatestCandidate(FileSystem& files,
                                                             const std::string& candidates_folder,
                                                             const std::string& kind) {
  if (!files.Exists(candidates_folder)) return std::optional<Candidate>();
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> names, files.List(candidates_folder));
  std::erase_if(names, [&](const std::string& name) { return !IsIdOfKind(name, kind); });
  if (names.empty()) return std::optional<Candidate>();
  // Ids tell seconds; among those of the last second the manifests decide.
  const std::string last = SecondPrefix(*std::max_element(names.begin(), names.end()));
  std::optional<CandidateManifest> newest;
  for (const std::string& name : names) {
    if (name.rfind(last, 0) != 0) continue;
    BURGEON_ASSIGN_OR_RETURN(CandidateManifest manifest,
                             ReadCandidateManifest(files, JoinPath(candidates_folder, name)));
    manifest.candidate.id = name;
    if (!newest || manifest.candidate.created_at > newest->candidate.created_at) {
      newest = std::move(manifest);
    }
  }
  const std::string folder = JoinPath(candidates_folder, newest->candidate.id);
  if (newest->candidate.kind != kind) {
    return DataLoss(JoinPath(folder, kManifestName), ": kind is '",
                    Printable(newest->candidate.kind), "'; '", kind, "' was wanted");
  }
  FileDigest digest;
  BURGEON_ASSIGN_OR_RETURN(newest->candidate.tensors,
                           ReadTensorFile(files, JoinPath(folder, kTensorsName), &digest));
  BURGEON_RETURN_IF_ERROR(CheckDigest(JoinPath(folder, kTensorsName), digest, newest->tensors));
  return std::optional<Candidate>(std::move(newest->candidate));
}

}  // namespace burgeon
