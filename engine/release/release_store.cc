#include "engine/release/release_store.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "engine/base/limits.h"
#include "engine/release/golden.h"
#include "engine/release/release_manifest.h"
#include "engine/release/release_tensors.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxCurrentBytes = 256;

std::string FolderOf(const Workspace& workspace, const std::string& id) {
  return JoinPath(workspace.releases(), id);
}

// What a manifest could not hold, or a query could not use.
absl::Status CheckPublishable(const ReleaseData& data) {
  const absl::Status fits = CheckReleaseData(data);
  if (!fits.ok()) return FailedPrecondition("publish: ", MessageOf(fits));
  for (const std::string& text : {data.snapshot_id, data.config_sha256}) {
    if (!IsValidUtf8(text)) {
      return FailedPrecondition("publish: '", Printable(text), "' is not UTF-8");
    }
  }
  for (const float weight : data.event_weights.weight) {
    if (!std::isfinite(weight)) {
      return FailedPrecondition("publish: an event weight is ", weight);
    }
  }
  const auto metrics = JsonDocument::Parse(data.metrics_json, "publish: metrics");
  if (!metrics.ok()) return FailedPrecondition(MessageOf(metrics.status()));
  return absl::OkStatus();
}

// Builds an index and writes what it keeps; a flat one keeps nothing, an empty file.
absl::Status WriteIndex(FileSystem& files, const std::string& path, MatrixView<const float> vectors,
                        const IndexParams& params, FileDigest* digest) {
  BURGEON_ASSIGN_OR_RETURN(const auto index, BuildIndex(vectors, params));
  BURGEON_ASSIGN_OR_RETURN(const std::string bytes, index->Serialize());
  *digest = DigestOf(bytes);
  return WriteSyncedFile(files, path, bytes);
}

// Fills a folder that is not yet in place. The manifest comes last.
absl::Status WriteFolder(FileSystem& files, const std::string& folder, const ReleaseData& data,
                         ReleaseManifest* manifest) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  BURGEON_RETURN_IF_ERROR(WriteTensorFile(files, JoinPath(folder, kTensorsFile),
                                          ReleaseTensors(data), &manifest->tensors));
  const RecommenderModel& model = data.recommender;
  BURGEON_RETURN_IF_ERROR(WriteIndex(files, JoinPath(folder, kItemIndexFile),
                                     model.item_embeddings.view(), manifest->scalars.item_index,
                                     &manifest->item_index));
  BURGEON_RETURN_IF_ERROR(WriteIndex(files, JoinPath(folder, kCustomerIndexFile),
                                     model.customer_embeddings.view(),
                                     manifest->scalars.customer_index, &manifest->customer_index));
  SetReleaseId(manifest);
  BURGEON_RETURN_IF_ERROR(
      WriteSyncedFile(files, JoinPath(folder, kManifestFile), ReleaseManifestText(*manifest)));
  return files.SyncDirectory(folder);
}

// Puts a whole release in place; not yet checked, not yet current. `id` is set once it is known.
absl::Status WriteRelease(FileSystem& files, const Workspace& workspace, ExecutionContext& context,
                          TimeMicros created_at, const ReleaseData& data, std::string* id) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(workspace.releases()));
  BURGEON_RETURN_IF_ERROR(RemoveTemporaries(files, workspace.releases()));
  ReleaseManifest manifest = DescribeRelease(data);
  manifest.created_at = created_at;
  BURGEON_ASSIGN_OR_RETURN(manifest.golden, MakeGoldenLists(context, data));
  const std::string temporary =
      FolderOf(workspace, Concat(kTemporaryPrefix, CompactTime(manifest.created_at)));
  absl::Status status = WriteFolder(files, temporary, data, &manifest);
  if (status.ok()) {
    *id = manifest.id;
    // The id stands for the content: what is there is the same, published a moment ago.
    const std::string folder = FolderOf(workspace, *id);
    status = files.Exists(folder) ? files.RemoveTree(temporary) : files.Rename(temporary, folder);
  }
  if (!status.ok()) {
    files.RemoveTree(temporary).IgnoreError();  // the error to report is the first one
    return status;
  }
  return files.SyncDirectory(workspace.releases());
}

