// What the parts of query.h share: limits of a request, and who is there for a purpose.
#ifndef BURGEON_ENGINE_RELEASE_QUERY_INTERNAL_H_
#define BURGEON_ENGINE_RELEASE_QUERY_INTERNAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/status.h"
#include "engine/governance/consent.h"
#include "engine/recommend/recommend.h"
#include "engine/release/query.h"

namespace burgeon {

// kInvalidArgument unless 1 <= id.size() <= limits::kMaxIdBytes; `field` names it.
absl::Status CheckId(std::string_view field, std::string_view id);
// kInvalidArgument unless size <= max.
absl::Status CheckCount(std::string_view field, size_t size, int64_t max);
// kInvalidArgument unless 1 <= k <= limits::kMaxK.
absl::Status CheckListSize(int k);

// The purposes that a customer of the release consents to, with the overlay applied.
ConsentBits ConsentOf(const ReleaseView& view, uint32_t row);

// [customers] 1: in the release, not erased, and consents to the purpose.
std::vector<uint8_t> AllowedCustomers(const ReleaseView& view, Purpose purpose);

// The rows of those ids that FindCustomer finds, ascending and unique; the others go to `unknown`,
// each once, in their order.
struct FoundCustomers {
  std::vector<CustomerRow> rows;
  std::vector<std::string> unknown;
};
absl::StatusOr<FoundCustomers> FindCustomers(const ReleaseView& view, std::string_view field,
                                             const std::vector<std::string>& ids, Purpose purpose);

// Views into the release, with everybody who consents to recommend as a neighbour; `allowed` owns
// that mask and must outlive the parts.
RecommenderParts PartsOf(const ReleaseView& view, const std::vector<uint8_t>& allowed);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_QUERY_INTERNAL_H_
