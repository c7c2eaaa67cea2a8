#include "engine/governance/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

AttributeValue Value(const std::string& id, const std::string& name, const std::string& value,
                     const std::string& source, TimeMicros event_time, TimeMicros known_at) {
  AttributeValue out;
  out.id = id;
  out.name = name;
  out.value = value;
  out.source = source;
  out.event_time = event_time;
  out.known_at = known_at;
  return out;
}

AttributeSources Sources() {
  AttributeSources sources;
  sources.Set("crm", {Party::kFirst, 100});
  sources.Set("shop", {Party::kFirst, 100});
  sources.Set("partner", {Party::kSecond, 60});
  sources.Set("research", {Party::kThird, 30});
  return sources;
}

// "name=value" of one customer, in order.
std::vector<std::string> TextOf(const ResolvedAttributes& resolved, const std::string& customer) {
  std::vector<std::string> out;
  for (const ResolvedAttribute& value : resolved.values) {
    if (value.customer == customer) out.push_back(value.name + "=" + value.believed.value);
  }
  return out;
}

TEST(Attributes, TheMoreTrustedSourceIsBelievedThoughItIsOlder) {
  const ResolvedAttributes r = ResolveAttributes(
      {Value("a", "city", "Leeds", "partner", 9, 9), Value("a", "city", "York", "crm", 1, 1)}, {},
      Sources(), {}, 100);
  ASSERT_THAT(r.values, SizeIs(1));
  EXPECT_EQ(r.values[0].believed.value, "York");
  EXPECT_EQ(r.values[0].believed.source, "crm");
  EXPECT_EQ(r.values[0].believed.party, Party::kFirst);
  EXPECT_EQ(r.values[0].believed.event_time, 1);
  ASSERT_THAT(r.values[0].overruled, SizeIs(1));
  EXPECT_EQ(r.values[0].overruled[0].value, "Leeds");
  EXPECT_EQ(r.values[0].overruled[0].trust, 60);
  EXPECT_EQ(r.conflicts, 1);
  EXPECT_EQ(r.conflicts_by_name.at("city"), 1);
}

TEST(Attributes, OfEqualTrustTheLaterThenTheLaterKnownThenTheLargerCounts) {
  const auto believed = [](const AttributeValue& a, const AttributeValue& b) {
    return ResolveAttributes({a, b}, {}, Sources(), {}, 100).values.at(0).believed.value;
  };
  EXPECT_EQ(believed(Value("a", "x", "1", "crm", 5, 5), Value("a", "x", "0", "shop", 6, 6)), "0");
  EXPECT_EQ(believed(Value("a", "x", "1", "crm", 5, 7), Value("a", "x", "0", "shop", 5, 6)), "1");
  EXPECT_EQ(believed(Value("a", "x", "1", "crm", 5, 6), Value("a", "x", "2", "shop", 5, 6)), "2");
}

TEST(Attributes, WhatASourceSaidBeforeIsHistoryAndNoConflict) {
  const ResolvedAttributes r =
      ResolveAttributes({Value("a", "x", "old", "crm", 1, 1), Value("a", "x", "new", "crm", 2, 2),
                         Value("a", "x", "new", "partner", 9, 9)},
                        {}, Sources(), {}, 100);
  EXPECT_THAT(TextOf(r, "a"), ElementsAre("x=new"));
  EXPECT_THAT(r.values[0].overruled, IsEmpty());
  EXPECT_EQ(r.conflicts, 0);
}

TEST(Attributes, WhatIsNotKnownYetIsNotSeen) {
  const std::vector<AttributeValue> values = {Value("a", "x", "first", "crm", 1, 1),
                                              Value("a", "x", "known late", "crm", 2, 50),
                                              Value("a", "x", "of later", "crm", 60, 3)};
  const auto at = [&](TimeMicros t) {
    return TextOf(ResolveAttributes(values, {}, Sources(), {}, t), "a");
  };
  EXPECT_THAT(at(0), IsEmpty());
  EXPECT_THAT(at(49), ElementsAre("x=first"));
  EXPECT_THAT(at(59), ElementsAre("x=known late"));
  EXPECT_THAT(at(60), ElementsAre("x=of later"));
}

TEST(Attributes, TheIdsOfAPersonAreOneCustomer) {
  IdLink link;
  link.id = "cookie";
  link.linked_id = "account";
  link.linked_kind = "account";
  const IdentityMap identity = IdentityMap::Build(std::vector<IdLink>{link}, {}, 100);
  const ResolvedAttributes r = ResolveAttributes(
      {Value("cookie", "city", "York", "shop", 5, 5), Value("account", "age", "44", "crm", 1, 1),
       Value("account", "city", "Hull", "shop", 4, 4)},
      {}, Sources(), identity, 100);
  EXPECT_THAT(TextOf(r, "account"), ElementsAre("age=44", "city=York"));
  EXPECT_EQ(r.values[1].believed.stored_id, "cookie");
  EXPECT_THAT(r.values, SizeIs(2));
}