absl::Status MakeCurrent(FileSystem& files, const Workspace& workspace, const std::string& id) {
  return WriteFileAtomically(files, workspace.current(), id + "\n");
}

// A file that the manifest lists must be there.
absl::Status MissingIsDamage(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kNotFound) return status;
  return DataLoss(MessageOf(status), "; every release has this file");
}

absl::StatusOr<ReleaseManifest> ReadReleaseManifest(FileSystem& files, const std::string& folder,
                                                    const std::string& id) {
  const std::string path = JoinPath(folder, kManifestFile);
  const auto text = ReadWholeFile(files, path, limits::kMaxManifestBytes);
  if (!text.ok()) return MissingIsDamage(text.status());
  BURGEON_ASSIGN_OR_RETURN(ReleaseManifest manifest, ParseReleaseManifest(*text, path));
  if (manifest.id != id) {
    return DataLoss(path, ": is of release ", manifest.id, "; the folder is ", id);
  }
  return manifest;
}

absl::StatusOr<std::unique_ptr<ReleaseData>> ReadData(FileSystem& files, const std::string& folder,
                                                      const ReleaseManifest& manifest) {
  const std::string path = JoinPath(folder, kTensorsFile);
  FileDigest digest;
  const auto tensors = ReadTensorFile(files, path, &digest);
  if (!tensors.ok()) return MissingIsDamage(tensors.status());
  BURGEON_RETURN_IF_ERROR(CheckDigest(path, digest, manifest.tensors));
  auto data = std::make_unique<ReleaseData>(manifest.scalars);
  const ChurnPart churn = manifest.churn.empty() ? ChurnPart::kAbsent : ChurnPart::kPresent;
  BURGEON_RETURN_IF_ERROR(Annotate(ReadReleaseTensors(*tensors, churn, data.get()), path));
  BURGEON_RETURN_IF_ERROR(Annotate(CheckReleaseData(*data), path));
  const ReleaseManifest found = DescribeRelease(*data);
  const auto shape = [](const ReleaseManifest& m) {
    return Concat(m.customers, " customers, ", m.items, " items, ", m.dim, " dimensions, ",
                  m.recommender, " recommender, churn model '", m.churn, "'");
  };
  if (shape(found) != shape(manifest)) {
    return DataLoss(path, ": holds ", shape(found), "; the manifest says ", shape(manifest));
  }
  return data;
}

absl::StatusOr<std::unique_ptr<VectorIndex>> ReadIndex(FileSystem& files, const std::string& path,
                                                       MatrixView<const float> vectors,
                                                       const IndexParams& params,
                                                       const FileDigest& expected) {
  const auto file = files.OpenForRead(path);
  if (!file.ok()) return MissingIsDamage(file.status());
  if ((*file)->size() != expected.bytes) {
    return CheckDigest(path, {(*file)->size(), ""}, expected);
  }
  std::string bytes(static_cast<size_t>(expected.bytes), '\0');
  BURGEON_RETURN_IF_ERROR((*file)->ReadAt(0, bytes));
  BURGEON_RETURN_IF_ERROR(CheckDigest(path, DigestOf(bytes), expected));
  auto index = LoadIndex(vectors, params, bytes);
  if (!index.ok()) return Annotate(index.status(), path);
  return index;
}

// Which file is missing or has another size than the manifest says; "" when none.
std::string SizeProblem(FileSystem& files, const std::string& folder,
                        const ReleaseManifest& manifest) {
  const std::pair<const char*, const FileDigest*> listed[] = {
      {kTensorsFile, &manifest.tensors},
      {kItemIndexFile, &manifest.item_index},
      {kCustomerIndexFile, &manifest.customer_index}};
  for (const auto& [name, digest] : listed) {
    const std::string path = JoinPath(folder, name);
    const auto file = files.OpenForRead(path);
    if (!file.ok()) return MessageOf(MissingIsDamage(file.status()));
    if ((*file)->size() != digest->bytes) {
      return MessageOf(CheckDigest(path, {(*file)->size(), ""}, *digest));
    }
  }
  return "";
}

