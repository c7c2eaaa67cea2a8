#include "engine/events/currency_rates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr char kRates[] =
    "date,currency,rate\n"
    "2011-03-04,GBP,1.1690\n"
    "2011-03-01,GBP,1.1725\n"
    "2011-03-01,JPY,0.008812\n"
    "2011-03-01,EUR,1\n";

absl::StatusOr<CurrencyRates> Load(const std::string& csv) {
  MemoryFileSystem files;
  EXPECT_TRUE(WriteFileAtomically(files, "/r.csv", csv).ok());
  return CurrencyRates::Load(files, {.base = "EUR", .rates = "/r.csv", .max_age_days = 3});
}

TimeMicros Day(int day, int hour = 0) {
  // 2011-03-01 is day 15034 (date -u -d 2011-03-01 +%s is 1298937600).
  return ((15'033 + day) * 86'400LL + hour * 3600) * kMicrosPerSecond;
}

// What becomes of an amount, with what was logged.
std::string Convert(int64_t micros, const std::string& currency, TimeMicros time) {
  const auto rates = Load(kRates);
  EXPECT_TRUE(rates.ok()) << rates.status();
  Event event;
  event.value_micros = micros;
  event.currency = currency;
  event.event_time = time;
  std::vector<FieldChange> changes;
  FieldProblem problem;
  if (!rates->Convert(&event, &changes, &problem)) {
    return Concat("bad: ", problem.field, " ", problem.value, ": ", problem.wanted);
  }
  std::string out = Concat(*event.value_micros, " ", event.currency);
  for (const FieldChange& change : changes) {
    out += Concat("; ", change.field, " ", change.rule, ": ", change.before, " > ", change.after);
  }
  return out;
}

TEST(CurrencyRates, MoneyIsConvertedByTheRateOfTheDay) {
  // 12.50 * 1.1725 = 14.65625 and 12.50 * 1.1690 = 14.6125.
  EXPECT_EQ(Convert(12'500'000, "GBP", Day(1)),
            "14656250 EUR; value currency=EUR: 12.5 GBP > 14.65625 EUR");
  EXPECT_EQ(Convert(12'500'000, "GBP", Day(4, 23)),
            "14612500 EUR; value currency=EUR: 12.5 GBP > 14.6125 EUR");
  // 100 * 0.008812 = 0.8812; -0.5 * 1.1725 = -0.58625.
  EXPECT_EQ(Convert(100'000'000, "JPY", Day(1)),
            "881200 EUR; value currency=EUR: 100 JPY > 0.8812 EUR");
  EXPECT_EQ(Convert(-500'000, "GBP", Day(1)),
            "-586250 EUR; value currency=EUR: -0.5 GBP > -0.58625 EUR");
  EXPECT_EQ(Convert(5'000'000, "EUR", Day(900)), "5000000 EUR") << "the base needs no rate";
}

TEST(CurrencyRates, HalvesOfAMillionthGoAwayFromZero) {
  // 0.000002 * 1.1725 = 0.000002345; 0.00002 * 1.1725 = 0.00002345; 0.0004 * 1.1725 = 0.000469.
  EXPECT_EQ(Convert(2, "GBP", Day(1)).substr(0, 2), "2 ");
  EXPECT_EQ(Convert(20, "GBP", Day(1)).substr(0, 3), "23 ");
  EXPECT_EQ(Convert(200, "GBP", Day(1)).substr(0, 4), "235 ") << "234.5";
  EXPECT_EQ(Convert(-200, "GBP", Day(1)).substr(0, 5), "-235 ");
}

TEST(CurrencyRates, TheLastRateHoldsForItsAge) {
  EXPECT_EQ(Convert(1'000'000, "JPY", Day(4)).substr(0, 5), "8812 ") << "three days old";
  EXPECT_EQ(
      Convert(1'000'000, "JPY", Day(5)),
      "bad: value 1 JPY: a currency with a rate to EUR on 2011-03-05 or in the 3 days before");
  EXPECT_THAT(Convert(1'000'000, "GBP", Day(0, 23)), HasSubstr("bad: value 1 GBP"))
      << "no rate before the first";
  EXPECT_THAT(Convert(1'000'000, "USD", Day(1)), HasSubstr("bad: value 1 USD")) << "never 1";
  EXPECT_THAT(Convert(INT64_MAX, "GBP", Day(1)), HasSubstr("an amount below 9.2e12 of EUR"));
}

TEST(CurrencyRates, AnEventWithoutAValueStaysAsItIs) {
  const auto rates = Load(kRates);
  ASSERT_TRUE(rates.ok());
  Event event;
  FieldProblem problem;
  EXPECT_TRUE(rates->Convert(&event, nullptr, &problem));
  EXPECT_EQ(event.currency, "");
  EXPECT_FALSE(event.value_micros);
}

TEST(CurrencyRates, NamesFileAndLineOfWhatIsWrong) {
  const auto problem = [](const std::string& rows) {
    return MessageOf(Load("date,currency,rate\n" + rows).status());
  };
  EXPECT_THAT(problem("2011-03-01,GBP,0\n"),
              HasSubstr("/r.csv:2: rate: '0' is not a number above"));
  EXPECT_THAT(problem("2011-03-01,GBP,-1\n"), HasSubstr("/r.csv:2: rate: '-1'"));
  EXPECT_THAT(problem("2011-03-01,GBP,x\n"), HasSubstr("/r.csv:2: rate: 'x'"));
  EXPECT_THAT(problem("1/3/2011,GBP,1\n"), HasSubstr("/r.csv:2: date: '1/3/2011' is not a date"));
  EXPECT_THAT(problem("2011-03-01 08:00,GBP,1\n"), HasSubstr("is not a date"));
  EXPECT_THAT(problem("2011-03-01,EUX,1\n"), HasSubstr("currency: 'EUX' is not a currency"));
  EXPECT_THAT(problem("2011-03-01,EUR,1.1\n"), HasSubstr("1, of the base currency EUR"));
  EXPECT_THAT(problem("2011-03-01,GBP,1\n2011-03-02,GBP,1\n2011-03-01,GBP,2\n"),
              HasSubstr("/r.csv:4: the rate of GBP on that day stands in line 2 already"));
  EXPECT_THAT(MessageOf(Load("date,rate\n").status()), HasSubstr("no column 'currency'"));
  MemoryFileSystem none;
  EXPECT_EQ(CurrencyRates::Load(none, {.base = "EUR", .rates = "/r.csv"}).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
