// The ids and links as a graph, with the hubs found (the rules are in identity.h): what IdentityMap
// and the merge log are made from. Internal to engine/governance.
#ifndef BURGEON_ENGINE_GOVERNANCE_IDENTITY_GRAPH_H_
#define BURGEON_ENGINE_GOVERNANCE_IDENTITY_GRAPH_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/governance/identity.h"

namespace burgeon::internal {

// Disjoint sets (Tarjan 1975), by size with path halving.
class UnionFind {
 public:
  explicit UnionFind(size_t size);
  uint32_t Find(uint32_t at);
  // Gives the root of the joined set; `a` and `b` are roots of different sets.
  uint32_t Join(uint32_t a, uint32_t b);
  uint32_t SizeOf(uint32_t root) const { return size_[root]; }

 private:
  std::vector<uint32_t> parent_;
  std::vector<uint32_t> size_;
};

struct IdentityEdge {
  uint32_t a = 0;  // numbers of ids, a < b
  uint32_t b = 0;
  const IdLink* link = nullptr;  // the earliest that states the pair
};

// Views are into the links it was made from.
struct IdentityGraph {
  std::vector<std::string_view> ids;   // ascending; the position is the number
  std::vector<std::string_view> kind;  // the strongest said, "" for none
  std::vector<uint32_t> rank;          // of the kind; smaller is stronger
  std::vector<TimeMicros> first;       // since when the first link knows it
  std::vector<IdentityEdge> edges;     // without those of hubs; ascending by (a, b)
  std::vector<IdentityHub> hubs;       // ascending by id

  // Whether `a` rather than `b` names a cluster that both are in.
  bool Names(uint32_t a, uint32_t b) const;
};

IdentityGraph BuildIdentityGraph(std::span<const IdLink> links, const IdentityOptions& options,
                                 TimeMicros as_of);

}  // namespace burgeon::internal

#endif  // BURGEON_ENGINE_GOVERNANCE_IDENTITY_GRAPH_H_
