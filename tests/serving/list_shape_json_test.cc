#include "serving/list_shape_json.h"

#include <gmock/gmock.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<ListShape> Read(const char* text) { return ReadListShape(Json::parse(text)); }

TEST(ListShapeJson, NothingSaidIsTheDefault) {
  const auto shape = Read("{}");
  ASSERT_TRUE(shape.ok()) << shape.status();
  EXPECT_EQ(shape->diversity.kind, DiversityKind::kNone);
  EXPECT_EQ(shape->exploration.share, 0);
  EXPECT_EQ(shape->reasons, 0);
  EXPECT_TRUE(shape->rules.pinned.empty());
}

TEST(ListShapeJson, EveryFieldIsRead) {
  const auto shape = Read(R"({
    "rules": {"pinned": ["a"], "blocked": ["b", "c"], "in_stock": true,
              "ranges": {"price": {"min": 1, "max": 9.5}, "weight": {"max": 3}},
              "include": {"category": ["shoes", "hats"]}, "exclude": {"brand": ["x"]},
              "where": "price > 2", "max_per": {"brand": 2}},
    "diversity": {"method": "calibrated", "strength": 0.5, "pool": 50, "attribute": "brand"},
    "exploration": {"share": 0.1, "pool": 30, "seed": 7, "request": "r1"},
    "contact": "2011-12-09T12:50:00Z", "reasons": 3})");
  ASSERT_TRUE(shape.ok()) << shape.status();
  EXPECT_THAT(shape->rules.pinned, ElementsAre("a"));
  EXPECT_THAT(shape->rules.blocked, ElementsAre("b", "c"));
  EXPECT_EQ(shape->rules.stock, StockRule::kInStock);
  ASSERT_EQ(shape->rules.ranges.size(), 2U);
  EXPECT_EQ(shape->rules.ranges[0].attribute, "price");
  EXPECT_EQ(shape->rules.ranges[0].min, 1);
  EXPECT_EQ(shape->rules.ranges[0].max, 9.5);
  EXPECT_EQ(shape->rules.ranges[1].min, std::nullopt);
  EXPECT_THAT(shape->rules.include[0].values, ElementsAre("shoes", "hats"));
  EXPECT_EQ(shape->rules.exclude[0].attribute, "brand");
  EXPECT_THAT(shape->rules.where, ElementsAre("price > 2"));
  EXPECT_EQ(shape->rules.max_per[0].max, 2);
  EXPECT_EQ(shape->diversity.kind, DiversityKind::kCalibrated);
  EXPECT_EQ(shape->diversity.strength, 0.5);
  EXPECT_EQ(shape->diversity.pool, 50);
  EXPECT_EQ(shape->diversity.attribute, "brand");
  EXPECT_EQ(shape->exploration.share, 0.1);
  EXPECT_EQ(shape->exploration.pool, 30);
  EXPECT_EQ(shape->exploration.seed, 7U);
  EXPECT_EQ(shape->exploration.request, "r1");
  EXPECT_EQ(shape->reasons, 3);
  ASSERT_TRUE(shape->contact.has_value());
  EXPECT_EQ(shape->contact->at, 1'323'435'000 * kMicrosPerSecond);
  EXPECT_EQ(shape->contact->policy, nullptr);
  EXPECT_EQ(Read(R"({"contact": "now"})")->contact->at, kContactNow);
}

TEST(ListShapeJson, EachBadFieldIsNamed) {
  const struct {
    const char* body;
    const char* message;
  } cases[] = {
      {R"({"rules": []})", "rules: array, want an object"},
      {R"({"rules": {"pin": []}})", "rules.pin: not a field; there are pinned, blocked,"},
      {R"({"rules": {"pinned": "a"}})", "rules.pinned: string, want an array"},
      {R"({"rules": {"pinned": [1]}})", "rules.pinned[0]: number, want a string"},
      {R"({"rules": {"in_stock": 1}})", "rules.in_stock: number, want true or false"},
      {R"({"rules": {"ranges": {"price": 3}}})", "rules.ranges.price: number, want an object"},
      {R"({"rules": {"ranges": {"price": {"low": 3}}}})", "rules.ranges.price.low: not a field"},
      {R"({"rules": {"ranges": {"price": {"min": "3"}}}})",
       "rules.ranges.price.min: string, want a number"},
      {R"({"rules": {"include": {"brand": []}}})", "rules.include.brand: 0 entries, want 1 to"},
      {R"({"rules": {"exclude": ["brand"]}})", "rules.exclude: array, want an object"},
      {R"({"rules": {"where": ["price > 2"]}})", "rules.where: array, want a string"},
      {R"({"rules": {"max_per": {"brand": 0}}})", "rules.max_per.brand: 0 is not a whole number"},
      {R"({"diversity": {}})", "diversity.method: missing"},
      {R"({"diversity": {"method": "random"}})", "diversity.method: 'random' is not one of none,"},
      {R"({"diversity": {"method": "mmr", "strength": 2}})", "diversity.strength: 2 is not from 0"},
      {R"({"diversity": {"method": "mmr", "pool": 1001}})", "diversity.pool: 1001 is not a whole"},
      {R"({"exploration": {}})", "exploration.share: missing"},
      {R"({"exploration": {"share": -1}})", "exploration.share: -1 is not from 0 to 1"},
      {R"({"exploration": {"share": 0.1, "seed": -1}})", "exploration.seed: -1 is not a whole"},
      {R"({"exploration": {"share": 0.1, "request": ""}})", "exploration.request: is empty"},
      {R"({"contact": "soon"})", "contact: 'soon' is not now or "},
      {R"({"contact": true})", "contact: boolean, want a string"},
      {R"({"reasons": 101})", "reasons: 101 is not a whole number from 0 to 100"},
  };
  for (const auto& c : cases) {
    const auto shape = Read(c.body);
    EXPECT_EQ(shape.status().code(), absl::StatusCode::kInvalidArgument) << c.body;
    EXPECT_THAT(MessageOf(shape.status()), HasSubstr(c.message)) << c.body;
  }
}

}  // namespace
}  // namespace burgeon
