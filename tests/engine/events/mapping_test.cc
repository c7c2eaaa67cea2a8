#include "engine/events/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

using testing::HasSubstr;

// What Config::Finish says of a source section; "" when all is well.
std::string ProblemOf(const std::string& source) {
  auto config = Config::Parse("source:\n" + source, "a.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  ParseSourceConfig(config->root().Child("source"));
  return MessageOf(config->Finish());
}

constexpr char kTime[] = "    time: {column: t}\n";
constexpr char kType[] = "    type: {default: view}\n";

std::string Fields(const std::string& more) {
  return std::string("  name: shop\n  fields:\n") + kTime + kType + more;
}

TEST(Mapping, ReadsAWholeSource) {
  auto config = Config::Parse(R"(
source:
  name: shop
  delimiter: tab
  columns: [a, b]
  duplicates: keep
  known_lag_seconds: 60
  fields:
    customer: {column: a, transforms: [trim, strip_prefix=u-], required: true}
    time: {column: b, format: unix_seconds}
    type:
      rules: [{column: b, less_than: 0, type: ignore}]
      column: a
      values: {buy: purchase, wish: other}
)",
                              "a.yaml");
  const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(source.kind, SourceKind::kEvents);
  EXPECT_EQ(source.read.delimiter, '\t');
  EXPECT_EQ(source.read.column_names.size(), 2U);
  EXPECT_EQ(source.duplicates, Duplicates::kKeep);
  EXPECT_EQ(source.known_lag_seconds, 60);
  ASSERT_TRUE(source.events.customer);
  EXPECT_TRUE(source.events.customer->required);
  ASSERT_EQ(source.events.customer->transforms.size(), 2U);
  EXPECT_EQ(source.events.customer->transforms[1].prefix, "u-");
  EXPECT_EQ(source.events.time.format.format(), "unix_seconds");
  EXPECT_FALSE(source.events.type.rules.at(0).target.type) << "ignore";
  EXPECT_EQ(source.events.type.values.at("buy").type, EventType::kPurchase);
  EXPECT_EQ(ProblemOf(Fields("")), "");
}

TEST(Mapping, NamesWhatIsWrongAndWhere) {
  EXPECT_THAT(ProblemOf("  fields:\n" + std::string(kTime) + kType), HasSubstr("source.name"));
  EXPECT_THAT(ProblemOf("  name: s\n  fields:\n" + std::string(kType)),
              HasSubstr("source.fields.time"));
  EXPECT_THAT(ProblemOf("  name: s\n  fields:\n" + std::string(kTime)),
              HasSubstr("source.fields.type"));
  EXPECT_THAT(ProblemOf(Fields("    custommer: {column: a}\n")), HasSubstr("custommer"));
  EXPECT_THAT(ProblemOf(Fields("    item: {}\n")), HasSubstr("exactly one of `column`"));
  EXPECT_THAT(ProblemOf(Fields("    item: {column: a, constant: b}\n")),
              HasSubstr("exactly one of `column`"));
  EXPECT_THAT(ProblemOf(Fields("    item: {column: a, transforms: [trimm]}\n")),
              HasSubstr("'trimm' is none of trim"));
  EXPECT_THAT(ProblemOf(Fields("    item: {column: a, otherwise: b}\n")),
              HasSubstr("without `values`"));
  EXPECT_THAT(ProblemOf(Fields("    value: {column: a}\n")), HasSubstr("currency"));
  EXPECT_THAT(ProblemOf(Fields("    value: {column: a}\n    unit_price: {column: b}\n"
                               "    currency: {constant: EUR}\n")),
              HasSubstr("one of the two"));
  EXPECT_THAT(ProblemOf(Fields("    known_at: {column: a, time_zone: Mars/Base}\n")),
              HasSubstr("known_at.time_zone"));
  EXPECT_THAT(ProblemOf(Fields("    known_at: {column: a, format: sometime}\n")),
              HasSubstr("known_at.format"));
  EXPECT_THAT(ProblemOf(Fields("") + "  item_attributes: {d: {column: x}}\n"),
              HasSubstr("need the fields"));
  EXPECT_THAT(ProblemOf(Fields("") + "  max_bad_fraction: 2\n"), HasSubstr("max_bad_fraction"));
  EXPECT_THAT(ProblemOf(Fields("") + "  delimiter: ab\n"), HasSubstr("delimiter"));
}

TEST(Mapping, NamesWhatIsWrongWithATypeRule) {
  const auto problem = [](const std::string& type) {
    return ProblemOf("  name: s\n  fields:\n" + std::string(kTime) + "    type: " + type + "\n");
  };
  EXPECT_THAT(problem("{}"), HasSubstr("type.default"));
  EXPECT_THAT(problem("{default: buy}"), HasSubstr("'buy' is neither an event type"));
  EXPECT_THAT(problem("{default: view, values: {a: view}}"), HasSubstr("without `column`"));
  EXPECT_THAT(problem("{default: view, rules: [{column: a, type: view}]}"),
              HasSubstr("exactly one of `equals`"));
  EXPECT_THAT(problem("{default: view, rules: [{column: a, less_than: x, type: view}]}"),
              HasSubstr("'x' is not a number"));
  EXPECT_THAT(problem("{default: view, rules: [{column: a, equals: x, type: view, name: n}]}"),
              HasSubstr("type: other"));
}

TEST(Mapping, TablesNeedAnIdAndAttributes) {
  const std::string head = "  name: s\n  kind: items\n  fields:\n";
  EXPECT_EQ(ProblemOf(head + "    id: {column: a}\n    attributes: {x: {column: b}}\n"), "");
  EXPECT_THAT(ProblemOf(head + "    id: {column: a}\n"), HasSubstr("fields.attributes"));
  EXPECT_THAT(ProblemOf(head + "    attributes: {x: {column: b}}\n"), HasSubstr("fields.id"));
}

}  // namespace
}  // namespace burgeon
