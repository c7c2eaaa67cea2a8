// How evenly the lists of all customers show the catalogue. An item's exposure x_i is the number of
// lists whose first k items hold it; n items in the catalogue.
//   coverage = items with x_i > 0, over n     (Ge, Delgado-Battenfeld and Jannach, RecSys 2010)
//   Gini     = 2 sum_i i x_(i) / (n sum x) - (n + 1) / n, x_(1) <= x_(2) <= ...
//              0: all items alike, (n - 1) / n: one item alone (Gini, 1912; as a measure of lists,
//              Fleder and Hosanagar, Management Science 2009)
//   Lorenz   the share of all exposures that the least shown q of the items have, at q = 0 .. 1
// They are of the lists as they are, and depend on how many lists there are: no intervals.
#ifndef BURGEON_ENGINE_EXPERIMENT_EXPOSURE_H_
#define BURGEON_ENGINE_EXPERIMENT_EXPOSURE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/experiment/ranked_lists.h"

namespace burgeon {

inline constexpr int kLorenzSteps = 100;

struct Exposure {
  int64_t items = 0;           // of the catalogue
  int64_t shown = 0;           // of them, in at least one list
  double coverage = 0;         // 0 for an empty catalogue
  double gini = 0;             // 0 when nothing is shown
  std::vector<double> lorenz;  // [kLorenzSteps + 1]; a diagonal when nothing is shown
};

// customers: whose lists count. k >= 1.
Exposure MeasureExposure(const RankedLists& lists, std::span<const uint32_t> customers,
                         int64_t items, int k);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_EXPOSURE_H_
