// Whether a data set has seen the future: it is built once from all that is known today and once
// from a source that has only what was known at T, and the two must be the same bytes.
//
//   const LeakCheckBuilders build = JobBuilders(pool, options, churn, sources);
//   BURGEON_ASSIGN_OR_RETURN(const LeakReport report, CheckLeaks(pool, source, times, build));
//   report.times[0].leaks;   // empty, or what differs first in each part of the data set
//
// The second source (KnownAtSource) hands out events, links, consent and attributes with event_time
// and known_at at or before T, so whatever is built from it cannot have seen more. Labels of churn
// look ahead by design: they are built from what was known at the end of their window, and their
// features must still be those of T.
//
// What was decided since T and is not a fact about T is the same on both sides: undone links,
// erasures and consent given outside of the events (SnapshotOptions), and the trust of the sources.
#ifndef BURGEON_ENGINE_FEATURES_LEAK_CHECK_H_
#define BURGEON_ENGINE_FEATURES_LEAK_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/dataset/customer_attributes.h"
#include "engine/dataset/event_source.h"
#include "engine/dataset/snapshot_difference.h"
#include "engine/features/churn_examples.h"
#include "engine/features/customer_features.h"

namespace burgeon {

// What is compared at T.
struct CheckedData {
  Snapshot snapshot;
  FeatureTable features;  // of the snapshot's customers
  AttributeTable attributes;
};

// How the data set is made: what a check tests.
struct LeakCheckBuilders {
  std::function<absl::StatusOr<CheckedData>(const SourceFacts&, TimeMicros as_of)> data;
  // Examples of T with their labels; may look churn_window_days ahead. Empty: none.
  std::function<absl::StatusOr<ChurnExamples>(const SourceFacts&, TimeMicros as_of)> churn;
  int64_t churn_window_days = 0;
};

// As the verbs of the command line make it; as_of of the options is not used, and attributes are of
// those who consent to `export`. The pool must outlive it, as must what the options point to.
LeakCheckBuilders JobBuilders(ThreadPool& pool, const SnapshotOptions& options,
                              const ChurnOptions& churn, const AttributeSources& sources);

struct Leak {
  std::string part;           // "snapshot", "features", "attributes", "churn examples"
  DataDifference difference;  // first: from everything; second: from what was known
};

struct LeakCheckTime {
  TimeMicros as_of = 0;
  int64_t events = 0;         // of customers, known at T
  int64_t late_events = 0;    // happened by then, known only later
  int64_t later_events = 0;   // happened later
  std::string churn_skipped;  // why no examples were compared; "" when they were
  std::vector<Leak> leaks;
};

struct LeakReport {
  std::vector<LeakCheckTime> times;
  bool clean() const;
};

absl::StatusOr<LeakReport> CheckLeaks(ThreadPool& pool, const EventSource& source,
                                      std::span<const TimeMicros> times,
                                      const LeakCheckBuilders& build);

// Of parts that are not snapshots; for tables that come from elsewhere as well. Rows are of
// `customers`; the names of both tables must be the same.
std::optional<DataDifference> FirstDifference(const std::vector<std::string>& customers,
                                              const FeatureTable& first,
                                              const FeatureTable& second);
std::optional<DataDifference> FirstDifference(const AttributeTable& first,
                                              const AttributeTable& second);
std::optional<DataDifference> FirstDifference(const ChurnExamples& first,
                                              const ChurnExamples& second);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_FEATURES_LEAK_CHECK_H_
