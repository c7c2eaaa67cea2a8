// Rates of exchange to one base currency, by day, and money converted by them.
//
//   date,currency,rate            # one unit of the currency is so much of the base
//   2011-03-01,GBP,1.1690
//   2011-03-01,USD,0.7244
//
//   BURGEON_ASSIGN_OR_RETURN(const CurrencyRates rates, CurrencyRates::Load(files, conversion));
//   if (!rates.Convert(&event, changes, &problem)) return RowOutcome::kBad;
//
// The rate is that of the event's day in UTC, or of the last day before it that has one and is at
// most max_age_days back. A currency without a rate is a bad value: it is never taken as 1.
// Immutable, thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_CURRENCY_RATES_H_
#define BURGEON_ENGINE_EVENTS_CURRENCY_RATES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/events/decimal.h"
#include "engine/events/event.h"
#include "engine/events/field_source.h"
#include "engine/events/mapping.h"
#include "engine/storage/file_system.h"

namespace burgeon {

class CurrencyRates {
 public:
  // A CSV file with a header (table.h) and the columns date (YYYY-MM-DD), currency and rate; others
  // do not count, nor does the order of the rows. kNotFound, kInvalidArgument naming file and line:
  // a column missing, no date, no currency of ISO 4217, a rate that is not above 0, the base with
  // another rate than 1, two rates of a currency on a day.
  static absl::StatusOr<CurrencyRates> Load(FileSystem& files,
                                            const CurrencyConversion& conversion);

  const std::string& base() const { return base_; }

  // The rate at a time, or nothing.
  std::optional<Decimal> RateAt(std::string_view currency, TimeMicros time) const;

  // Brings the event's value to the base, rounded to millionths, halves away from zero. An event
  // without a value, or in the base already, stays as it is. What changed goes to *changes (may be
  // nullptr) under the rule "currency=EUR". False fills *problem.
  bool Convert(Event* event, std::vector<FieldChange>* changes, FieldProblem* problem) const;

 private:
  struct Rate {
    int64_t day = 0;  // since 1970-01-01
    Decimal rate;
    int64_t line = 0;  // of the file
  };
  std::string base_;
  int64_t max_age_days_ = 0;
  StringMap<std::vector<Rate>> rates_;  // by day
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_CURRENCY_RATES_H_
