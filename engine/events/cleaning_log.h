// The cleaning log: what the transforms of a mapping changed, before and after. Equal changes of an
// ingest are one entry with their number, so that "GB to gb, 4 million times" is a line. One
// Parquet file an ingest, events/cleaning/<ingest id>.parquet, named in the manifest; a new ingest
// of the source without the transform takes every change back (IngestOptions::replace).
//
//   BURGEON_ASSIGN_OR_RETURN(const std::vector<CleaningEntry> log,
//                            ReadCleaningLog(files, folder, store.manifest(), record.number));
//
// A change of the customer id, of a customer attribute or of what a link names is told with its
// customer, so that erasing one takes it along; of other fields it is not. With pseudonyms the
// texts of a customer's id are left out: the pseudonym is there.
#ifndef BURGEON_ENGINE_EVENTS_CLEANING_LOG_H_
#define BURGEON_ENGINE_EVENTS_CLEANING_LOG_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/events/event_store.h"
#include "engine/events/field_source.h"
#include "engine/events/ingest_staging.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct CleaningEntry {
  std::string customer_id;  // stored form; "" for a field that is not the customer's own
  std::string field;        // "item", "customer_attributes.email", "properties.text"
  std::string rule;         // the transform as configured
  std::string before;
  std::string after;
  int64_t count = 0;       // rows
  int64_t first_line = 0;  // of the source file
};

// Collects the changes of a piece.
class ChangeCollector {
 public:
  void Add(std::string_view customer_id, const FieldChange& change, int64_t line);
  // How often Add was called since the last Take.
  int64_t values() const { return values_; }
  // As staged records, by bucket of the customer, into *sorter; empties the collector.
  void Take(BucketSorter* sorter);

 private:
  struct Told {
    int64_t count = 0;
    int64_t first_line = 0;
  };
  StringMap<Told> changes_;  // by the encoded texts
  std::string key_;
  int64_t values_ = 0;
};

// Brings the changes of all pieces together and writes them in the order of (bucket, customer,
// field, rule, before, after) as <folder>/<file>, synced. Nothing when there are none. Memory: the
// distinct changes of a few buckets.
absl::StatusOr<std::optional<EventPart>> WriteCleaningLog(FileSystem& files, ThreadPool& pool,
                                                          const std::string& folder,
                                                          const std::string& file,
                                                          const StagedBuckets& staged);

// Writes the entries of `part` that `keep` wants as `file`; nothing when there are none. The report
// is of how many it did not want.
absl::StatusOr<std::optional<EventPart>> FilterCleaningLog(
    FileSystem& files, const std::string& folder, const EventPart& part, const std::string& file,
    const std::function<bool(const CleaningEntry&)>& keep, int64_t* removed);

// Of the ingest with this number; empty when it changed nothing. kDataLoss for a damaged file.
absl::StatusOr<std::vector<CleaningEntry>> ReadCleaningLog(FileSystem& files,
                                                           const std::string& folder,
                                                           const EventManifest& manifest,
                                                           int64_t number);
// An entry at a time.
absl::Status VisitCleaningLog(FileSystem& files, const std::string& folder, const EventPart& part,
                              const std::function<absl::Status(const CleaningEntry&)>& visit);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_CLEANING_LOG_H_
