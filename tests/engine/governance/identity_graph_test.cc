#include "engine/governance/identity_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon::internal {
namespace {

using testing::ElementsAre;

IdLink Link(const std::string& id, const std::string& linked, TimeMicros time) {
  IdLink link;
  link.id = id;
  link.linked_id = linked;
  link.event_time = time;
  link.known_at = time;
  return link;
}

TEST(UnionFindTest, JoinsSetsAndKnowsTheirSizes) {
  UnionFind sets(5);
  EXPECT_NE(sets.Find(0), sets.Find(1));
  sets.Join(sets.Find(0), sets.Find(1));
  const uint32_t root = sets.Join(sets.Find(1), sets.Find(4));
  EXPECT_EQ(sets.Find(0), root);
  EXPECT_EQ(sets.SizeOf(sets.Find(4)), 3U);
  EXPECT_EQ(sets.SizeOf(sets.Find(2)), 1U);
}

TEST(IdentityGraphTest, OneEdgeAPairOfTheEarliestStatement) {
  std::vector<IdLink> links = {Link("b", "a", 9), Link("a", "b", 4), Link("b", "c", 5)};
  links[2].known_at = 7;
  const IdentityGraph graph = BuildIdentityGraph(links, {}, 100);
  EXPECT_THAT(graph.ids, ElementsAre("a", "b", "c"));
  EXPECT_THAT(graph.first, ElementsAre(4, 4, 7));
  ASSERT_EQ(graph.edges.size(), 2U);
  EXPECT_EQ(graph.edges[0].link, &links[1]);
  EXPECT_EQ(graph.edges[1].a, 1U);
  EXPECT_EQ(graph.edges[1].b, 2U);
  EXPECT_TRUE(graph.Names(0, 1));
  EXPECT_FALSE(graph.Names(2, 0));
}

TEST(IdentityGraphTest, TheStrongestKindSaidCounts) {
  std::vector<IdLink> links = {Link("a", "b", 1), Link("a", "c", 2), Link("a", "d", 3)};
  links[0].id_kind = "cookie";
  links[1].id_kind = "account";
  links[2].id_kind = "unheard-of";
  const IdentityGraph graph = BuildIdentityGraph(links, {}, 100);
  EXPECT_EQ(graph.kind[0], "account");
  EXPECT_EQ(graph.rank[0], 0U);
  EXPECT_EQ(graph.kind[1], "");
  EXPECT_EQ(graph.rank[1], IdentityPolicy{}.kinds.size());
}

}  // namespace
}  // namespace burgeon::internal
