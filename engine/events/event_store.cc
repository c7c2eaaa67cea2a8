#include "engine/events/event_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/events/event_manifest.h"
#include "engine/events/event_parts.h"

namespace burgeon {
namespace {

absl::StatusOr<std::vector<AttributeValue>> ReadAll(FileSystem& files, const std::string& folder,
                                                    const std::vector<EventPart>& parts) {
  std::vector<AttributeValue> out;
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> values,
                             ReadAttributePart(files, folder, part));
    std::move(values.begin(), values.end(), std::back_inserter(out));
  }
  std::sort(out.begin(), out.end(), AttributeBefore);
  return out;
}

}  // namespace

std::string_view PartyName(Party party) {
  switch (party) {
    case Party::kFirst:
      return "first";
    case Party::kSecond:
      return "second";
    case Party::kThird:
      return "third";
  }
  BURGEON_CHECK(false);
}

int BucketOf(std::string_view stored_customer_id) {
  if (stored_customer_id.empty()) return kNoCustomerBucket;
  return static_cast<int>(StableHash64(stored_customer_id) % kEventBuckets);
}

absl::StatusOr<EventStore> EventStore::Open(FileSystem& files, const std::string& folder) {
  EventStore store;
  store.files_ = &files;
  store.folder_ = folder;
  BURGEON_ASSIGN_OR_RETURN(store.manifest_, LoadNewestManifest(files, folder));
  return store;
}

absl::Status EventStore::ReadBucket(int bucket,
                                    const std::function<void(const Event&)>& visit) const {
  BURGEON_CHECK(bucket >= 0 && bucket <= kNoCustomerBucket);
  std::vector<std::vector<Event>> runs;
  for (const EventPart& part : manifest_.parts) {
    if (part.bucket != bucket) continue;
    BURGEON_ASSIGN_OR_RETURN(std::vector<Event> events, ReadEventPart(*files_, folder_, part));
    runs.push_back(std::move(events));
  }
  // At most a handful of runs (ingest compacts them): the smallest head is found by looking.
  std::vector<size_t> at(runs.size(), 0);
  for (;;) {
    const Event* next = nullptr;
    size_t from = 0;
    for (size_t i = 0; i < runs.size(); ++i) {
      if (at[i] == runs[i].size()) continue;
      const Event& head = runs[i][at[i]];
      if (next == nullptr || EventBefore(head, *next)) {
        next = &head;
        from = i;
      }
    }
    if (next == nullptr) return absl::OkStatus();
    visit(*next);
    ++at[from];
  }
}

absl::StatusOr<std::vector<AttributeValue>> EventStore::ReadCustomerAttributes() const {
  return ReadAll(*files_, folder_, manifest_.customer_attribute_parts);
}

absl::StatusOr<std::vector<AttributeValue>> EventStore::ReadItemAttributes() const {
  return ReadAll(*files_, folder_, manifest_.item_attribute_parts);
}

}  // namespace burgeon
