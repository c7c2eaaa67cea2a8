#include "engine/events/ingest.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/events/attribute_merge.h"
#include "engine/events/bucket_merge.h"
#include "engine/events/cleaning_log.h"
#include "engine/events/event_manifest.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/input_digest.h"
#include "engine/events/piece_pipeline.h"
#include "engine/events/quarantine.h"
#include "engine/events/staged_attribute.h"
#include "engine/storage/manifest.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr int64_t kBytesAMebibyte = 1 << 20;
// A wrong mapping of a huge file is not to fill the disk with quarantined rows.
constexpr int64_t kBadRowsBeforeEarlyStop = 100'000;
// Reasons may hold text of the file; more than this many are counted together.
constexpr size_t kMaxReasons = 100;
constexpr std::string_view kOtherReasons = "other reasons";
constexpr std::string_view kPseudonymCheckText = "burgeon: check of the pseudonym key";

std::string ZeroPadded(int64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof(text), "%0*lld", digits, static_cast<long long>(number));
  return text;
}

void AddCounters(const IngestCounters& from, IngestCounters* to) {
  to->events_added += from.events_added;
  to->events_without_customer += from.events_without_customer;
  to->duplicates_in_file += from.duplicates_in_file;
  to->duplicates_kept += from.duplicates_kept;
  to->already_stored += from.already_stored;
  to->event_id_conflicts += from.event_id_conflicts;
  to->late_events += from.late_events;
  to->events_replaced += from.events_replaced;
  for (const auto& [type, count] : from.events_by_type) to->events_by_type[type] += count;
}

// All that is staged, by kind.
struct Staged {
  Staged(FileSystem& files, const std::string& folder)
      : events(files, folder, "events", kNoCustomerBucket + 1),
        customers(files, folder, "customers", kEventBuckets),
        items(files, folder, "items", kEventBuckets),
        aggregates(files, folder, "aggregates", kEventBuckets),
        changes(files, folder, "changes", kNoCustomerBucket + 1) {}

  void Add(StagedPiece* piece) {
    events.Add(std::move(piece->events));
    customers.Add(std::move(piece->customers));
    items.Add(std::move(piece->items));
    aggregates.Add(std::move(piece->aggregates));
    changes.Add(std::move(piece->changes));
  }
  int64_t held_bytes() const {
    return events.held_bytes() + customers.held_bytes() + items.held_bytes() +
           aggregates.held_bytes() + changes.held_bytes();
  }
  bool spilled() const { return ever_spilled; }
  absl::Status Spill() {
    ever_spilled = true;
    for (StagedBuckets* kind : {&events, &customers, &items, &aggregates, &changes}) {
      BURGEON_RETURN_IF_ERROR(kind->Spill());
    }
    return absl::OkStatus();
  }

  StagedBuckets events, customers, items, aggregates, changes;
  bool ever_spilled = false;
};

class Ingestion {
 public:
  Ingestion(FileSystem& files, ThreadPool& pool, const Clock& clock, const IngestOptions& options)
      : files_(files),
        pool_(pool),
        options_(options),
        now_(clock.Now()),
        memory_bytes_(options.source.memory_limit_mib * kBytesAMebibyte) {}

  absl::StatusOr<IngestRecord> Run() {
    absl::Status status = Prepare();
    if (status.ok()) status = ReadAndCommit();
    if (!status.ok()) {
      // What failed is what counts; what cannot be removed now is removed by the next ingest.
      if (prepared_) (void)RemoveLeftovers(files_, options_.store_folder);
      return status;
    }
    // The new manifest is there: that the old files are still there too is no failure.
    (void)RemoveLeftovers(files_, options_.store_folder);
    return record_;
  }

