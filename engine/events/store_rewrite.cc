#include "engine/events/store_rewrite.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "engine/events/attribute_parts.h"
#include "engine/events/cleaning_log.h"
#include "engine/events/event_manifest.h"
#include "engine/events/event_parts.h"
#include "engine/table/row_group_file.h"

namespace burgeon {
namespace {

constexpr char kLinkedId[] = "linked_id";

// What became of a part.
struct PartChange {
  bool touched = false;
  std::optional<EventPart> part;  // of a touched one: what is left, nothing when all went
  int64_t removed = 0;
};

class Rewrite {
 public:
  Rewrite(FileSystem& files, ThreadPool& pool, const std::string& folder, const RewriteRules& rules)
      : files_(files), pool_(pool), folder_(folder), rules_(rules) {}

  absl::StatusOr<RewriteReport> Run() {
    BURGEON_ASSIGN_OR_RETURN(manifest_, LoadNewestManifest(files_, folder_));
    old_ = manifest_;
    report_.manifest_version = manifest_.version;
    ++manifest_.version;
    BURGEON_RETURN_IF_ERROR(RemoveLeftovers(files_, folder_));
    const absl::Status status = RewriteAll();
    if (!status.ok()) {
      // What failed is what counts; the next writer removes what lies around.
      (void)RemoveLeftovers(files_, folder_);
      return status;
    }
    return report_;
  }

 private:
  absl::Status RewriteAll();
  absl::Status RewriteEvents();
  absl::Status RewriteAttributes(std::vector<EventPart>* parts, std::string_view name);
  absl::Status RewriteCleaning();
  absl::StatusOr<PartChange> RewriteEventPart(const EventPart& part, size_t number) const;
  absl::StatusOr<bool> MayHold(const EventPart& part) const;
  absl::StatusOr<std::pair<int64_t, EventFields>> CountGone(const EventPart& part) const;
  absl::StatusOr<PartChange> WriteRest(const EventPart& part, const std::string& file,
                                       EventFields fields) const;
  bool IsGone(const Event& event) const;
  // Puts the changes of a list of parts into it. What was removed is added to *removed.
  void TakeChanges(std::vector<PartChange> changes, std::vector<EventPart>* parts,
                   int64_t* removed);
  std::string NewFile(std::string_view folder, std::string_view name) const;

  FileSystem& files_;
  ThreadPool& pool_;
  const std::string& folder_;
  const RewriteRules& rules_;
  EventManifest old_, manifest_;
  RewriteReport report_;
  bool changed_ = false;
};

std::string Rewrite::NewFile(std::string_view folder, std::string_view name) const {
  char version[32];
  std::snprintf(version, sizeof(version), "%08lld", static_cast<long long>(manifest_.version));
  return JoinPath(folder, Concat(std::string_view(version), "-", name, ".parquet"));
}

bool Rewrite::IsGone(const Event& event) const {
  if (rules_.customers != nullptr) {
    if (rules_.customers->contains(event.customer_id)) return true;
    if (event.type == EventType::kIdLink) {
      const auto linked = event.properties.find(kLinkedId);
      if (linked != event.properties.end() && rules_.customers->contains(linked->second)) {
        return true;
      }
    }
  }
  return rules_.drop && rules_.drop(event);
}

// Whether a part needs to be read row by row: without a rule of its own an event goes by its
// customer, whose bucket is known, or by a link, whose type is in a dictionary.
absl::StatusOr<bool> Rewrite::MayHold(const EventPart& part) const {
  if (rules_.drop) return true;
  if (rules_.customers == nullptr) return false;
  for (const std::string& customer : *rules_.customers) {
    if (BucketOf(customer) == part.bucket) return true;
  }
  BURGEON_RETURN_IF_ERROR(CheckPartFile(files_, folder_, part));
  BURGEON_ASSIGN_OR_RETURN(const auto reader,
                           RowGroupReader::Open(files_, JoinPath(folder_, part.file), {{"type"}}));
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const RowGroup* group, reader->Next());
    if (group == nullptr) return false;
    const auto types = group->columns[0].dictionary;
    if (std::find(types.begin(), types.end(), EventTypeName(EventType::kIdLink)) != types.end()) {
      return true;
    }
  }
}

absl::StatusOr<std::pair<int64_t, EventFields>> Rewrite::CountGone(const EventPart& part) const {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, EventPartReader::Open(files_, folder_, part));
  EventFiller filler(old_.ingests);
  Event event;
  int64_t gone = 0;
  while (reader->row() != nullptr) {
    BURGEON_RETURN_IF_ERROR(filler.Fill(*reader->row(), &event));
    if (IsGone(event)) ++gone;
    BURGEON_RETURN_IF_ERROR(reader->Advance());
  }
  return std::pair(gone, reader->fields());
}

absl::StatusOr<PartChange> Rewrite::WriteRest(const EventPart& part, const std::string& file,
                                              EventFields fields) const {
  PartChange out;
  out.touched = true;
  BURGEON_ASSIGN_OR_RETURN(const auto reader, EventPartReader::Open(files_, folder_, part));
  BURGEON_ASSIGN_OR_RETURN(
      const auto writer,
      EventPartWriter::Open(files_, folder_, {file, part.bucket, fields, part.ingest}));
  EventFiller filler(old_.ingests);
  Event event;
  while (reader->row() != nullptr) {
    BURGEON_RETURN_IF_ERROR(filler.Fill(*reader->row(), &event));
    if (!IsGone(event)) BURGEON_RETURN_IF_ERROR(writer->Add(*reader->row()));
    BURGEON_RETURN_IF_ERROR(reader->Advance());
  }
  BURGEON_ASSIGN_OR_RETURN(out.part, writer->Finish());
  return out;
}

