// Questions to a release with its overlay: the one place that serving and batch both call, so that
// a list is the same from either. Consent and erasure are enforced here: a customer who is erased,
// or does not consent to the purpose, is neither found, nor listed, nor used as a neighbour, a seed
// or background for others. External ids go in and come out, customer ids in stored form: when
// ReleaseData::pseudonymous is set the caller turns them into pseudonyms first.
//
//   const ReleaseView view{release.get(), &overlay};
//   BURGEON_ASSIGN_OR_RETURN(const RecommendAnswer answer,
//                            AnswerRecommend(context, view, {.customer_id = "17850"}));
//
// Thread-safe. Requests over a limit are kInvalidArgument naming field and value: k out of
// 1 .. limits::kMaxK, more than limits::kMaxRequestEvents events or limits::kMaxRequestSeeds seeds
// (or excluded), ids that are empty or longer than limits::kMaxIdBytes.
#ifndef BURGEON_ENGINE_RELEASE_QUERY_H_
#define BURGEON_ENGINE_RELEASE_QUERY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/audience/lookalike.h"
#include "engine/base/status.h"
#include "engine/recommend/item_rules.h"
#include "engine/recommend/reasons.h"
#include "engine/recommend/recommend.h"
#include "engine/release/contact.h"
#include "engine/release/loaded_release.h"
#include "engine/release/overlay.h"

