// The history that a request goes by: its events, weighed as a snapshot weighs them, on top of what
// the release holds of a known customer.
//
//   std::vector<std::string> unknown;
//   BURGEON_RETURN_IF_ERROR(CheckRequestEvents(request));
//   const RecommendQuery query = QueryOfEvents(data, customer, request.events, &unknown);
//
// Thread-safe: the release is read only.
#ifndef BURGEON_ENGINE_RELEASE_REQUEST_HISTORY_H_
#define BURGEON_ENGINE_RELEASE_REQUEST_HISTORY_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/status.h"
#include "engine/recommend/recommend.h"
#include "engine/release/query.h"
#include "engine/release/release_data.h"

namespace burgeon {

// kInvalidArgument, naming the event: more than limits::kMaxRequestEvents; an id or a quantity that
// is none; a time in some events and not in others; beside customer_id a return, since the release
// does not hold how many units it would be taken off.
absl::Status CheckRequestEvents(const RecommendRequest& request);

// Events checked as above. Their order is that of their times, of those of one time and of those
// without times that of the request; of a known customer they come after all that the release
// holds, and weights of one item are added, up to event_weights.max_weight. Items that the release
// does not have go to `unknown`, each once, in their order.
RecommendQuery QueryOfEvents(const ReleaseData& data, std::optional<CustomerRow> customer,
                             std::span<const RequestEvent> events,
                             std::vector<std::string>* unknown);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_REQUEST_HISTORY_H_