 private:
  absl::Status Prepare();
  absl::Status CheckPseudonym() const;
  absl::Status FindReplaced();
  void StartRecord();
  absl::Status MakeFolders();
  absl::Status ReadAndCommit();
  absl::Status ReadRows(TableReader& reader, const RowStager& stager);
  absl::StatusOr<bool> TakePiece(StagedPiece piece);
  absl::Status TakeBadRows(const std::vector<StagedPiece::Bad>& bad);
  bool TooManyBad(int64_t at_least) const;
  absl::Status RefuseFile();
  absl::Status KeepQuarantine();
  absl::Status MergeEvents();
  void TakeChanges(std::vector<BucketChange> changes);
  absl::Status MergeAttributeKind(const StagedBuckets& staged, std::string_view name,
                                  std::vector<EventPart>* parts);
  absl::Status WriteChanges();
  absl::Status Commit();
  std::string PartFile(std::string_view folder, std::string_view name) const;

  FileSystem& files_;
  ThreadPool& pool_;
  const IngestOptions& options_;
  const TimeMicros now_;
  const int64_t memory_bytes_;
  bool prepared_ = false;
  EventManifest old_;       // as it was
  EventManifest manifest_;  // as it will be
  IngestRecord record_;
  int64_t replaced_ = 0;  // number of the ingest that goes
  std::string staging_;
  EventFields fields_ = 0;  // of all events
  std::unique_ptr<Staged> staged_;
  std::unique_ptr<QuarantineFile> quarantine_;
};

absl::Status Ingestion::CheckPseudonym() const {
  if (manifest_.version == 0) return absl::OkStatus();
  const bool keyed = static_cast<bool>(options_.pseudonym);
  const std::string& folder = options_.store_folder;
  if (keyed != manifest_.pseudonymous) {
    return FailedPrecondition(folder, ": holds customer ids ",
                              manifest_.pseudonymous
                                  ? "as pseudonyms; this ingest has no key"
                                  : "as they are; this ingest has a pseudonym key",
                              ". All ingests of a store must agree");
  }
  if (keyed && options_.pseudonym(kPseudonymCheckText) != manifest_.pseudonym_check) {
    return FailedPrecondition(folder, ": was made with another pseudonym key than this ingest has");
  }
  return absl::OkStatus();
}

absl::Status Ingestion::FindReplaced() {
  if (options_.replace.empty()) return absl::OkStatus();
  for (IngestRecord& record : manifest_.ingests) {
    if (record.ingest_id != options_.replace) continue;
    if (record.source != options_.source.name) {
      return FailedPrecondition("ingest ", options_.replace, " is of source '", record.source,
                                "'; one of '", options_.source.name, "' can be replaced");
    }
    if (record.replaced_by != 0) {
      return FailedPrecondition("ingest ", options_.replace, " was replaced before");
    }
    record.replaced_by = record_.number;
    replaced_ = record.number;
    std::erase_if(manifest_.cleaning_parts,
                  [&](const EventPart& part) { return part.ingest == replaced_; });
    return absl::OkStatus();
  }
  return NotFound(options_.store_folder, ": has no ingest ", Printable(options_.replace),
                  " to replace");
}

absl::Status Ingestion::MakeFolders() {
  const std::string& folder = options_.store_folder;
  for (const std::string_view name :
       {kPartsFolder, kAttributesFolder, kCleaningFolder, kQuarantineFolder}) {
    BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(JoinPath(folder, name)));
  }
  BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(folder));
  return files_.SyncDirectory(ParentOf(folder));
}

void Ingestion::StartRecord() {
  record_.ingest_id = Concat(CompactTime(now_), "-", ZeroPadded(manifest_.version, 8));
  record_.number = 1;
  for (const IngestRecord& record : manifest_.ingests) {
    record_.number = std::max(record_.number, record.number + 1);
  }
  const SourceConfig& source = options_.source;
  record_.source = source.name;
  record_.party = source.party;
  record_.origin = source.origin;
  record_.licence = source.licence;
  record_.trust = source.trust;
  record_.input = options_.input;
  record_.config_sha256 = options_.config_sha256;
  record_.ingested_at = now_;
}

