#include "engine/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Config Make(std::string_view yaml) {
  auto config = Config::Parse(yaml, "job.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  return *std::move(config);
}

TEST(ConfigTest, ReadsEveryKindOfField) {
  Config config = Make(
      "name: shop\nrank: 512\nrate: 0.5\non: true\nkind: hnsw\nlist: [a, b]\n"
      "nested:\n  deep: 7\nrules:\n  - {type: x}\n  - {type: y}\ncolumns: {a: b, c: d}\n");
  const ConfigNode root = config.root();
  EXPECT_EQ(root.RequireString("name"), "shop");
  EXPECT_EQ(root.GetInt("rank", 1, {1, 4096}), 512);
  EXPECT_EQ(root.GetDouble("rate", 0), 0.5);
  EXPECT_TRUE(root.GetBool("on", false));
  EXPECT_EQ(root.GetEnum("kind", "flat", {"flat", "hnsw"}), "hnsw");
  EXPECT_THAT(root.GetStrings("list"), ElementsAre("a", "b"));
  EXPECT_EQ(root.Child("nested").GetInt("deep", 0), 7);
  const auto rules = root.Children("rules");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].RequireString("type"), "x");
  EXPECT_EQ(rules[1].RequireString("type"), "y");
  EXPECT_THAT(root.GetMap("columns"), ElementsAre(Pair("a", "b"), Pair("c", "d")));
  EXPECT_TRUE(config.Finish().ok()) << config.Finish();
}

TEST(ConfigTest, AbsentFieldsGiveDefaults) {
  Config config = Make("a: 1\n");
  EXPECT_EQ(config.root().GetInt("a", 0), 1);
  EXPECT_EQ(config.root().Child("b").Child("c").GetInt("d", 9), 9);
  EXPECT_FALSE(config.root().Has("b"));
  EXPECT_TRUE(config.Finish().ok());
}

TEST(ConfigTest, AWrongNumberNamesFileLineFieldValueAndRange) {
  Config config = Make("a: 1\nrecommender:\n  rank: 5x\n");
  config.root().GetInt("a", 0);
  config.root().Child("recommender").GetInt("rank", 1, {1, 4096});
  EXPECT_EQ(MessageOf(config.Finish()),
            "job.yaml:3: recommender.rank: '5x' is not an integer from 1 to 4096");
}

TEST(ConfigTest, OutOfRangeOverflowAndNotANumberAreRefused) {
  for (const char* value : {"0", "4097", "99999999999999999999", "1.5", "nan", "''"}) {
    Config config = Make(Concat("rank: ", value, "\n"));
    config.root().GetInt("rank", 1, {1, 4096});
    EXPECT_THAT(MessageOf(config.Finish()), HasSubstr("job.yaml:1: rank")) << value;
  }
  for (const char* value : {"inf", ".nan", "1e999", "x", "-1"}) {
    Config config = Make(Concat("rate: ", value, "\n"));
    config.root().GetDouble("rate", 1, {0, 1});
    EXPECT_THAT(MessageOf(config.Finish()), HasSubstr("is not a number from 0 to 1")) << value;
  }
}

TEST(ConfigTest, MissingFieldIsAnError) {
  Config config = Make("consent: {}\n");
  config.root().Child("consent").RequireEnum("default", {"granted", "denied"});
  EXPECT_EQ(MessageOf(config.Finish()),
            "job.yaml:1: consent.default: is missing; it is one of granted, denied");
}

TEST(ConfigTest, UnknownFieldIsAnErrorThatListsTheKnownOnes) {
  Config config = Make("a: 1\nsub:\n  rnak: 3\n");
  config.root().GetInt("a", 0);
  config.root().Child("sub").GetInt("rank", 0);
  EXPECT_EQ(MessageOf(config.Finish()), "job.yaml:3: sub.rnak: no such field; allowed here: rank");
}

TEST(ConfigTest, UnknownFieldInsideAListIsAnError) {
  Config config = Make("rules:\n  - type: x\n    extra: 1\n");
  config.root().Children("rules")[0].GetString("type", "");
  EXPECT_THAT(MessageOf(config.Finish()), HasSubstr("job.yaml:3: rules[0].extra: no such field"));
}

TEST(ConfigTest, AKindThatIsNotWantedIsAnError) {
  Config config = Make("a: [1]\n");
  config.root().GetInt("a", 0);
  EXPECT_EQ(MessageOf(config.Finish()), "job.yaml:1: a: is a list; a single value is wanted");
  Config other = Make("a: 1\n");
  other.root().Child("a");
  EXPECT_EQ(MessageOf(other.Finish()),
            "job.yaml:1: a: is a single value; a map of fields is wanted");
}

