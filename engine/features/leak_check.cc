#include "engine/features/leak_check.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace burgeon {
namespace {

bool SameBits(float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); }

void AddLeak(std::string_view part, std::optional<DataDifference> difference,
             LeakCheckTime* report) {
  if (difference.has_value()) report->leaks.push_back({std::string(part), *std::move(difference)});
}

// How far the events of the second source go, for checks of windows: as far as T, because the first
// one goes on after it.
void ReachUntil(TimeMicros as_of, const EventLog& all, EventLog* log) {
  log->last_event_time = std::min(all.last_event_time, as_of);
}

void CountEvents(const EventLog& log, LeakCheckTime* report) {
  for (size_t k = 0; k < log.time.size(); ++k) {
    if (log.time[k] > report->as_of) {
      ++report->later_events;
    } else if (log.known_at[k] > report->as_of) {
      ++report->late_events;
    } else {
      ++report->events;
    }
  }
}

// The features of the examples must be those of T, whatever the labels saw.
std::optional<DataDifference> AgainstFeatures(const ChurnExamples& examples,
                                              const CheckedData& known) {
  if (examples.features.names != known.features.names) return std::nullopt;  // of another kind
  FeatureTable wanted;
  wanted.names = known.features.names;
  std::vector<float> values;
  for (const std::string& customer : examples.customers) {
    const auto row = known.snapshot.customers.Find(customer);
    if (!row.has_value()) {
      return DataDifference{"customers", customer, "has an example", "not known then"};
    }
    const auto of_row = known.features.values.row(*row);
    values.insert(values.end(), of_row.begin(), of_row.end());
  }
  wanted.values =
      FloatMatrix(examples.size(), static_cast<int64_t>(wanted.names.size()), std::move(values));
  return FirstDifference(examples.customers, examples.features, wanted);
}

absl::Status CheckChurn(ThreadPool& pool, const EventSource& source, const SourceFacts& all,
                        const CheckedData& known, const LeakCheckBuilders& build,
                        LeakCheckTime* report) {
  if (!build.churn) {
    report->churn_skipped = "no churn problem is set";
    return absl::OkStatus();
  }
  const TimeMicros end = report->as_of + build.churn_window_days * kMicrosPerDay;
  const auto first = build.churn(all, report->as_of);
  if (absl::IsFailedPrecondition(first.status())) {
    report->churn_skipped = MessageOf(first.status());
    return absl::OkStatus();
  }
  BURGEON_RETURN_IF_ERROR(first.status());
  BURGEON_ASSIGN_OR_RETURN(SourceFacts at_end, ReadFacts(pool, KnownAtSource(source, end)));
  ReachUntil(end, all.log, &at_end.log);
  const auto second = build.churn(at_end, report->as_of);
  if (absl::IsFailedPrecondition(second.status())) {
    AddLeak(
        "churn examples",
        DataDifference{"all", "", Concat(first->size(), " examples"), MessageOf(second.status())},
        report);
    return absl::OkStatus();
  }
  BURGEON_RETURN_IF_ERROR(second.status());
  auto difference = FirstDifference(*first, *second);
  if (!difference.has_value()) difference = AgainstFeatures(*first, known);
  AddLeak("churn examples", std::move(difference), report);
  return absl::OkStatus();
}

std::string NameOf(const ResolvedAttribute& value) {
  return Concat("'", value.believed.value, "' of ", value.believed.source, " since ",
                FormatTime(value.believed.event_time));
}

bool SameAttribute(const ResolvedAttribute& a, const ResolvedAttribute& b) {
  return std::tie(a.customer, a.name, a.believed, a.overruled, a.group_key) ==
         std::tie(b.customer, b.name, b.believed, b.overruled, b.group_key);
}

}  // namespace

bool LeakReport::clean() const {
  return std::all_of(times.begin(), times.end(),
                     [](const LeakCheckTime& time) { return time.leaks.empty(); });
}

LeakCheckBuilders JobBuilders(ThreadPool& pool, const SnapshotOptions& options,
                              const ChurnOptions& churn, const AttributeSources& sources) {
  LeakCheckBuilders build;
  build.churn_window_days = churn.prediction_window_days;
  build.data = [&pool, options, sources](const SourceFacts& facts,
                                         TimeMicros as_of) -> absl::StatusOr<CheckedData> {
    SnapshotOptions at = options;
    at.as_of = as_of;
    CheckedData data;
    BURGEON_ASSIGN_OR_RETURN(data.snapshot, BuildSnapshot(pool, facts.log, at));
    data.features = BuildCustomerFeatures(pool, data.snapshot);
    at.purpose = Purpose::kExport;
    data.attributes = BuildAttributeTable(facts, sources, at);
    return data;
  };
  build.churn = [&pool, options, churn](const SourceFacts& facts, TimeMicros as_of) {
    return BuildChurnExamples(pool, facts.log, options, as_of, churn);
  };
  return build;
}