absl::Status Ingestion::Prepare() {
  const std::string& folder = options_.store_folder;
  auto manifest = LoadNewestManifest(files_, folder);
  if (!manifest.ok() && !absl::IsNotFound(manifest.status())) return manifest.status();
  if (manifest.ok()) old_ = *std::move(manifest);
  manifest_ = old_;
  BURGEON_RETURN_IF_ERROR(CheckPseudonym());
  ++manifest_.version;
  StartRecord();
  BURGEON_RETURN_IF_ERROR(FindReplaced());
  BURGEON_RETURN_IF_ERROR(RemoveLeftovers(files_, folder));
  prepared_ = true;
  staging_ = JoinPath(folder, Concat(kStagingPrefix, record_.ingest_id));
  staged_ = std::make_unique<Staged>(files_, staging_);
  quarantine_ = std::make_unique<QuarantineFile>(files_, staging_);
  return absl::OkStatus();
}

absl::Status Ingestion::ReadAndCommit() {
  DigestingFileSystem input(files_, options_.input);
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<TableReader> reader,
                           OpenTable(input, options_.input, options_.source.read));
  const ColumnIndex columns = ColumnIndex::Of(reader->column_names(), options_.input);
  std::shared_ptr<const CurrencyRates> rates;
  if (options_.source.currency) {
    BURGEON_ASSIGN_OR_RETURN(CurrencyRates loaded,
                             CurrencyRates::Load(files_, *options_.source.currency));
    rates = std::make_shared<const CurrencyRates>(std::move(loaded));
  }
  BURGEON_ASSIGN_OR_RETURN(
      RowStager stager,
      RowStager::Make(options_.source, columns, options_.pseudonym, now_, std::move(rates)));
  stager.LeaveOut(options_.erased);
  BURGEON_RETURN_IF_ERROR(ReadRows(*reader, stager));
  reader.reset();
  BURGEON_RETURN_IF_ERROR(MakeFolders());
  if (TooManyBad(0)) return RefuseFile();
  BURGEON_ASSIGN_OR_RETURN(const FileDigest digest, input.Finish());
  record_.input_sha256 = digest.sha256;
  // What is left goes to disk too: merging has memory of its own.
  if (staged_->spilled()) BURGEON_RETURN_IF_ERROR(staged_->Spill());
  BURGEON_RETURN_IF_ERROR(MergeEvents());
  BURGEON_RETURN_IF_ERROR(
      MergeAttributeKind(staged_->customers, "customers", &manifest_.customer_attribute_parts));
  BURGEON_RETURN_IF_ERROR(
      MergeAttributeKind(staged_->items, "items", &manifest_.item_attribute_parts));
  BURGEON_RETURN_IF_ERROR(
      MergeAttributeKind(staged_->aggregates, "aggregates", &manifest_.aggregate_parts));
  BURGEON_RETURN_IF_ERROR(WriteChanges());
  return Commit();
}

absl::Status Ingestion::ReadRows(TableReader& reader, const RowStager& stager) {
  Progress progress("ingest", reader.total_bytes(), "B", options_.progress);
  BURGEON_RETURN_IF_ERROR(
      ReadPieces(pool_, reader, stager, [&](StagedPiece piece) -> absl::StatusOr<bool> {
        progress.Add(piece.source_bytes);
        return TakePiece(std::move(piece));
      }));
  progress.Finish();
  return quarantine_->Finish();
}

absl::StatusOr<bool> Ingestion::TakePiece(StagedPiece piece) {
  IngestCounters& counters = record_.counters;
  counters.rows_read += piece.rows;
  counters.rows_ignored += piece.ignored;
  counters.erased_dropped += piece.erased_dropped;
  counters.attribute_rows += piece.attribute_rows;
  counters.values_cleaned += piece.values_cleaned;
  fields_ |= piece.fields;
  BURGEON_RETURN_IF_ERROR(TakeBadRows(piece.bad));
  staged_->Add(&piece);
  // Half for rows held; the other half for what is under way.
  if (staged_->held_bytes() > memory_bytes_ / 2) BURGEON_RETURN_IF_ERROR(staged_->Spill());
  return !TooManyBad(kBadRowsBeforeEarlyStop);
}