TEST(ConfigTest, BrokenYamlNamesTheLine) {
  EXPECT_THAT(MessageOf(Config::Parse("a: 1\nb: [1, 2\n", "job.yaml").status()),
              HasSubstr("job.yaml:"));
  EXPECT_THAT(MessageOf(Config::Parse("a: 1\na: 2\n", "job.yaml").status()),
              HasSubstr("job.yaml:2: field 'a' is there twice"));
  EXPECT_THAT(MessageOf(Config::Parse("", "job.yaml").status()), HasSubstr("is empty"));
  EXPECT_THAT(MessageOf(Config::Parse("- a\n", "job.yaml").status()), HasSubstr("is a list"));
  EXPECT_THAT(MessageOf(Config::Parse("a: \"\xff\"\n", "job.yaml").status()),
              HasSubstr("job.yaml:1"));
}

TEST(ConfigTest, DeepAndManifoldInputIsRefused) {
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "{a: ";
  deep += "1";
  for (int i = 0; i < 60; ++i) deep += "}";
  EXPECT_THAT(MessageOf(Config::Parse(deep, "job.yaml").status()), HasSubstr("nested deeper"));
  std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += Concat("a", i, ": &a", i, " [");
    for (int j = 0; j < 10; ++j) laughs += Concat(j > 0 ? "," : "", "*a", i - 1);
    laughs += "]\n";
  }
  EXPECT_THAT(MessageOf(Config::Parse(laughs, "job.yaml").status()), HasSubstr("more than"));
}

TEST(ConfigTest, SetReplacesAddsAndIsCheckedLikeTheFile) {
  Config config = Make("a:\n  b: 1\n");
  ASSERT_TRUE(config.Set("a.b=5").ok());
  ASSERT_TRUE(config.Set("x.y.z=[p, q]").ok());
  EXPECT_EQ(config.root().Child("a").GetInt("b", 0), 5);
  EXPECT_THAT(config.root().Child("x").Child("y").GetStrings("z"), ElementsAre("p", "q"));
  EXPECT_TRUE(config.Finish().ok());
  ASSERT_TRUE(config.Set("a.unknown=1").ok());
  EXPECT_THAT(MessageOf(config.Finish()), HasSubstr("a.unknown: no such field"));
  for (const char* bad : {"", "a", "=1", "a..b=1", "a.b.c=1"}) {
    EXPECT_FALSE(config.Set(bad).ok()) << bad;
  }
}

TEST(ConfigTest, FingerprintFollowsContentNotLayout) {
  EXPECT_EQ(Make("a: 1\nb: 2\n").Fingerprint(), Make("{b: 2, a: 1}").Fingerprint());
  EXPECT_NE(Make("a: 1\n").Fingerprint(), Make("a: 2\n").Fingerprint());
  Config set = Make("a: 1\n");
  ASSERT_TRUE(set.Set("a=2").ok());
  EXPECT_EQ(set.Fingerprint(), Make("a: 2\n").Fingerprint());
}

TEST(ConfigTest, AMapOfTheUsersNamesMayHoldValuesAndMaps) {
  Config config = Make("m:\n  a: x\n  b: {c: y, d: z}\n");
  EXPECT_THAT(config.root().GetNames("m"), testing::ElementsAre("a", "b"));
  EXPECT_THAT(config.root().GetNames("absent"), testing::IsEmpty());
  const ConfigNode map = config.root().Child("m");
  EXPECT_FALSE(map.HoldsMap("a"));
  EXPECT_TRUE(map.HoldsMap("b"));
  EXPECT_FALSE(map.HoldsMap("absent"));
  EXPECT_EQ(map.Child("b").GetString("c", ""), "y");
  EXPECT_THAT(MessageOf(config.Finish()), HasSubstr("m.b.d: no such field"));
}

TEST(ConfigTest, PathsAreRelativeToTheFile) {
  const std::string path = testing::TempDir() + "/config_test_paths.yaml";
  std::ofstream(path) << "input: data.csv\nroot: /abs/x\n";
  auto config = Config::Load(path);
  ASSERT_TRUE(config.ok());
  const std::string folder = path.substr(0, path.rfind('/'));
  EXPECT_EQ(config->root().GetPath("input"), folder + "/data.csv");
  EXPECT_EQ(config->root().GetPath("root"), "/abs/x");
  EXPECT_EQ(config->root().GetPath("absent"), "");
  EXPECT_EQ(config->root().PathOf("tree.csv"), folder + "/tree.csv");
  EXPECT_EQ(config->root().PathOf("/abs/y"), "/abs/y");
  EXPECT_EQ(Config::Load("/no/such.yaml").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
