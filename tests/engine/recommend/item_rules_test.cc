#include "engine/recommend/item_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/base/philox.h"
#include "engine/recommend/masks.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ItemRulesTest : public testing::Test {
 protected:
  ItemRulesTest() {
    Add("category", AttributeType::kText, {"shoes", "shoes > boots", "shoestrings", "", "hats"});
    Add("price", AttributeType::kNumber, {"5", "7.5", "20", "1", ""});
    Add("stock", AttributeType::kNumber, {"3", "0", "1", "", "9"});
  }
  void Add(std::string name, AttributeType type, const std::vector<std::string>& texts) {
    auto column = MakeItemAttribute(std::move(name), type, texts);
    ASSERT_TRUE(column.ok()) << column.status();
    attributes_.columns.push_back(*std::move(column));
  }
  std::set<uint32_t> Allowed(const ItemRules& rules) {
    const auto compiled = CompileRules(rules, attributes_, items_);
    EXPECT_TRUE(compiled.ok()) << compiled.status();
    std::set<uint32_t> allowed;
    for (uint32_t i = 0; compiled.ok() && i < 5; ++i) {
      if (IsAllowed(compiled->allowed, i)) allowed.insert(i);
    }
    return allowed;
  }
  std::string Problem(const ItemRules& rules) {
    const auto compiled = CompileRules(rules, attributes_, items_);
    EXPECT_EQ(compiled.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(compiled.status());
  }

  Vocabulary items_ = *Vocabulary::FromIds({"a", "b", "c", "d", "e"});
  ItemAttributes attributes_;
};

TEST_F(ItemRulesTest, WithoutRulesEverythingIsAllowed) {
  const auto compiled = CompileRules({}, attributes_, items_);
  ASSERT_TRUE(compiled.ok());
  EXPECT_THAT(compiled->allowed, IsEmpty());
  EXPECT_THAT(compiled->caps, IsEmpty());
}

