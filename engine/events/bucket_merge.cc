#include "engine/events/bucket_merge.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/base/check.h"
#include "engine/events/event_parts.h"

namespace burgeon {
namespace {

struct Row {
  Event event;
  std::string properties;
  EventView view;
};

void SetView(Row* row, uint64_t unmapped) {
  row->view = ViewOf(row->event, &row->properties);
  row->view.unmapped = unmapped;
}

bool RowBefore(const std::unique_ptr<Row>& a, const std::unique_ptr<Row>& b) {
  return ViewBefore(a->view, b->view);
}

using Rows = std::vector<std::unique_ptr<Row>>;

absl::StatusOr<Rows> ReadStored(FileSystem& files, const std::string& folder,
                                const std::vector<EventPart>& parts, const EventManifest& store) {
  Rows out;
  EventFiller filler(store.ingests);
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(auto reader, EventPartReader::Open(files, folder, part));
    while (reader->row() != nullptr) {
      auto row = std::make_unique<Row>();
      BURGEON_RETURN_IF_ERROR(filler.Fill(*reader->row(), &row->event));
      SetView(row.get(), reader->row()->unmapped);
      out.push_back(std::move(row));
      BURGEON_RETURN_IF_ERROR(reader->Advance());
    }
  }
  return out;
}

std::string KeyOf(const EventView& e) {
  const char between = '\x1f';
  return Concat(e.customer_id, between, e.item_id, between, EventTypeName(e.type), between,
                e.event_time, between, e.quantity, between, e.value_micros ? 1 : 0,
                e.value_micros.value_or(0), between, e.currency, between, e.session_id, between,
                e.channel, between, e.properties, between, e.unmapped);
}

void Count(const Row& row, const MergeOptions& options, BucketChange* out) {
  IngestCounters& counters = out->counters;
  ++(row.view.customer_id.empty() ? counters.events_without_customer : counters.events_added);
  ++counters.events_by_type[std::string(EventTypeName(row.view.type))];
  if (row.view.event_time < options.watermark) ++counters.late_events;
  out->max_event_time = std::max(out->max_event_time, row.view.event_time);
  out->max_known_at = std::max(out->max_known_at, row.view.known_at);
}

// Moves what is new of `staged` to the result.
Rows TakeNew(std::vector<StagedEvent> staged, const Rows& stored, const MergeOptions& options,
             BucketChange* out) {
  StringMap<int64_t> counts;                    // of stored events without an id of the client's
  StringMap<std::pair<std::string, bool>> ids;  // of the client's: content; whether it was stored
  for (const auto& row : stored) {
    if (row->event.source != options.source) continue;
    if (row->event.event_id.empty()) {
      ++counts[KeyOf(row->view)];
    } else {
      ids.emplace(row->event.event_id, std::pair(KeyOf(row->view), true));
    }
  }
  Rows added;
  StringMap<int64_t> occurrences;
  for (StagedEvent& next : staged) {
    auto row = std::make_unique<Row>();
    row->event = std::move(next.event);
    row->event.ingest = options.ingest;
    SetView(row.get(), next.unmapped);
    std::string key = KeyOf(row->view);
    if (!row->event.event_id.empty()) {
      const auto [found, is_new] =
          ids.try_emplace(row->event.event_id, std::pair(std::move(key), false));
      if (!is_new) {
        ++(found->second.second ? out->counters.already_stored : out->counters.duplicates_in_file);
        if (found->second.first != KeyOf(row->view)) ++out->counters.event_id_conflicts;
        continue;
      }
    } else {
      const int64_t occurrence = ++occurrences[key];
      if (occurrence > 1 && options.duplicates == Duplicates::kDrop) {
        ++out->counters.duplicates_in_file;
        continue;
      }
      if (occurrence > 1) ++out->counters.duplicates_kept;
      if (occurrence <= counts[key]) {
        ++out->counters.already_stored;
        continue;
      }
    }
    Count(*row, options, out);
    added.push_back(std::move(row));
  }
  return added;
}

}  // namespace

absl::StatusOr<BucketChange> MergeBucket(FileSystem& files, const std::string& folder, int bucket,
                                         const std::vector<EventPart>& parts,
                                         std::string_view records, const std::string& file,
                                         const MergeOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<StagedEvent> staged,
                           DecodeStagedEvents(records, Concat("bucket ", bucket)));
  BURGEON_ASSIGN_OR_RETURN(Rows stored, ReadStored(files, folder, parts, *options.store));
  BucketChange out;
  out.parts = parts;
  out.max_event_time = INT64_MIN;
  out.max_known_at = INT64_MIN;
  Rows added = TakeNew(std::move(staged), stored, options, &out);
  if (added.empty()) return out;
  EventPartSpec spec{file, bucket, 0, options.ingest};
  if (parts.size() + 1 > kMaxPartsABucket) {
    std::move(stored.begin(), stored.end(), std::back_inserter(added));
    spec.ingest = 0;
    spec.fields = kIngestField;
    out.parts.clear();
  }
  std::stable_sort(added.begin(), added.end(), RowBefore);
  for (const auto& row : added) spec.fields |= FieldsOf(row->view);
  BURGEON_ASSIGN_OR_RETURN(auto writer, EventPartWriter::Open(files, folder, spec));
  for (const auto& row : added) BURGEON_RETURN_IF_ERROR(writer->Add(row->view));
  BURGEON_ASSIGN_OR_RETURN(EventPart part, writer->Finish());
  out.parts.push_back(std::move(part));
  return out;
}

}  // namespace burgeon
