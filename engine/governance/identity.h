// Several ids of one person (cookie, device, e-mail hash, account) as one customer, by links that
// somebody stated: events of type id_link, whose customer_id and properties["linked_id"] are two
// ids of one person, and whose properties["id_kind"] and ["linked_kind"] may say what they are.
//
//   IdentityMap map = IdentityMap::Build(links, options, as_of);
//   map.CanonicalOf("cookie-1");   // "account-7"; an id without links is its own
//   map.MembersOf("account-7");    // {"account-7", "cookie-1", "device-3"}, ascending
//
// Which links count. Those with event_time and known_at at or before T, between two different ids,
// that were not undone (identity_undo.h) and that name no erased id. Several events that state the
// same pair are one link, of the earliest of them.
//
// Shared ids. A device of a library or a mailbox of an office links persons who have nothing in
// common. Such a hub is ignored as an identifier: all its links are, and it is a customer of its
// own. Two rules find hubs, both over the whole of the links that count, so that no order of input
// matters:
//   1. An id that is linked to more different ids than its kind may be (max_links, or
//      max_links_by_kind) is a hub. All of these go at once.
//   2. While a cluster has more than max_cluster_ids ids: of its ids with two or more links, those
//      not of the first kind (all, when there is none left), the ones with the most links are hubs,
//      all of them at once.
//
// Which id names the cluster. The one of the strongest kind (the order of `kinds`; a kind that is
// not among them, or not said, comes last); of several the one that a link knew first; of several
// the smallest by bytes. So a profile keeps its name when further ids join it, as long as none is
// of a stronger kind; when two profiles merge, the older name of the stronger kind stays.
//
// The result depends on the set of links, the options and T, and on nothing else.
#ifndef BURGEON_ENGINE_GOVERNANCE_IDENTITY_H_
#define BURGEON_ENGINE_GOVERNANCE_IDENTITY_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/config/config.h"
#include "engine/events/event.h"
#include "engine/events/event_store.h"

namespace burgeon {

// One statement that two ids are of one person. Ids are in stored form.
struct IdLink {
  std::string id;         // the event's customer_id
  std::string linked_id;  // its property
  std::string id_kind;    // "" when not said
  std::string linked_kind;
  TimeMicros event_time = 0;
  TimeMicros known_at = 0;
  std::string event_id;
  std::string source;
  int64_t ingest = 0;  // where it came from
  int64_t line = 0;
  // From when on it is known that the two are one.
  TimeMicros since() const { return event_time > known_at ? event_time : known_at; }
};

// The link an id_link event states. kInvalidArgument for another type of event, and for one without
// a linked_id.
absl::StatusOr<IdLink> IdLinkOf(const Event& event);

// Two ids, the smaller first.
struct IdPair {
  IdPair() = default;
  IdPair(std::string_view a, std::string_view b);
  std::string first;
  std::string second;
  friend auto operator<=>(const IdPair&, const IdPair&) = default;
};

struct IdentityPolicy {
  int64_t max_cluster_ids = 100;
  int64_t max_links = 20;  // of one id
  // Instead of max_links, for ids of a kind.
  std::map<std::string, int64_t> max_links_by_kind = {{"account", 100}};
  // From the strongest to the weakest.
  std::vector<std::string> kinds = {"account", "customer", "loyalty", "email",
                                    "phone",   "device",   "cookie"};
};

// "identity: {max_cluster_ids: 100, max_links: 20, max_links_by_kind: {account: 100},
// kinds: [account, ...]}"; every field may be absent.
IdentityPolicy ParseIdentityPolicy(const ConfigNode& node);

struct IdentityOptions {
  IdentityPolicy policy;
  std::set<IdPair> undone;  // pairs that are not one person, whoever says so
  StringSet erased;         // ids whose links are not to be used
};

// An id that is shared by too many to say who somebody is.
struct IdentityHub {
  enum class Rule { kLinks, kCluster };
  std::string id;
  std::string kind;
  Rule rule = Rule::kLinks;
  int64_t links = 0;        // different ids it is linked to, when it was found
  int64_t cluster_ids = 0;  // ids of the cluster it held together then
};

// Two clusters that became one.
struct IdentityMerge {
  IdLink link;                       // that joined them
  std::string canonical;             // of the cluster there is since
  std::string absorbed;              // the canonical id that is none since
  std::vector<std::string> members;  // of the cluster since, ascending
};

// Immutable; thread-safe.
class IdentityMap {
 public:
  struct Cluster {
    std::string canonical;
    std::vector<std::string> members;  // ascending, at least two, the canonical one among them
  };

  IdentityMap() = default;  // without links
  static IdentityMap Build(std::span<const IdLink> links, const IdentityOptions& options,
                           TimeMicros as_of);

  // The id itself when it has no links; the view is of `id` then, else of the map.
  std::string_view CanonicalOf(std::string_view id) const;
  // All ids of the person, ascending; {id} when it has no links.
  std::vector<std::string> MembersOf(std::string_view id) const;

  bool empty() const { return clusters_.empty(); }
  const std::vector<Cluster>& clusters() const { return clusters_; }  // ascending by canonical id
  const std::vector<IdentityHub>& hubs() const { return hubs_; }      // ascending by id

 private:
  std::vector<Cluster> clusters_;
  StringMap<uint32_t> cluster_of_;
  std::vector<IdentityHub> hubs_;
};

// How the clusters as known at T came about: every merge, in order of (since, event_time, ids) of
// its link. A cluster of n ids has n - 1 of them. Hubs are those of T, so the log tells the story
// of the clusters of T without links that later proved worthless.
std::vector<IdentityMerge> IdentityMergeLog(std::span<const IdLink> links,
                                            const IdentityOptions& options, TimeMicros as_of);

// Every id link of a store, in no particular order. Reads all of its events.
absl::StatusOr<std::vector<IdLink>> ReadIdLinks(ThreadPool& pool, const EventStore& store);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_IDENTITY_H_
