#include "engine/erasure/model_sweep.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/dataset/snapshot.h"
#include "engine/models/candidate.h"
#include "engine/models/recommender_model.h"
#include "engine/release/keep_rows.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {

constexpr char kTensors[] = "tensors.safetensors";
constexpr char kSnapshotTensors[] = "snapshot.safetensors";
constexpr char kCustomerEmbeddings[] = "recommender.customer_embeddings";

absl::StatusOr<std::vector<std::string>> Names(FileSystem& files, const std::string& folder) {
  if (!files.Exists(folder)) return std::vector<std::string>();
  return files.List(folder);
}

SnapshotEvents KeepEvents(const SnapshotEvents& events, std::span<const uint32_t> rows) {
  SnapshotEvents kept;
  for (const uint32_t row : rows) {
    const auto begin = static_cast<size_t>(events.offsets[row]);
    const auto end = static_cast<size_t>(events.offsets[row + 1]);
    for (size_t k = begin; k < end; ++k) {
      kept.item.push_back(events.item[k]);
      kept.type.push_back(events.type[k]);
      kept.time.push_back(events.time[k]);
      kept.quantity.push_back(events.quantity[k]);
      kept.value_micros.push_back(events.value_micros[k]);
      kept.order.push_back(events.order[k]);
    }
    kept.offsets.push_back(std::ssize(kept.time));
  }
  return kept;
}

Snapshot KeepCustomers(const Snapshot& snapshot, std::span<const uint32_t> rows) {
  Snapshot kept = snapshot;
  kept.customers = KeepRows(snapshot.customers, rows);
  kept.consent = KeepRows(snapshot.consent, rows);
  kept.consent_said = KeepRows(snapshot.consent_said, rows);
  kept.interactions = KeepRows(snapshot.interactions, rows);
  kept.seen = KeepRows(snapshot.seen, rows);
  kept.events = KeepEvents(snapshot.events, rows);
  kept.replaces = snapshot.id;
  kept.id = SnapshotId(kept);
  return kept;
}

// Removes a folder for good and says so in the receipt.
absl::Status Remove(const ModelSweep& sweep, const std::string& step, const std::string& folder,
                    const std::string& name, const std::string& tensors, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const std::string path = JoinPath(JoinPath(sweep.workspace->root, folder), name);
  ReceiptEntry entry{.step = step, .file = JoinPath(folder, name), .action = "deleted"};
  BURGEON_ASSIGN_OR_RETURN(entry.sha256_before, Sha256OfFile(files, JoinPath(path, tensors)));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(path));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(JoinPath(sweep.workspace->root, folder)));
  receipt->entries.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status AddReplacement(const ModelSweep& sweep, const std::string& step,
                            const std::string& folder, const std::string& tensors,
                            const std::string& before, const std::string& old_name,
                            const std::string& new_name, int64_t removed, Receipt* receipt) {
  const std::string path = JoinPath(JoinPath(sweep.workspace->root, folder), new_name);
  ReceiptEntry entry{.step = step,
                     .file = JoinPath(folder, old_name),
                     .action = "rewritten",
                     .replaced_by = JoinPath(folder, new_name),
                     .removed = removed,
                     .sha256_before = before};
  BURGEON_ASSIGN_OR_RETURN(entry.sha256_after, Sha256OfFile(*sweep.files, JoinPath(path, tensors)));
  receipt->entries.push_back(std::move(entry));
  return absl::OkStatus();
}

// Follows replacements to their end.
std::string NewestOf(const std::map<std::string, std::string>& replaced, std::string id) {
  for (size_t steps = 0; steps <= replaced.size(); ++steps) {
    const auto next = replaced.find(id);
    if (next == replaced.end()) return id;
    id = next->second;
  }
  return id;
}

constexpr char kToldToTrain[] =
    "trained with the persons' data: item vectors hold what it taught them until the next training";

