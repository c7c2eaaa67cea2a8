// Where an ingest keeps what it has read until the whole file is read: rows by bucket, in memory
// up to a limit and in spill files beyond it. Nothing here outlives its ingest.
//
//   BucketSpill spill(files, staging_folder, "events", kNoCustomerBucket + 1);
//   spill.Append(bucket, record);
//   if (spill.buffered_bytes() > limit) BURGEON_RETURN_IF_ERROR(spill.Flush());
//   BURGEON_ASSIGN_OR_RETURN(const std::string records, spill.Take(bucket));   // in order
#ifndef BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_
#define BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/events/event.h"
#include "engine/events/event_store.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// An event on its way in. event.event_id is the client's or ""; source, ingest and ingested_at are
// not kept.
struct StagedEvent {
  Event event;
  uint64_t unmapped = 0;  // EventView::unmapped
};

struct StagedAttribute {
  AttributeValue value;
  int64_t line = 0;
};

// Records in the form the spill takes: appended to *out.
void EncodeStaged(const StagedEvent& event, std::string* out);
void EncodeStaged(const StagedAttribute& attribute, std::string* out);
// All records of a bucket; kDataLoss naming `what` when the bytes are not what was encoded.
absl::StatusOr<std::vector<StagedEvent>> DecodeStagedEvents(std::string_view records,
                                                            std::string_view what);
absl::StatusOr<std::vector<StagedAttribute>> DecodeStagedAttributes(std::string_view records,
                                                                    std::string_view what);

class BucketSpill {
 public:
  // Files are <folder>/<name>-<bucket>; the folder is made when the first is needed.
  BucketSpill(FileSystem& files, std::string folder, std::string name, int buckets);

  void Append(int bucket, std::string_view record);
  int64_t buffered_bytes() const { return buffered_bytes_; }
  absl::Status Flush();
  // Everything appended to a bucket, in that order; its memory is free afterwards. May be called
  // from several threads at once for different buckets, once for each.
  absl::StatusOr<std::string> Take(int bucket);

 private:
  std::string PathOf(size_t bucket) const;

  FileSystem& files_;
  const std::string folder_;
  const std::string name_;
  std::vector<std::string> buffers_;
  std::vector<int64_t> spilled_bytes_;
  int64_t buffered_bytes_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_
