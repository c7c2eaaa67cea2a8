// What an ingest adds to one bucket: what is there already left out, the rest in order in a part.
#ifndef BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_
#define BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/events/event_view.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/mapping.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// More parts than this in a bucket are made one.
inline constexpr size_t kMaxPartsABucket = 8;

struct MergeContext {
  FileSystem* files = nullptr;
  std::string folder;                    // of the store
  std::string staging;                   // for runs
  const EventManifest* store = nullptr;  // as it was before this ingest
  const StagedBuckets* staged = nullptr;
  std::string source;
  Duplicates duplicates = Duplicates::kDrop;
  int64_t ingest = 0;        // this one
  int64_t replaced = 0;      // number of the ingest whose rows go; 0: none
  EventFields fields = 0;    // of all staged rows
  int64_t memory_bytes = 0;  // of one bucket
};

struct BucketChange {
  std::vector<EventPart> parts;  // of the bucket, after the ingest
  IngestCounters counters;  // events_*, duplicates_*, already_stored, conflicts, late, replaced
  TimeMicros max_event_time = INT64_MIN;  // of the added
  TimeMicros max_known_at = INT64_MIN;
};

// Merges the staged rows of a bucket into its `parts`, and writes a part `file` (relative to the
// store) where there is something new: of the new events alone, or of the whole bucket when it
// would have more than kMaxPartsABucket parts otherwise, or a part has rows of the replaced ingest
// beside others. Two rows without an id of the client's are the same event when they have
// one KeyOfContent (content_key.h); compared are those of one customer and time, in the file and in
// stored parts of the same source.
absl::StatusOr<BucketChange> MergeBucket(const MergeContext& context, int bucket,
                                         const std::vector<EventPart>& parts,
                                         const std::string& file);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_BUCKET_MERGE_H_
