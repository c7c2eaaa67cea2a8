#include "tests/support/taste_groups.h"

#include "engine/base/philox.h"

namespace burgeon {

TasteGroups MakeTasteGroups(int64_t customers, int64_t items, int64_t groups) {
  const Philox touch(91, 1);
  const Philox hold(91, 2);
  TasteGroups world;
  world.train.cols = world.test.cols = items;
  for (int64_t u = 0; u < customers; ++u) {
    for (int64_t i = 0; i < items; ++i) {
      const auto at = static_cast<uint64_t>(u * items + i);
      const bool own = u % groups == i % groups;
      if (touch.Uniform(at) >= (own ? 0.6 : 0.02)) continue;
      CsrMatrix& side = own && hold.Uniform(at) < 0.2 ? world.test : world.train;
      side.columns.push_back(static_cast<uint32_t>(i));
    }
    world.train.offsets.push_back(static_cast<int64_t>(world.train.columns.size()));
    world.test.offsets.push_back(static_cast<int64_t>(world.test.columns.size()));
  }
  return world;
}

}  // namespace burgeon
