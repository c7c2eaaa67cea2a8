#include "engine/events/bucket_merge.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/events/event_parts.h"
#include "engine/events/row_digest.h"

namespace burgeon {
namespace {

// Whether two events with one id of the client's say the same. When they were read is left out, and
// so is known_at, which a changed known_lag moves.
bool SameContent(const Event& a, const Event& b) {
  const auto key = [](const Event& e) {
    return std::tie(e.customer_id, e.item_id, e.type, e.event_time, e.quantity, e.value_micros,
                    e.currency, e.session_id, e.channel, e.properties);
  };
  return key(a) == key(b);
}

std::string_view KeyOf(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Gives the events their ids, drops what the file itself has twice.
std::vector<Event> TakeNewOfFile(std::vector<StagedEvent> staged, const MergeOptions& options,
                                 std::vector<bool>* client_ids, IngestCounters* counters) {
  std::vector<Event> out;
  out.reserve(staged.size());
  StringMap<int64_t> occurrences;  // of a raw row
  StringMap<size_t> by_client_id;  // index into `out`
  for (StagedEvent& row : staged) {
    Event& event = row.event;
    const bool client_id = !event.event_id.empty();
    if (client_id) {
      const auto [found, added] = by_client_id.try_emplace(event.event_id, out.size());
      if (!added) {
        ++counters->duplicates_in_file;
        if (!SameContent(out[found->second], event)) ++counters->event_id_conflicts;
        continue;
      }
    } else {
      const int64_t occurrence = ++occurrences[KeyOf(row.row_digest)];
      if (occurrence > 1) {
        if (options.duplicates == Duplicates::kDrop) {
          ++counters->duplicates_in_file;
          continue;
        }
        ++counters->duplicates_kept;
      }
      event.event_id = EventIdOf(row.row_digest, occurrence);
    }
    event.source = options.source;
    event.ingested_at = options.ingested_at;
    out.push_back(std::move(event));
    client_ids->push_back(client_id);
  }
  return out;
}

StringMap<const Event*> IdsOf(const std::vector<EventKey>& keys, std::string_view source) {
  StringMap<const Event*> out;
  for (const EventKey& key : keys) {
    if (key.source == source) out.emplace(key.event_id, nullptr);
  }
  return out;
}

absl::StatusOr<std::vector<Event>> ReadWholeBucket(FileSystem& files, const std::string& folder,
                                                   const std::vector<EventPart>& parts) {
  std::vector<Event> out;
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<Event> events, ReadEventPart(files, folder, part));
    std::move(events.begin(), events.end(), std::back_inserter(out));
  }
  return out;
}

absl::StatusOr<std::vector<EventKey>> ReadAllKeys(FileSystem& files, const std::string& folder,
                                                  const std::vector<EventPart>& parts) {
  std::vector<EventKey> out;
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<EventKey> keys, ReadEventKeys(files, folder, part));
    std::move(keys.begin(), keys.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace

MergeResult MergeStaged(std::vector<StagedEvent> staged, const StringMap<const Event*>& stored,
                        const MergeOptions& options) {
  MergeResult out;
  std::vector<bool> client_ids;
  std::vector<Event> events = TakeNewOfFile(std::move(staged), options, &client_ids, &out.counters);
  for (size_t i = 0; i < events.size(); ++i) {
    Event& event = events[i];
    if (const auto found = stored.find(event.event_id); found != stored.end()) {
      ++out.counters.already_stored;
      const bool compare = client_ids[i] && found->second != nullptr;
      if (compare && !SameContent(*found->second, event)) ++out.counters.event_id_conflicts;
      continue;
    }
    if (event.customer_id.empty()) {
      ++out.counters.events_without_customer;
    } else {
      ++out.counters.events_added;
    }
    ++out.counters.events_by_type[std::string(EventTypeName(event.type))];
    out.added.push_back(std::move(event));
  }
  std::sort(out.added.begin(), out.added.end(), EventBefore);
  return out;
}

absl::StatusOr<BucketChange> MergeBucket(FileSystem& files, const std::string& folder, int bucket,
                                         const std::vector<EventPart>& parts,
                                         std::string_view records, const std::string& file,
                                         const MergeOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<StagedEvent> staged,
                           DecodeStagedEvents(records, Concat("bucket ", bucket)));
  const bool client_ids = std::any_of(staged.begin(), staged.end(), [](const StagedEvent& row) {
    return !row.event.event_id.empty();
  });
  const bool compact = parts.size() + 1 > kMaxPartsABucket;
  // Whole events only where their content is wanted: ids are a fraction of a part.
  std::vector<Event> whole;
  StringMap<const Event*> stored;
  if (client_ids || compact) {
    BURGEON_ASSIGN_OR_RETURN(whole, ReadWholeBucket(files, folder, parts));
    for (const Event& event : whole) {
      if (event.source == options.source) stored.emplace(event.event_id, &event);
    }
  } else {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<EventKey> keys, ReadAllKeys(files, folder, parts));
    stored = IdsOf(keys, options.source);
  }
  MergeResult merged = MergeStaged(std::move(staged), stored, options);

  BucketChange out;
  out.counters = std::move(merged.counters);
  out.parts = parts;
  out.max_event_time = INT64_MIN;
  out.max_known_at = INT64_MIN;
  if (merged.added.empty()) return out;
  for (const Event& event : merged.added) {
    out.max_event_time = std::max(out.max_event_time, event.event_time);
    out.max_known_at = std::max(out.max_known_at, event.known_at);
  }
  if (compact) {
    std::move(whole.begin(), whole.end(), std::back_inserter(merged.added));
    std::sort(merged.added.begin(), merged.added.end(), EventBefore);
    out.parts.clear();
  }
  BURGEON_ASSIGN_OR_RETURN(EventPart part,
                           WriteEventPart(files, folder, file, bucket, merged.added));
  out.parts.push_back(std::move(part));
  return out;
}

}  // namespace burgeon
