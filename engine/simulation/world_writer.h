// Writes a world into a folder: what its sources would deliver, and beside it what is true.
//
//   events.csv (.jsonl; or events-00000.parquet, ...)   a block of customers after another, within
//   a
//                            block in order of known_at, as a shard of a log would be
//   customers.csv, partner_customers.csv, broker_customers.csv, region_aggregates.csv, items.csv
//   rates.csv                euro for one unit of each currency
//   job.yaml                 what `burgeon ingest` needs
//   truth/customers.csv, items.csv, ids.csv, feedback.csv, defects.csv, world.json
//
// Blocks are made side by side and written in order, so the bytes are the same for any number of
// threads. Memory: two blocks a thread, and the items.
#ifndef BURGEON_ENGINE_SIMULATION_WORLD_WRITER_H_
#define BURGEON_ENGINE_SIMULATION_WORLD_WRITER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/progress.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/simulation/defects.h"
#include "engine/simulation/world_config.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct WorldReport {
  int64_t customers = 0;
  int64_t items = 0;
  int64_t events = 0;                             // rows of events, planted duplicates included
  int64_t bytes = 0;                              // of the files of events
  std::map<std::string, int64_t> events_by_type;  // before defects
  std::map<std::string, int64_t> defects;         // planted, by kind
  std::vector<std::string> event_files;           // names in the folder
};

// kInvalidArgument for a config out of range, kAlreadyExists when the folder has files in it.
absl::StatusOr<WorldReport> WriteWorld(FileSystem& files, ThreadPool& pool,
                                       const WorldConfig& config,
                                       const std::vector<Defect>& defects,
                                       const std::string& folder, ProgressStyle progress);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_WORLD_WRITER_H_
