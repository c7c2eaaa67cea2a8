// The staged events of a bucket in order: by customer, then time, then as they came.
//
//   BURGEON_ASSIGN_OR_RETURN(auto stream, SortBucket(options, staged, bucket, drop));
//   while (stream->row() != nullptr) {
//     ...
//     BURGEON_RETURN_IF_ERROR(stream->Advance());
//   }
//
// A bucket within the memory it may take is sorted there: customers to numbers, a counting sort by
// customer, and a look at the times, which mostly are in order. A larger one (most rows without a
// customer, one customer with most of the events) is cut into runs that are sorted and written, and
// then merged.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_STREAM_H_
#define BURGEON_ENGINE_EVENTS_EVENT_STREAM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/status.h"
#include "engine/events/event_view.h"
#include "engine/events/ingest_staging.h"
#include "engine/storage/file_system.h"

namespace burgeon {

class EventStream {
 public:
  virtual ~EventStream() = default;
  // The row it stands on, void after Advance; nullptr behind the last. `ingest` is not set.
  virtual const EventView* row() const = 0;
  // Whether the row after it is of the same customer and time.
  virtual bool next_is_same_instant() const = 0;
  virtual absl::Status Advance() = 0;
  // Over all rows; of no rows at all the first is above the last.
  TimeMicros first_time() const { return first_time_; }
  TimeMicros last_time() const { return last_time_; }

 protected:
  TimeMicros first_time_ = INT64_MAX;
  TimeMicros last_time_ = INT64_MIN;
};

struct SortOptions {
  FileSystem* files = nullptr;
  std::string folder;        // for runs: <folder>/sort-<bucket>-<number>
  int64_t memory_bytes = 0;  // of a bucket's records in memory
};

// `drop` is asked for each record in the order they came, counted from 0; empty: keep all.
// kDataLoss when spilled rows did not read back.
absl::StatusOr<std::unique_ptr<EventStream>> SortBucket(
    const SortOptions& options, const StagedBuckets& staged, int bucket,
    const std::function<bool(int64_t record)>& drop);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_STREAM_H_
