// A snapshot "as known at T": what the event store would have told us at that time. Nothing else
// reads events to build a feature, a label or a model.
//
//   SnapshotOptions options{.as_of = t, .purpose = Purpose::kRecommend, ...};
//   BURGEON_ASSIGN_OR_RETURN(const Snapshot s, BuildSnapshot(pool, store, options));
//
// An event is seen when known_at <= T and event_time <= T; so is an attribute of an item. Ids that
// links seen at T join are one customer, under the canonical id, with the events of all of them in
// order of (event_time, stored id, EventBefore), and found by every one of them
// (engine/governance/identity.h). An order does not go over two ids. Of what they said about
// consent, the latest counts, of two statements at once the refusal. Customers
// are all with at least one event seen, of any type; those without consent for the purpose, as of
// T, are not there; without a purpose those who refuse every one. Rows are numbered in ascending
// order of external id, so a snapshot does not depend on the order of ingest or on the number of
// threads.
#ifndef BURGEON_ENGINE_DATASET_SNAPSHOT_H_
#define BURGEON_ENGINE_DATASET_SNAPSHOT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/event_log.h"
#include "engine/dataset/interaction_weight.h"
#include "engine/dataset/vocabulary.h"
#include "engine/events/event_store.h"
#include "engine/governance/consent.h"
#include "engine/governance/identity.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct SnapshotOptions {
  TimeMicros as_of = INT64_MAX;  // T; INT64_MAX: everything there is, T = the last event
                                 // time or known_at of any customer
  ConsentPolicy consent;
  std::optional<Purpose> purpose;  // nothing: everyone, with their bits (for a release)
  // What was said outside of the events. It holds at every T: who refuses today is not used to
  // learn of yesterday. Must outlive the call; nullptr: nothing.
  const ConsentOverrides* overrides = nullptr;
  // How ids become persons; ids that `overrides` calls erased are taken as its `erased` too.
  IdentityOptions identity;
  EventWeights weights = DefaultEventWeights();
  int64_t min_item_customers = 1;  // items that fewer customers (of those who are there)
                                   // touched by any event are left out
};

// Everything known of one event, in columns; sorted by customer, event_time. Consent,
// attributes and id links are about the customer and are not among them.
struct SnapshotEvents {
  std::vector<int64_t> offsets = {0};  // [customers + 1]
  std::vector<uint32_t> item;          // ItemRow, or kNoItemRow
  std::vector<EventType> type;
  std::vector<TimeMicros> time;
  std::vector<float> quantity;
  std::vector<int64_t> value_micros;  // 0 when there is none
  std::vector<uint32_t> order;        // same number: same session or same invoice of the customer
                                      // (session_id; else the event time); from 0 for each
                                      // customer, in order of first event
};
inline constexpr uint32_t kNoItemRow = UINT32_MAX;

struct Snapshot {
  std::string id;  // SnapshotId of the rest
  TimeMicros as_of = 0;
  Vocabulary customers;  // aliases: the other ids of a customer
  Vocabulary items;
  std::vector<ConsentBits> consent;        // [customers]
  std::vector<ConsentTimes> consent_said;  // [customers] when each purpose was last spoken of
  // Weights by (customer, item), customers x items (ItemTally, interaction_weight.h): a return
  // takes its purchase's weight off again; entries that end at 0 are not there.
  CsrMatrix interactions;
  CsrMatrix seen;  // items each customer ever bought (returned or not), pattern
  SnapshotEvents events;
  std::vector<std::string> item_label;  // [items] attribute "description" (or ""), as known at T
  // Where it comes from; no part of the id, and kept in the manifest alone.
  int64_t store_version = 0;  // of the event store; 0: not said
  int64_t last_ingest = 0;    // number of the newest ingest in it
  std::string replaces;       // id of the snapshot that this one is, without somebody; "" for none
};

// kInvalidArgument for min_item_customers below 1.
absl::StatusOr<Snapshot> BuildSnapshot(ThreadPool& pool, const EventLog& log,
                                       const SnapshotOptions& options);
// Reads the store first; for more than one snapshot read an EventLog once.
absl::StatusOr<Snapshot> BuildSnapshot(ThreadPool& pool, const EventStore& store,
                                       const SnapshotOptions& options);

// First 16 hex digits of the SHA-256 of the content.
std::string SnapshotId(const Snapshot& snapshot);

// snapshots/<id>/{snapshot.safetensors, manifest.json}, written beside and renamed into place; a
// snapshot that is there is not written again. Returns the folder.
absl::StatusOr<std::string> SaveSnapshot(FileSystem& files, const std::string& snapshots_folder,
                                         const Snapshot& snapshot);
// kNotFound when there is none, kDataLoss when a checksum, a shape or the id does not match.
absl::StatusOr<Snapshot> LoadSnapshot(FileSystem& files, const std::string& folder);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SNAPSHOT_H_
