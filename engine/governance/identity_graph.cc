#include "engine/governance/identity_graph.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace burgeon::internal {
namespace {

bool Counts(const IdLink& link, const IdentityOptions& options, TimeMicros as_of) {
  if (link.since() > as_of || link.id == link.linked_id) return false;
  if (options.erased.contains(link.id) || options.erased.contains(link.linked_id)) return false;
  return options.undone.empty() || !options.undone.contains(IdPair(link.id, link.linked_id));
}

// Which of two statements of one pair stands for it.
bool Earlier(const IdLink& a, const IdLink& b) {
  return std::forward_as_tuple(a.since(), a.event_time, a.event_id, a.source, a.ingest, a.line) <
         std::forward_as_tuple(b.since(), b.event_time, b.event_id, b.source, b.ingest, b.line);
}

uint32_t RankOf(const IdentityPolicy& policy, std::string_view kind) {
  const auto& kinds = policy.kinds;
  return static_cast<uint32_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
}

// Notes what a link says of one of its ids.
void Learn(const IdentityPolicy& policy, uint32_t id, std::string_view kind, TimeMicros since,
           IdentityGraph* graph) {
  graph->first[id] = std::min(graph->first[id], since);
  if (kind.empty()) return;
  const uint32_t rank = RankOf(policy, kind);
  if (graph->kind[id].empty() ||
      std::tie(rank, kind) < std::tie(graph->rank[id], graph->kind[id])) {
    graph->kind[id] = kind;
    graph->rank[id] = rank;
  }
}

// One edge a pair.
void MergeEdges(std::vector<IdentityEdge>* edges) {
  std::sort(edges->begin(), edges->end(), [](const IdentityEdge& x, const IdentityEdge& y) {
    if (x.a != y.a || x.b != y.b) return std::tie(x.a, x.b) < std::tie(y.a, y.b);
    return Earlier(*x.link, *y.link);
  });
  const auto same_pair = [](const IdentityEdge& x, const IdentityEdge& y) {
    return x.a == y.a && x.b == y.b;
  };
  edges->erase(std::unique(edges->begin(), edges->end(), same_pair), edges->end());
}

IdentityGraph WholeGraph(std::span<const IdLink> links, const IdentityOptions& options,
                         TimeMicros as_of) {
  IdentityGraph graph;
  std::vector<const IdLink*> counted;
  for (const IdLink& link : links) {
    if (!Counts(link, options, as_of)) continue;
    counted.push_back(&link);
    graph.ids.push_back(link.id);
    graph.ids.push_back(link.linked_id);
  }
  std::sort(graph.ids.begin(), graph.ids.end());
  graph.ids.erase(std::unique(graph.ids.begin(), graph.ids.end()), graph.ids.end());
  graph.kind.resize(graph.ids.size());
  graph.rank.assign(graph.ids.size(), static_cast<uint32_t>(options.policy.kinds.size()));
  graph.first.assign(graph.ids.size(), INT64_MAX);
  const auto number = [&](std::string_view id) {
    const auto at = std::lower_bound(graph.ids.begin(), graph.ids.end(), id);
    return static_cast<uint32_t>(at - graph.ids.begin());
  };
  for (const IdLink* link : counted) {
    const uint32_t id = number(link->id);
    const uint32_t linked = number(link->linked_id);
    Learn(options.policy, id, link->id_kind, link->since(), &graph);
    Learn(options.policy, linked, link->linked_kind, link->since(), &graph);
    graph.edges.push_back({std::min(id, linked), std::max(id, linked), link});
  }
  MergeEdges(&graph.edges);
  return graph;
}

std::vector<uint32_t> LinksOf(const IdentityGraph& graph, std::span<const IdentityEdge> edges) {
  std::vector<uint32_t> links(graph.ids.size(), 0);
  for (const IdentityEdge& edge : edges) {
    ++links[edge.a];
    ++links[edge.b];
  }
  return links;
}

UnionFind Connect(const IdentityGraph& graph, std::span<const IdentityEdge> edges) {
  UnionFind sets(graph.ids.size());
  for (const IdentityEdge& edge : edges) {
    const uint32_t a = sets.Find(edge.a);
    const uint32_t b = sets.Find(edge.b);
    if (a != b) sets.Join(a, b);
  }
  return sets;
}

void DropEdgesOf(const std::vector<uint8_t>& hub, std::vector<IdentityEdge>* edges) {
  std::erase_if(*edges, [&](const IdentityEdge& edge) { return hub[edge.a] || hub[edge.b]; });
}

void AddHub(const IdentityGraph& graph, uint32_t id, IdentityHub::Rule rule, uint32_t links,
            uint32_t cluster_ids, std::vector<IdentityHub>* hubs) {
  hubs->push_back(
      {std::string(graph.ids[id]), std::string(graph.kind[id]), rule, links, cluster_ids});
}

// Rule 1.
void DropManyLinked(const IdentityPolicy& policy, IdentityGraph* graph) {
  const std::vector<uint32_t> links = LinksOf(*graph, graph->edges);
  UnionFind sets = Connect(*graph, graph->edges);
  std::vector<uint8_t> hub(graph->ids.size(), 0);
  for (uint32_t id = 0; id < graph->ids.size(); ++id) {
    const auto of_kind = policy.max_links_by_kind.find(std::string(graph->kind[id]));
    const int64_t most =
        of_kind == policy.max_links_by_kind.end() ? policy.max_links : of_kind->second;
    if (links[id] <= most) continue;
    hub[id] = 1;
    AddHub(*graph, id, IdentityHub::Rule::kLinks, links[id], sets.SizeOf(sets.Find(id)),
           &graph->hubs);
  }
  DropEdgesOf(hub, &graph->edges);
}

// The most links of one id of a cluster: of those not of the first kind, and of any.
struct MostLinks {
  uint32_t weaker = 0;
  uint32_t any = 0;
};

// One round of rule 2 over the edges of clusters that are too large.
void DropMostLinked(IdentityGraph* graph, UnionFind* sets, std::vector<IdentityEdge>* edges) {
  const std::vector<uint32_t> links = LinksOf(*graph, *edges);
  std::vector<MostLinks> most(graph->ids.size());  // by root
  for (uint32_t id = 0; id < graph->ids.size(); ++id) {
    if (links[id] < 2) continue;
    MostLinks& of_cluster = most[sets->Find(id)];
    of_cluster.any = std::max(of_cluster.any, links[id]);
    if (graph->rank[id] > 0) of_cluster.weaker = std::max(of_cluster.weaker, links[id]);
  }
  std::vector<uint8_t> hub(graph->ids.size(), 0);
  for (uint32_t id = 0; id < graph->ids.size(); ++id) {
    if (links[id] < 2) continue;
    const uint32_t root = sets->Find(id);
    const bool is_hub = most[root].weaker > 0
                            ? graph->rank[id] > 0 && links[id] == most[root].weaker
                            : links[id] == most[root].any;
    if (!is_hub) continue;
    hub[id] = 1;
    AddHub(*graph, id, IdentityHub::Rule::kCluster, links[id], sets->SizeOf(root), &graph->hubs);
  }
  DropEdgesOf(hub, edges);
}

// Rule 2. A cluster of more than two ids has an id with two links, so every round takes some away.
void SplitLargeClusters(const IdentityPolicy& policy, IdentityGraph* graph) {
  std::vector<IdentityEdge> settled;
  std::vector<IdentityEdge> open = std::move(graph->edges);
  while (!open.empty()) {
    UnionFind sets = Connect(*graph, open);
    const auto fits = [&](const IdentityEdge& edge) {
      return sets.SizeOf(sets.Find(edge.a)) <= policy.max_cluster_ids;
    };
    std::copy_if(open.begin(), open.end(), std::back_inserter(settled), fits);
    std::erase_if(open, fits);
    DropMostLinked(graph, &sets, &open);
  }
  std::sort(settled.begin(), settled.end(), [](const IdentityEdge& x, const IdentityEdge& y) {
    return std::tie(x.a, x.b) < std::tie(y.a, y.b);
  });
  graph->edges = std::move(settled);
}

}  // namespace

UnionFind::UnionFind(size_t size) : parent_(size), size_(size, 1) {
  std::iota(parent_.begin(), parent_.end(), 0U);
}

uint32_t UnionFind::Find(uint32_t at) {
  while (parent_[at] != at) {
    parent_[at] = parent_[parent_[at]];
    at = parent_[at];
  }
  return at;
}

uint32_t UnionFind::Join(uint32_t a, uint32_t b) {
  if (size_[a] < size_[b]) std::swap(a, b);
  parent_[b] = a;
  size_[a] += size_[b];
  return a;
}

bool IdentityGraph::Names(uint32_t a, uint32_t b) const {
  return std::tie(rank[a], first[a], a) < std::tie(rank[b], first[b], b);
}

IdentityGraph BuildIdentityGraph(std::span<const IdLink> links, const IdentityOptions& options,
                                 TimeMicros as_of) {
  IdentityGraph graph = WholeGraph(links, options, as_of);
  DropManyLinked(options.policy, &graph);
  SplitLargeClusters(options.policy, &graph);
  std::sort(graph.hubs.begin(), graph.hubs.end(),
            [](const IdentityHub& a, const IdentityHub& b) { return a.id < b.id; });
  return graph;
}

}  // namespace burgeon::internal
