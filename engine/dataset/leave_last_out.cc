#include "engine/dataset/leave_last_out.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace burgeon {
namespace {

constexpr TimeMicros kNoCut = std::numeric_limits<TimeMicros>::max();
constexpr TimeMicros kNever = std::numeric_limits<TimeMicros>::min();

// One row of the split.
struct CustomerSplit {
  TimeMicros cut = kNoCut;
  std::vector<uint32_t> test;  // ascending
};

CustomerSplit SplitCustomer(const SnapshotEvents& events, size_t begin, size_t end,
                            HeldOutPart part) {
  std::map<uint32_t, TimeMicros> first;  // by item; events are in order of time
  for (size_t k = begin; k < end; ++k) {
    if (events.type[k] != EventType::kPurchase || events.item[k] == kNoItemRow) continue;
    first.try_emplace(events.item[k], events.time[k]);
  }
  std::vector<TimeMicros> times;
  for (const auto& [item, time] : first) times.push_back(time);
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  CustomerSplit split;
  if (times.size() < 2) return split;
  const bool validation = part == HeldOutPart::kValidation;
  const bool enough = !validation || times.size() > 2;
  split.cut = times[times.size() - (validation && enough ? 2 : 1)];
  if (!enough) return split;
  for (const auto& [item, time] : first) {
    if (time == split.cut) split.test.push_back(item);
  }
  return split;
}

struct History {
  ItemTally tally;
  TimeMicros last = kNever;  // of an event that weighs something
};

// Appends the customer's rows of train and mask.
void AppendHistory(const SnapshotEvents& events, size_t begin, size_t end, TimeMicros cut,
                   const EventWeights& weights, LeaveLastOut* out) {
  std::map<uint32_t, History> items;
  for (size_t k = begin; k < end; ++k) {
    if (events.time[k] >= cut) break;
    if (events.item[k] == kNoItemRow) continue;
    History& history = items[events.item[k]];
    history.tally.Add(events.type[k], events.quantity[k], weights);
    if (weights.of(events.type[k]) > 0) history.last = std::max(history.last, events.time[k]);
  }
  for (const auto& [item, history] : items) {
    const float weight = history.tally.Weight(weights);
    if (weight > 0) {
      out->train.columns.push_back(item);
      out->train.values.push_back(weight);
      out->train_times.push_back(history.last);
    }
    if (history.tally.bought()) out->mask.columns.push_back(item);
  }
}

void EndRow(CsrMatrix* matrix) {
  matrix->offsets.push_back(static_cast<int64_t>(matrix->columns.size()));
}

}  // namespace

absl::StatusOr<LeaveLastOut> BuildLeaveLastOut(ThreadPool& pool, const EventLog& log,
                                               const SnapshotOptions& options, HeldOutPart part) {
  LeaveLastOut out;
  BURGEON_ASSIGN_OR_RETURN(out.known, BuildSnapshot(pool, log, options));
  const SnapshotEvents& events = out.known.events;
  out.train.cols = out.mask.cols = out.test.cols = out.known.items.size();
  for (size_t u = 0; u + 1 < events.offsets.size(); ++u) {
    const auto begin = static_cast<size_t>(events.offsets[u]);
    const auto end = static_cast<size_t>(events.offsets[u + 1]);
    const CustomerSplit split = SplitCustomer(events, begin, end, part);
    out.cut.push_back(split.cut);
    AppendHistory(events, begin, end, split.cut, options.weights, &out);
    out.test.columns.insert(out.test.columns.end(), split.test.begin(), split.test.end());
    ++(split.test.empty() ? out.short_customers : out.test_customers);
    for (CsrMatrix* matrix : {&out.train, &out.mask, &out.test}) EndRow(matrix);
  }
  if (out.test_customers == 0) {
    return FailedPrecondition(
        "leave last out: none of ", out.short_customers, " customers bought new items at ",
        part == HeldOutPart::kTest ? "two" : "three", " times or more, so none can be held out");
  }
  return out;
}

}  // namespace burgeon
