#include "engine/events/bucket_merge.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/events/client_ids.h"
#include "engine/events/content_key.h"
#include "engine/events/event_parts.h"
#include "engine/events/event_stream.h"
#include "engine/events/stored_rows.h"

namespace burgeon {
namespace {

class BucketMerge {
 public:
  BucketMerge(const MergeContext& context, int bucket, const std::vector<EventPart>& parts,
              const std::string& file)
      : context_(context), bucket_(bucket), file_(file), records_(context.store->ingests) {
    for (const EventPart& part : parts) {
      // A part of the replaced ingest alone goes as it is.
      const bool gone = context.replaced != 0 && part.ingest == context.replaced;
      if (gone) change_.counters.events_replaced += part.rows;
      if (!gone) change_.parts.push_back(part);
    }
  }

  absl::StatusOr<BucketChange> Run() {
    BURGEON_ASSIGN_OR_RETURN(rewrite_, HasReplacedRows());
    if (context_.staged->BytesOf(bucket_) > 0) BURGEON_RETURN_IF_ERROR(TakeStaged());
    if (rewrite_ && writer_ == nullptr) BURGEON_RETURN_IF_ERROR(OpenWriter());
    if (writer_ == nullptr) return std::move(change_);
    if (carried_) BURGEON_RETURN_IF_ERROR(CarryBefore(nullptr));
    if (written_ > 0) {
      BURGEON_ASSIGN_OR_RETURN(EventPart part, writer_->Finish());
      change_.parts.push_back(std::move(part));
    }
    CountByType();
    return std::move(change_);
  }

 private:
  // Of one customer and time: how often each content is stored, and came in this file.
  struct Occurrences {
    int64_t stored = 0;
    int64_t seen = 0;
  };

  bool IsOfSource(int64_t ingest) {
    if (ingest == context_.replaced) return false;
    const IngestRecord* record = records_.Find(ingest);
    return record != nullptr && record->source == context_.source;
  }

  absl::StatusOr<bool> HasReplacedRows();
  absl::Status TakeStaged();
  absl::StatusOr<ClientIdVerdicts> Judge();
  absl::Status OpenStored(TimeMicros first, TimeMicros last);
  absl::Status ReadStoredInstant(const EventView& row);
  absl::Status TakeRow(const EventStream& stream);
  absl::Status Keep(const EventView& row);
  absl::Status OpenWriter();
  absl::Status CarryBefore(const EventView* row);
  void CountByType();

