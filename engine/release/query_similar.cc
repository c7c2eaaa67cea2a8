#include <algorithm>

#include "engine/index/vector_scorer.h"
#include "engine/recommend/neighbours.h"
#include "engine/release/query.h"
#include "engine/release/query_internal.h"

namespace burgeon {

namespace {

// Of how many neighbours by inner product the nearest by cosine are taken, at least: long vectors
// crowd the front of a list by inner product, so it has to be much longer than what is wanted.
constexpr int64_t kSimilarItemCandidates = 2000;
constexpr int64_t kSimilarItemFactor = 20;

}  // namespace

absl::StatusOr<std::vector<SimilarEntry>> SimilarItems(const ReleaseView& view,
                                                       std::string_view item_id, int k) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(k));
  BURGEON_RETURN_IF_ERROR(CheckId("item_id", item_id));
  const ReleaseData& data = view.release->data();
  const std::optional<uint32_t> self = data.items.Find(item_id);
  if (!self) return NotFound("item '", Printable(item_id), "' is not known");
  const auto embedding = data.recommender.item_embeddings.row(*self);
  const int64_t ask = std::min(data.items.size(),
                               std::max(kSimilarItemCandidates, kSimilarItemFactor * int64_t{k}));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Neighbor> candidates,
                           view.release->item_index().Search(embedding, static_cast<int>(ask)));
  std::vector<Neighbor> found;
  for (const Neighbor& candidate : candidates) {
    if (candidate.row == *self) continue;
    const std::optional<float> cosine =
        CanonicalCosine(embedding, data.recommender.item_embeddings.row(candidate.row));
    if (cosine) found.push_back({candidate.row, *cosine});
  }
  KeepBest(k, &found);
  std::vector<SimilarEntry> entries;
  for (const Neighbor& n : found) {
    entries.push_back({data.items.id(n.row), data.item_label[n.row], n.score});
  }
  return entries;
}

absl::StatusOr<std::vector<SimilarEntry>> SimilarCustomers(const ReleaseView& view,
                                                           std::string_view customer_id, int k) {
  BURGEON_RETURN_IF_ERROR(CheckListSize(k));
  BURGEON_ASSIGN_OR_RETURN(const CustomerRow self,
                           FindCustomer(view, customer_id, Purpose::kRecommend));
  const ReleaseData& data = view.release->data();
  const std::vector<uint8_t> allowed = AllowedCustomers(view, Purpose::kRecommend);
  BURGEON_ASSIGN_OR_RETURN(
      const std::vector<Neighbor> found,
      NearestCustomers(view.release->customer_index(), allowed,
                       data.recommender.customer_embeddings.row(self.value), self, k));
  std::vector<SimilarEntry> entries;
  for (const Neighbor& n : found) entries.push_back({data.customers.id(n.row), "", n.score});
  return entries;
}

}  // namespace burgeon
