#include "engine/dataset/item_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AttributeValue Value(std::string item, std::string name, std::string value, TimeMicros time,
                     std::string source = "shop") {
  return {.id = std::move(item),
          .name = std::move(name),
          .value = std::move(value),
          .event_time = time,
          .known_at = time,
          .source = std::move(source)};
}

Vocabulary Items() { return *Vocabulary::FromIds({"cup", "hat", "pen"}); }

TEST(ItemAttributes, TheLatestKnownValueOfTheTrustedSourceStands) {
  AttributeSources sources;
  sources.Set("shop", {.trust = 100});
  sources.Set("guess", {.trust = 10});
  std::vector<AttributeProblem> problems;
  const ItemAttributes a = BuildItemAttributes(
      {Value("cup", "price", "2.5", 10), Value("cup", "price", "3", 20),
       Value("cup", "price", "9", 99), Value("hat", "price", "7.25", 5),
       Value("hat", "brand", "Acme", 5), Value("hat", "brand", "Other", 30, "guess"),
       Value("gone", "brand", "Acme", 5), Value("cup", "colour", "red", 5)},
      sources, /*as_of=*/50, Items(), DefaultItemAttributes(), &problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(a.Names(), "brand, price");  // nobody has category or stock; colour is not wanted
  const ItemAttribute* price = a.Find("price");
  ASSERT_NE(price, nullptr);
  EXPECT_EQ(price->NumberOf(0), 3);
  EXPECT_EQ(price->NumberOf(1), 7.25);
  EXPECT_EQ(price->NumberOf(2), std::nullopt);
  const ItemAttribute* brand = a.Find("brand");
  ASSERT_NE(brand, nullptr);
  EXPECT_FALSE(brand->Has(0));
  EXPECT_EQ(brand->WordOf(1), "Acme");
  EXPECT_EQ(brand->NumberOf(1), std::nullopt);
  EXPECT_EQ(a.Find("colour"), nullptr);
  EXPECT_EQ(ItemAttributes().Names(), "none");
}

TEST(ItemAttributes, WhatIsNoNumberIsLeftOutAndSaid) {
  std::vector<AttributeProblem> problems;
  const ItemAttributes a =
      BuildItemAttributes({Value("cup", "price", "free", 1), Value("hat", "price", "inf", 1),
                           Value("pen", "price", "1", 1)},
                          {}, 50, Items(), {{"price", AttributeType::kNumber}}, &problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].name, "price");
  EXPECT_EQ(problems[0].values, 2);
  EXPECT_EQ(problems[0].item, "cup");
  EXPECT_EQ(problems[0].value, "free");
  EXPECT_THAT(a.Find("price")->words, ElementsAre("1"));
  EXPECT_THAT(a.Find("price")->code, ElementsAre(0, 0, 1));
}

TEST(ItemAttributes, DamageIsNamed) {
  auto column = MakeItemAttribute("size", AttributeType::kNumber, {"10", "", "9", "10"});
  ASSERT_TRUE(column.ok()) << column.status();
  EXPECT_THAT(column->code, ElementsAre(1, 0, 2, 1));
  EXPECT_THAT(column->number, ElementsAre(10, 9));
  const auto problem = [&](auto change, int64_t items = 4) {
    ItemAttribute changed = *column;
    change(changed);
    const absl::Status status = CheckItemAttribute(items, &changed);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    return MessageOf(status);
  };
  EXPECT_THAT(problem([](ItemAttribute&) {}, 5), HasSubstr("4 codes; there are 5 items"));
  EXPECT_THAT(problem([](ItemAttribute& c) { c.code[1] = 3; }), HasSubstr("code 3; there are 2"));
  EXPECT_THAT(problem([](ItemAttribute& c) { c.words = {"9", "10"}; }), HasSubstr("value 1"));
  EXPECT_THAT(problem([](ItemAttribute& c) { c.words = {"10", "x"}; }), HasSubstr("'x' is not a"));
  EXPECT_EQ(MakeItemAttribute("size", AttributeType::kNumber, {"wide"}).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(ItemAttributes, AreConfiguredByNameAndType) {
  auto config = Config::Parse("item_attributes: {colour: text, weight: number}", "job.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const auto specs = ParseItemAttributes(config->root());
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  ASSERT_EQ(specs.size(), 2U);
  EXPECT_EQ(specs[0].name, "colour");
  EXPECT_EQ(specs[1].type, AttributeType::kNumber);
  auto absent = Config::Parse("{}", "job.yaml");
  EXPECT_EQ(ParseItemAttributes(absent->root()).size(), DefaultItemAttributes().size());
  auto wrong = Config::Parse("item_attributes: {colour: shade}", "job.yaml");
  ParseItemAttributes(wrong->root());
  EXPECT_THAT(MessageOf(wrong->Finish()), HasSubstr("shade"));
  EXPECT_EQ(ParseAttributeType(AttributeTypeName(AttributeType::kText)), AttributeType::kText);
  EXPECT_EQ(ParseAttributeType("bool"), std::nullopt);
}

}  // namespace
}  // namespace burgeon
