#include "engine/erasure/retention_sweep.h"

#include <utility>
#include <vector>

#include "engine/events/event_store.h"
#include "engine/events/store_rewrite.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {

absl::Status NameModels(FileSystem& files, const Workspace& workspace, Receipt* receipt) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ReleaseInfo> releases, ListReleases(files, workspace));
  for (const ReleaseInfo& info : releases) {
    receipt->models.push_back(
        {info.id, "may hold counts and vectors of removed events until it is trained again"});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::map<std::string, int64_t>> CountOverdue(FileSystem& files, ThreadPool& pool,
                                                            const Workspace& workspace,
                                                            const RetentionPolicy& policy,
                                                            TimeMicros now) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, EventStore::Open(files, workspace.events()));
  constexpr int64_t kBuckets = kNoCustomerBucket + 1;
  std::vector<std::map<std::string, int64_t>> counts(kBuckets);
  std::vector<absl::Status> statuses(kBuckets);
  pool.ParallelFor(kBuckets, 1, [&](int64_t begin, int64_t end) {
    for (auto b = static_cast<size_t>(begin); b < static_cast<size_t>(end); ++b) {
      statuses[b] = store.ReadBucket(static_cast<int>(b), [&](const Event& event) {
        if (policy.IsOver(event, now)) ++counts[b][std::string(EventTypeName(event.type))];
      });
    }
  });
  std::map<std::string, int64_t> all;
  for (size_t b = 0; b < counts.size(); ++b) {
    BURGEON_RETURN_IF_ERROR(statuses[b]);
    for (const auto& [type, count] : counts[b]) all[type] += count;
  }
  return all;
}

absl::StatusOr<Receipt> SweepRetention(FileSystem& files, ThreadPool& pool,
                                       const Workspace& workspace, const Clock& clock,
                                       const RetentionPolicy& policy, TimeMicros now) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, EventStore::Open(files, workspace.events()));
  std::map<std::string, std::string> sha256;
  for (const EventPart& part : store.manifest().parts) sha256[part.file] = part.sha256;
  BURGEON_ASSIGN_OR_RETURN(std::optional<Receipt> unfinished,
                           FindUnfinishedReceipt(files, workspace, "retention"));
  BURGEON_ASSIGN_OR_RETURN(const auto overdue, CountOverdue(files, pool, workspace, policy, now));
  if (overdue.empty() && !unfinished) return Receipt();
  Receipt receipt;
  if (unfinished) {
    receipt = *std::move(unfinished);
    receipt.resumed = true;
  } else {
    receipt.kind = "retention";
    receipt.started_at = clock.Now();
    receipt.id = NewReceiptId(files, workspace, receipt.kind, receipt.started_at);
    receipt.reason = Concat("older than privacy.retention allows at ", FormatTime(now));
    receipt.store_version_before = store.manifest().version;
    BURGEON_RETURN_IF_ERROR(SaveReceipt(files, workspace, receipt));
  }
  RewriteRules rules;
  rules.drop = [&policy, now](const Event& event) { return policy.IsOver(event, now); };
  BURGEON_ASSIGN_OR_RETURN(const RewriteReport report,
                           RewriteStore(files, pool, workspace.events(), rules));
  receipt.events_removed += report.events_removed;
  receipt.store_version_after = report.manifest_version;
  for (const std::string& file : report.files_removed) {
    receipt.entries.push_back({.step = "events",
                               .file = JoinPath("events", file),
                               .action = "deleted",
                               .sha256_before = sha256[file]});
  }
  BURGEON_RETURN_IF_ERROR(NameModels(files, workspace, &receipt));
  BURGEON_ASSIGN_OR_RETURN(const auto left, CountOverdue(files, pool, workspace, policy, now));
  receipt.verified = left.empty();
  receipt.finished = true;
  receipt.finished_at = clock.Now();
  BURGEON_RETURN_IF_ERROR(SaveReceipt(files, workspace, receipt));
  return receipt;
}

}  // namespace burgeon