absl::Status SweepCandidate(const ModelSweep& sweep, Candidate candidate,
                            const std::string& snapshot, std::span<const uint32_t> rows,
                            int64_t removed, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const std::string folder = sweep.workspace->candidates();
  const std::string old_id = candidate.id;
  BURGEON_ASSIGN_OR_RETURN(const std::string before,
                           Sha256OfFile(files, JoinPath(JoinPath(folder, old_id), kTensors)));
  const bool has_rows = candidate.tensors.Has(kCustomerEmbeddings);
  if (has_rows) {
    BURGEON_ASSIGN_OR_RETURN(const FloatMatrix all,
                             candidate.tensors.GetMatrix(kCustomerEmbeddings));
    TensorFile kept;
    for (const auto& [name, tensor] : candidate.tensors.tensors()) {
      if (name == kCustomerEmbeddings) {
        kept.Add(name, KeepRows(all, rows).view());
      } else {
        kept.AddTensor(name, tensor);
      }
    }
    candidate.tensors = std::move(kept);
  }
  candidate.snapshot_id = snapshot;
  candidate.replaces = old_id;
  BURGEON_ASSIGN_OR_RETURN(const std::string new_id,
                           ReplaceCandidate(files, folder, old_id, candidate));
  receipt->models.push_back({new_id, kToldToTrain});
  return AddReplacement(sweep, "candidates", "candidates", kTensors, before, old_id, new_id,
                        has_rows ? removed : 0, receipt);
}

absl::Status SweepCandidatesOf(const ModelSweep& sweep, const std::string& old_snapshot,
                               const std::string& snapshot, std::span<const uint32_t> rows,
                               int64_t removed, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const std::string folder = sweep.workspace->candidates();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, Names(files, folder));
  for (const std::string& name : names) {
    if (name.starts_with(kTemporaryPrefix)) continue;  // removed before
    auto candidate = LoadCandidate(files, folder, name);
    if (!candidate.ok()) {
      if (absl::IsUnavailable(candidate.status())) return candidate.status();
      BURGEON_RETURN_IF_ERROR(Remove(sweep, "candidates", "candidates", name, kTensors, receipt));
      continue;
    }
    if (candidate->snapshot_id != old_snapshot) continue;
    BURGEON_RETURN_IF_ERROR(
        SweepCandidate(sweep, *std::move(candidate), snapshot, rows, removed, receipt));
  }
  return absl::OkStatus();
}

absl::Status SweepSnapshot(const ModelSweep& sweep, const std::string& name,
                           std::map<std::string, std::string>* replaced, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const std::string folder = JoinPath(sweep.workspace->snapshots(), name);
  const auto snapshot = LoadSnapshot(files, folder);
  if (!snapshot.ok()) {
    if (absl::IsUnavailable(snapshot.status())) return snapshot.status();
    return Remove(sweep, "snapshots", "snapshots", name, kSnapshotTensors, receipt);
  }
  if (!snapshot->replaces.empty()) (*replaced)[snapshot->replaces] = snapshot->id;
  const std::vector<uint32_t> rows = RowsWithout(snapshot->customers, sweep.erased);
  const int64_t removed = snapshot->customers.size() - std::ssize(rows);
  if (removed == 0) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const std::string before,
                           Sha256OfFile(files, JoinPath(folder, kSnapshotTensors)));
  const Snapshot kept = KeepCustomers(*snapshot, rows);
  BURGEON_RETURN_IF_ERROR(SaveSnapshot(files, sweep.workspace->snapshots(), kept).status());
  BURGEON_RETURN_IF_ERROR(SweepCandidatesOf(sweep, snapshot->id, kept.id, rows, removed, receipt));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(folder));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(sweep.workspace->snapshots()));
  (*replaced)[snapshot->id] = kept.id;
  return AddReplacement(sweep, "snapshots", "snapshots", kSnapshotTensors, before, name, kept.id,
                        removed, receipt);
}

