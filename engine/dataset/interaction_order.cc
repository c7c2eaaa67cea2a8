#include "engine/dataset/interaction_order.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/base/check.h"

namespace burgeon {
namespace {

bool Among(std::span<const uint32_t> row, uint32_t item) {
  return std::ranges::binary_search(row, item);
}

// Leaves the newest `length` items of the row that begins at `begin`; 0: all.
void KeepNewest(size_t begin, int64_t length, ItemSequences* out) {
  const int64_t extra = std::ssize(out->items) - static_cast<int64_t>(begin) - length;
  if (length <= 0 || extra <= 0) return;
  const auto first = static_cast<int64_t>(begin);
  out->items.erase(out->items.begin() + first, out->items.begin() + first + extra);
  out->times.erase(out->times.begin() + first, out->times.begin() + first + extra);
}

}  // namespace

ItemSequences InteractionOrder(const SnapshotEvents& events, const CsrView& interactions,
                               const EventWeights& weights, const OrderOptions& options) {
  const int64_t customers = std::ssize(events.offsets) - 1;
  BURGEON_CHECK(interactions.rows() == customers);
  BURGEON_CHECK(options.cut.empty() || std::ssize(options.cut) == customers);
  ItemSequences out;
  for (int64_t u = 0; u < customers; ++u) {
    const auto row = interactions.row_columns(u);
    const size_t begin = out.items.size();
    const auto at = static_cast<size_t>(u);
    for (auto k = static_cast<size_t>(events.offsets[at]);
         k < static_cast<size_t>(events.offsets[at + 1]); ++k) {
      if (!options.cut.empty() && events.time[k] >= options.cut[at]) break;
      if (!(weights.of(events.type[k]) > 0) || !Among(row, events.item[k])) continue;
      out.items.push_back(events.item[k]);
      out.times.push_back(events.time[k]);
    }
    KeepNewest(begin, options.length, &out);
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

ItemSequences OrderByTime(const CsrView& interactions, std::span<const TimeMicros> times) {
  BURGEON_CHECK(times.size() == interactions.columns.size());
  ItemSequences out;
  std::vector<size_t> order;
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto items = interactions.row_columns(u);
    const auto first = static_cast<size_t>(interactions.offsets[static_cast<size_t>(u)]);
    order.resize(items.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {}, [&](size_t k) { return times[first + k]; });
    for (const size_t k : order) {
      out.items.push_back(items[k]);
      out.times.push_back(times[first + k]);
    }
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

ItemSequences KeepInteractions(const SequenceView& sequences, const CsrView& interactions) {
  BURGEON_CHECK(sequences.rows() == interactions.rows());
  ItemSequences out;
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    const auto row = interactions.row_columns(u);
    const auto items = sequences.row(u);
    const auto first = static_cast<size_t>(sequences.offsets[static_cast<size_t>(u)]);
    for (size_t k = 0; k < items.size(); ++k) {
      if (!Among(row, items[k])) continue;
      out.items.push_back(items[k]);
      if (!sequences.times.empty()) out.times.push_back(sequences.times[first + k]);
    }
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

}  // namespace burgeon
