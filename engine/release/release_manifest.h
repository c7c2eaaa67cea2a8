// manifest.json of a release: who it is, what it was made from, the digest of every other file, and
// the golden queries. Holds no customer ids. docs/formats.md describes the fields.
#ifndef BURGEON_ENGINE_RELEASE_RELEASE_MANIFEST_H_
#define BURGEON_ENGINE_RELEASE_RELEASE_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/release/golden.h"
#include "engine/release/release_data.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

inline constexpr char kManifestFile[] = "manifest.json";
inline constexpr char kTensorsFile[] = "tensors.safetensors";
inline constexpr char kItemIndexFile[] = "item.index";
inline constexpr char kCustomerIndexFile[] = "customer.index";

struct ReleaseManifest {
  std::string id;
  std::string code_version;
  TimeMicros created_at = 0;
  int64_t customers = 0;
  int64_t items = 0;
  int64_t dim = 0;
  std::string recommender;  // kind
  std::string churn;        // kind; "" without a churn model
  FileDigest tensors;
  FileDigest item_index;
  FileDigest customer_index;
  std::vector<GoldenList> golden;
  // The scalars of a release; its arrays are empty (they are in the tensor file).
  ReleaseData scalars;
};

// What the manifest tells of the data; id, digests and golden queries are still to be set.
ReleaseManifest DescribeRelease(const ReleaseData& data);

// Sets the id, "<UTC time>-<first 8 hex digits of the SHA-256 of everything else>".
void SetReleaseId(ReleaseManifest* manifest);
bool IsReleaseId(std::string_view text);

// Begins with the SHA-256 of all the rest, so that no flipped bit goes unnoticed.
std::string ReleaseManifestText(const ReleaseManifest& manifest);
// kDataLoss naming source_name, the field, its value and what was wanted.
absl::StatusOr<ReleaseManifest> ParseReleaseManifest(std::string_view text,
                                                     const std::string& source_name);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_RELEASE_MANIFEST_H_
