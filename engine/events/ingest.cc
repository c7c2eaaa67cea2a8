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
#include "engine/events/event_manifest.h"
#include "engine/events/event_parts.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/quarantine.h"
#include "engine/storage/manifest.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr int64_t kRowsABlock = 2048;
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

class Ingestion {
 public:
  Ingestion(FileSystem& files, ThreadPool& pool, const Clock& clock, const IngestOptions& options)
      : files_(files), pool_(pool), options_(options), now_(clock.Now()) {}

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
  absl::Status MakeFolders();
  absl::Status ReadAndCommit();
  absl::Status ReadRows(TableReader& reader, const RowStager& stager);
  absl::Status TakeBatch(const TextBatch& batch, const RowStager& stager);
  absl::Status TakeBlocks(const TextBatch& batch, const RowStager& stager,
                          std::vector<StagedBlock> blocks);
  absl::Status SpillIfLarge();
  bool TooManyBad(int64_t at_least) const;
  absl::Status RefuseFile();
  absl::Status KeepQuarantine();
  absl::Status MergeEvents();
  absl::Status MergeAttributeKind(BucketSpill* spill, std::string_view name,
                                  std::vector<EventPart>* parts);
  absl::Status Commit();
  std::string PartFile(std::string_view folder, std::string_view name) const;

  FileSystem& files_;
  ThreadPool& pool_;
  const IngestOptions& options_;
  const TimeMicros now_;
  bool prepared_ = false;
  EventManifest manifest_;  // the old one, becoming the new one
  IngestRecord record_;
  std::string staging_;
  std::unique_ptr<BucketSpill> events_, customer_attributes_, item_attributes_, aggregates_;
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

absl::Status Ingestion::MakeFolders() {
  const std::string& folder = options_.store_folder;
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(JoinPath(folder, kPartsFolder)));
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(JoinPath(folder, kAttributesFolder)));
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(JoinPath(folder, kQuarantineFolder)));
  BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(folder));
  return files_.SyncDirectory(ParentOf(folder));
}

absl::Status Ingestion::Prepare() {
  const std::string& folder = options_.store_folder;
  auto manifest = LoadNewestManifest(files_, folder);
  if (!manifest.ok() && !absl::IsNotFound(manifest.status())) return manifest.status();
  if (manifest.ok()) manifest_ = *std::move(manifest);
  BURGEON_RETURN_IF_ERROR(CheckPseudonym());
  ++manifest_.version;

  record_.ingest_id = Concat(CompactTime(now_), "-", ZeroPadded(manifest_.version, 8));
  record_.number = 1;
  for (const IngestRecord& record : manifest_.ingests) {
    record_.number = std::max(record_.number, record.number + 1);
  }
  record_.source = options_.source.name;
  record_.party = options_.source.party;
  record_.origin = options_.source.origin;
  record_.licence = options_.source.licence;
  record_.trust = options_.source.trust;
  record_.input = options_.input;
  record_.config_sha256 = options_.config_sha256;
  record_.ingested_at = now_;
  int64_t bytes = 0;
  BURGEON_RETURN_IF_ERROR(DigestFile(files_, options_.input, &bytes, &record_.input_sha256));

  BURGEON_RETURN_IF_ERROR(RemoveLeftovers(files_, folder));
  prepared_ = true;
  staging_ = JoinPath(folder, Concat(kStagingPrefix, record_.ingest_id));
  const auto spill = [&](const char* name, int buckets) {
    return std::make_unique<BucketSpill>(files_, staging_, name, buckets);
  };
  events_ = spill("events", kNoCustomerBucket + 1);
  customer_attributes_ = spill("customers", kEventBuckets);
  item_attributes_ = spill("items", kEventBuckets);
  aggregates_ = spill("aggregates", kEventBuckets);
  quarantine_ = std::make_unique<QuarantineFile>(files_, staging_);
  return absl::OkStatus();
}