absl::Status Ingestion::TakeBadRows(const std::vector<StagedPiece::Bad>& bad) {
  IngestCounters& counters = record_.counters;
  counters.rows_quarantined += static_cast<int64_t>(bad.size());
  for (const StagedPiece::Bad& row : bad) {
    auto& reasons = counters.quarantine_by_reason;
    const bool full = reasons.size() >= kMaxReasons && !reasons.contains(row.reason);
    ++reasons[full ? std::string(kOtherReasons) : row.reason];
    BURGEON_RETURN_IF_ERROR(quarantine_->Add(row.text));
  }
  return absl::OkStatus();
}

bool Ingestion::TooManyBad(int64_t at_least) const {
  const int64_t bad = record_.counters.rows_quarantined;
  const double allowed =
      options_.source.max_bad_fraction * static_cast<double>(record_.counters.rows_read);
  return bad > at_least && static_cast<double>(bad) > allowed;
}

absl::Status Ingestion::RefuseFile() {
  BURGEON_RETURN_IF_ERROR(KeepQuarantine());
  const IngestCounters& counters = record_.counters;
  const auto worst =
      std::max_element(counters.quarantine_by_reason.begin(), counters.quarantine_by_reason.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return InvalidArgument(options_.input, ": ", counters.rows_quarantined, " of ",
                         counters.rows_read, " rows read are bad, more than max_bad_fraction ",
                         options_.source.max_bad_fraction, " allows; most often (", worst->second,
                         "): ", Printable(worst->first, 300), ". The rows are in ",
                         QuarantinePath(options_.store_folder, record_.ingest_id),
                         ". Nothing was added to the store");
}

absl::Status Ingestion::KeepQuarantine() {
  if (quarantine_->empty()) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(
      files_.Rename(quarantine_->path(), QuarantinePath(options_.store_folder, record_.ingest_id)));
  return files_.SyncDirectory(JoinPath(options_.store_folder, kQuarantineFolder));
}

std::string Ingestion::PartFile(std::string_view folder, std::string_view name) const {
  return JoinPath(folder, Concat(ZeroPadded(manifest_.version, 8), "-", name, ".parquet"));
}

absl::Status Ingestion::MergeEvents() {
  std::vector<std::vector<EventPart>> parts(kNoCustomerBucket + 1);
  for (const EventPart& part : old_.parts) parts[static_cast<size_t>(part.bucket)].push_back(part);
  MergeContext context;
  context.files = &files_;
  context.folder = options_.store_folder;
  context.staging = staging_;
  context.store = &old_;
  context.staged = &staged_->events;
  context.source = options_.source.name;
  context.duplicates = options_.source.duplicates;
  context.ingest = record_.number;
  context.replaced = replaced_;
  context.fields = fields_;
  context.memory_bytes = std::max<int64_t>(memory_bytes_ / 2 / pool_.threads(), 1);
  std::vector<BucketChange> changes(parts.size());
  // The events without a customer first: they may be many.
  BURGEON_RETURN_IF_ERROR(
      pool_.ParallelForStatus(kNoCustomerBucket + 1, 1, [&](int64_t i, int64_t) -> absl::Status {
        const int bucket = static_cast<int>(kNoCustomerBucket - i);
        const auto b = static_cast<size_t>(bucket);
        BURGEON_ASSIGN_OR_RETURN(
            changes[b],
            MergeBucket(context, bucket, parts[b], PartFile(kPartsFolder, ZeroPadded(bucket, 3))));
        return absl::OkStatus();
      }));
  TakeChanges(std::move(changes));
  return absl::OkStatus();
}

void Ingestion::TakeChanges(std::vector<BucketChange> changes) {
  manifest_.parts.clear();
  TimeMicros known = INT64_MIN;
  for (BucketChange& change : changes) {
    AddCounters(change.counters, &record_.counters);
    manifest_.max_event_time = std::max(manifest_.max_event_time, change.max_event_time);
    known = std::max(known, change.max_known_at);
    std::move(change.parts.begin(), change.parts.end(), std::back_inserter(manifest_.parts));
  }
  if (known == INT64_MIN) return;
  manifest_.max_known_at = std::max(manifest_.max_known_at, known);
  const TimeMicros lateness = options_.source.lateness_seconds * kMicrosPerSecond;
  manifest_.watermark = std::max(manifest_.watermark, known - lateness);
}

absl::Status Ingestion::MergeAttributeKind(const StagedBuckets& staged, std::string_view name,
                                           std::vector<EventPart>* parts) {
  std::vector<std::vector<AttributeValue>> collapsed(kEventBuckets);
  BURGEON_RETURN_IF_ERROR(
      pool_.ParallelForStatus(kEventBuckets, 1, [&](int64_t bucket, int64_t) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(std::vector<StagedAttribute> values,
                                 ReadStagedAttributes(staged, static_cast<int>(bucket), name));
        collapsed[static_cast<size_t>(bucket)] = CollapseAttributes(std::move(values));
        return absl::OkStatus();
      }));
  std::vector<AttributeValue> values;
  for (std::vector<AttributeValue>& bucket : collapsed) {
    for (AttributeValue& value : bucket) {
      value.source = record_.source;
      value.ingest = record_.number;
      values.push_back(std::move(value));
    }
  }
  const bool timeless =
      options_.source.kind != SourceKind::kEvents && !options_.source.attributes.time;
  BURGEON_ASSIGN_OR_RETURN(
      AttributeChange change,
      MergeAttributes(files_, options_.store_folder, *parts, manifest_.ingests, std::move(values),
                      PartFile(kAttributesFolder, name),
                      timeless ? AttributeNovelty::kByLatestValue : AttributeNovelty::kByContent,
                      replaced_));
  *parts = std::move(change.parts);
  record_.counters.attribute_values_added += change.values_added;
  manifest_.max_known_at = std::max(manifest_.max_known_at, change.max_known_at);
  return absl::OkStatus();
}

