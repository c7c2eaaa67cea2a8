// The arrays of a release in its tensor file, and the check that they fit together.
#ifndef BURGEON_ENGINE_RELEASE_RELEASE_TENSORS_H_
#define BURGEON_ENGINE_RELEASE_RELEASE_TENSORS_H_

#include "engine/base/status.h"
#include "engine/release/release_data.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

TensorFile ReleaseTensors(const ReleaseData& data);

enum class ChurnPart { kAbsent, kPresent };

// Fills what ReleaseTensors took; the rest of `data` (what the manifest holds) is left as it is.
absl::Status ReadReleaseTensors(const TensorFile& file, ChurnPart churn, ReleaseData* data);

// Every array against the vocabularies, and every number against its range. kDataLoss naming the
// array, its shape or value, and what was wanted.
absl::Status CheckReleaseData(const ReleaseData& data);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_RELEASE_TENSORS_H_
