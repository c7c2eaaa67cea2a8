// The rules of engine/governance/identity.h once more, as slowly and plainly as they can be said:
// sets of strings, searched anew for every question. What the real thing is tested against.
#ifndef BURGEON_TESTS_SUPPORT_IDENTITY_REFERENCE_H_
#define BURGEON_TESTS_SUPPORT_IDENTITY_REFERENCE_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/governance/identity.h"

namespace burgeon {

class IdentityReference {
 public:
  IdentityReference(const std::vector<IdLink>& links, const IdentityOptions& options,
                    TimeMicros as_of)
      : policy_(options.policy) {
    for (const IdLink& link : links) {
      if (link.event_time > as_of || link.known_at > as_of || link.id == link.linked_id) continue;
      if (options.undone.contains(IdPair(link.id, link.linked_id))) continue;
      if (options.erased.contains(link.id) || options.erased.contains(link.linked_id)) continue;
      counted_.push_back(link);
      near_[link.id].insert(link.linked_id);
      near_[link.linked_id].insert(link.id);
    }
    FindHubs();
  }

  // Everybody that is connected to an id, itself among them.
  std::set<std::string> ClusterOf(const std::string& id) const {
    std::set<std::string> found = {id};
    std::vector<std::string> open = {id};
    while (!open.empty()) {
      const std::string at = open.back();
      open.pop_back();
      const auto neighbours = near_.find(at);
      if (neighbours == near_.end()) continue;
      for (const std::string& next : neighbours->second) {
        if (found.insert(next).second) open.push_back(next);
      }
    }
    return found;
  }

  std::string CanonicalOf(const std::string& id) const {
    using Key = std::tuple<size_t, TimeMicros, std::string>;
    std::set<Key> keys;
    for (const std::string& member : ClusterOf(id)) {
      keys.insert({RankOf(KindOf(member)), FirstOf(member), member});
    }
    return std::get<2>(*keys.begin());
  }

  std::set<std::string> Ids() const {
    std::set<std::string> ids;
    for (const IdLink& link : counted_) ids.insert({link.id, link.linked_id});
    return ids;
  }
  const std::set<std::string>& hubs() const { return hubs_; }

 private:
  size_t RankOf(const std::string& kind) const {
    return static_cast<size_t>(std::find(policy_.kinds.begin(), policy_.kinds.end(), kind) -
                               policy_.kinds.begin());
  }

  std::string KindOf(const std::string& id) const {
    std::set<std::pair<size_t, std::string>> said;
    for (const IdLink& link : counted_) {
      if (link.id == id && !link.id_kind.empty()) {
        said.insert({RankOf(link.id_kind), link.id_kind});
      }
      if (link.linked_id == id && !link.linked_kind.empty()) {
        said.insert({RankOf(link.linked_kind), link.linked_kind});
      }
    }
    return said.empty() ? "" : said.begin()->second;
  }

  TimeMicros FirstOf(const std::string& id) const {
    TimeMicros first = INT64_MAX;
    for (const IdLink& link : counted_) {
      if (link.id == id || link.linked_id == id) {
        first = std::min(first, std::max(link.event_time, link.known_at));
      }
    }
    return first;
  }

  void Ignore(const std::set<std::string>& hubs) {
    for (const std::string& hub : hubs) {
      for (const std::string& other : near_[hub]) near_[other].erase(hub);
      near_[hub].clear();
      hubs_.insert(hub);
    }
  }

  void FindHubs() {
    std::set<std::string> many;
    for (const auto& [id, neighbours] : near_) {
      const auto of_kind = policy_.max_links_by_kind.find(KindOf(id));
      const int64_t most =
          of_kind == policy_.max_links_by_kind.end() ? policy_.max_links : of_kind->second;
      if (static_cast<int64_t>(neighbours.size()) > most) many.insert(id);
    }
    Ignore(many);
    for (;;) {
      std::set<std::string> hubs;
      for (const std::string& id : Ids()) {
        const std::set<std::string> cluster = ClusterOf(id);
        if (static_cast<int64_t>(cluster.size()) > policy_.max_cluster_ids) {
          hubs.merge(HubsOf(cluster));
        }
      }
      if (hubs.empty()) return;
      Ignore(hubs);
    }
  }

  std::set<std::string> HubsOf(const std::set<std::string>& cluster) const {
    for (const bool first_kind_too : {false, true}) {
      std::map<size_t, std::set<std::string>> by_links;
      for (const std::string& id : cluster) {
        const size_t links = near_.at(id).size();
        const bool first_kind = RankOf(KindOf(id)) == 0;
        if (links >= 2 && (first_kind_too || !first_kind)) by_links[links].insert(id);
      }
      if (!by_links.empty()) return by_links.rbegin()->second;
    }
    return {};
  }

  IdentityPolicy policy_;
  std::vector<IdLink> counted_;
  std::map<std::string, std::set<std::string>> near_;
  std::set<std::string> hubs_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_IDENTITY_REFERENCE_H_
