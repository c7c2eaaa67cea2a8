// Sloppy data on request: a list of kinds and rates, from a file.
//
//   defects:
//     - {kind: missing_customer, rate: 0.01}
//     - {kind: drift, from_day: 200, factor: 3}
//     - {kind: gap, from_day: 40, to_day: 43}
//
// `rate` is the share of the rows that can have the defect; a row has at most one, of the kinds in
// the order written. Each is written down in truth/defects.csv.
//
//   kind                     rows of events it can befall      what is planted
//   missing_customer         all                               no customer
//   missing_item             with an item                      no item
//   orphan_item              with an item                      an id that no item has
//   negative_quantity        purchases                         the quantity with a minus
//   zero_price               purchases                         unit_price 0
//   wrong_unit               purchases                         the price in minor units: times 100
//   wrong_currency           purchases                         lower case, a sign, or a dead code
//   exact_duplicate          all                               the row again
//   near_duplicate           purchases                         again, other event id, 1 s later
//   broken_time              all                               a date there is not
//   time_out_of_range        all                               past 2090, or before 1990
//   mojibake                 with text or query                UTF-8 read as Latin-1, written again
//   full_width               with an item                      full-width letters and digits
//   score_out_of_range       scored feedback                   a score above scale_max
//   gap                      all from from_day to before to_day: not there
//   drift                    purchases from from_day on        unit price times factor
// and of rows of customers:
//   missing_attribute        all                               no region
//   contradictory_attribute  all                               the row again with another country
#ifndef BURGEON_ENGINE_SIMULATION_DEFECTS_H_
#define BURGEON_ENGINE_SIMULATION_DEFECTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/simulation/draws.h"
#include "engine/simulation/event_row.h"

namespace burgeon {

enum class DefectKind : uint8_t {
  kMissingCustomer,
  kMissingItem,
  kOrphanItem,
  kNegativeQuantity,
  kZeroPrice,
  kWrongUnit,
  kWrongCurrency,
  kExactDuplicate,
  kNearDuplicate,
  kBrokenTime,
  kTimeOutOfRange,
  kMojibake,
  kFullWidth,
  kScoreOutOfRange,
  kGap,
  kDrift,
  kMissingAttribute,
  kContradictoryAttribute,
};
inline constexpr int kDefectKinds = 18;
std::string_view DefectKindName(DefectKind kind);

struct Defect {
  DefectKind kind = DefectKind::kMissingCustomer;
  double rate = 0;
  int64_t from_day = 0;  // of gap and drift, from the world's start
  int64_t to_day = 0;    // of gap: the first day that is there again
  double factor = 1;     // of drift
};

// The list `defects`; problems are remembered by the node.
std::vector<Defect> ParseDefects(const ConfigNode& root);

// One line of truth/defects.csv.
struct PlantedDefect {
  DefectKind kind = DefectKind::kMissingCustomer;
  int64_t row = 0;      // of the file, from 1; 0: the row is not there (a gap)
  std::string id;       // event id, or customer id
  std::string field;    // "" : the whole row
  std::string truth;    // what stood there
  std::string planted;  // what stands there now
};

// What becomes of a row of events: 0 rows (a gap), 1, or 2 (a duplicate; `second` is filled).
struct Damage {
  int rows = 1;
  bool planted = false;
  PlantedDefect defect;
};

class DefectPlanter {
 public:
  DefectPlanter(const WorldConfig& config, std::vector<Defect> defects)
      : config_(config), defects_(std::move(defects)) {}
  bool any() const { return !defects_.empty(); }
  // Changes the row of an event. `second` is the row that a duplicate adds.
  Damage DamageEvent(const SimEvent& event, EventRow* row, EventRow* second) const;
  // The defect of a row of customers (missing_attribute, contradictory_attribute), or nothing.
  const Defect* DefectOfCustomer(uint64_t person) const;

 private:
  const WorldConfig& config_;
  std::vector<Defect> defects_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_DEFECTS_H_
