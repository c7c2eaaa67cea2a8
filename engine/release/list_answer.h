// From the shape of a list, in the words of a request, to the options of Recommend, and from its
// rows back to ids and words.
#ifndef BURGEON_ENGINE_RELEASE_LIST_ANSWER_H_
#define BURGEON_ENGINE_RELEASE_LIST_ANSWER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/recommend/item_rules.h"
#include "engine/recommend/recommend.h"
#include "engine/release/query.h"
#include "engine/release/release_data.h"

namespace burgeon {

// Rules compiled once for many queries. `options` has views into `rules` and the release.
struct PreparedList {
  std::unique_ptr<const CompiledRules> rules;
  RecommendOptions options;
  ListShape shape;
};
// kInvalidArgument as CompileRules, for an attribute to calibrate that the release does not have,
// and for reasons out of 0 .. kMaxReasons.
absl::StatusOr<PreparedList> PrepareList(const ReleaseData& data, const RecommendOptions& options,
                                         const ListShape& shape);

// RecommendQuery::exploration_key of a customer ("" of a stranger).
uint64_t ExplorationKey(const ListShape& shape, std::string_view customer_id);

// The answer in ids and words; `query` is what was asked of Recommend.
absl::StatusOr<RecommendAnswer> NameList(ExecutionContext& context, const RecommenderParts& parts,
                                         const ReleaseData& data, const PreparedList& prepared,
                                         const RecommendQuery& query, Recommendation found);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_LIST_ANSWER_H_