TEST_F(ItemRulesTest, EachRuleMasksWhatItSays) {
  EXPECT_THAT(Allowed({.stock = StockRule::kInStock}), ElementsAre(0, 2, 4));
  EXPECT_THAT(Allowed({.ranges = {{"price", 5, 10}}}), ElementsAre(0, 1));
  EXPECT_THAT(Allowed({.ranges = {{"price", 7.5, {}}}}), ElementsAre(1, 2));
  EXPECT_THAT(Allowed({.ranges = {{"price", {}, 1}}}), ElementsAre(3));
  // A category has what lies below it, and nothing that only begins alike.
  EXPECT_THAT(Allowed({.include = {{"category", {"shoes"}}}}), ElementsAre(0, 1));
  EXPECT_THAT(Allowed({.include = {{"category", {"shoes > boots", "hats"}}}}), ElementsAre(1, 4));
  // Nothing is known of item 3: it is no shoe.
  EXPECT_THAT(Allowed({.exclude = {{"category", {"shoes"}}}}), ElementsAre(2, 3, 4));
  EXPECT_THAT(Allowed({.where = {"price > 4 and category like 'shoes%'"}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(Allowed({.where = {"item_id in ('a', 'e')"}}), ElementsAre(0, 4));
  EXPECT_THAT(Allowed({.where = {"price is null"}}), ElementsAre(4));
  EXPECT_THAT(Allowed({.blocked = {"b", "nothing"}}), ElementsAre(0, 2, 3, 4));
  EXPECT_THAT(Allowed({.stock = StockRule::kInStock,
                       .ranges = {{"price", {}, 10}},
                       .where = {"category is not null"}}),
              ElementsAre(0));
}

TEST_F(ItemRulesTest, UnknownItemsAreTold) {
  const auto compiled =
      CompileRules({.pinned = {"e", "x", "a", "e"}, .blocked = {"y"}}, attributes_, items_);
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_THAT(compiled->pinned, ElementsAre(4, 0));
  EXPECT_THAT(compiled->unknown_pinned, ElementsAre("x"));
  EXPECT_THAT(compiled->unknown_blocked, ElementsAre("y"));
}

TEST_F(ItemRulesTest, BadRulesAreNamed) {
  EXPECT_THAT(Problem({.include = {{"colour", {"red"}}}}),
              HasSubstr("include: the release has no item attribute 'colour'; it has: "
                        "category, price, stock"));
  EXPECT_THAT(Problem({.include = {{"category", {}}}}), HasSubstr("include.category: no value"));
  EXPECT_THAT(Problem({.ranges = {{"category", 1, 2}}}), HasSubstr("'category' is a text"));
  EXPECT_THAT(Problem({.ranges = {{"price", 3, 2}}}), HasSubstr("price: min 3 is not at or below"));
  EXPECT_THAT(Problem({.where = {"price >"}}), HasSubstr("where"));
  EXPECT_THAT(Problem({.where = {"price + 1"}}), HasSubstr("where"));
  EXPECT_THAT(Problem({.where = {"colour = 'red'"}}), HasSubstr("colour"));
  EXPECT_THAT(Problem({.max_per = {{"category", 0}}}), HasSubstr("max_per.category: 0 is not"));
  EXPECT_THAT(Problem({.pinned = std::vector<std::string>(kMaxRuleItems + 1, "a")}),
              HasSubstr("pinned: 10001 entries"));
  attributes_.columns.pop_back();
  EXPECT_THAT(Problem({.stock = StockRule::kInStock}), HasSubstr("in_stock: the release has no"));
}

TEST_F(ItemRulesTest, AreJoinedSoThatBothHold) {
  const ItemRules joined =
      JoinRules({.pinned = {"a"}, .stock = StockRule::kInStock, .max_per = {{"category", 3}}},
                {.pinned = {"b"}, .blocked = {"c"}, .max_per = {{"category", 2}}});
  EXPECT_THAT(joined.pinned, ElementsAre("a", "b"));
  EXPECT_EQ(joined.stock, StockRule::kInStock);
  EXPECT_THAT(Allowed(joined), ElementsAre(0, 4));
  EXPECT_EQ(CompileRules(joined, attributes_, items_)->caps.size(), 2U);
}

TEST_F(ItemRulesTest, AreReadFromAJob) {
  auto config = Config::Parse(
      "pinned: [a]\nblocked: [b]\nin_stock: true\nranges: {price: {min: 1, max: 9.5}}\n"
      "include: {category: [shoes]}\nexclude: {category: [hats]}\nwhere: ['price > 2']\n"
      "max_per: {category: 2}\n",
      "job.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const ItemRules rules = ParseItemRules(config->root());
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_THAT(rules.pinned, ElementsAre("a"));
  EXPECT_THAT(rules.blocked, ElementsAre("b"));
  EXPECT_EQ(rules.stock, StockRule::kInStock);
  ASSERT_EQ(rules.ranges.size(), 1U);
  EXPECT_EQ(rules.ranges[0].max, 9.5);
  EXPECT_THAT(rules.include[0].values, ElementsAre("shoes"));
  EXPECT_THAT(rules.exclude[0].values, ElementsAre("hats"));
  EXPECT_THAT(rules.where, ElementsAre("price > 2"));
  EXPECT_EQ(rules.max_per[0].max, 2);
  EXPECT_THAT(Allowed(rules), ElementsAre(0));
  auto wrong = Config::Parse("max_per: {brand: 0}", "job.yaml");
  ParseItemRules(wrong->root());
  EXPECT_THAT(MessageOf(wrong->Finish()), HasSubstr("max_per.brand"));
  auto typo = Config::Parse("instock: true", "job.yaml");
  ParseItemRules(typo->root());
  EXPECT_THAT(MessageOf(typo->Finish()), HasSubstr("instock"));
}

}  // namespace
}  // namespace burgeon
