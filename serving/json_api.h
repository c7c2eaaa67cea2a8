// JSON in and out of the HTTP server: bodies of requests checked field by field into the requests
// of engine/release/query.h, and its answers written as JSON. Pure.
//
// A body is one object in UTF-8, at most limits::kMaxJsonDepth deep; a field twice or one this
// version does not know is an error, so that a typing error is never an answer to another question.
// Scores are written in the shortest form that reads back to the same float.
#ifndef BURGEON_SERVING_JSON_API_H_
#define BURGEON_SERVING_JSON_API_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/release/query.h"
#include "serving/release_source.h"

namespace burgeon {

// {"customer_id": "17850"}, {"events": [{"item_id": "84029E", "type": "purchase", "time": "..."}]}
// or both, and optionally "k", "method", "retrieval", "include_seen" and the fields of
// ReadListShape. kInvalidArgument naming the field.
absl::StatusOr<RecommendRequest> ParseRecommendBody(std::string_view body);

// {"seeds": ["17850"], "size": 1000, "exclude": []}; what is not said is as in `defaults`.
absl::StatusOr<LookalikeRequest> ParseLookalikeBody(std::string_view body,
                                                    const LookalikeOptions& defaults);

// Bodies of answers, each with the id of the release that gave it. They end with a line break.
std::string RecommendJson(std::string_view release_id, const RecommendAnswer& answer);
std::string LookalikeJson(std::string_view release_id, const LookalikeAnswer& answer);
std::string ProfileJson(std::string_view release_id, const CustomerProfile& profile);

enum class SimilarKind { kCustomers, kItems };
std::string SimilarJson(std::string_view release_id, SimilarKind kind, std::string_view id,
                        const std::vector<SimilarEntry>& entries);

// Of /healthz. `release_id` is "" when there is none.
std::string HealthJson(std::string_view release_id, const ReloadCounts& reloads);

}  // namespace burgeon

#endif  // BURGEON_SERVING_JSON_API_H_
