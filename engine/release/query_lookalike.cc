#include <algorithm>

#include "engine/base/limits.h"
#include "engine/release/query.h"
#include "engine/release/query_internal.h"

namespace burgeon {

absl::StatusOr<LookalikeAnswer> AnswerLookalike(ExecutionContext& context, const ReleaseView& view,
                                                const LookalikeRequest& request) {
  if (request.seeds.empty()) return InvalidArgument("seeds: the list is empty");
  BURGEON_RETURN_IF_ERROR(CheckCount("seeds", request.seeds.size(), limits::kMaxRequestSeeds));
  BURGEON_RETURN_IF_ERROR(CheckCount("exclude", request.exclude.size(), limits::kMaxRequestSeeds));
  BURGEON_ASSIGN_OR_RETURN(FoundCustomers seeds,
                           FindCustomers(view, "seeds", request.seeds, Purpose::kAudience));
  BURGEON_ASSIGN_OR_RETURN(FoundCustomers excluded,
                           FindCustomers(view, "exclude", request.exclude, Purpose::kAudience));
  const std::vector<uint8_t> allowed = AllowedCustomers(view, Purpose::kAudience);
  const ReleaseData& data = view.release->data();
  const LookalikeInput input{.embeddings = data.recommender.customer_embeddings.view(),
                             .features = data.features.values.view(),
                             .seeds = seeds.rows,
                             .excluded = excluded.rows,
                             .allowed = allowed};
  BURGEON_ASSIGN_OR_RETURN(const std::vector<LookalikeMember> members,
                           ExpandLookalike(context, input, request.options));
  LookalikeAnswer answer;
  answer.members.reserve(members.size());
  for (const LookalikeMember& member : members) {
    answer.members.emplace_back(data.customers.id(member.customer.value), member.score);
  }
  answer.unknown_seeds = std::move(seeds.unknown);
  answer.unknown_excluded = std::move(excluded.unknown);
  answer.seeds_used = static_cast<int64_t>(seeds.rows.size());
  return answer;
}

}  // namespace burgeon
