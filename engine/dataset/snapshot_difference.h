// Where two snapshots differ: the first place, in words. Every array is compared byte by byte.
#ifndef BURGEON_ENGINE_DATASET_SNAPSHOT_DIFFERENCE_H_
#define BURGEON_ENGINE_DATASET_SNAPSHOT_DIFFERENCE_H_

#include <optional>
#include <string>

#include "engine/dataset/snapshot.h"

namespace burgeon {

struct DataDifference {
  std::string field;     // "events.quantity", "consent", ...
  std::string customer;  // "" when it is about no customer
  std::string first;     // the value in either
  std::string second;
};

// Nothing when both hold the same bytes. By customer, then by field.
std::optional<DataDifference> FirstDifference(const Snapshot& first, const Snapshot& second);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SNAPSHOT_DIFFERENCE_H_
