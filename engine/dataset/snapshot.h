// A snapshot "as known at T": what the event store would have told us at that time. Nothing else
// reads events to build a feature, a label or a model.
//
//   SnapshotOptions options{.as_of = t, .purpose = Purpose::kRecommend, ...};
//   BURGEON_ASSIGN_OR_RETURN(const Snapshot s, BuildSnapshot(pool, store, options));
//
// An event is seen when known_at <= T and event_time <= T. Customers without consent for the
// purpose are not there. Rows are numbered in ascending order of external id, so a snapshot does
// not depend on the order of ingest or on the number of threads.
#ifndef BURGEON_ENGINE_DATASET_SNAPSHOT_H_
#define BURGEON_ENGINE_DATASET_SNAPSHOT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/config/config.h"
#include "engine/dataset/vocabulary.h"
#include "engine/events/event_store.h"
#include "engine/governance/consent.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// How much an event of each type says about a customer's interest in an item; 0: not an
// interaction. From "interactions: {purchase: 1, view: 0.1}".
struct EventWeights {
  std::array<float, kEventTypes> weight{};
  float of(EventType type) const { return weight[static_cast<size_t>(type)]; }
};
EventWeights DefaultEventWeights();  // purchase 1, everything else 0
EventWeights ParseEventWeights(const ConfigNode& node);  // an absent node gives the default

struct SnapshotOptions {
  TimeMicros as_of = INT64_MAX;        // T; INT64_MAX: everything there is, T = the last time seen
  ConsentPolicy consent;
  std::optional<Purpose> purpose;      // nothing: everyone, with their bits (for a release)
  EventWeights weights = DefaultEventWeights();
  int64_t min_item_customers = 1;      // items that fewer customers touched are left out
};

// Everything known of one event, in columns; sorted by (customer, event_time, event_id).
struct SnapshotEvents {
  std::vector<int64_t> offsets = {0};  // [customers + 1]
  std::vector<uint32_t> item;          // ItemRow, or kNoItemRow
  std::vector<EventType> type;
  std::vector<TimeMicros> time;
  std::vector<float> quantity;
  std::vector<int64_t> value_micros;   // 0 when there is none
  std::vector<uint32_t> order;         // same number: same session or same invoice of the customer
                                       // (session_id; else the event time)
};
inline constexpr uint32_t kNoItemRow = UINT32_MAX;

struct Snapshot {
  std::string id;                      // first 16 hex digits of the SHA-256 of its content
  TimeMicros as_of = 0;
  Vocabulary customers;
  Vocabulary items;
  std::vector<ConsentBits> consent;    // [customers]
  // Sum of weights by (customer, item), customers x items. A return takes its purchase's weight
  // off again; entries that end at or below 0 are not there.
  CsrMatrix interactions;
  CsrMatrix seen;                      // items each customer ever bought (returned or not), pattern
  SnapshotEvents events;
  std::vector<std::string> item_label; // [items] attribute "description" (or ""), as known at T
};

absl::StatusOr<Snapshot> BuildSnapshot(ThreadPool& pool, const EventStore& store,
                                       const SnapshotOptions& options);

// snapshots/<id>/{snapshot.safetensors, manifest.json}; a snapshot that is there is not written
// again. Returns the folder.
absl::StatusOr<std::string> SaveSnapshot(FileSystem& files, const std::string& snapshots_folder,
                                         const Snapshot& snapshot);
absl::StatusOr<Snapshot> LoadSnapshot(FileSystem& files, const std::string& folder);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SNAPSHOT_H_
