#include "engine/erasure/sweep.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/hash.h"
#include "engine/erasure/line_sweep.h"
#include "engine/erasure/model_sweep.h"
#include "engine/events/event_manifest.h"
#include "engine/events/event_store.h"
#include "engine/events/store_rewrite.h"
#include "engine/governance/identity_undo.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

// What the sweep is about, and what it works with.
struct Work {
  FileSystem& files;
  const Workspace& workspace;
  ExecutionContext& context;
  const Clock& clock;
  StringSet ids;      // stored
  PersonForms forms;  // ids, and the forms they were given in
  TimeMicros latest = 0;
  Receipt receipt;

  bool IsErased(std::string_view id) const { return ids.contains(id); }
};

// The persons of the overlay's lines.
absl::Status ReadPersons(Work* work) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<OverlayLine> lines,
                           ReadOverlayLines(work->files, work->workspace));
  for (const OverlayLine& line : lines) {
    if (!line.erase) continue;
    work->ids.insert(line.customer);
    work->forms.Add(line.customer);
    work->forms.Add(line.form);
    work->latest = std::max(work->latest, line.time);
  }
  return absl::OkStatus();
}

absl::Status WithOverlayLock(const SweepOptions& options,
                             const std::function<absl::Status()>& act) {
  return options.with_overlay_lock ? options.with_overlay_lock(act) : act();
}

// Tombstones before anything is removed: from now on ingest leaves these persons out.
absl::Status WriteTombstones(Work* work) {
  BURGEON_ASSIGN_OR_RETURN(Tombstones tombstones, Tombstones::Load(work->files, work->workspace));
  for (const std::string& id : work->ids) {
    tombstones.Add(id, work->latest);
    work->receipt.persons.push_back(tombstones.DigestOf(id));
  }
  std::vector<std::string>& persons = work->receipt.persons;
  std::sort(persons.begin(), persons.end());
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  return tombstones.Save(work->files, work->workspace);
}

absl::Status BeginReceipt(const SweepOptions& options, Work* work) {
  BURGEON_ASSIGN_OR_RETURN(std::optional<Receipt> unfinished,
                           FindUnfinishedReceipt(work->files, work->workspace, "erasure"));
  Receipt& receipt = work->receipt;
  if (unfinished) {
    receipt = *std::move(unfinished);
    receipt.resumed = true;
    receipt.left.clear();
  } else {
    receipt.kind = "erasure";
    receipt.reason = work->forms.Conceal(options.reason, "(erased)");
    receipt.started_at = work->clock.Now();
    receipt.id = NewReceiptId(work->files, work->workspace, receipt.kind, receipt.started_at);
  }
  BURGEON_RETURN_IF_ERROR(WithOverlayLock(options, [&] { return WriteTombstones(work); }));
  return SaveReceipt(work->files, work->workspace, receipt);
}

// A property of somebody else's event that names the person: the event goes as a whole.
bool NamesInPassing(const PersonForms& forms, const Event& event) {
  for (const auto& [name, value] : event.properties) {
    if (forms.Names(name, value)) return true;
  }
  return forms.IsNamedBy("event_id", event.event_id) ||
         forms.IsNamedBy("session_id", event.session_id);
}

absl::Status SweepStore(Work* work) {
  const std::string folder = work->workspace.events();
  const auto store = EventStore::Open(work->files, folder);
  if (absl::IsNotFound(store.status())) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(store.status());
  std::map<std::string, std::string> sha256;
  for (const auto* parts : {&store->manifest().parts, &store->manifest().customer_attribute_parts,
                            &store->manifest().item_attribute_parts}) {
    for (const EventPart& part : *parts) sha256[part.file] = part.sha256;
  }
  // Staged rows of an ingest that was broken off.
  BURGEON_RETURN_IF_ERROR(RemoveLeftovers(work->files, folder));
  RewriteRules rules;
  rules.customers = &work->ids;
  rules.drop = [work](const Event& event) { return NamesInPassing(work->forms, event); };
  rules.drop_attribute = [work](const AttributeValue& value) {
    return work->forms.IsNamedBy(value.name, value.value);
  };
  BURGEON_ASSIGN_OR_RETURN(const RewriteReport report,
                           RewriteStore(work->files, work->context.pool(), folder, rules));
  Receipt& receipt = work->receipt;
  if (receipt.store_version_before == 0) receipt.store_version_before = store->manifest().version;
  receipt.store_version_after = report.manifest_version;
  receipt.events_removed += report.events_removed;
  receipt.attribute_values_removed += report.attribute_values_removed;
  for (const std::string& file : report.files_removed) {
    receipt.entries.push_back({.step = "events",
                               .file = JoinPath("events", file),
                               .action = "deleted",
                               .sha256_before = sha256[file]});
  }
  return SaveReceipt(work->files, work->workspace, receipt);
}

