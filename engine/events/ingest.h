// Reads a source into an event store: every row becomes an event, attribute values, a line of the
// quarantine, or is counted as left out.
//
//   IngestOptions options;
//   options.input = "retail.csv.gz";
//   options.source = ParseSourceConfig(config.root().Child("source"));
//   options.store_folder = workspace.events();
//   BURGEON_ASSIGN_OR_RETURN(const IngestRecord record, Ingest(files, pool, clock, options));
//
// A second ingest adds to the store; of a file already read it adds nothing (bucket_merge.h says
// how events are known again). The manifest written at the end is the only commit point: whatever
// goes wrong before it, a crash included, leaves the store as it was, and what lies around is
// removed by the next ingest. The result is the same, to the byte, for any number of threads and
// any memory.
//
// How (docs/architecture.md): the file is cut into pieces; a piece is parsed, mapped and encoded by
// one thread (row_stager.h); the records lie by bucket, in memory or in run files
// (ingest_staging.h); then each bucket is sorted, compared with what is stored, and written
// (bucket_merge.h).
//
// Memory: source.memory_limit_mib, half of it for rows held and half for the buckets in work, and
// beside it a few pieces a thread, the distinct attribute values, and 40 bytes for each different
// event of one customer at one instant. Beyond that rows go to run files in the store's folder.
//
// The caller holds the workspace's lock (storage/workspace.h): one writer at a time.
#ifndef BURGEON_ENGINE_EVENTS_INGEST_H_
#define BURGEON_ENGINE_EVENTS_INGEST_H_

#include <cstdint>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/progress.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/events/event_store.h"
#include "engine/events/mapping.h"
#include "engine/events/row_stager.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct IngestOptions {
  std::string input;  // path of the file; source.input is not looked at
  SourceConfig source;
  std::string store_folder;
  Pseudonymise pseudonym;     // governance/pseudonym.h; empty: customer ids are stored as they are.
                              // Thread-safe. Must be the same in every ingest of a store
  IsErased erased;            // rows of these customers are left out (erased_dropped); thread-safe
  std::string config_sha256;  // for the record
  // Id of an ingest of this source whose rows leave the store in the same step as the new ones come
  // in; "": none. How a source is read again with another mapping.
  std::string replace;
  ProgressStyle progress = ProgressStyle::kSilent;
};

// The record that is now in the store's manifest. Errors:
//   kNotFound            no such file; no such ingest to replace
//   kInvalidArgument     an empty file, a column the mapping wants is not there, or more than
//                        source.max_bad_fraction of the rows are bad (the message gives the most
//                        frequent reason and where the rows are kept)
//   kDataLoss            the file, or the store, is damaged
//   kFailedPrecondition  the store was made with another key, or with a key and now without; it is
//                        of another format; the ingest to replace is of another source, or was
//                        replaced before
//   kResourceExhausted   disk full
absl::StatusOr<IngestRecord> Ingest(FileSystem& files, ThreadPool& pool, const Clock& clock,
                                    const IngestOptions& options);

// Where the rows went that an ingest could not take; the file is there only if there were any.
std::string QuarantinePath(const std::string& store_folder, const std::string& ingest_id);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_INGEST_H_
