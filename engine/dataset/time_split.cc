#include "engine/dataset/time_split.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace burgeon {
namespace {

// One row of the later snapshot: the items bought after T, in rows of the training snapshot.
struct BoughtAfter {
  std::vector<uint32_t> known;
  int64_t new_items = 0;
};

BoughtAfter ItemsBoughtAfter(const Snapshot& later, size_t customer, TimeMicros as_of,
                             const std::vector<uint32_t>& train_row) {
  std::vector<uint32_t> items;
  const SnapshotEvents& events = later.events;
  for (auto k = static_cast<size_t>(events.offsets[customer]);
       k < static_cast<size_t>(events.offsets[customer + 1]); ++k) {
    if (events.type[k] != EventType::kPurchase || events.time[k] <= as_of) continue;
    if (events.item[k] != kNoItemRow) items.push_back(events.item[k]);
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  BoughtAfter bought;
  for (const uint32_t item : items) {
    if (train_row[item] == kNoItemRow) {
      ++bought.new_items;
    } else {
      bought.known.push_back(train_row[item]);
    }
  }
  return bought;
}

// A customer of train is looked for by its id, which is an alias in `later` when links have become
// known since then that join it to another; two customers of train that proved to be one person
// both have what the person bought.
void FillTest(const Snapshot& later, TimeSplit* split) {
  std::vector<uint32_t> train_row;
  for (const std::string& id : later.items.ids()) {
    train_row.push_back(split->train.items.Find(id).value_or(kNoItemRow));
  }
  split->test.cols = split->train.items.size();
  std::vector<uint8_t> in_train(static_cast<size_t>(later.customers.size()), 0);
  for (const std::string& id : split->train.customers.ids()) {
    if (const auto row = later.customers.Find(id); row.has_value()) {
      in_train[*row] = 1;
      const BoughtAfter bought = ItemsBoughtAfter(later, *row, split->train.as_of, train_row);
      split->new_item_pairs += bought.new_items;
      split->test_customers += bought.known.empty() ? 0 : 1;
      split->test.columns.insert(split->test.columns.end(), bought.known.begin(),
                                 bought.known.end());
    }
    split->test.offsets.push_back(static_cast<int64_t>(split->test.columns.size()));
  }
  for (size_t c = 0; c < in_train.size(); ++c) {
    if (in_train[c] != 0) continue;
    const BoughtAfter bought = ItemsBoughtAfter(later, c, split->train.as_of, train_row);
    split->new_customer_pairs += static_cast<int64_t>(bought.known.size()) + bought.new_items;
  }
}

}  // namespace

absl::StatusOr<TimeSplit> BuildTimeSplit(ThreadPool& pool, const EventLog& log,
                                         const SnapshotOptions& options, int64_t window_days) {
  if (window_days < 1 || window_days > kMaxWindowDays) {
    return InvalidArgument("window_days: ", window_days, " is not a number from 1 to ",
                           kMaxWindowDays);
  }
  if (options.as_of > INT64_MAX - window_days * kMicrosPerDay) {
    return InvalidArgument("as_of: a time split needs the time of the split; none was given");
  }
  const TimeMicros end = options.as_of + window_days * kMicrosPerDay;
  if (log.last_event_time < end) {
    return FailedPrecondition("a test window of ", window_days, " days after ",
                              FormatTime(options.as_of), " ends at ", FormatTime(end),
                              "; the last event is of ", FormatTime(log.last_event_time));
  }
  TimeSplit split;
  split.window_days = window_days;
  BURGEON_ASSIGN_OR_RETURN(split.train, BuildSnapshot(pool, log, options));
  SnapshotOptions later_options = options;
  later_options.as_of = end;
  later_options.min_item_customers = 1;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot later, BuildSnapshot(pool, log, later_options));
  FillTest(later, &split);
  return split;
}

CsrMatrix NewItems(const TimeSplit& split) {
  const CsrView test = split.test.view();
  const CsrView seen = split.train.seen.view();
  CsrMatrix out;
  out.cols = test.cols;
  for (int64_t row = 0; row < test.rows(); ++row) {
    const auto wanted = test.row_columns(row);
    const auto had = seen.row_columns(row);
    std::ranges::set_difference(wanted, had, std::back_inserter(out.columns));
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

}  // namespace burgeon