  const MergeContext& context_;
  const int bucket_;
  const std::string& file_;
  EventFiller records_;
  BucketChange change_;
  bool rewrite_ = false;
  std::optional<StoredRows> stored_;   // of the source, to compare with
  std::optional<StoredRows> carried_;  // all of the bucket, which go to the new part
  std::unique_ptr<EventPartWriter> writer_;
  int64_t written_ = 0;
  bool in_instant_ = false;  // `occurrences_` is of the row the stream stands on
  HashMap<ContentKey, Occurrences> occurrences_;
  std::array<int64_t, kEventTypes> by_type_{};
};

absl::StatusOr<bool> BucketMerge::HasReplacedRows() {
  if (context_.replaced == 0) return false;
  for (const EventPart& part : change_.parts) {
    if (part.ingest != 0) continue;
    BURGEON_ASSIGN_OR_RETURN(auto reader,
                             EventPartReader::Open(*context_.files, context_.folder, part));
    while (reader->row() != nullptr) {
      if (reader->row()->ingest == context_.replaced) return true;
      BURGEON_RETURN_IF_ERROR(reader->Advance());
    }
  }
  return false;
}

absl::StatusOr<ClientIdVerdicts> BucketMerge::Judge() {
  const StoredIds stored = [&](const auto& take) -> absl::Status {
    for (const EventPart& part : change_.parts) {
      if (part.ingest != 0 && !IsOfSource(part.ingest)) continue;
      BURGEON_ASSIGN_OR_RETURN(auto reader,
                               EventPartReader::Open(*context_.files, context_.folder, part));
      while (reader->row() != nullptr) {
        const EventView& row = *reader->row();
        if (!row.event_id.empty() && IsOfSource(row.ingest)) take(row);
        BURGEON_RETURN_IF_ERROR(reader->Advance());
      }
    }
    return absl::OkStatus();
  };
  return JudgeClientIds(*context_.staged, bucket_, stored, context_.memory_bytes);
}

// Only parts that hold events of the source and of these times.
absl::Status BucketMerge::OpenStored(TimeMicros first, TimeMicros last) {
  std::vector<EventPart> near;
  for (const EventPart& part : change_.parts) {
    const bool own = part.ingest == 0 || IsOfSource(part.ingest);
    if (own && part.min_event_time <= last && part.max_event_time >= first) near.push_back(part);
  }
  if (near.empty()) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(stored_, StoredRows::Open(*context_.files, context_.folder, near));
  return absl::OkStatus();
}

absl::Status BucketMerge::TakeStaged() {
  ClientIdVerdicts verdicts;
  if ((context_.fields & kEventIdField) != 0) {
    BURGEON_ASSIGN_OR_RETURN(verdicts, Judge());
    change_.counters.duplicates_in_file += verdicts.duplicates_in_file;
    change_.counters.already_stored += verdicts.already_stored;
    change_.counters.event_id_conflicts += verdicts.conflicts;
  }
  const auto drop = [&](int64_t record) { return verdicts.drop[static_cast<size_t>(record)]; };
  const SortOptions sort{context_.files, context_.staging, context_.memory_bytes};
  BURGEON_ASSIGN_OR_RETURN(
      auto stream,
      SortBucket(sort, *context_.staged, bucket_,
                 verdicts.drop.empty() ? std::function<bool(int64_t)>() : std::ref(drop)));
  BURGEON_RETURN_IF_ERROR(OpenStored(stream->first_time(), stream->last_time()));
  while (stream->row() != nullptr) {
    BURGEON_RETURN_IF_ERROR(TakeRow(*stream));
    BURGEON_RETURN_IF_ERROR(stream->Advance());
  }
  return absl::OkStatus();
}

// Brings `stored_` to the row's customer and time, and counts what it has there.
absl::Status BucketMerge::ReadStoredInstant(const EventView& row) {
  if (!stored_) return absl::OkStatus();
  const auto key = [](const EventView& e) { return std::tie(e.customer_id, e.event_time); };
  while (stored_->row() != nullptr) {
    const EventView& stored = *stored_->row();
    if (key(row) < key(stored)) break;
    const bool same = key(stored) == key(row);
    if (same && stored.event_id.empty() && IsOfSource(stored.ingest)) {
      ++occurrences_[KeyOfContent(stored)].stored;
    }
    BURGEON_RETURN_IF_ERROR(stored_->Advance());
  }
  return absl::OkStatus();
}

absl::Status BucketMerge::TakeRow(const EventStream& stream) {
  const EventView& row = *stream.row();
  if (!in_instant_) BURGEON_RETURN_IF_ERROR(ReadStoredInstant(row));
  const bool alone = !in_instant_ && !stream.next_is_same_instant() && occurrences_.empty();
  in_instant_ = stream.next_is_same_instant();
  if (alone || !row.event_id.empty()) {
    if (!in_instant_) occurrences_.clear();
    return Keep(row);
  }
  Occurrences& same = occurrences_[KeyOfContent(row)];
  const int64_t occurrence = ++same.seen;
  const bool stored = occurrence <= same.stored;
  if (!in_instant_) occurrences_.clear();
  IngestCounters& counters = change_.counters;
  if (occurrence > 1 && context_.duplicates == Duplicates::kDrop) {
    ++counters.duplicates_in_file;
    return absl::OkStatus();
  }
  if (occurrence > 1) ++counters.duplicates_kept;
  if (!stored) return Keep(row);
  ++counters.already_stored;
  return absl::OkStatus();
}

absl::Status BucketMerge::Keep(const EventView& row) {
  EventView kept = row;
  kept.ingest = context_.ingest;
  if (writer_ == nullptr) BURGEON_RETURN_IF_ERROR(OpenWriter());
  if (carried_) BURGEON_RETURN_IF_ERROR(CarryBefore(&kept));
  ++by_type_[static_cast<size_t>(kept.type)];
  if (kept.event_time < context_.store->watermark) ++change_.counters.late_events;
  change_.max_event_time = std::max(change_.max_event_time, kept.event_time);
  change_.max_known_at = std::max(change_.max_known_at, kept.known_at);
  ++written_;
  return writer_->Add(kept);
}

absl::Status BucketMerge::OpenWriter() {
  EventPartSpec spec{file_, bucket_, context_.fields, context_.ingest};
  if (rewrite_ || change_.parts.size() + 1 > kMaxPartsABucket) {
    BURGEON_ASSIGN_OR_RETURN(carried_,
                             StoredRows::Open(*context_.files, context_.folder, change_.parts));
    spec.fields |= carried_->fields() | kIngestField;
    spec.ingest = 0;
    change_.parts.clear();
  }
  BURGEON_ASSIGN_OR_RETURN(writer_, EventPartWriter::Open(*context_.files, context_.folder, spec));
  return absl::OkStatus();
}

// Writes the stored rows that come before `row`, or all that are left.
absl::Status BucketMerge::CarryBefore(const EventView* row) {
  while (carried_->row() != nullptr) {
    const EventView& stored = *carried_->row();
    if (row != nullptr && ViewBefore(*row, stored)) return absl::OkStatus();
    if (context_.replaced != 0 && stored.ingest == context_.replaced) {
      ++change_.counters.events_replaced;
    } else {
      ++written_;
      BURGEON_RETURN_IF_ERROR(writer_->Add(stored));
    }
    BURGEON_RETURN_IF_ERROR(carried_->Advance());
  }
  return absl::OkStatus();
}

void BucketMerge::CountByType() {
  IngestCounters& counters = change_.counters;
  int64_t added = 0;
  for (size_t i = 0; i < by_type_.size(); ++i) {
    added += by_type_[i];
    if (by_type_[i] == 0) continue;
    counters.events_by_type[std::string(EventTypeName(static_cast<EventType>(i)))] = by_type_[i];
  }
  (bucket_ == kNoCustomerBucket ? counters.events_without_customer : counters.events_added) = added;
}

}  // namespace

absl::StatusOr<BucketChange> MergeBucket(const MergeContext& context, int bucket,
                                         const std::vector<EventPart>& parts,
                                         const std::string& file) {
  return BucketMerge(context, bucket, parts, file).Run();
}

}  // namespace burgeon
