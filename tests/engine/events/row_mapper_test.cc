#include "engine/events/row_mapper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <string>
#include <vector>

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

// A column of numbers or times whose text is `texts`.
TextColumn TypedColumn(TypedValues typed, const std::vector<std::string>& texts) {
  return TextColumn(std::move(typed), texts.size(), [texts] {
    TextColumn text;
    for (const std::string& value : texts) text.Append(value);
    return text;
  });
}

TextColumn PlainColumn(const std::vector<std::string>& texts) {
  TextColumn text;
  for (const std::string& value : texts) text.Append(value);
  return text;
}

std::string Outcome(const RowMapper& mapper, const TextBatch& batch, int64_t row) {
  MappedRow mapped;
  FieldProblem problem;
  if (mapper.Map(batch, row, &mapped, &problem) != RowOutcome::kEvent) {
    return Concat(problem.field, ": '", problem.value, "' wanted ", problem.wanted);
  }
  const EventView& event = mapped.event;
  return Concat(event.event_time, " ", event.known_at, " ", event.quantity, " ",
                event.value_micros.value_or(-1), " ", mapped.changes.size());
}

// Numbers and times of a source give what their texts give, for mappings that look at the text too.
TEST(RowMapper, TypedColumnsGiveWhatTheirTextsGive) {
  const double kReals[] = {7.27, 0.1, -3, 1e300, std::nan(""), HUGE_VAL, 0.12345678, 1e13, 5, 0};
  const int64_t kWholes[] = {1, 2, -1, INT64_MAX, INT64_MIN, 0, 1'000'000'000'000'000'000, 7, 3, 9};
  const int64_t kTicks[] = {
      0, 1'300'000'000, 1'319'936'400,         -1, 7'258'118'399, 7'258'118'400,
      1, INT64_MAX,     20'240'101LL * 86'400, 5};
  constexpr size_t kRows = std::size(kReals);
  const uint8_t kValid[] = {0xff, 0xfd};  // the last value is null
  std::vector<std::string> reals, wholes, ticks;
  for (size_t i = 0; i < kRows; ++i) {
    reals.push_back(Concat(kReals[i]));
    wholes.push_back(Concat(kWholes[i]));
    const bool taken = kTicks[i] >= 0 && kTicks[i] < 7'258'118'400;
    ticks.push_back(taken ? FormatTime(kTicks[i] * kMicrosPerSecond).substr(0, 19)
                          : Concat(kTicks[i] / 86'400, " 00:00:00"));
  }
  ticks.back() = wholes.back() = "";
  using Kind = TypedValues::Kind;
  TextBatch typed, plain;
  typed.lines.resize(kRows, 1);
  plain.lines = typed.lines;
  typed.columns = {
      TypedColumn({.kind = Kind::kReals, .reals = kReals}, reals),
      TypedColumn({.kind = Kind::kIntegers, .integers = kWholes, .valid = kValid}, wholes),
      TypedColumn(
          {.kind = Kind::kLocalTimes, .integers = kTicks, .ticks_a_second = 1, .valid = kValid},
          ticks)};
  for (const auto& texts : {reals, wholes, ticks}) plain.columns.push_back(PlainColumn(texts));
  for (const std::string more :
       {"", "  null_values: ['7', '1970-01-01 00:00:01']\n", "  known_lag_seconds: 60\n"}) {
    for (const std::string time :
         {"{column: c}", "{column: c, time_zone: Europe/London}", "{column: c, required: true}",
          "{column: c, format: unix_seconds}", "{column: c, transforms: [trim]}"}) {
      for (const std::string price : {"{column: a}", "{column: a, transforms: [absolute]}"}) {
        const auto source =
            ParseSource("  fields:\n    type: {default: view}\n    time: " + time +
                            "\n    quantity: {column: b}\n    unit_price: " + price +
                            "\n    currency: {constant: EUR}\n",
                        more);
        const auto mapper = RowMapper::Bind(source, ColumnIndex::Of({"a", "b", "c"}, "t.parquet"));
        ASSERT_TRUE(mapper.ok()) << mapper.status();
        for (size_t row = 0; row < kRows; ++row) {
          const auto at = static_cast<int64_t>(row);
          EXPECT_EQ(Outcome(*mapper, typed, at), Outcome(*mapper, plain, at))
              << row << time << more;
        }
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
