// Which T a data set is "as known at", as a job or a flag says it:
//
//   dataset: {as_of: latest}                 everything there is (the default)
//   dataset: {as_of: watermark}              the store's watermark: what happened before it has
//                                            come, up to the lateness that the sources state
//   dataset: {as_of: 2011-09-01T00:00:00Z}   that time
#ifndef BURGEON_ENGINE_DATASET_AS_OF_H_
#define BURGEON_ENGINE_DATASET_AS_OF_H_

#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/events/event_store.h"

namespace burgeon {

struct AsOf {
  enum class Kind { kLatest, kWatermark, kTime };
  Kind kind = Kind::kLatest;
  TimeMicros time = 0;  // of kTime

  // The field `as_of`; absent: latest.
  static AsOf FromConfig(const ConfigNode& node);
  // kInvalidArgument for another text than the three above.
  static absl::StatusOr<AsOf> FromText(std::string_view text);

  // For SnapshotOptions::as_of: INT64_MAX for the latest. kFailedPrecondition when the store has no
  // watermark yet.
  absl::StatusOr<TimeMicros> In(const EventManifest& manifest) const;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_AS_OF_H_
