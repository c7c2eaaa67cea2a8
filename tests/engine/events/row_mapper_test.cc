#include "engine/events/row_mapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/engine/events/map_one.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(RowMapper, TypeRulesComeInOrderThenTheColumnThenTheDefault) {
  const std::string fields = R"(
    time: {constant: 2011-03-01}
    type:
      rules:
        - {column: b, starts_with: C, type: return}
        - {column: c, less_than: -1.5, type: other, name: loss}
        - {column: d, in: [x, y], type: ignore}
      column: a
      values: {buy: purchase, odd: other}
)";
  const auto type = [&](const char* a, const char* b, const char* c, const char* d) {
    const Mapped out = MapOne(fields, {a, b, c, d});
    if (out.outcome == RowOutcome::kIgnored) return std::string("ignored");
    if (out.outcome == RowOutcome::kBad) return "bad " + out.problem.field;
    const auto& properties = out.row.properties;
    const auto name = properties.find("type");
    return std::string(EventTypeName(out.row.event.type)) +
           (name == properties.end() ? "" : " " + name->second);
  };
  EXPECT_EQ(type("buy", "C1", "-9", "x"), "return");
  EXPECT_EQ(type("buy", "1", "-1.6", "x"), "other loss");
  EXPECT_EQ(type("buy", "1", "-1.5", " y "), "ignored");
  EXPECT_EQ(type("buy", "1", "not a number", ""), "purchase");
  EXPECT_EQ(type("odd", "1", "0", ""), "other odd");
  EXPECT_EQ(type("view", "1", "0", ""), "view") << "names of types go through";
  EXPECT_EQ(type("sold", "1", "0", ""), "bad type");
}

TEST(RowMapper, SignsFollowTheType) {
  const auto amounts = [](const char* type, const char* quantity, const char* price) {
    const Mapped out =
        MapOne(std::string("    time: {constant: 2011-03-01}\n    type: {default: ") + type +
                   "}\n    quantity: {column: a}\n" +
                   "    unit_price: {column: b}\n    currency: {constant: EUR}\n",
               {quantity, price});
    if (out.outcome == RowOutcome::kBad) return "bad " + out.problem.field;
    return Concat(out.row.event.quantity, " ", out.row.event.value_micros.value_or(-1));
  };
  EXPECT_EQ(amounts("purchase", "2", "1.25"), "2 2500000");
  EXPECT_EQ(amounts("purchase", "-2", "1.25"), "bad quantity");
  EXPECT_EQ(amounts("purchase", "2", "-1.25"), "bad unit_price");
  EXPECT_EQ(amounts("purchase", "2", "0"), "2 0") << "a zero price is kept";
  EXPECT_EQ(amounts("purchase", "2", ""), "2 -1") << "no price, no value";
  EXPECT_EQ(amounts("purchase", "", "3"), "1 3000000");
  EXPECT_EQ(amounts("purchase", "two", "3"), "bad quantity");
  EXPECT_EQ(amounts("purchase", "1e400", "3"), "bad quantity");
  EXPECT_EQ(amounts("purchase", "9999999999", "9999999999"), "bad unit_price") << "overflow";
  EXPECT_EQ(amounts("return", "-2", "1.25"), "2 2500000");
  EXPECT_EQ(amounts("other", "-2", "1.25"), "-2 -2500000");
}

TEST(RowMapper, CurrencyIsThreeCapitalLetters) {
  const std::string fields =
      kView + std::string("    value: {column: a}\n    currency: {column: b}\n");
  EXPECT_EQ(MapOne(fields, {"3", "EUR"}).row.event.currency, "EUR");
  EXPECT_EQ(MapOne(fields, {"3", "eur"}).problem.field, "currency");
  EXPECT_EQ(MapOne(fields, {"3", std::nullopt}).outcome, RowOutcome::kBad);
  EXPECT_EQ(MapOne(fields, {std::nullopt, std::nullopt}).outcome, RowOutcome::kEvent);
}

TEST(RowMapper, KnownAtIsItsColumnOrTheLag) {
  const std::string fields =
      "    type: {default: view}\n    time: {column: a}\n    known_at: {column: b}\n";
  const std::string lag = "  known_lag_seconds: 60\n";
  const Mapped mapped = MapOne(fields, {"2011-03-01", "2011-03-02"}, lag);
  EXPECT_EQ(FormatTime(mapped.row.event.known_at), "2011-03-02T00:00:00Z");
  const Mapped lagged = MapOne(fields, {"2011-03-01", std::nullopt}, lag);
  EXPECT_EQ(FormatTime(lagged.row.event.known_at), "2011-03-01T00:01:00Z");
  EXPECT_EQ(MapOne(fields, {"2011-03-01", "soon"}).problem.field, "known_at");
  EXPECT_EQ(MapOne(fields, {std::nullopt, "2011-03-02"}).problem.field, "time");
}

TEST(RowMapper, PropertiesAreKeptAsTheyAre) {
  const Mapped out = MapOne(kView + std::string("    properties: {colour: a, size: b}\n"),
                            {" red ", std::nullopt});
  EXPECT_EQ(out.row.event.properties, R"({"colour":" red "})");
}

}  // namespace
}  // namespace burgeon
