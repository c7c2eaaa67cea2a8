#include "engine/governance/identity.h"

#include <algorithm>
#include <tuple>

#include "engine/governance/identity_graph.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxIdentityLimit = 1'000'000;

using internal::BuildIdentityGraph;
using internal::IdentityEdge;
using internal::IdentityGraph;
using internal::UnionFind;

std::string PropertyOf(const Event& event, const char* name) {
  const auto found = event.properties.find(name);
  return found == event.properties.end() ? std::string() : found->second;
}

std::vector<std::string> Joined(const std::vector<std::string>& a,
                                const std::vector<std::string>& b) {
  std::vector<std::string> out;
  out.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace

IdPair::IdPair(std::string_view a, std::string_view b)
    : first(std::min(a, b)), second(std::max(a, b)) {}

absl::StatusOr<IdLink> IdLinkOf(const Event& event) {
  const auto name = [&] {
    return Concat("id_link event '", Printable(event.event_id), "' of customer '",
                  Printable(event.customer_id), "'");
  };
  if (event.type != EventType::kIdLink) {
    return InvalidArgument(name(), ": is of type ", EventTypeName(event.type));
  }
  IdLink link;
  link.id = event.customer_id;
  link.linked_id = PropertyOf(event, "linked_id");
  if (link.linked_id.empty()) {
    return InvalidArgument(name(), ": has no property 'linked_id'; wanted the other id");
  }
  link.id_kind = PropertyOf(event, "id_kind");
  link.linked_kind = PropertyOf(event, "linked_kind");
  link.event_time = event.event_time;
  link.known_at = event.known_at;
  link.event_id = event.event_id;
  link.source = event.source;
  link.ingest = event.ingest;
  link.line = event.line;
  return link;
}

IdentityPolicy ParseIdentityPolicy(const ConfigNode& node) {
  IdentityPolicy policy;
  policy.max_cluster_ids =
      node.GetInt("max_cluster_ids", policy.max_cluster_ids, {2, kMaxIdentityLimit});
  policy.max_links = node.GetInt("max_links", policy.max_links, {1, kMaxIdentityLimit});
  if (node.Has("max_links_by_kind")) {
    policy.max_links_by_kind.clear();
    const ConfigNode limits = node.Child("max_links_by_kind");
    for (const auto& [kind, text] : node.GetMap("max_links_by_kind")) {
      policy.max_links_by_kind[kind] = limits.GetInt(kind, 1, {1, kMaxIdentityLimit});
    }
  }
  if (node.Has("kinds")) {
    policy.kinds = node.GetStrings("kinds");
    const std::set<std::string> different(policy.kinds.begin(), policy.kinds.end());
    if (different.size() != policy.kinds.size()) node.Fail("kinds", "a kind is there twice");
    if (different.contains("")) node.Fail("kinds", "a kind is empty");
  }
  return policy;
}

IdentityMap IdentityMap::Build(std::span<const IdLink> links, const IdentityOptions& options,
                               TimeMicros as_of) {
  IdentityGraph graph = BuildIdentityGraph(links, options, as_of);
  UnionFind sets(graph.ids.size());
  for (const IdentityEdge& edge : graph.edges) {
    const uint32_t a = sets.Find(edge.a);
    const uint32_t b = sets.Find(edge.b);
    if (a != b) sets.Join(a, b);
  }
  HashMap<uint32_t, std::vector<uint32_t>> members;  // by root, ascending
  for (uint32_t id = 0; id < graph.ids.size(); ++id) {
    const uint32_t root = sets.Find(id);
    if (sets.SizeOf(root) > 1) members[root].push_back(id);
  }
  IdentityMap map;
  for (const auto& [root, ids] : members) {
    Cluster cluster;
    for (const uint32_t id : ids) cluster.members.emplace_back(graph.ids[id]);
    cluster.canonical = graph.ids[*std::min_element(
        ids.begin(), ids.end(), [&](uint32_t a, uint32_t b) { return graph.Names(a, b); })];
    map.clusters_.push_back(std::move(cluster));
  }
  std::sort(map.clusters_.begin(), map.clusters_.end(),
            [](const Cluster& a, const Cluster& b) { return a.canonical < b.canonical; });
  for (uint32_t i = 0; i < map.clusters_.size(); ++i) {
    for (const std::string& id : map.clusters_[i].members) map.cluster_of_.emplace(id, i);
  }
  map.hubs_ = std::move(graph.hubs);
  return map;
}

std::string_view IdentityMap::CanonicalOf(std::string_view id) const {
  const auto found = cluster_of_.find(id);
  return found == cluster_of_.end() ? id : clusters_[found->second].canonical;
}

std::vector<std::string> IdentityMap::MembersOf(std::string_view id) const {
  const auto found = cluster_of_.find(id);
  if (found == cluster_of_.end()) return {std::string(id)};
  return clusters_[found->second].members;
}

std::vector<IdentityMerge> IdentityMergeLog(std::span<const IdLink> links,
                                            const IdentityOptions& options, TimeMicros as_of) {
  IdentityGraph graph = BuildIdentityGraph(links, options, as_of);
  std::sort(graph.edges.begin(), graph.edges.end(),
            [](const IdentityEdge& x, const IdentityEdge& y) {
              return std::forward_as_tuple(x.link->since(), x.link->event_time, x.a, x.b) <
                     std::forward_as_tuple(y.link->since(), y.link->event_time, y.a, y.b);
            });
  UnionFind sets(graph.ids.size());
  std::vector<uint32_t> name(graph.ids.size());  // by root
  std::vector<std::vector<std::string>> members(graph.ids.size());
  for (uint32_t id = 0; id < graph.ids.size(); ++id) {
    name[id] = id;
    members[id] = {std::string(graph.ids[id])};
  }
  std::vector<IdentityMerge> log;
  for (const IdentityEdge& edge : graph.edges) {
    const uint32_t a = sets.Find(edge.a);
    const uint32_t b = sets.Find(edge.b);
    if (a == b) continue;
    const bool a_names = graph.Names(name[a], name[b]);
    const uint32_t canonical = a_names ? name[a] : name[b];
    const uint32_t absorbed = a_names ? name[b] : name[a];
    std::vector<std::string> joined = Joined(members[a], members[b]);
    members[a].clear();
    members[b].clear();
    const uint32_t root = sets.Join(a, b);
    name[root] = canonical;
    members[root] = joined;
    log.push_back({*edge.link, std::string(graph.ids[canonical]), std::string(graph.ids[absorbed]),
                   std::move(joined)});
  }
  return log;
}

absl::StatusOr<std::vector<IdLink>> ReadIdLinks(ThreadPool& pool, const EventStore& store) {
  std::vector<std::vector<IdLink>> of_bucket(kEventBuckets);
  BURGEON_RETURN_IF_ERROR(
      pool.ParallelForStatus(kEventBuckets, 1, [&](int64_t bucket, int64_t) -> absl::Status {
        absl::Status problem;
        BURGEON_RETURN_IF_ERROR(store.ReadBucket(static_cast<int>(bucket), [&](const Event& event) {
          if (event.type != EventType::kIdLink || !problem.ok()) return;
          auto link = IdLinkOf(event);
          problem = link.status();
          if (link.ok()) of_bucket[static_cast<size_t>(bucket)].push_back(*std::move(link));
        }));
        return problem;
      }));
  std::vector<IdLink> links;
  for (std::vector<IdLink>& some : of_bucket) {
    std::move(some.begin(), some.end(), std::back_inserter(links));
  }
  return links;
}

}  // namespace burgeon