absl::StatusOr<PartChange> Rewrite::RewriteEventPart(const EventPart& part, size_t number) const {
  PartChange out;
  BURGEON_ASSIGN_OR_RETURN(const bool may_hold, MayHold(part));
  if (!may_hold) return out;
  BURGEON_ASSIGN_OR_RETURN(const auto gone, CountGone(part));
  if (gone.first == 0) return out;
  if (gone.first == part.rows) {
    out.touched = true;
  } else {
    char bucket[16];
    std::snprintf(bucket, sizeof(bucket), "%03d", part.bucket);
    BURGEON_ASSIGN_OR_RETURN(
        out, WriteRest(part, NewFile(kPartsFolder, Concat(std::string_view(bucket), "-", number)),
                       gone.second));
  }
  out.removed = gone.first;
  return out;
}

void Rewrite::TakeChanges(std::vector<PartChange> changes, std::vector<EventPart>* parts,
                          int64_t* removed) {
  std::vector<EventPart> left;
  for (size_t i = 0; i < changes.size(); ++i) {
    EventPart& old = (*parts)[i];
    *removed += changes[i].removed;
    if (!changes[i].touched) {
      left.push_back(std::move(old));
      continue;
    }
    changed_ = true;
    report_.files_removed.push_back(old.file);
    if (changes[i].part) left.push_back(*std::move(changes[i].part));
  }
  *parts = std::move(left);
}

absl::Status Rewrite::RewriteEvents() {
  std::vector<EventPart>& parts = manifest_.parts;
  std::vector<PartChange> changes(parts.size());
  BURGEON_RETURN_IF_ERROR(pool_.ParallelForStatus(
      static_cast<int64_t>(parts.size()), 1, [&](int64_t i, int64_t) -> absl::Status {
        const auto at = static_cast<size_t>(i);
        BURGEON_ASSIGN_OR_RETURN(changes[at], RewriteEventPart(parts[at], at));
        return absl::OkStatus();
      }));
  TakeChanges(std::move(changes), &parts, &report_.events_removed);
  return absl::OkStatus();
}

absl::Status Rewrite::RewriteAttributes(std::vector<EventPart>* parts, std::string_view name) {
  const bool of_customers = parts == &manifest_.customer_attribute_parts;
  const auto gone = [&](const AttributeValue& value) {
    if (of_customers && rules_.customers != nullptr && rules_.customers->contains(value.id)) {
      return true;
    }
    return rules_.drop_attribute && rules_.drop_attribute(value);
  };
  if (!rules_.drop_attribute && !(of_customers && rules_.customers != nullptr)) {
    return absl::OkStatus();
  }
  std::vector<PartChange> changes;
  for (const EventPart& part : *parts) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> values,
                             ReadAttributePart(files_, folder_, part, old_.ingests));
    PartChange change;
    change.removed = static_cast<int64_t>(std::erase_if(values, gone));
    change.touched = change.removed > 0;
    if (change.touched && !values.empty()) {
      const std::string file = NewFile(kAttributesFolder, Concat(name, "-", changes.size()));
      BURGEON_ASSIGN_OR_RETURN(change.part, WriteAttributePart(files_, folder_, file, values));
    }
    changes.push_back(std::move(change));
  }
  TakeChanges(std::move(changes), parts, &report_.attribute_values_removed);
  return absl::OkStatus();
}

absl::Status Rewrite::RewriteCleaning() {
  if (rules_.customers == nullptr) return absl::OkStatus();
  const auto keep = [&](const CleaningEntry& entry) {
    return !rules_.customers->contains(entry.customer_id);
  };
  std::vector<PartChange> changes;
  for (const EventPart& part : manifest_.cleaning_parts) {
    PartChange change;
    int64_t gone = 0;
    BURGEON_RETURN_IF_ERROR(
        VisitCleaningLog(files_, folder_, part, [&](const CleaningEntry& entry) -> absl::Status {
          if (!keep(entry)) ++gone;
          return absl::OkStatus();
        }));
    if (gone > 0) {
      change.touched = true;
      const std::string file = NewFile(kCleaningFolder, Concat("log-", part.ingest));
      BURGEON_ASSIGN_OR_RETURN(
          change.part, FilterCleaningLog(files_, folder_, part, file, keep, &change.removed));
    }
    changes.push_back(std::move(change));
  }
  int64_t entries = 0;  // told by the files alone
  TakeChanges(std::move(changes), &manifest_.cleaning_parts, &entries);
  return absl::OkStatus();
}

absl::Status Rewrite::RewriteAll() {
  BURGEON_RETURN_IF_ERROR(RewriteEvents());
  BURGEON_RETURN_IF_ERROR(RewriteAttributes(&manifest_.customer_attribute_parts, "customers"));
  BURGEON_RETURN_IF_ERROR(RewriteAttributes(&manifest_.item_attribute_parts, "items"));
  BURGEON_RETURN_IF_ERROR(RewriteAttributes(&manifest_.aggregate_parts, "aggregates"));
  BURGEON_RETURN_IF_ERROR(RewriteCleaning());
  if (changed_) {
    for (const std::string_view name : {kPartsFolder, kAttributesFolder, kCleaningFolder}) {
      BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(JoinPath(folder_, name)));
    }
    BURGEON_RETURN_IF_ERROR(CommitManifest(files_, folder_, manifest_));
    report_.manifest_version = manifest_.version;
  }
  // Also when nothing was left to remove: a crash may have come between the commit and this.
  return RemoveLeftovers(files_, folder_, /*manifests_kept=*/1);
}

}  // namespace

absl::StatusOr<RewriteReport> RewriteStore(FileSystem& files, ThreadPool& pool,
                                           const std::string& folder, const RewriteRules& rules) {
  return Rewrite(files, pool, folder, rules).Run();
}

}  // namespace burgeon
