// Reads a source into an event store: every row becomes an event, attribute values, a line of the
// quarantine, or is counted as left out.
//
//   IngestOptions options;
//   options.input = "retail.csv.gz";
//   options.source = ParseSourceConfig(config.root().Child("source"));
//   options.store_folder = workspace.events();
//   BURGEON_ASSIGN_OR_RETURN(const IngestRecord record, Ingest(files, pool, clock, options));
//
// A second ingest adds to the store; of a file already read it adds nothing (row_digest.h says how
// rows are known again). The manifest written at the end is the only commit point: whatever goes
// wrong before it, a crash included, leaves the store as it was, and what lies around is removed by
// the next ingest. The result is the same for any number of threads.
//
// Memory: the rows held are bounded by source.memory_limit_mib, beyond which they go to spill files
// in the store's folder; then one bucket a thread is in memory, about 1/256 of the rows of known
// customers, or all rows without a customer; and the distinct attribute values.
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
  std::string config_sha256;  // for the record
  ProgressStyle progress = ProgressStyle::kSilent;
};

// The record that is now in the store's manifest. Errors:
//   kNotFound            no such file
//   kInvalidArgument     an empty file, a column the mapping wants is not there, or more than
//                        source.max_bad_fraction of the rows are bad (the message gives the most
//                        frequent reason and where the rows are kept)
//   kDataLoss            the file, or the store, is damaged
//   kFailedPrecondition  the store was made with another key, or with a key and now without
//   kResourceExhausted   disk full
absl::StatusOr<IngestRecord> Ingest(FileSystem& files, ThreadPool& pool, const Clock& clock,
                                    const IngestOptions& options);

// Where the rows went that an ingest could not take; the file is there only if there were any.
std::string QuarantinePath(const std::string& store_folder, const std::string& ingest_id);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_INGEST_H_
