#include "engine/governance/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/identity_reference.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimeMicros kLater = 1'000'000;

IdLink Link(const std::string& id, const std::string& linked, TimeMicros time) {
  IdLink link;
  link.id = id;
  link.linked_id = linked;
  link.event_time = time;
  link.known_at = time;
  link.event_id = Concat("e", time, id, linked);
  return link;
}

IdLink Kinds(IdLink link, const std::string& id_kind, const std::string& linked_kind) {
  link.id_kind = id_kind;
  link.linked_kind = linked_kind;
  return link;
}

TEST(Identity, LinksJoinIdsOverSeveralSteps) {
  const std::vector<IdLink> links = {Link("b", "c", 2), Link("a", "b", 1), Link("x", "y", 3)};
  const IdentityMap map = IdentityMap::Build(links, {}, kLater);
  EXPECT_THAT(map.MembersOf("c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(map.MembersOf("x"), ElementsAre("x", "y"));
  EXPECT_EQ(map.CanonicalOf("c"), "a");  // known first, together with b, and smaller
  EXPECT_THAT(map.MembersOf("stranger"), ElementsAre("stranger"));
  EXPECT_EQ(map.CanonicalOf("stranger"), "stranger");
  ASSERT_THAT(map.clusters(), SizeIs(2));
  EXPECT_EQ(map.clusters()[1].canonical, "x");
}

TEST(Identity, ALinkOfAnIdToItselfSaysNothing) {
  const std::vector<IdLink> links = {Link("a", "a", 1)};
  EXPECT_TRUE(IdentityMap::Build(links, {}, kLater).empty());
}

TEST(Identity, ALinkCountsFromWhenItHappenedAndWasKnown) {
  IdLink late = Link("a", "b", 10);
  late.known_at = 20;
  IdLink announced = Link("a", "c", 40);
  announced.known_at = 5;
  const std::vector<IdLink> links = {late, announced};
  EXPECT_TRUE(IdentityMap::Build(links, {}, 19).empty());
  EXPECT_THAT(IdentityMap::Build(links, {}, 20).MembersOf("a"), ElementsAre("a", "b"));
  EXPECT_THAT(IdentityMap::Build(links, {}, 39).MembersOf("a"), ElementsAre("a", "b"));
  EXPECT_THAT(IdentityMap::Build(links, {}, 40).MembersOf("a"), ElementsAre("a", "b", "c"));
}

TEST(Identity, TheStrongestKindNamesTheCluster) {
  const std::vector<IdLink> links = {Kinds(Link("a-cookie", "b-device", 1), "cookie", "device"),
                                     Kinds(Link("a-cookie", "z-account", 9), "cookie", "account")};
  EXPECT_EQ(IdentityMap::Build(links, {}, 1).CanonicalOf("a-cookie"), "b-device");
  EXPECT_EQ(IdentityMap::Build(links, {}, 9).CanonicalOf("a-cookie"), "z-account");
}

TEST(Identity, AKindNobodyRankedComesAfterThoseRanked) {
  const std::vector<IdLink> links = {Kinds(Link("a", "b", 1), "fridge", "cookie"),
                                     Kinds(Link("c", "d", 1), "fridge", "")};
  const IdentityMap map = IdentityMap::Build(links, {}, kLater);
  EXPECT_EQ(map.CanonicalOf("a"), "b");
  EXPECT_EQ(map.CanonicalOf("d"), "c");  // neither ranked, known at once: the smaller
}

TEST(Identity, TheNameStaysWhenIdsOfTheSameKindJoin) {
  std::vector<IdLink> links = {Link("m", "n", 1)};
  for (int i = 0; i < 10; ++i) {
    links.push_back(Link(Concat("a", i), "n", 10 + i));
    EXPECT_EQ(IdentityMap::Build(links, {}, kLater).CanonicalOf(Concat("a", i)), "m");
  }
}

TEST(Identity, WhenTwoProfilesMergeTheOlderNameStays) {
  const std::vector<IdLink> links = {Link("z1", "z2", 1), Link("a1", "a2", 5), Link("a2", "z2", 9)};
  const IdentityMap before = IdentityMap::Build(links, {}, 8);
  EXPECT_EQ(before.CanonicalOf("a2"), "a1");
  EXPECT_EQ(before.CanonicalOf("z2"), "z1");
  EXPECT_EQ(IdentityMap::Build(links, {}, 9).CanonicalOf("a2"), "z1");
}

TEST(Identity, AnIdWithTooManyLinksIsIgnoredAndReported) {
  IdentityOptions options;
  options.policy.max_links = 3;
  std::vector<IdLink> links = {Link("p0", "mine", 1)};
  for (int i = 0; i < 3; ++i) links.push_back(Link("shared", Concat("p", i), 10 + i));
  links.push_back(Link("p1", "shared", 14));  // the same pair again is no further link
  EXPECT_THAT(IdentityMap::Build(links, options, kLater).MembersOf("p1"), SizeIs(5));

  links.push_back(Link("shared", "p3", 20));
  const IdentityMap map = IdentityMap::Build(links, options, kLater);
  EXPECT_THAT(map.MembersOf("shared"), ElementsAre("shared"));
  EXPECT_THAT(map.MembersOf("p1"), ElementsAre("p1"));
  EXPECT_THAT(map.MembersOf("p0"), ElementsAre("mine", "p0"));
  ASSERT_THAT(map.hubs(), SizeIs(1));
  EXPECT_EQ(map.hubs()[0].id, "shared");
  EXPECT_EQ(map.hubs()[0].rule, IdentityHub::Rule::kLinks);
  EXPECT_EQ(map.hubs()[0].links, 4);
  EXPECT_EQ(map.hubs()[0].cluster_ids, 6);
}

TEST(Identity, AKindMayHaveALimitOfItsOwn) {
  IdentityOptions options;
  options.policy.max_links = 100;
  options.policy.max_links_by_kind = {{"device", 2}};
  std::vector<IdLink> links;
  for (int i = 0; i < 3; ++i) {
    links.push_back(Kinds(Link(Concat("p", i), "tablet", i), "account", "device"));
    links.push_back(Kinds(Link(Concat("c", i), "p9", i), "cookie", "account"));
  }
  const IdentityMap map = IdentityMap::Build(links, options, kLater);
  EXPECT_THAT(map.MembersOf("tablet"), ElementsAre("tablet"));
  EXPECT_THAT(map.MembersOf("p9"), SizeIs(4));
  EXPECT_EQ(map.hubs().at(0).kind, "device");
}

TEST(Identity, ALargeClusterLosesWhatHoldsItTogether) {
  // Two persons of four ids each, whose accounts a cookie joins.
  IdentityOptions options;
  options.policy.max_cluster_ids = 8;
  std::vector<IdLink> links;
  for (const std::string person : {"a", "b"}) {
    for (int i = 0; i < 3; ++i) {
      links.push_back(Kinds(Link(Concat(person, i), person, 1), "cookie", "account"));
    }
    links.push_back(Kinds(Link("shared", person, 2), "cookie", "account"));
  }
  const IdentityMap map = IdentityMap::Build(links, options, kLater);
  EXPECT_THAT(map.MembersOf("a"), ElementsAre("a", "a0", "a1", "a2"));
  EXPECT_THAT(map.MembersOf("b"), ElementsAre("b", "b0", "b1", "b2"));
  ASSERT_THAT(map.hubs(), SizeIs(1));
  EXPECT_EQ(map.hubs()[0].id, "shared");
  EXPECT_EQ(map.hubs()[0].rule, IdentityHub::Rule::kCluster);
  EXPECT_EQ(map.hubs()[0].links, 2);
  EXPECT_EQ(map.hubs()[0].cluster_ids, 9);
}

TEST(Identity, WithoutKindsTheMostLinkedGoes) {
  IdentityOptions options;
  options.policy.max_cluster_ids = 5;
  // A star of six joined to a pair: the middle has six links, the end of the pair two.
  std::vector<IdLink> links = {Link("pair", "rest", 1), Link("rest", "middle", 1)};
  for (int i = 0; i < 5; ++i) links.push_back(Link("middle", Concat("leaf", i), 2));
  const IdentityMap map = IdentityMap::Build(links, options, kLater);
  EXPECT_THAT(map.MembersOf("pair"), ElementsAre("pair", "rest"));
  EXPECT_THAT(map.MembersOf("leaf1"), ElementsAre("leaf1"));
  ASSERT_THAT(map.hubs(), SizeIs(1));
  EXPECT_EQ(map.hubs()[0].id, "middle");
}

TEST(Identity, AnUndoneLinkIsAsIfItHadNeverCome) {
  std::vector<IdLink> links = {Link("a", "b", 1), Link("b", "c", 2), Link("c", "d", 3)};
  IdentityOptions undone;
  undone.undone.insert(IdPair("c", "b"));
  const std::vector<IdLink> without = {links[0], links[2]};
  links.push_back(Link("c", "b", 7));  // another event, the other way round
  const IdentityMap map = IdentityMap::Build(links, undone, kLater);
  const IdentityMap reference = IdentityMap::Build(without, {}, kLater);
  ASSERT_EQ(map.clusters().size(), reference.clusters().size());
  for (size_t i = 0; i < map.clusters().size(); ++i) {
    EXPECT_EQ(map.clusters()[i].canonical, reference.clusters()[i].canonical);
    EXPECT_EQ(map.clusters()[i].members, reference.clusters()[i].members);
  }
}

TEST(Identity, LinksOfAnErasedIdJoinNobody) {
  const std::vector<IdLink> links = {Link("a", "gone", 1), Link("gone", "b", 2)};
  IdentityOptions options;
  options.erased.insert("gone");
  EXPECT_TRUE(IdentityMap::Build(links, options, kLater).empty());
}

TEST(Identity, TheMergeLogTellsHowTheClustersCameAbout) {
  IdLink first = Link("c1", "account", 10);
  first.ingest = 3;
  first.line = 17;
  IdLink again = Link("account", "c1", 20);
  const std::vector<IdLink> links = {Link("c2", "c3", 30), again, Link("c3", "c1", 40), first};
  const std::vector<IdentityMerge> log = IdentityMergeLog(links, {}, kLater);
  ASSERT_THAT(log, SizeIs(3));
  EXPECT_EQ(log[0].link.ingest, 3);
  EXPECT_EQ(log[0].link.line, 17);
  EXPECT_EQ(log[0].link.since(), 10);
  EXPECT_EQ(log[0].canonical, "account");
  EXPECT_EQ(log[0].absorbed, "c1");
  EXPECT_THAT(log[0].members, ElementsAre("account", "c1"));
  EXPECT_EQ(log[1].canonical, "c2");
  EXPECT_EQ(log[2].link.id, "c3");
  EXPECT_EQ(log[2].canonical, "account");
  EXPECT_EQ(log[2].absorbed, "c2");
  EXPECT_THAT(log[2].members, ElementsAre("account", "c1", "c2", "c3"));
}

// Links over few ids, so that they meet, with kinds, late news and things said twice.
std::vector<IdLink> RandomLinks(std::mt19937_64* random, int ids, int links) {
  const std::vector<std::string> kinds = {"", "account", "cookie", "device", "fridge"};
  const auto below = [&](size_t n) { return (*random)() % n; };
  std::vector<IdLink> out;
  for (int i = 0; i < links; ++i) {
    IdLink link =
        Link(Concat("id", below(static_cast<size_t>(ids))),
             Concat("id", below(static_cast<size_t>(ids))), static_cast<TimeMicros>(below(30)));
    link.known_at += static_cast<TimeMicros>(below(2) * below(20));
    link.event_id = Concat("e", i);
    if (below(2) == 0) link.id_kind = kinds[below(kinds.size())];
    if (below(2) == 0) link.linked_kind = kinds[below(kinds.size())];
    out.push_back(link);
  }
  return out;
}

IdentityOptions RandomOptions(std::mt19937_64* random, int ids) {
  const auto below = [&](size_t n) { return (*random)() % n; };
  IdentityOptions options;
  options.policy.max_cluster_ids = static_cast<int64_t>(2 + below(10));
  options.policy.max_links = static_cast<int64_t>(1 + below(6));
  options.policy.max_links_by_kind = {{"account", static_cast<int64_t>(1 + below(8))}};
  for (size_t i = below(4); i > 0; --i) {
    options.undone.insert(IdPair(Concat("id", below(static_cast<size_t>(ids))),
                                 Concat("id", below(static_cast<size_t>(ids)))));
  }
  if (below(3) == 0) options.erased.insert(Concat("id", below(static_cast<size_t>(ids))));
  return options;
}

void ExpectAsReference(const IdentityMap& map, const IdentityReference& reference) {
  std::set<std::string> hubs;
  for (const IdentityHub& hub : map.hubs()) hubs.insert(hub.id);
  EXPECT_EQ(hubs, reference.hubs());
  for (const std::string& id : reference.Ids()) {
    const std::set<std::string> members = reference.ClusterOf(id);
    EXPECT_THAT(map.MembersOf(id), testing::ElementsAreArray(members)) << id;
    EXPECT_EQ(map.CanonicalOf(id), reference.CanonicalOf(id)) << id;
  }
}

TEST(Identity, RandomWorldsAreAsTheReferenceSaysInAnyOrderOfInput) {
  std::mt19937_64 random(TestSeed());
  for (int world = 0; world < 300; ++world) {
    SCOPED_TRACE(Concat("world ", world));
    const int ids = 3 + static_cast<int>(random() % 25);
    std::vector<IdLink> links = RandomLinks(&random, ids, static_cast<int>(random() % 40));
    const IdentityOptions options = RandomOptions(&random, ids);
    const auto as_of = static_cast<TimeMicros>(random() % 60);
    const IdentityReference reference(links, options, as_of);
    const std::vector<IdentityMerge> log = IdentityMergeLog(links, options, as_of);
    for (int order = 0; order < 3; ++order) {
      std::shuffle(links.begin(), links.end(), random);
      const IdentityMap map = IdentityMap::Build(links, options, as_of);
      ExpectAsReference(map, reference);
      // A cluster of n ids is n - 1 merges, and the log is the same in any order.
      size_t merges = 0;
      for (const IdentityMap::Cluster& cluster : map.clusters()) {
        EXPECT_LE(cluster.members.size(), static_cast<size_t>(options.policy.max_cluster_ids));
        merges += cluster.members.size() - 1;
      }
      const std::vector<IdentityMerge> again = IdentityMergeLog(links, options, as_of);
      ASSERT_EQ(again.size(), merges);
      ASSERT_EQ(again.size(), log.size());
      for (size_t i = 0; i < log.size(); ++i) {
        EXPECT_EQ(again[i].link.event_id, log[i].link.event_id);
        EXPECT_EQ(again[i].canonical, log[i].canonical);
        EXPECT_EQ(again[i].members, log[i].members);
      }
    }
  }
}

TEST(Identity, AChainOfManyIdsIsSplitInReasonableTime) {
  std::vector<IdLink> links;
  for (int i = 0; i < 200'000; ++i) links.push_back(Link(Concat("n", i), Concat("n", i + 1), i));
  const IdentityMap map = IdentityMap::Build(links, {}, kLater);
  EXPECT_TRUE(map.empty());  // all inner ids have two links: none says more than another
  EXPECT_EQ(map.hubs().size(), 199'999U);
}

TEST(Identity, ALinkEventNamesTheOtherIdAndTheKinds) {
  Event event;
  event.type = EventType::kIdLink;
  event.customer_id = "cookie-1";
  event.properties = {{"linked_id", "account-7"}, {"id_kind", "cookie"}};
  event.event_time = 5;
  event.known_at = 8;
  event.ingest = 2;
  event.line = 11;
  event.source = "site";
  const auto link = IdLinkOf(event);
  ASSERT_TRUE(link.ok()) << link.status();
  EXPECT_EQ(link->id, "cookie-1");
  EXPECT_EQ(link->linked_id, "account-7");
  EXPECT_EQ(link->id_kind, "cookie");
  EXPECT_EQ(link->linked_kind, "");
  EXPECT_EQ(link->since(), 8);
  EXPECT_EQ(link->source, "site");
  EXPECT_EQ(link->line, 11);

  event.properties.erase("linked_id");
  EXPECT_THAT(MessageOf(IdLinkOf(event).status()), HasSubstr("no property 'linked_id'"));
  event.type = EventType::kView;
  EXPECT_THAT(MessageOf(IdLinkOf(event).status()), HasSubstr("is of type view"));
}

TEST(Identity, ThePolicyIsReadAndChecked) {
  auto config = Config::Parse(
      "identity: {max_cluster_ids: 7, max_links: 3, max_links_by_kind: {device: 2},"
      " kinds: [member, cookie]}",
      "a.yaml");
  const IdentityPolicy policy = ParseIdentityPolicy(config->root().Child("identity"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(policy.max_cluster_ids, 7);
  EXPECT_EQ(policy.max_links, 3);
  EXPECT_THAT(policy.max_links_by_kind, ElementsAre(testing::Pair("device", 2)));
  EXPECT_THAT(policy.kinds, ElementsAre("member", "cookie"));

  const auto problem = [](const std::string& yaml) {
    auto bad = Config::Parse(yaml, "a.yaml");
    ParseIdentityPolicy(bad->root().Child("identity"));
    return MessageOf(bad->Finish());
  };
  EXPECT_THAT(problem("identity: {max_cluster_ids: 1}"), HasSubstr("identity.max_cluster_ids"));
  EXPECT_THAT(problem("identity: {max_links_by_kind: {device: 0}}"),
              HasSubstr("max_links_by_kind.device"));
  EXPECT_THAT(problem("identity: {kinds: [a, a]}"), HasSubstr("there twice"));
  EXPECT_THAT(problem("identity: {max_link: 3}"), HasSubstr("max_link"));
}

}  // namespace
}  // namespace burgeon