absl::StatusOr<LeakReport> CheckLeaks(ThreadPool& pool, const EventSource& source,
                                      std::span<const TimeMicros> times,
                                      const LeakCheckBuilders& build) {
  BURGEON_ASSIGN_OR_RETURN(const SourceFacts all, ReadFacts(pool, source));
  LeakReport report;
  for (const TimeMicros as_of : times) {
    LeakCheckTime& time = report.times.emplace_back();
    time.as_of = as_of;
    CountEvents(all.log, &time);
    BURGEON_ASSIGN_OR_RETURN(SourceFacts then, ReadFacts(pool, KnownAtSource(source, as_of)));
    ReachUntil(as_of, all.log, &then.log);
    BURGEON_ASSIGN_OR_RETURN(const CheckedData first, build.data(all, as_of));
    BURGEON_ASSIGN_OR_RETURN(const CheckedData second, build.data(then, as_of));
    AddLeak("snapshot", FirstDifference(first.snapshot, second.snapshot), &time);
    if (first.snapshot.customers.ids() == second.snapshot.customers.ids()) {
      AddLeak("features",
              FirstDifference(first.snapshot.customers.ids(), first.features, second.features),
              &time);
    }
    AddLeak("attributes", FirstDifference(first.attributes, second.attributes), &time);
    BURGEON_RETURN_IF_ERROR(CheckChurn(pool, source, all, second, build, &time));
  }
  return report;
}

std::optional<DataDifference> FirstDifference(const std::vector<std::string>& customers,
                                              const FeatureTable& first,
                                              const FeatureTable& second) {
  for (size_t row = 0; row < customers.size(); ++row) {
    const auto a = first.values.row(static_cast<int64_t>(row));
    const auto b = second.values.row(static_cast<int64_t>(row));
    for (size_t i = 0; i < first.names.size(); ++i) {
      if (SameBits(a[i], b[i])) continue;
      return DataDifference{first.names[i], customers[row], Concat(a[i]), Concat(b[i])};
    }
  }
  return std::nullopt;
}

std::optional<DataDifference> FirstDifference(const AttributeTable& first,
                                              const AttributeTable& second) {
  const auto& a = first.values;
  const auto& b = second.values;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && SameAttribute(a[i], b[i])) continue;
    const auto key = [](const ResolvedAttribute& value) {
      return std::tie(value.customer, value.name);
    };
    const bool in_first = i < a.size() && (i >= b.size() || key(a[i]) <= key(b[i]));
    const bool in_second = i < b.size() && (i >= a.size() || key(b[i]) <= key(a[i]));
    const ResolvedAttribute& at = in_first ? a[i] : b[i];
    DataDifference difference{at.name, at.customer, in_first ? NameOf(a[i]) : "not there",
                              in_second ? NameOf(b[i]) : "not there"};
    if (difference.first == difference.second) {
      difference.first += Concat(", ", a[i].overruled.size(), " overruled");
      difference.second += Concat(", ", b[i].overruled.size(), " overruled");
    }
    return difference;
  }
  return std::nullopt;
}

std::optional<DataDifference> FirstDifference(const ChurnExamples& first,
                                              const ChurnExamples& second) {
  for (size_t i = 0; i < std::max(first.customers.size(), second.customers.size()); ++i) {
    const bool both = i < first.customers.size() && i < second.customers.size();
    if (both && first.customers[i] == second.customers[i]) {
      if (first.churned[i] == second.churned[i]) continue;
      return DataDifference{"churned", first.customers[i], Concat(int{first.churned[i]}),
                            Concat(int{second.churned[i]})};
    }
    const bool in_first =
        i < first.customers.size() && (!both || first.customers[i] < second.customers[i]);
    return DataDifference{"customers", in_first ? first.customers[i] : second.customers[i],
                          in_first ? "has an example" : "has none",
                          in_first ? "has none" : "has an example"};
  }
  return FirstDifference(first.customers, first.features, second.features);
}

}  // namespace burgeon