namespace burgeon {

// A release as seen through the overlay. Views; both must outlive it.
struct ReleaseView {
  const LoadedRelease* release = nullptr;
  const Overlay* overlay = nullptr;
};

// The row of a customer who is in the release, not erased, and consents to the purpose.
// kNotFound "customer '...' is not known" for all three cases alike: an answer must not tell who
// was erased or who refused.
absl::StatusOr<CustomerRow> FindCustomer(const ReleaseView& view, std::string_view customer_id,
                                         Purpose purpose);

struct RequestEvent {
  std::string item_id;
  EventType type = EventType::kPurchase;
  double quantity = 1;                  // units, of purchases and returns
  std::optional<TimeMicros> time = {};  // of all events of a request or of none
};

// What a list is to look like, in the words of a request; docs/recommending.md explains it.
struct DiversityShape {
  DiversityKind kind = DiversityKind::kNone;
  double strength = 0.3;
  int pool = 100;
  std::string attribute = "category";  // what kCalibrated calibrates
};
struct ExplorationShape {
  double share = 0;
  int pool = 100;
  uint64_t seed = 0;
  std::string request = {};  // which time this customer asks: another text, other draws
};
// Asks whether the customer may be contacted, with this list, at that time (contact.h).
struct ContactQuestion {
  TimeMicros at = 0;
  const ContactPolicy* policy = nullptr;  // nullptr: there are no rules
};
inline constexpr TimeMicros kContactNow = INT64_MAX;  // in `at`: whoever has a clock puts it in
struct ListShape {
  ItemRules rules = {};
  DiversityShape diversity = {};
  ExplorationShape exploration = {};
  std::optional<ContactQuestion> contact = {};
  int reasons = 0;  // items of the history to name for each recommendation, up to kMaxReasons
};
inline constexpr int kMaxReasons = 100;

struct RecommendRequest {
  std::optional<std::string> customer_id = {};
  // What somebody did whom the release does not know; beside customer_id, what the customer did
  // since the release's data end.
  std::vector<RequestEvent> events = {};
  RecommendOptions options = {};  // its rules, diversity and exploration are those of shape
  ListShape shape = {};
};

struct NamedReason {
  std::string id = {};  // an item of the history
  std::string label = {};
  double contribution = 0;
};
struct FeatureReason {
  std::string name = {};    // an attribute,
  std::string value = {};   // of the item recommended
  double contribution = 0;  // of the items of the history that have the same value
};
struct ItemReasons {
  ReasonKind kind = ReasonKind::kExact;
  std::vector<NamedReason> items = {};  // by contribution descending, then by row
  double others = 0;  // of the rest of the history; kExact: with `items` the score
  std::vector<FeatureReason> features =
      {};  // kExact only; by contribution descending, then by name
};

struct NamedItem {
  std::string id = {};
  std::string label = {};
  float score = 0;  // NaN: pinned
  ItemSource source = ItemSource::kModel;
  double propensity = 1;                    // of this item at this place, with exploration
  std::optional<ItemReasons> reasons = {};  // when asked for, of what the method listed
};

struct LeftOut {
  std::string id = {};
  std::string reason = {};
};

struct RecommendAnswer {
  std::string customer_id;  // "" for a stranger
  std::vector<NamedItem> items;
  RecommendMethod method = RecommendMethod::kModel;
  std::string fallback_reason;  // "" when the method asked for answered
  int64_t filled = 0;  // items at the end that popularity added, for want of more by the method
  std::vector<std::string> unknown_items;    // of the request's events, each once, in their order
  std::vector<LeftOut> not_pinned;           // pinned items that are not on the list, and why
  std::vector<std::string> unknown_blocked;  // blocked items that the release does not have
  // The customer may not be contacted, and this is why; there is no list.
  std::optional<ContactRefusal> refused;
  bool explored = false;  // propensities are of an exploration
};

// Each request has customer_id, events or both, else kInvalidArgument. A customer not known (or
// erased, or without consent) is kNotFound. Events are weighed, and put in order, as a snapshot
// does it (request_history.h), so a stranger with a customer's events gets that customer's list;
// those beside customer_id come after all that the release holds of the customer. A customer who
// may not be contacted, when that is asked, gets no list and the rule. Rules as CompileRules
// (engine/recommend/item_rules.h) takes them.
absl::StatusOr<RecommendAnswer> AnswerRecommend(ExecutionContext& context, const ReleaseView& view,
                                                const RecommendRequest& request);
// The same answers, bit for bit, for many known customers at once. `customers` come from
// CustomersFor(view, Purpose::kRecommend).
absl::StatusOr<std::vector<RecommendAnswer>> AnswerRecommendMany(
    ExecutionContext& context, const ReleaseView& view, std::span<const CustomerRow> customers,
    const RecommendOptions& options, const ListShape& shape = {});

// Everyone who is there for the purpose, ascending.
std::vector<CustomerRow> CustomersFor(const ReleaseView& view, Purpose purpose);

struct SimilarEntry {
  std::string id;
  std::string label;  // of an item; "" for a customer
  float score = 0;    // cosine
};
// By cosine of the embeddings, best first, then by row; the one asked about is left out, and so is
// whatever has no embedding. Items: the item index proposes, which knows inner products; how far it
// is widened is in query_similar.cc. Customers: those who consent to recommend.
absl::StatusOr<std::vector<SimilarEntry>> SimilarItems(const ReleaseView& view,
                                                       std::string_view item_id, int k);
absl::StatusOr<std::vector<SimilarEntry>> SimilarCustomers(const ReleaseView& view,
                                                           std::string_view customer_id, int k);

struct LookalikeRequest {
  std::vector<std::string> seeds = {};
  std::vector<std::string> exclude = {};
  LookalikeOptions options = {};
};
struct LookalikeAnswer {
  std::vector<std::pair<std::string, float>> members;  // best first
  std::vector<std::string> unknown_seeds;              // not found, as FindCustomer means it
  std::vector<std::string> unknown_excluded;
  int64_t seeds_used = 0;
};
// A seed given twice counts once; a seed that is also excluded counts as a seed. An audience
// smaller than options.size is all there is to choose from. kFailedPrecondition, with the counts,
// for fewer found seeds than options.min_seeds and for an audience below options.min_audience.
absl::StatusOr<LookalikeAnswer> AnswerLookalike(ExecutionContext& context, const ReleaseView& view,
                                                const LookalikeRequest& request);

struct ChurnRow {
  std::string customer_id;
  float risk = 0;
};
// Of those active and consenting to `score`; `customers` empty: everyone. Ids not found (or not
// active) are in `missing`.
struct ChurnAnswer {
  std::vector<ChurnRow> rows;
  std::vector<std::string> missing;
};
absl::StatusOr<ChurnAnswer> AnswerChurn(const ReleaseView& view,
                                        const std::optional<std::vector<std::string>>& customers);

struct CustomerProfile {
  std::string id;
  std::vector<std::pair<std::string, float>> features;  // name, value at the watermark
  std::optional<float> churn_risk;
  int64_t items_bought = 0;
  std::vector<std::string> consent;  // names of the purposes granted
};
absl::StatusOr<CustomerProfile> AnswerProfile(const ReleaseView& view,
                                              std::string_view customer_id);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_QUERY_H_