// A file that is neither of the store nor a model: lines go where there are lines, else the file.
absl::Status SweepFile(Work* work, const std::string& step, const std::string& relative) {
  FileSystem& files = work->files;
  const std::string path = JoinPath(work->workspace.root, relative);
  if (!files.Exists(path)) return absl::OkStatus();  // went with the file beside it
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ScanFinding> found,
                           ScanFile(files, work->workspace.root, relative, work->forms));
  if (found.empty()) return absl::OkStatus();
  ReceiptEntry entry{.step = step, .action = "deleted"};
  entry.file = work->forms.Conceal(relative, "(erased)");
  BURGEON_ASSIGN_OR_RETURN(entry.sha256_before, Sha256OfFile(files, path));
  const bool by_name = work->forms.IsIn(relative, PersonForms::Text::kRaw);
  bool rewritten = false;
  if (!by_name && IsFileOfLines(path)) {
    const absl::StatusOr<int64_t> removed = SweepLines(files, path, work->forms);
    if (removed.ok()) {
      entry.removed = *removed;
      rewritten = true;
    } else if (!absl::IsFailedPrecondition(removed.status())) {
      return removed.status();
    }
  }
  if (rewritten) {
    entry.action = "rewritten";
    BURGEON_ASSIGN_OR_RETURN(entry.sha256_after, Sha256OfFile(files, path));
  } else {
    BURGEON_RETURN_IF_ERROR(files.RemoveFile(path));
    BURGEON_RETURN_IF_ERROR(files.SyncDirectory(ParentOf(path)));
  }
  work->receipt.entries.push_back(std::move(entry));
  return SaveReceipt(files, work->workspace, work->receipt);
}

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// What a file that was being replaced in a crash left beside it: nobody ever reads it, and whoever
// is named in it must go.
absl::Status RemoveTorn(Work* work, std::string_view folder) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                           ListTree(work->files, JoinPath(work->workspace.root, folder)));
  for (const std::string& path : paths) {
    if (!path.ends_with(".tmp")) continue;
    const std::string whole = JoinPath(JoinPath(work->workspace.root, folder), path);
    BURGEON_RETURN_IF_ERROR(work->files.RemoveFile(whole));
    BURGEON_RETURN_IF_ERROR(work->files.SyncDirectory(ParentOf(whole)));
  }
  return absl::OkStatus();
}

absl::Status SweepOtherFiles(Work* work) {
  for (const char* const folder : {"events/quarantine", "exports", "receipts"}) {
    BURGEON_RETURN_IF_ERROR(RemoveTorn(work, folder));
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                           ListTree(work->files, work->workspace.root));
  for (const std::string& path : paths) {
    // The store's own parts and manifests, models, and the overlay have their own ways.
    if (StartsWithAny(
            path, {"events/parts/", "events/attributes/", "events/cleaning/", "events/manifest-",
                   "snapshots/", "candidates/", "releases/", "overlay/", "receipts/"}) ||
        path == "current" || path == "lock") {
      continue;
    }
    const std::string step = path.substr(0, path.find('/'));
    BURGEON_RETURN_IF_ERROR(SweepFile(work, step, path));
  }
  return absl::OkStatus();
}