ReleaseInfo InfoOf(FileSystem& files, const Workspace& workspace, const std::string& id) {
  ReleaseInfo info;
  info.id = id;
  const std::string folder = FolderOf(workspace, id);
  const auto manifest = ReadReleaseManifest(files, folder, id);
  if (!manifest.ok()) {
    info.problem = MessageOf(manifest.status());
    return info;
  }
  info.problem = SizeProblem(files, folder, *manifest);
  info.created_at = manifest->created_at;
  info.as_of = manifest->scalars.as_of;
  info.customers = manifest->customers;
  info.items = manifest->items;
  info.bytes =
      manifest->tensors.bytes + manifest->item_index.bytes + manifest->customer_index.bytes;
  info.recommender = manifest->recommender;
  info.metrics_json = manifest->scalars.metrics_json;
  return info;
}

}  // namespace

absl::StatusOr<std::string> Publish(FileSystem& files, const Workspace& workspace,
                                    ExecutionContext& context, const Clock& clock,
                                    const ReleaseData& data) {
  BURGEON_RETURN_IF_ERROR(CheckPublishable(data));
  std::string id;
  absl::Status status = WriteRelease(files, workspace, context, clock.Now(), data, &id);
  if (status.ok()) status = LoadRelease(files, workspace, context, id).status();
  if (status.ok()) status = MakeCurrent(files, workspace, id);
  if (status.ok()) return id;
  // Nothing half-published stays, unless `current` names it already and only its sync failed.
  const auto current = CurrentReleaseId(files, workspace);
  const bool in_use = current.ok() ? *current == id : !absl::IsNotFound(current.status());
  if (!id.empty() && !in_use) {
    files.RemoveTree(FolderOf(workspace, id)).IgnoreError();  // the first error is reported
  }
  return status;
}

absl::StatusOr<ReleaseManifest> LoadReleaseManifest(FileSystem& files, const Workspace& workspace,
                                                    const std::string& id) {
  const std::string folder = FolderOf(workspace, id);
  if (!IsReleaseId(id) || !files.Exists(folder)) {
    return NotFound("release '", Printable(id), "': not in ", workspace.releases());
  }
  return ReadReleaseManifest(files, folder, id);
}

absl::Status RemoveRelease(FileSystem& files, const Workspace& workspace, const std::string& id) {
  const auto current = CurrentReleaseId(files, workspace);
  if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
  if (current.ok() && *current == id) {
    return FailedPrecondition("release ", id, " is in use; roll back to another one first");
  }
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(FolderOf(workspace, id)));
  return files.SyncDirectory(workspace.releases());
}

absl::StatusOr<std::string> ReplaceRelease(FileSystem& files, const Workspace& workspace,
                                           ExecutionContext& context, const std::string& id,
                                           ReleaseData data) {
  BURGEON_ASSIGN_OR_RETURN(const ReleaseManifest old, LoadReleaseManifest(files, workspace, id));
  const auto current = CurrentReleaseId(files, workspace);
  if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
  data.replaces = id;
  BURGEON_RETURN_IF_ERROR(CheckPublishable(data));
  std::string replacement;
  BURGEON_RETURN_IF_ERROR(
      WriteRelease(files, workspace, context, old.created_at, data, &replacement));
  BURGEON_RETURN_IF_ERROR(LoadRelease(files, workspace, context, replacement).status());
  if (current.ok() && *current == id) {
    BURGEON_RETURN_IF_ERROR(MakeCurrent(files, workspace, replacement));
  }
  BURGEON_RETURN_IF_ERROR(RemoveRelease(files, workspace, id));
  return replacement;
}

