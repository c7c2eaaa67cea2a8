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

TEST(Mapping, ASourceSaysWhoseItIs) {
  const auto parse = [](const std::string& more) {
    auto config = Config::Parse("source:\n" + Fields("") + more, "a.yaml");
    const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
    EXPECT_TRUE(config->Finish().ok()) << config->Finish();
    return source;
  };
  const SourceConfig own = parse("");
  EXPECT_EQ(own.party, Party::kFirst);
  EXPECT_EQ(own.trust, 100);
  EXPECT_TRUE(own.log_changes);
  EXPECT_EQ(own.lateness_seconds, 0);
  EXPECT_EQ(parse("  party: second\n").trust, 60);
  const SourceConfig bought = parse(
      "  party: third\n  origin: a panel\n  licence: CC BY 4.0\n  lateness_seconds: 3600\n"
      "  log_changes: false\n");
  EXPECT_EQ(bought.party, Party::kThird);
  EXPECT_EQ(bought.trust, 30);
  EXPECT_EQ(bought.origin, "a panel");
  EXPECT_EQ(bought.licence, "CC BY 4.0");
  EXPECT_EQ(bought.lateness_seconds, 3600);
  EXPECT_FALSE(bought.log_changes);
  EXPECT_EQ(parse("  party: third\n  trust: 70\n").trust, 70);
  EXPECT_THAT(ProblemOf(Fields("") + "  party: fourth\n"), HasSubstr("first, second, third"));
  EXPECT_THAT(ProblemOf(Fields("") + "  trust: 101\n"), HasSubstr("from 0 to 100"));
  EXPECT_THAT(ProblemOf(Fields("") + "  lateness_seconds: -1\n"), HasSubstr("lateness_seconds"));
}

TEST(Mapping, PropertiesAreColumnsOrFields) {
  auto config = Config::Parse("source:\n" + Fields(R"(    properties:
      page: url
      colour: {column: c, transforms: [trim, lower]}
    properties_from: extra
)"),
                              "a.yaml");
  const EventMapping events = ParseSourceConfig(config->root().Child("source")).events;
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_THAT(events.properties, testing::ElementsAre(testing::Pair("page", "url")));
  ASSERT_EQ(events.property_fields.size(), 1U);
  EXPECT_EQ(events.property_fields[0].first, "colour");
  EXPECT_EQ(events.property_fields[0].second.column, "c");
  EXPECT_EQ(events.properties_from, "extra");
  EXPECT_THAT(ProblemOf(Fields("    properties: {a: {column: b, kolumn: c}}\n")),
              HasSubstr("kolumn"));
}

TEST(Mapping, CurrenciesAreConvertedByATableOfRates) {
  const std::string value = "    value: {column: v}\n    currency: {column: c}\n";
  auto config = Config::Parse(
      "source:\n" + Fields(value) + "  currency: {base: EUR, rates: r.csv, max_age_days: 3}\n",
      "a.yaml");
  const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  ASSERT_TRUE(source.currency);
  EXPECT_EQ(source.currency->base, "EUR");
  EXPECT_EQ(source.currency->rates, "r.csv");
  EXPECT_EQ(source.currency->max_age_days, 3);
  EXPECT_THAT(ProblemOf(Fields(value) + "  currency: {base: EUX, rates: r.csv}\n"),
              HasSubstr("'EUX' is no currency"));
  EXPECT_THAT(ProblemOf(Fields(value) + "  currency: {base: EUR}\n"), HasSubstr("currency.rates"));
  EXPECT_THAT(ProblemOf(Fields("") + "  currency: {base: EUR, rates: r.csv}\n"),
              HasSubstr("this source has none"));
}

TEST(Mapping, AggregatesHaveAKey) {
  const std::string head = "  name: s\n  kind: aggregates\n";
  const std::string fields =
      "  fields:\n    id: {column: region}\n    attributes: {income: {column: x}}\n";
  auto config = Config::Parse("source:\n" + head + "  key: region\n" + fields, "a.yaml");
  const SourceConfig source = ParseSourceConfig(config->root().Child("source"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(source.kind, SourceKind::kAggregates);
  EXPECT_EQ(source.attributes.key, "region");
  EXPECT_THAT(ProblemOf(head + fields), HasSubstr("source.key: is missing"));
  EXPECT_THAT(ProblemOf("  name: s\n  kind: items\n  key: region\n" + fields),
              HasSubstr("key: no such field"));
}

TEST(Mapping, TablesNeedAnIdAndAttributes) {
  const std::string head = "  name: s\n  kind: items\n  fields:\n";
  EXPECT_EQ(ProblemOf(head + "    id: {column: a}\n    attributes: {x: {column: b}}\n"), "");
  EXPECT_THAT(ProblemOf(head + "    id: {column: a}\n"), HasSubstr("fields.attributes"));
  EXPECT_THAT(ProblemOf(head + "    attributes: {x: {column: b}}\n"), HasSubstr("fields.id"));
}

}  // namespace
}  // namespace burgeon
