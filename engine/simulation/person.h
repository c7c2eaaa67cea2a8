// One person of the world: everything about them is a function of (seed, number), so that no
// table of persons is held.
//
//   rate_c   ~ Gamma(r) * mean rate          sessions a day of full intensity
//   hazard_c ~ Gamma(s) * mean hazard / s    lifetime ~ Exp(hazard_c): the Pareto/NBD model of
//              Schmittlein, Morrison and Colombo, "Counting Your Customers", Management Science
//              33 (1987), with entry times and calendars beside it
//   theta_c  = centre of the person's taste group + noise
//   spend_c  ~ LogNormal(-sigma^2 / 2, sigma), mean 1
#ifndef BURGEON_ENGINE_SIMULATION_PERSON_H_
#define BURGEON_ENGINE_SIMULATION_PERSON_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/simulation/catalogue.h"
#include "engine/simulation/world_config.h"

namespace burgeon {

enum class SimChannel : uint8_t { kWeb, kApp, kSocial, kStore, kEmail, kPhone };
inline constexpr int kSimChannels = 6;
std::string_view SimChannelName(SimChannel channel);  // "web", "app", ...

struct Region {
  std::string_view name;
  std::string_view country;  // ISO 3166
  std::string_view zone;     // IANA; a fixed offset, worlds have no summer time
  int offset_hours = 0;
  std::string_view currency;  // ISO 4217
  double per_euro = 1;        // units of currency for one euro
  int minor_digits = 2;       // digits after the point
  bool chinese = false;       // language of feedback
  double share = 0;           // of the persons
  double satisfaction = 0;
};
inline constexpr int kRegions = 8;
const Region& RegionOf(int region);

struct Person {
  uint64_t number = 0;
  int region = 0;
  int hour_profile = 0;
  int taste_group = 0;
  Taste taste = {};
  double rate_per_day = 0;
  int rhythm = 1;        // Erlang shape of the gaps between sessions; 1: Poisson
  TimeMicros start = 0;  // UTC
  double hazard_per_day = 0;
  TimeMicros death = 0;  // UTC; may lie beyond the end of the world. INT64_MAX: never
  double spend = 1;
  double add_to_cart = 0;                          // probability after a view
  std::array<double, kSimChannels> channels = {};  // cumulative
  double satisfaction = 0;                         // standard normal
  std::array<bool, 4> consent = {};                // at the start, in the order of Purpose

  TimeMicros offset() const { return RegionOf(region).offset_hours * 3600 * kMicrosPerSecond; }
};

// What is the same for all persons, worked out once.
struct PersonModel {
  double mean_rate_per_day = 0;  // such that events_per_customer comes out
};
PersonModel MakePersonModel(const WorldConfig& config);

Person MakePerson(const WorldConfig& config, const PersonModel& model, uint64_t number);

// popularity of the cell * exp(strength * theta . v_cell), not yet by season.
using CellWeights = std::array<double, kCells>;
CellWeights CellWeightsOf(const WorldConfig& config, const Catalogue& catalogue,
                          const Person& person);
// Their running sums in a month, 0 .. 11.
CellWeights CumulativeInMonth(const Catalogue& catalogue, const CellWeights& weights, int month);

// ---- Expectations, exact: what the truth files say.

// Days a person of the config is expected to be there, by integration over start and lifetime.
double ExpectedExposureDays(const WorldConfig& config);
// Events of one average session, those that follow from it included.
double ExpectedEventsPerSession(const WorldConfig& config);
// Lines bought in a session of the person, the mean over channels.
double ExpectedLinesPerSession(const WorldConfig& config, const Person& person);
// Euro of a line: units, discount and the person's taste, over a year's mean of seasons.
double ExpectedLineEuro(const WorldConfig& config, const Catalogue& catalogue,
                        const Person& person);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_PERSON_H_