// Candidates whose snapshot is not there any more: nobody can say which row is whose, and nobody
// can publish them.
absl::Status RemoveOrphans(const ModelSweep& sweep, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const std::string folder = sweep.workspace->candidates();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, Names(files, folder));
  for (const std::string& name : names) {
    const auto candidate = LoadCandidateManifest(files, folder, name);
    if (candidate.ok() &&
        files.Exists(JoinPath(sweep.workspace->snapshots(), candidate->snapshot_id))) {
      continue;
    }
    if (absl::IsUnavailable(candidate.status())) return candidate.status();
    BURGEON_RETURN_IF_ERROR(Remove(sweep, "candidates", "candidates", name, kTensors, receipt));
  }
  return absl::OkStatus();
}

absl::Status SweepRelease(const ModelSweep& sweep, const std::string& id, bool current,
                          const Replaced& replaced, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  const auto release = LoadRelease(files, *sweep.workspace, *sweep.context, id);
  if (!release.ok()) {
    if (absl::IsUnavailable(release.status())) return release.status();
    if (current) {
      return Annotate(release.status(),
                      "the release in use cannot be searched; roll back to another one first");
    }
    return Remove(sweep, "releases", "releases", id, kTensorsFile, receipt);
  }
  const ReleaseData& data = (*release)->data();
  const std::vector<uint32_t> rows = RowsWithout(data.customers, sweep.erased);
  const int64_t removed = data.customers.size() - std::ssize(rows);
  if (removed == 0) return absl::OkStatus();
  if (rows.empty() && !current) {
    return Remove(sweep, "releases", "releases", id, kTensorsFile, receipt);
  }
  if (rows.empty()) {
    return FailedPrecondition("release ", id, ": nobody would be left in the release in use");
  }
  BURGEON_ASSIGN_OR_RETURN(
      const std::string before,
      Sha256OfFile(files, JoinPath(JoinPath(sweep.workspace->releases(), id), kTensorsFile)));
  ReleaseData kept = KeepCustomers(data, rows);
  kept.snapshot_id = NewestOf(replaced.snapshots, data.snapshot_id);
  kept.recommender_candidate = NewestOf(replaced.candidates, data.recommender_candidate);
  kept.churn_candidate = NewestOf(replaced.candidates, data.churn_candidate);
  kept.erasure_watermark = std::max(data.erasure_watermark, sweep.erasure_watermark);
  BURGEON_ASSIGN_OR_RETURN(
      const std::string new_id,
      ReplaceRelease(files, *sweep.workspace, *sweep.context, id, std::move(kept)));
  receipt->models.push_back({new_id, kToldToTrain});
  return AddReplacement(sweep, "releases", "releases", kTensorsFile, before, id, new_id, removed,
                        receipt);
}

}  // namespace

absl::StatusOr<Replaced> SweepTraining(const ModelSweep& sweep, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  Replaced replaced;
  for (const std::string& folder : {sweep.workspace->snapshots(), sweep.workspace->candidates()}) {
    if (files.Exists(folder)) BURGEON_RETURN_IF_ERROR(RemoveTemporaries(files, folder));
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                           Names(files, sweep.workspace->snapshots()));
  for (const std::string& name : names) {
    BURGEON_RETURN_IF_ERROR(SweepSnapshot(sweep, name, &replaced.snapshots, receipt));
  }
  BURGEON_RETURN_IF_ERROR(RemoveOrphans(sweep, receipt));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> candidates,
                           Names(files, sweep.workspace->candidates()));
  for (const std::string& name : candidates) {
    BURGEON_ASSIGN_OR_RETURN(const Candidate candidate,
                             LoadCandidateManifest(files, sweep.workspace->candidates(), name));
    if (!candidate.replaces.empty()) replaced.candidates[candidate.replaces] = name;
  }
  return replaced;
}

absl::Status SweepReleases(const ModelSweep& sweep, const Replaced& replaced, Receipt* receipt) {
  FileSystem& files = *sweep.files;
  if (!files.Exists(sweep.workspace->releases())) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(RemoveTemporaries(files, sweep.workspace->releases()));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ReleaseInfo> releases,
                           ListReleases(files, *sweep.workspace));
  for (const ReleaseInfo& info : releases) {
    BURGEON_RETURN_IF_ERROR(SweepRelease(sweep, info.id, info.current, replaced, receipt));
  }
  return absl::OkStatus();
}

}  // namespace burgeon