absl::StatusOr<std::vector<ReleaseInfo>> ListReleases(FileSystem& files,
                                                      const Workspace& workspace) {
  std::vector<ReleaseInfo> releases;
  if (!files.Exists(workspace.releases())) return releases;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List(workspace.releases()));
  const auto current = CurrentReleaseId(files, workspace);
  if (!current.ok() && current.status().code() != absl::StatusCode::kNotFound) {
    return current.status();
  }
  for (const std::string& name : names) {
    if (!IsReleaseId(name)) continue;
    releases.push_back(InfoOf(files, workspace, name));
    releases.back().current = current.ok() && *current == name;
  }
  // By the second in the id, which a damaged release has too; within it by the manifest.
  const size_t second = CompactTime(0).size();
  std::sort(releases.begin(), releases.end(), [&](const ReleaseInfo& a, const ReleaseInfo& b) {
    return std::tuple(a.id.substr(0, second), a.created_at, a.id) <
           std::tuple(b.id.substr(0, second), b.created_at, b.id);
  });
  return releases;
}

absl::StatusOr<std::string> CurrentReleaseId(FileSystem& files, const Workspace& workspace) {
  if (!files.Exists(workspace.current())) {
    return NotFound(workspace.root, ": nothing is published there");
  }
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(files, workspace.current(), kMaxCurrentBytes));
  const std::string id(TrimAscii(text));
  if (!IsReleaseId(id)) {
    return DataLoss(workspace.current(), ": holds '", Printable(text),
                    "'; the id of a release was wanted");
  }
  return id;
}

absl::StatusOr<std::shared_ptr<const LoadedRelease>> LoadRelease(FileSystem& files,
                                                                 const Workspace& workspace,
                                                                 ExecutionContext& context,
                                                                 const std::string& id) {
  const std::string folder = FolderOf(workspace, id);
  // Checked before it becomes a part of a path that is opened.
  if (!IsReleaseId(id) || !files.Exists(folder)) {
    return NotFound("release '", Printable(id), "': not in ", workspace.releases());
  }
  BURGEON_ASSIGN_OR_RETURN(const ReleaseManifest manifest, ReadReleaseManifest(files, folder, id));
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<const ReleaseData> data,
                           ReadData(files, folder, manifest));
  BURGEON_ASSIGN_OR_RETURN(auto item_index, ReadIndex(files, JoinPath(folder, kItemIndexFile),
                                                      data->recommender.item_embeddings.view(),
                                                      data->item_index, manifest.item_index));
  BURGEON_ASSIGN_OR_RETURN(auto customer_index,
                           ReadIndex(files, JoinPath(folder, kCustomerIndexFile),
                                     data->recommender.customer_embeddings.view(),
                                     data->customer_index, manifest.customer_index));
  BURGEON_RETURN_IF_ERROR(Annotate(CheckGoldenLists(context, *data, manifest.golden), folder));
  return std::make_shared<const LoadedRelease>(id, std::move(data), std::move(item_index),
                                               std::move(customer_index));
}

absl::StatusOr<std::string> RollBack(FileSystem& files, const Workspace& workspace,
                                     ExecutionContext& context, const std::string& id) {
  std::string target = id;
  if (target.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const std::string current, CurrentReleaseId(files, workspace));
    BURGEON_ASSIGN_OR_RETURN(const std::vector<ReleaseInfo> releases,
                             ListReleases(files, workspace));
    // The current one may be gone from its folder: then the second in its id says where it stood.
    const std::string second = current.substr(0, CompactTime(0).size());
    for (const ReleaseInfo& info : releases) {
      if (info.current || info.id.substr(0, second.size()) > second) break;
      target = info.id;
    }
    if (target.empty()) {
      return FailedPrecondition(workspace.releases(),
                                ": no release is older than the current one, ", current);
    }
  }
  BURGEON_RETURN_IF_ERROR(LoadRelease(files, workspace, context, target).status());
  BURGEON_RETURN_IF_ERROR(MakeCurrent(files, workspace, target));
  return target;
}

}  // namespace burgeon
