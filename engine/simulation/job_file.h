// The configuration that comes with a world: what `burgeon ingest` needs to read its files.
#ifndef BURGEON_ENGINE_SIMULATION_JOB_FILE_H_
#define BURGEON_ENGINE_SIMULATION_JOB_FILE_H_

#include <string>
#include <vector>

#include "engine/simulation/world_config.h"

namespace burgeon {

// job.yaml. Paths are relative to the world's folder.
std::string JobFile(const WorldConfig& config, const std::vector<std::string>& event_files);
// rates.csv: date, currency, euro for one unit; a line a currency for each day of the world and
// of 40 days after it, in which returns and late reviews lie.
std::string RatesFile(const WorldConfig& config);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_JOB_FILE_H_
