#include "training/run/checkpoint.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/base/version.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int kSchemaVersion = 1;
constexpr char kPrefix[] = "checkpoint-";
constexpr size_t kStepDigits = 8;
constexpr char kTensorsName[] = "tensors.safetensors";
constexpr char kManifestName[] = "manifest.json";

std::string NameOf(int64_t step) {
  const std::string digits = Concat(step);
  return Concat(kPrefix, std::string(kStepDigits - digits.size(), '0'), digits);
}

bool IsName(const std::string& name) {
  return name.starts_with(kPrefix) && name.size() == sizeof(kPrefix) - 1 + kStepDigits &&
         name.find_first_not_of("0123456789", sizeof(kPrefix) - 1) == std::string::npos;
}

// Oldest first.
absl::StatusOr<std::vector<std::string>> Names(FileSystem& files, const std::string& folder) {
  if (!files.Exists(folder)) return std::vector<std::string>();
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> names, files.List(folder));
  std::erase_if(names, [](const std::string& name) { return !IsName(name); });
  return names;
}

absl::Status WriteFolder(FileSystem& files, const std::string& folder,
                         const Checkpoint& checkpoint) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  FileDigest digest;
  BURGEON_RETURN_IF_ERROR(
      WriteTensorFile(files, JoinPath(folder, kTensorsName), checkpoint.tensors, &digest));
  nlohmann::ordered_json manifest;
  manifest["schema_version"] = kSchemaVersion;
  manifest["kind"] = checkpoint.kind;
  manifest["step"] = checkpoint.step;
  manifest["identity"] = checkpoint.identity;
  manifest["code_version"] = kBurgeonVersion;
  manifest["files"][kTensorsName] = {{"bytes", digest.bytes}, {"sha256", digest.sha256}};
  BURGEON_RETURN_IF_ERROR(
      WriteSyncedFile(files, JoinPath(folder, kManifestName), manifest.dump(2) + "\n"));
  return files.SyncDirectory(folder);
}

absl::StatusOr<Checkpoint> Load(FileSystem& files, const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document,
                           ReadManifest(files, JoinPath(folder, kManifestName)));
  const JsonNode root = document.root();
  Checkpoint checkpoint;
  root["schema_version"].Int(kSchemaVersion, kSchemaVersion);
  checkpoint.kind = root["kind"].String();
  checkpoint.step = root["step"].Int(0, kMaxCheckpointStep);
  checkpoint.identity = root["identity"].String();
  const FileDigest expected = ReadDigest(root["files"][kTensorsName]);
  BURGEON_RETURN_IF_ERROR(document.status());
  const std::string path = JoinPath(folder, kTensorsName);
  FileDigest actual;
  BURGEON_ASSIGN_OR_RETURN(checkpoint.tensors, ReadTensorFile(files, path, &actual));
  BURGEON_RETURN_IF_ERROR(CheckDigest(path, actual, expected));
  return checkpoint;
}

}  // namespace

absl::Status WriteCheckpoint(FileSystem& files, const std::string& folder,
                             const Checkpoint& checkpoint) {
  if (checkpoint.step < 0 || checkpoint.step > kMaxCheckpointStep) {
    return InvalidArgument("checkpoint: step ", checkpoint.step, " is not from 0 to ",
                           kMaxCheckpointStep);
  }
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  BURGEON_RETURN_IF_ERROR(RemoveTemporaries(files, folder));
  const std::string name = NameOf(checkpoint.step);
  const std::string beside = JoinPath(folder, Concat(kTemporaryPrefix, name));
  const std::string place = JoinPath(folder, name);
  BURGEON_RETURN_IF_ERROR(WriteFolder(files, beside, checkpoint));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(place));  // one of the same step, of another run
  BURGEON_RETURN_IF_ERROR(files.Rename(beside, place));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(folder));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, Names(files, folder));
  for (size_t k = 0; k + kKeptCheckpoints < names.size(); ++k) {
    BURGEON_RETURN_IF_ERROR(files.RemoveTree(JoinPath(folder, names[k])));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Checkpoint>> LoadLatestCheckpoint(FileSystem& files,
                                                               const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, Names(files, folder));
  if (names.empty()) return std::optional<Checkpoint>();
  BURGEON_ASSIGN_OR_RETURN(Checkpoint checkpoint, Load(files, JoinPath(folder, names.back())));
  return std::optional<Checkpoint>(std::move(checkpoint));
}

}  // namespace burgeon
