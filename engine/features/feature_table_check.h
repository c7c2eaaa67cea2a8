// Holds a table of features that somebody hands in against the features as known at the times it
// names: columns customer_id (any id of the customer, in stored form), as_of (ISO 8601), and any of
// CustomerFeatureNames(). A value that could not have been known then is named.
//
//   BURGEON_ASSIGN_OR_RETURN(const HandedFeatures table, ReadHandedFeatures(files, "train.csv"));
//   BURGEON_ASSIGN_OR_RETURN(const FeatureTableCheck check,
//                            CheckHandedFeatures(pool, source, table, options));
#ifndef BURGEON_ENGINE_FEATURES_FEATURE_TABLE_CHECK_H_
#define BURGEON_ENGINE_FEATURES_FEATURE_TABLE_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/dataset/event_source.h"
#include "engine/dataset/snapshot.h"
#include "engine/dataset/snapshot_difference.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// One snapshot is built for each different time.
inline constexpr size_t kMaxHandedTimes = 1000;

struct HandedFeatures {
  std::vector<std::string> names;      // features of ours
  std::vector<std::string> unchecked;  // columns we know nothing of
  std::vector<int64_t> lines;          // of each row, in the file
  std::vector<std::string> customers;
  std::vector<TimeMicros> as_of;
  FloatMatrix values;  // [rows, names]
};

// CSV or Parquet by the name. kInvalidArgument naming line, column and value for a row without
// customer or time or with a value that is no number, for a table without a feature of ours, and
// for more than kMaxHandedTimes times.
absl::StatusOr<HandedFeatures> ReadHandedFeatures(FileSystem& files, const std::string& path);

struct FeatureTableCheck {
  int64_t rows = 0;
  int64_t times = 0;
  int64_t rows_that_differ = 0;
  // The first in the order of the file; first: as handed in, second: as known then.
  std::optional<DataDifference> difference;
  int64_t line = 0;
  TimeMicros as_of = 0;
};

// options.as_of is not used.
absl::StatusOr<FeatureTableCheck> CheckHandedFeatures(ThreadPool& pool, const EventSource& source,
                                                      const HandedFeatures& table,
                                                      const SnapshotOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_FEATURES_FEATURE_TABLE_CHECK_H_