absl::Status Ingestion::ReadAndCommit() {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> reader,
                           OpenTable(files_, options_.input, options_.source.read));
  const ColumnIndex columns = ColumnIndex::Of(reader->column_names(), options_.input);
  BURGEON_ASSIGN_OR_RETURN(const RowStager stager,
                           RowStager::Make(options_.source, columns, options_.pseudonym, now_));
  BURGEON_RETURN_IF_ERROR(ReadRows(*reader, stager));
  BURGEON_RETURN_IF_ERROR(MakeFolders());
  if (TooManyBad(0)) return RefuseFile();
  BURGEON_RETURN_IF_ERROR(MergeEvents());
  BURGEON_RETURN_IF_ERROR(MergeAttributeKind(customer_attributes_.get(), "customers",
                                             &manifest_.customer_attribute_parts));
  BURGEON_RETURN_IF_ERROR(
      MergeAttributeKind(item_attributes_.get(), "items", &manifest_.item_attribute_parts));
  BURGEON_RETURN_IF_ERROR(
      MergeAttributeKind(aggregates_.get(), "aggregates", &manifest_.aggregate_parts));
  return Commit();
}

absl::Status Ingestion::ReadRows(TableReader& reader, const RowStager& stager) {
  Progress progress("ingest", reader.total_bytes(), "B", options_.progress);
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader.Next());
    if (!batch) break;
    BURGEON_RETURN_IF_ERROR(TakeBatch(*batch, stager));
    BURGEON_RETURN_IF_ERROR(SpillIfLarge());
    progress.Add(batch->source_bytes);
    if (TooManyBad(kBadRowsBeforeEarlyStop)) break;
  }
  progress.Finish();
  return quarantine_->Finish();
}

absl::Status Ingestion::TakeBatch(const TextBatch& batch, const RowStager& stager) {
  const int64_t rows = batch.rows();
  std::vector<StagedBlock> blocks(static_cast<size_t>((rows + kRowsABlock - 1) / kRowsABlock));
  pool_.ParallelFor(rows, kRowsABlock, [&](int64_t begin, int64_t end) {
    blocks[static_cast<size_t>(begin / kRowsABlock)] = stager.Stage(batch, begin, end);
  });
  record_.counters.rows_read += rows + static_cast<int64_t>(batch.bad_rows.size());
  return TakeBlocks(batch, stager, std::move(blocks));
}

