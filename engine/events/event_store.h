// The event store of a workspace: 256 buckets by StableHash64(stored customer id) % 256, fixed at
// creation. Within a bucket immutable Parquet parts, each sorted as EventBefore says; readers merge
// them. A versioned manifest (manifest-00000001.json, ...) is the only commit point: the highest
// version that reads whole is the store. Events without a customer lie
// in a bucket of their own (kNoCustomerBucket) that no snapshot reads. The format is described in
// docs/formats.md; ingest.h writes it.
//
//   BURGEON_ASSIGN_OR_RETURN(const EventStore store, EventStore::Open(files, workspace.events()));
//   BURGEON_RETURN_IF_ERROR(store.ReadBucket(17, [&](const Event& e) { ... }));
#ifndef BURGEON_ENGINE_EVENTS_EVENT_STORE_H_
#define BURGEON_ENGINE_EVENTS_EVENT_STORE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/events/event.h"
#include "engine/storage/file_system.h"

namespace burgeon {

inline constexpr int kEventBuckets = 256;
inline constexpr int kNoCustomerBucket = 256;

int BucketOf(std::string_view stored_customer_id);

// Counters of one ingest; they stay in the manifest.
struct IngestCounters {
  int64_t rows_read = 0;                // = the sum of the next eight
  int64_t events_added = 0;             // new events of known customers
  int64_t events_without_customer = 0;  // new, kept apart
  int64_t rows_quarantined = 0;
  int64_t duplicates_in_file = 0;  // dropped: equal rows (duplicates: drop), or an event id of the
                                   // client that an earlier row of the file has
  int64_t already_stored = 0;      // the source has brought the event before
  int64_t rows_ignored = 0;        // mapped to nothing (a rule says ignore)
  int64_t attribute_rows = 0;      // rows of a table of customers or items
  int64_t erased_dropped = 0;      // rows of somebody who was erased: nothing is kept of them
  int64_t duplicates_kept = 0;     // second and further equal rows (duplicates: keep), wherever
                                   // they went: new or already stored
  int64_t event_id_conflicts = 0;  // rows dropped for a client's event id whose content differs
                                   // from that of the event kept; among the dropped
  int64_t attribute_values_added = 0;
  int64_t late_events = 0;       // of those added: from before the watermark the store had then
  int64_t values_cleaned = 0;    // values that a transform changed (cleaning_log.h)
  int64_t cleaning_entries = 0;  // lines of the cleaning log: equal changes are one
  int64_t events_replaced = 0;   // of the ingest this one replaced (IngestOptions::replace)
  std::map<std::string, int64_t> events_by_type;  // of those added, with and without customer
  std::map<std::string, int64_t> quarantine_by_reason;
  friend bool operator==(const IngestCounters&, const IngestCounters&) = default;
};

// Who a source is. First: our own; second: a partner's own; third: collected by somebody else.
enum class Party : uint8_t { kFirst, kSecond, kThird };
std::string_view PartyName(Party party);  // "first", "second", "third"

struct IngestRecord {
  std::string ingest_id;
  int64_t number = 0;  // 1, 2, ...: what Event::ingest names; never given twice in a store
  std::string source;
  Party party = Party::kFirst;
  std::string origin;   // where the data comes from, in words
  std::string licence;  // under which terms, in words
  int64_t trust = 100;  // of its attributes: where two sources differ, the higher one is believed
  std::string input;    // file name as given
  std::string input_sha256;
  std::string config_sha256;
  TimeMicros ingested_at = 0;
  int64_t replaced_by = 0;  // number of the ingest that took its place: none of its rows are left
  IngestCounters counters;
};

struct EventPart {
  int bucket = 0;
  std::string file;  // relative to the store
  int64_t rows = 0;
  int64_t bytes = 0;
  std::string sha256;
  TimeMicros min_event_time = 0;
  TimeMicros max_event_time = 0;
  int64_t ingest = 0;  // number of the one that all its rows came with; 0: of several
};

// One attribute value of a customer or an item, with the time since which it holds.
struct AttributeValue {
  std::string id;
  std::string name;
  std::string value;
  TimeMicros event_time = 0;
  TimeMicros known_at = 0;
  std::string source = {};
  int64_t ingest = 0;  // IngestRecord::number
};

struct EventManifest {
  int64_t version = 0;          // 0: an empty store
  bool pseudonymous = false;    // customer ids are HMAC-SHA-256; all ingests must agree
  std::string pseudonym_check;  // pseudonym of a fixed text: tells one key from another
  std::vector<EventPart> parts;
  std::vector<EventPart> customer_attribute_parts;  // bucket unused
  std::vector<EventPart> item_attribute_parts;
  std::vector<EventPart> aggregate_parts;
  std::vector<EventPart> cleaning_parts;  // one an ingest at most (cleaning_log.h)
  std::vector<IngestRecord> ingests;
  TimeMicros max_event_time = 0;
  TimeMicros max_known_at = 0;
  // Events from before it are late: the highest, over all ingests of events, of their last known_at
  // less their source's lateness. 0: none yet.
  TimeMicros watermark = 0;

  // The record with this number, or nullptr.
  const IngestRecord* FindIngest(int64_t number) const;
};

class EventStore {
 public:
  // kNotFound when there is no store; kDataLoss when its manifest is damaged.
  static absl::StatusOr<EventStore> Open(FileSystem& files, const std::string& folder);

  const EventManifest& manifest() const { return manifest_; }

  // All events of a bucket in order; parts are merged, kDataLoss names a part that does not read
  // whole. Memory: a row group of each part. Thread-safe. The event is void after the visit.
  absl::Status ReadBucket(int bucket, const std::function<void(const Event&)>& visit) const;

  // Attribute values of all ids, in order of (id, name, known_at, event_time, value, source).
  absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const;
  absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const;
  // Figures about groups of customers: id is a value of a customer attribute, name is
  // "<attribute>/<figure>".
  absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const;

 private:
  FileSystem* files_ = nullptr;
  std::string folder_;
  EventManifest manifest_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_STORE_H_
