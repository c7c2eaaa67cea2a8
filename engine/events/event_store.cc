#include "engine/events/event_store.h"

#include <memory>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/events/attribute_parts.h"
#include "engine/events/event_manifest.h"
#include "engine/events/event_parts.h"

namespace burgeon {
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

const IngestRecord* EventManifest::FindIngest(int64_t number) const {
  for (const IngestRecord& record : ingests) {
    if (record.number == number) return &record;
  }
  return nullptr;
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
  std::vector<std::unique_ptr<EventPartReader>> parts;
  for (const EventPart& part : manifest_.parts) {
    if (part.bucket != bucket) continue;
    BURGEON_ASSIGN_OR_RETURN(auto reader, EventPartReader::Open(*files_, folder_, part));
    parts.push_back(std::move(reader));
  }
  EventFiller filler(manifest_.ingests);
  Event event;
  // At most a handful of parts (ingest compacts them): the smallest head is found by looking.
  for (;;) {
    EventPartReader* next = nullptr;
    for (const auto& part : parts) {
      if (part->row() == nullptr) continue;
      if (next == nullptr || ViewBefore(*part->row(), *next->row())) next = part.get();
    }
    if (next == nullptr) return absl::OkStatus();
    BURGEON_RETURN_IF_ERROR(filler.Fill(*next->row(), &event));
    visit(event);
    BURGEON_RETURN_IF_ERROR(next->Advance());
  }
}

absl::StatusOr<std::vector<AttributeValue>> EventStore::ReadCustomerAttributes() const {
  return ReadAttributeParts(*files_, folder_, manifest_.customer_attribute_parts,
                            manifest_.ingests);
}

absl::StatusOr<std::vector<AttributeValue>> EventStore::ReadItemAttributes() const {
  return ReadAttributeParts(*files_, folder_, manifest_.item_attribute_parts, manifest_.ingests);
}

absl::StatusOr<std::vector<AttributeValue>> EventStore::ReadAggregates() const {
  return ReadAttributeParts(*files_, folder_, manifest_.aggregate_parts, manifest_.ingests);
}

}  // namespace burgeon