absl::Status SweepUndoneLinks(Work* work) {
  BURGEON_ASSIGN_OR_RETURN(const int64_t removed,
                           RemoveFromUndoneLinks(work->files, work->workspace, work->ids));
  if (removed == 0) return absl::OkStatus();
  work->receipt.entries.push_back({.step = "overlay",
                                   .file = "overlay/identity.jsonl",
                                   .action = "rewritten",
                                   .removed = removed});
  return SaveReceipt(work->files, work->workspace, work->receipt);
}

absl::Status SweepModels(Work* work) {
  ModelSweep sweep;
  sweep.files = &work->files;
  sweep.workspace = &work->workspace;
  sweep.context = &work->context;
  sweep.erased = [work](std::string_view id) { return work->IsErased(id); };
  sweep.erasure_watermark = work->latest;
  BURGEON_ASSIGN_OR_RETURN(const Replaced replaced, SweepTraining(sweep, &work->receipt));
  BURGEON_RETURN_IF_ERROR(SaveReceipt(work->files, work->workspace, work->receipt));
  BURGEON_RETURN_IF_ERROR(SweepReleases(sweep, replaced, &work->receipt));
  return SaveReceipt(work->files, work->workspace, work->receipt);
}

absl::Status Finish(const SweepOptions& options, Work* work) {
  Receipt& receipt = work->receipt;
  BURGEON_RETURN_IF_ERROR(WithOverlayLock(options, [&] { return RemoveTorn(work, "overlay"); }));
  BURGEON_ASSIGN_OR_RETURN(receipt.left,
                           FindInWorkspace(work->files, work->workspace, work->forms));
  receipt.verified = receipt.left.empty();
  for (ScanFinding& finding : receipt.left) {
    finding.file = work->forms.Conceal(finding.file, "(erased)");
  }
  if (!receipt.verified) return SaveReceipt(work->files, work->workspace, receipt);
  // The receipt before the lines go: after a crash the lines are there to sweep once more, and the
  // unfinished receipt to say what was done.
  receipt.finished_at = work->clock.Now();
  BURGEON_RETURN_IF_ERROR(SaveReceipt(work->files, work->workspace, receipt));
  BURGEON_RETURN_IF_ERROR(WithOverlayLock(options, [&] {
    return CompactOverlay(work->files, work->workspace,
                          [work](std::string_view id) { return work->IsErased(id); })
        .status();
  }));
  receipt.finished = true;
  return SaveReceipt(work->files, work->workspace, receipt);
}

}  // namespace

absl::StatusOr<std::vector<ScanFinding>> FindInWorkspace(FileSystem& files,
                                                         const Workspace& workspace,
                                                         const PersonForms& forms) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<ScanFinding> found, ScanTree(files, workspace.root, forms));
  std::erase_if(found,
                [](const ScanFinding& finding) { return finding.file == "overlay/changes.jsonl"; });
  return found;
}

absl::StatusOr<Receipt> Sweep(FileSystem& files, const Workspace& workspace,
                              ExecutionContext& context, const Clock& clock,
                              const SweepOptions& options) {
  Work work{.files = files,
            .workspace = workspace,
            .context = context,
            .clock = clock,
            .ids = {},
            .forms = {},
            .receipt = {}};
  BURGEON_RETURN_IF_ERROR(ReadPersons(&work));
  if (work.ids.empty()) {
    // A crash between the last line and the end of the receipt.
    BURGEON_ASSIGN_OR_RETURN(std::optional<Receipt> unfinished,
                             FindUnfinishedReceipt(files, workspace, "erasure"));
    if (!unfinished || !unfinished->verified) return Receipt();
    unfinished->finished = true;
    BURGEON_RETURN_IF_ERROR(SaveReceipt(files, workspace, *unfinished));
    return *std::move(unfinished);
  }
  BURGEON_RETURN_IF_ERROR(BeginReceipt(options, &work));
  BURGEON_RETURN_IF_ERROR(SweepStore(&work));
  BURGEON_RETURN_IF_ERROR(SweepUndoneLinks(&work));
  BURGEON_RETURN_IF_ERROR(SweepModels(&work));
  BURGEON_RETURN_IF_ERROR(SweepOtherFiles(&work));
  BURGEON_RETURN_IF_ERROR(Finish(options, &work));
  return std::move(work.receipt);
}

}  // namespace burgeon