TEST(Attributes, AggregatesHoldForWhoIsOfTheGroup) {
  const ResolvedAttributes r = ResolveAttributes(
      {Value("a", "region", "North", "crm", 1, 1), Value("a", "region", "South", "partner", 9, 9),
       Value("b", "region", "South", "crm", 1, 1), Value("c", "city", "North", "crm", 1, 1)},
      {Value("North", "region/income", "100", "research", 1, 1),
       Value("North", "region/income", "120", "partner", 1, 1),
       Value("North", "region/age", "41", "research", 1, 200),
       Value("North", "region2/age", "1", "research", 1, 1),
       Value("South", "region/income", "80", "research", 1, 1)},
      Sources(), {}, 100);
  EXPECT_THAT(TextOf(r, "a"), ElementsAre("region=North", "region/income=120"));
  EXPECT_THAT(TextOf(r, "b"), ElementsAre("region=South", "region/income=80"));
  EXPECT_THAT(TextOf(r, "c"), ElementsAre("city=North"));
  EXPECT_EQ(r.values[1].group_key, "region");
  EXPECT_EQ(r.values[1].believed.stored_id, "North");
  EXPECT_EQ(r.values[1].believed.party, Party::kSecond);
  EXPECT_EQ(r.conflicts, 2);  // the region of a, the income of North
}

TEST(Attributes, WhatIsSaidOfTheCustomerGoesBeforeWhatHoldsForAll) {
  const ResolvedAttributes r = ResolveAttributes(
      {Value("a", "region", "North", "crm", 1, 1), Value("a", "region/income", "7", "crm", 1, 1)},
      {Value("North", "region/income", "100", "research", 1, 1)}, Sources(), {}, 100);
  EXPECT_THAT(TextOf(r, "a"), ElementsAre("region=North", "region/income=7"));
}

TEST(Attributes, TheTrustOfASourceIsThatOfItsNewestIngest) {
  EventManifest manifest;
  IngestRecord first;
  first.number = 1;
  first.source = "crm";
  first.trust = 90;
  IngestRecord second = first;
  second.number = 2;
  second.trust = 10;
  second.party = Party::kThird;
  manifest.ingests = {second, first};
  const AttributeSources sources = AttributeSources::Of(manifest);
  EXPECT_EQ(sources.Find("crm").trust, 10);
  EXPECT_EQ(sources.Find("crm").party, Party::kThird);
  EXPECT_EQ(sources.Find("never heard of").trust, 100);
}

// The rules in plain words, for one customer and one name: a map of the latest of each source, then
// the largest of (trust, event_time, known_at, value).
std::string Reference(const std::vector<AttributeValue>& values, const AttributeSources& sources,
                      TimeMicros as_of) {
  using Key = std::tuple<TimeMicros, TimeMicros, std::string>;
  std::map<std::string, std::set<Key>> of_source;
  for (const AttributeValue& v : values) {
    if (std::max(v.event_time, v.known_at) <= as_of) {
      of_source[v.source].insert({v.event_time, v.known_at, v.value});
    }
  }
  std::set<std::pair<int64_t, Key>> latest;
  for (const auto& [source, keys] : of_source) {
    latest.insert({sources.Find(source).trust, *keys.rbegin()});
  }
  return latest.empty() ? "" : std::get<2>(latest.rbegin()->second);
}

TEST(Attributes, RandomValuesAreAsTheReferenceSaysInAnyOrder) {
  std::mt19937_64 random(TestSeed());
  const std::vector<std::string> names = {"crm", "shop", "partner", "research"};
  const AttributeSources sources = Sources();
  for (int world = 0; world < 500; ++world) {
    std::vector<AttributeValue> values;
    for (size_t i = random() % 12; i > 0; --i) {
      values.push_back(Value("a", "x", Concat(random() % 4), names[random() % 4],
                             static_cast<TimeMicros>(random() % 5),
                             static_cast<TimeMicros>(random() % 5)));
    }
    const auto as_of = static_cast<TimeMicros>(random() % 5);
    const std::string wanted = Reference(values, sources, as_of);
    std::vector<SourceValue> overruled;
    for (int order = 0; order < 3; ++order) {
      std::shuffle(values.begin(), values.end(), random);
      const ResolvedAttributes r = ResolveAttributes(values, {}, sources, {}, as_of);
      if (wanted.empty()) {
        EXPECT_THAT(r.values, IsEmpty());
        continue;
      }
      ASSERT_THAT(r.values, SizeIs(1));
      EXPECT_EQ(r.values[0].believed.value, wanted);
      EXPECT_TRUE(order == 0 || r.values[0].overruled == overruled);
      overruled = r.values[0].overruled;
    }
  }
}

}  // namespace
}  // namespace burgeon
