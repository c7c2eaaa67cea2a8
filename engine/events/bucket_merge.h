// What an ingest adds to one bucket: ids given, what is there already left out, the rest sorted.
#ifndef BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_
#define BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/mapping.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// More parts than this in a bucket are made one.
inline constexpr size_t kMaxPartsABucket = 8;

struct MergeOptions {
  std::string source;
  Duplicates duplicates = Duplicates::kDrop;
  int64_t ingest = 0;
  TimeMicros watermark = 0;  // of the store before
  const EventManifest* store = nullptr;
};

struct BucketChange {
  std::vector<EventPart> parts;  // of the bucket, after the ingest
  IngestCounters counters;
  TimeMicros max_event_time = 0;  // of the added; INT64_MIN when there are none
  TimeMicros max_known_at = 0;
};

// Merges `records` (as a BucketSpill gives them) into a bucket with `parts`, and writes a part
// `file` (relative to the store) when there is something new: of the new events alone, or of the
// whole bucket when it would have more than kMaxPartsABucket parts otherwise.
absl::StatusOr<BucketChange> MergeBucket(FileSystem& files, const std::string& folder, int bucket,
                                         const std::vector<EventPart>& parts,
                                         std::string_view records, const std::string& file,
                                         const MergeOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_