absl::Status Ingestion::WriteChanges() {
  const std::string file = JoinPath(kCleaningFolder, Concat(record_.ingest_id, ".parquet"));
  BURGEON_ASSIGN_OR_RETURN(
      std::optional<EventPart> part,
      WriteCleaningLog(files_, pool_, options_.store_folder, file, staged_->changes));
  if (!part) return absl::OkStatus();
  part->ingest = record_.number;
  record_.counters.cleaning_entries = part->rows;
  manifest_.cleaning_parts.push_back(*std::move(part));
  return absl::OkStatus();
}

absl::Status Ingestion::Commit() {
  const IngestCounters& c = record_.counters;
  BURGEON_CHECK(c.rows_read == c.events_added + c.events_without_customer + c.rows_quarantined +
                                   c.duplicates_in_file + c.already_stored + c.rows_ignored +
                                   c.attribute_rows + c.erased_dropped);
  BURGEON_RETURN_IF_ERROR(KeepQuarantine());
  const std::string& folder = options_.store_folder;
  for (const std::string_view name : {kPartsFolder, kAttributesFolder, kCleaningFolder}) {
    BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(JoinPath(folder, name)));
  }
  manifest_.pseudonymous = static_cast<bool>(options_.pseudonym);
  if (manifest_.pseudonymous) manifest_.pseudonym_check = options_.pseudonym(kPseudonymCheckText);
  manifest_.ingests.push_back(record_);
  return CommitManifest(files_, folder, manifest_);
}

}  // namespace

std::string QuarantinePath(const std::string& store_folder, const std::string& ingest_id) {
  return JoinPath(JoinPath(store_folder, kQuarantineFolder), Concat(ingest_id, ".jsonl"));
}

absl::StatusOr<IngestRecord> Ingest(FileSystem& files, ThreadPool& pool, const Clock& clock,
                                    const IngestOptions& options) {
  return Ingestion(files, pool, clock, options).Run();
}

}  // namespace burgeon
