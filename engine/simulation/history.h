// The life of one person as events: sessions by the person's rhythm, a funnel in each of them, and
// what follows (returns, reviews, surveys, consent). docs/simulation.md has the model.
//
//   const World world(config);
//   PersonHistory history;
//   world.MakeHistory(17, &history);     // any person, in any order, from any thread
#ifndef BURGEON_ENGINE_SIMULATION_HISTORY_H_
#define BURGEON_ENGINE_SIMULATION_HISTORY_H_

#include <cstdint>
#include <vector>

#include "engine/simulation/calendar.h"
#include "engine/simulation/catalogue.h"
#include "engine/simulation/person.h"
#include "engine/simulation/sim_event.h"

namespace burgeon {

struct UsedId {
  uint16_t slot = 0;
  TimeMicros first_used = 0;
  TimeMicros linked_at = INT64_MAX;  // INT64_MAX: nobody ever said that it is this person
};

struct PersonHistory {
  Person person;
  std::vector<SimEvent> events;  // by (time, sequence)
  std::vector<UsedId> ids;       // in order of first use; the account first
  std::array<bool, 4> consent_at_end = {};
};

class World {
 public:
  explicit World(const WorldConfig& config);  // checked by CheckWorldConfig before

  const WorldConfig& config() const { return config_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const Calendar& calendar() const { return calendar_; }
  const PersonModel& model() const { return model_; }

  void MakeHistory(uint64_t person, PersonHistory* history) const;

 private:
  WorldConfig config_;
  Catalogue catalogue_;
  Calendar calendar_;
  PersonModel model_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_HISTORY_H_
