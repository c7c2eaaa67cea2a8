#include "engine/erasure/consent_history.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "engine/events/event_store.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

constexpr char kOverlay[] = "overlay";

absl::Status AddEvents(const EventStore& store, const StringSet& ids,
                       std::vector<ConsentSaid>* history) {
  std::set<int> buckets;
  for (const std::string& id : ids) buckets.insert(BucketOf(id));
  absl::Status bad;
  for (const int bucket : buckets) {
    BURGEON_RETURN_IF_ERROR(store.ReadBucket(bucket, [&](const Event& event) {
      if (event.type != EventType::kConsent || !ids.contains(event.customer_id)) return;
      const auto statement = ReadConsentEvent(event);
      if (!statement.ok()) {
        bad.Update(statement.status());
        return;
      }
      for (const Purpose purpose : kAllPurposes) {
        if (!statement->changed.Allows(purpose)) continue;
        history->push_back({event.customer_id, purpose, statement->granted.Allows(purpose),
                            event.event_time, event.known_at, event.source});
      }
    }));
    BURGEON_RETURN_IF_ERROR(bad);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ConsentSaid>> ConsentHistory(FileSystem& files,
                                                        const Workspace& workspace,
                                                        const StringSet& ids) {
  std::vector<ConsentSaid> history;
  const auto store = EventStore::Open(files, workspace.events());
  if (store.ok()) {
    BURGEON_RETURN_IF_ERROR(AddEvents(*store, ids, &history));
  } else if (!absl::IsNotFound(store.status())) {
    return store.status();
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<OverlayLine> lines,
                           ReadOverlayLines(files, workspace));
  for (const OverlayLine& line : lines) {
    if (line.erase || !ids.contains(line.customer)) continue;
    history.push_back(
        {line.customer, line.purpose, line.granted, line.time, line.recorded_at, kOverlay});
  }
  std::stable_sort(history.begin(), history.end(), [](const ConsentSaid& a, const ConsentSaid& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.is_event() != b.is_event()) return a.is_event();
    return a.is_event() && a.known_at < b.known_at;
  });
  return history;
}

ConsentOverride LatestOf(std::span<const ConsentSaid> history) {
  ConsentOverride latest;
  for (const ConsentSaid& said : history) latest.Say(said.purpose, said.granted, said.time);
  return latest;
}

}  // namespace burgeon