absl::Status Ingestion::TakeBlocks(const TextBatch& batch, const RowStager& stager,
                                   std::vector<StagedBlock> blocks) {
  IngestCounters& counters = record_.counters;
  std::vector<StagedBlock::Bad> bad;
  for (const BadRow& row : batch.bad_rows) bad.push_back(stager.Refuse(row));
  const auto append = [](const StagedRecords& records, BucketSpill* spill) {
    size_t at = 0;
    for (const auto& [bucket, size] : records.records) {
      spill->Append(bucket, std::string_view(records.bytes).substr(at, size));
      at += size;
    }
  };
  for (StagedBlock& block : blocks) {
    append(block.events, events_.get());
    append(block.customer_attributes, customer_attributes_.get());
    append(block.item_attributes, item_attributes_.get());
    append(block.aggregates, aggregates_.get());
    counters.rows_ignored += block.ignored;
    counters.attribute_rows += block.attribute_rows;
    std::move(block.bad.begin(), block.bad.end(), std::back_inserter(bad));
  }
  std::stable_sort(bad.begin(), bad.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  counters.rows_quarantined += static_cast<int64_t>(bad.size());
  for (const StagedBlock::Bad& row : bad) {
    auto& reasons = counters.quarantine_by_reason;
    const bool full = reasons.size() >= kMaxReasons && !reasons.contains(row.reason);
    ++reasons[full ? std::string(kOtherReasons) : row.reason];
    BURGEON_RETURN_IF_ERROR(quarantine_->Add(row.text));
  }
  return absl::OkStatus();
}

absl::Status Ingestion::SpillIfLarge() {
  const int64_t held = events_->buffered_bytes() + customer_attributes_->buffered_bytes() +
                       item_attributes_->buffered_bytes();
  if (held <= options_.source.memory_limit_mib * kBytesAMebibyte) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(events_->Flush());
  BURGEON_RETURN_IF_ERROR(customer_attributes_->Flush());
  return item_attributes_->Flush();
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
  for (EventPart& part : manifest_.parts) {
    parts[static_cast<size_t>(part.bucket)].push_back(std::move(part));
  }
  const MergeOptions merge{options_.source.name, options_.source.duplicates, record_.number,
                           manifest_.watermark, &manifest_};
  std::vector<BucketChange> changes(parts.size());
  BURGEON_RETURN_IF_ERROR(pool_.ParallelForStatus(
      kNoCustomerBucket + 1, 1, [&](int64_t bucket, int64_t) -> absl::Status {
        const auto b = static_cast<size_t>(bucket);
        const int number = static_cast<int>(bucket);
        BURGEON_ASSIGN_OR_RETURN(const std::string records, events_->Take(number));
        changes[b].parts = parts[b];
        changes[b].max_event_time = INT64_MIN;
        changes[b].max_known_at = INT64_MIN;
        if (records.empty()) return absl::OkStatus();
        BURGEON_ASSIGN_OR_RETURN(
            changes[b], MergeBucket(files_, options_.store_folder, number, parts[b], records,
                                    PartFile(kPartsFolder, ZeroPadded(bucket, 3)), merge));
        return absl::OkStatus();
      }));
  manifest_.parts.clear();
  IngestCounters& counters = record_.counters;
  for (BucketChange& change : changes) {
    counters.events_added += change.counters.events_added;
    counters.events_without_customer += change.counters.events_without_customer;
    counters.duplicates_in_file += change.counters.duplicates_in_file;
    counters.duplicates_kept += change.counters.duplicates_kept;
    counters.already_stored += change.counters.already_stored;
    counters.event_id_conflicts += change.counters.event_id_conflicts;
    counters.late_events += change.counters.late_events;
    for (const auto& [type, count] : change.counters.events_by_type) {
      counters.events_by_type[type] += count;
    }
    manifest_.max_event_time = std::max(manifest_.max_event_time, change.max_event_time);
    manifest_.max_known_at = std::max(manifest_.max_known_at, change.max_known_at);
    if (change.max_known_at != INT64_MIN) {
      const TimeMicros lateness = options_.source.lateness_seconds * kMicrosPerSecond;
      manifest_.watermark = std::max(manifest_.watermark, change.max_known_at - lateness);
    }
    std::move(change.parts.begin(), change.parts.end(), std::back_inserter(manifest_.parts));
  }
  return absl::OkStatus();
}

absl::Status Ingestion::MergeAttributeKind(BucketSpill* spill, std::string_view name,
                                           std::vector<EventPart>* parts) {
  std::vector<std::vector<AttributeValue>> collapsed(kEventBuckets);
  BURGEON_RETURN_IF_ERROR(
      pool_.ParallelForStatus(kEventBuckets, 1, [&](int64_t bucket, int64_t) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(const std::string records, spill->Take(static_cast<int>(bucket)));
        BURGEON_ASSIGN_OR_RETURN(std::vector<StagedAttribute> staged,
                                 DecodeStagedAttributes(records, Concat(name, " bucket ", bucket)));
        collapsed[static_cast<size_t>(bucket)] = CollapseAttributes(std::move(staged));
        return absl::OkStatus();
      }));
  std::vector<AttributeValue> values;
  const auto own = [&](AttributeValue& value) {
    value.source = record_.source;
    value.ingest = record_.number;
  };
  for (std::vector<AttributeValue>& bucket : collapsed) {
    std::for_each(bucket.begin(), bucket.end(), own);
  }
  for (std::vector<AttributeValue>& bucket : collapsed) {
    std::move(bucket.begin(), bucket.end(), std::back_inserter(values));
  }
  const bool timeless =
      options_.source.kind != SourceKind::kEvents && !options_.source.attributes.time;
  BURGEON_ASSIGN_OR_RETURN(
      AttributeChange change,
      MergeAttributes(files_, options_.store_folder, *parts, manifest_.ingests, std::move(values),
                      PartFile(kAttributesFolder, name),
                      timeless ? AttributeNovelty::kByLatestValue : AttributeNovelty::kByContent));
  *parts = std::move(change.parts);
  record_.counters.attribute_values_added += change.values_added;
  manifest_.max_known_at = std::max(manifest_.max_known_at, change.max_known_at);
  return absl::OkStatus();
}

absl::Status Ingestion::Commit() {
  const IngestCounters& c = record_.counters;
  BURGEON_CHECK(c.rows_read == c.events_added + c.events_without_customer + c.rows_quarantined +
                                   c.duplicates_in_file + c.already_stored + c.rows_ignored +
                                   c.attribute_rows);
  BURGEON_RETURN_IF_ERROR(KeepQuarantine());
  const std::string& folder = options_.store_folder;
  BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(JoinPath(folder, kPartsFolder)));
  BURGEON_RETURN_IF_ERROR(files_.SyncDirectory(JoinPath(folder, kAttributesFolder)));
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
