// What is lately sought: of each item the events so far, each fading by half-lives from its time
// on.
//   trend_j(t) = sum over events of j before t of 2^(-(t - t_event) / half-life)
#ifndef BURGEON_TRAINING_RECOMMENDER_ITEM_TRENDS_H_
#define BURGEON_TRAINING_RECOMMENDER_ITEM_TRENDS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"

namespace burgeon {

class ItemTrends {
 public:
  // Without times in `sequences` there are no trends. days: half-lives, > 0.
  ItemTrends(const SequenceView& sequences, int64_t items, std::span<const double> days);

  int64_t trends() const { return std::ssize(days_); }
  // [trends] of the item just before `time`: its own moment does not count.
  void Before(TimeMicros time, uint32_t item, std::span<float> out) const;
  // [trends, items] at the time of the latest event, that included.
  FloatMatrix Latest() const;

 private:
  float FadedSum(int64_t item, int64_t events, size_t trend, TimeMicros time) const;

  std::vector<double> days_;
  std::vector<int64_t> offsets_;   // [items + 1]
  std::vector<TimeMicros> times_;  // of an item's events, ascending
  std::vector<double> sums_;       // [events * trends] faded to the event's own time, it included
  TimeMicros latest_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_ITEM_TRENDS_H_
