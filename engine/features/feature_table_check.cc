#include "engine/features/feature_table_check.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "engine/events/time_format.h"
#include "engine/features/customer_features.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr std::string_view kCustomer = "customer_id";
constexpr std::string_view kTime = "as_of";

// Where the columns of a file are.
struct Places {
  std::optional<size_t> customer;
  std::optional<size_t> time;
  std::vector<size_t> features;
};

absl::StatusOr<Places> FindColumns(const std::vector<std::string>& names, const std::string& path,
                                   HandedFeatures* out) {
  const std::vector<std::string>& ours = CustomerFeatureNames();
  Places places;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == kCustomer) {
      places.customer = i;
    } else if (names[i] == kTime) {
      places.time = i;
    } else if (std::find(ours.begin(), ours.end(), names[i]) != ours.end()) {
      places.features.push_back(i);
      out->names.push_back(names[i]);
    } else {
      out->unchecked.push_back(names[i]);
    }
  }
  if (!places.customer || !places.time) {
    return InvalidArgument(path, ": has no column '", places.customer ? kTime : kCustomer,
                           "'; it has ", JoinComma(names));
  }
  if (places.features.empty()) {
    return InvalidArgument(path, ": none of its columns (", JoinComma(names),
                           ") is a feature of ours; those are ", JoinComma(ours));
  }
  return places;
}

absl::Status AddRow(const TextBatch& batch, int64_t row, const Places& places,
                    const std::string& path, HandedFeatures* out, std::vector<float>* values) {
  const int64_t line = batch.lines[static_cast<size_t>(row)];
  const auto bad = [&](std::string_view column, std::string_view value, std::string_view wanted) {
    return InvalidArgument(path, ":", line, ": ", column, ": '", Printable(value), "' is not ",
                           wanted);
  };
  const std::string_view customer = batch.columns[*places.customer].value(row);
  if (customer.empty()) return bad(kCustomer, customer, "an id");
  const std::string_view text = batch.columns[*places.time].value(row);
  const TimeFormat format;
  const auto time = format.Parse(text);
  if (!time) return bad(kTime, text, format.Wanted());
  for (size_t i = 0; i < places.features.size(); ++i) {
    const std::string_view number = batch.columns[places.features[i]].value(row);
    float value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size()) {
      return bad(out->names[i], number, "a number");
    }
    values->push_back(value);
  }
  out->lines.push_back(line);
  out->customers.emplace_back(customer);
  out->as_of.push_back(*time);
  return absl::OkStatus();
}

// Holds the rows of one time against the features of that time.
class RowsOfOneTime {
 public:
  RowsOfOneTime(ThreadPool& pool, const HandedFeatures& table, Snapshot snapshot)
      : table_(table),
        snapshot_(std::move(snapshot)),
        features_(BuildCustomerFeatures(pool, snapshot_)) {
    for (const std::string& name : table.names) {
      const auto at = std::find(features_.names.begin(), features_.names.end(), name);
      column_.push_back(static_cast<size_t>(at - features_.names.begin()));
    }
  }

  std::optional<DataDifference> Compare(size_t row) const {
    const std::string& id = table_.customers[row];
    const auto customer = snapshot_.customers.Find(id);
    if (!customer.has_value()) {
      return DataDifference{std::string(kCustomer), id, "has features", "not known then"};
    }
    const auto handed = table_.values.row(static_cast<int64_t>(row));
    const auto known = features_.values.row(*customer);
    for (size_t i = 0; i < column_.size(); ++i) {
      const float wanted = known[column_[i]];
      if (std::bit_cast<uint32_t>(handed[i]) == std::bit_cast<uint32_t>(wanted)) continue;
      return DataDifference{table_.names[i], id, Concat(handed[i]), Concat(wanted)};
    }
    return std::nullopt;
  }

 private:
  const HandedFeatures& table_;
  Snapshot snapshot_;
  FeatureTable features_;
  std::vector<size_t> column_;  // of ours, for each of the table
};

}  // namespace

absl::StatusOr<HandedFeatures> ReadHandedFeatures(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, {}));
  HandedFeatures out;
  BURGEON_ASSIGN_OR_RETURN(const Places places, FindColumns(reader->column_names(), path, &out));
  std::vector<float> values;
  std::set<TimeMicros> times;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const auto batch, reader->Next());
    if (!batch.has_value()) break;
    if (!batch->bad_rows.empty()) {
      return InvalidArgument(path, ":", batch->bad_rows[0].line, ": ", batch->bad_rows[0].reason);
    }
    for (int64_t row = 0; row < static_cast<int64_t>(batch->lines.size()); ++row) {
      BURGEON_RETURN_IF_ERROR(AddRow(*batch, row, places, path, &out, &values));
      times.insert(out.as_of.back());
    }
    if (times.size() > kMaxHandedTimes) {
      return InvalidArgument(path, ": has more than ", kMaxHandedTimes, " different times");
    }
  }
  out.values = FloatMatrix(std::ssize(out.customers), std::ssize(out.names), std::move(values));
  return out;
}

absl::StatusOr<FeatureTableCheck> CheckHandedFeatures(ThreadPool& pool, const EventSource& source,
                                                      const HandedFeatures& table,
                                                      const SnapshotOptions& options) {
  std::map<TimeMicros, std::vector<size_t>> rows_of;
  for (size_t row = 0; row < table.as_of.size(); ++row) rows_of[table.as_of[row]].push_back(row);
  FeatureTableCheck check;
  check.rows = std::ssize(table.customers);
  check.times = std::ssize(rows_of);
  size_t first = table.customers.size();
  for (const auto& [as_of, rows] : rows_of) {
    BURGEON_ASSIGN_OR_RETURN(const EventLog log,
                             EventLog::Read(pool, KnownAtSource(source, as_of)));
    SnapshotOptions at = options;
    at.as_of = as_of;
    BURGEON_ASSIGN_OR_RETURN(Snapshot snapshot, BuildSnapshot(pool, log, at));
    const RowsOfOneTime known(pool, table, std::move(snapshot));
    for (const size_t row : rows) {
      auto difference = known.Compare(row);
      if (!difference.has_value()) continue;
      ++check.rows_that_differ;
      if (row >= first) continue;
      first = row;
      check.difference = std::move(difference);
      check.line = table.lines[row];
      check.as_of = as_of;
    }
  }
  return check;
}

}  // namespace burgeon
