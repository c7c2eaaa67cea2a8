#include "training/recommender/item_trends.h"

#include <algorithm>
#include <cmath>

namespace burgeon {
namespace {

constexpr double kMicrosADay = 86'400e6;

double Fade(TimeMicros from, TimeMicros to, double days) {
  return std::exp2(-static_cast<double>(to - from) / (kMicrosADay * days));
}

}  // namespace

ItemTrends::ItemTrends(const SequenceView& sequences, int64_t items, std::span<const double> days)
    : offsets_(static_cast<size_t>(items) + 1, 0) {
  if (sequences.times.empty()) return;
  days_.assign(days.begin(), days.end());
  for (const uint32_t item : sequences.items) ++offsets_[item + 1];
  for (size_t i = 1; i < offsets_.size(); ++i) offsets_[i] += offsets_[i - 1];
  times_.resize(sequences.items.size());
  std::vector<int64_t> next(offsets_.begin(), offsets_.end() - 1);
  for (size_t k = 0; k < sequences.items.size(); ++k) {
    times_[static_cast<size_t>(next[sequences.items[k]]++)] = sequences.times[k];
  }
  sums_.resize(times_.size() * days_.size());
  latest_ = *std::ranges::max_element(sequences.times);
  for (int64_t item = 0; item < items; ++item) {
    const auto begin = static_cast<size_t>(offsets_[static_cast<size_t>(item)]);
    const auto end = static_cast<size_t>(offsets_[static_cast<size_t>(item) + 1]);
    std::sort(times_.begin() + static_cast<std::ptrdiff_t>(begin),
              times_.begin() + static_cast<std::ptrdiff_t>(end));
    for (size_t k = begin; k < end; ++k) {
      for (size_t d = 0; d < days_.size(); ++d) {
        double& sum = sums_[k * days_.size() + d];
        sum = 1;
        if (k > begin) {
          sum += sums_[(k - 1) * days_.size() + d] * Fade(times_[k - 1], times_[k], days_[d]);
        }
      }
    }
  }
}

// Of the first `events` of the item.
float ItemTrends::FadedSum(int64_t item, int64_t events, size_t trend, TimeMicros time) const {
  if (events == 0) return 0;
  const auto last = static_cast<size_t>(offsets_[static_cast<size_t>(item)] + events - 1);
  return static_cast<float>(sums_[last * days_.size() + trend] *
                            Fade(times_[last], time, days_[trend]));
}

void ItemTrends::Before(TimeMicros time, uint32_t item, std::span<float> out) const {
  const auto begin = times_.begin() + offsets_[item];
  const auto end = times_.begin() + offsets_[item + 1];
  const int64_t events = std::lower_bound(begin, end, time) - begin;
  for (size_t d = 0; d < days_.size(); ++d) out[d] = FadedSum(item, events, d, time);
}

FloatMatrix ItemTrends::Latest() const {
  const int64_t items = std::ssize(offsets_) - 1;
  FloatMatrix out(trends(), items);
  for (int64_t item = 0; item < items; ++item) {
    const int64_t events =
        offsets_[static_cast<size_t>(item) + 1] - offsets_[static_cast<size_t>(item)];
    for (int64_t d = 0; d < trends(); ++d) {
      out.at(d, item) = FadedSum(item, events, static_cast<size_t>(d), latest_);
    }
  }
  return out;
}

}  // namespace burgeon
