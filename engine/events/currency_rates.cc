#include "engine/events/currency_rates.h"

#include <algorithm>

#include "engine/events/time_format.h"
#include "engine/expression/standard_currency.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr size_t kMaxRates = 10'000'000;

struct Columns {
  size_t date = 0;
  size_t currency = 0;
  size_t rate = 0;
};

absl::StatusOr<Columns> ColumnsOf(const std::vector<std::string>& names, const std::string& file) {
  const ColumnIndex index = ColumnIndex::Of(names, file);
  Columns out;
  BURGEON_ASSIGN_OR_RETURN(out.date, index.Find("date", "the rates' day"));
  BURGEON_ASSIGN_OR_RETURN(out.currency, index.Find("currency", "the rates' currency"));
  BURGEON_ASSIGN_OR_RETURN(out.rate, index.Find("rate", "the rates"));
  return out;
}

std::string_view TextAt(const TextBatch& batch, size_t column, int64_t row) {
  return batch.columns[column].is_null(row) ? std::string_view()
                                            : TrimAscii(batch.columns[column].value(row));
}

// "12.5 GBP".
std::string MoneyText(int64_t micros, std::string_view currency) {
  const int64_t whole = micros / kMicrosPerSecond;
  const int64_t rest = micros < 0 ? -(micros % kMicrosPerSecond) : micros % kMicrosPerSecond;
  std::string fraction = std::to_string(kMicrosPerSecond + rest).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return Concat(micros < 0 && whole == 0 ? "-" : "", whole, fraction.empty() ? "" : ".", fraction,
                " ", currency);
}

}  // namespace

absl::StatusOr<CurrencyRates> CurrencyRates::Load(FileSystem& files,
                                                  const CurrencyConversion& conversion) {
  const std::string& file = conversion.rates;
  CurrencyRates out;
  out.base_ = conversion.base;
  out.max_age_days_ = conversion.max_age_days;
  ReadOptions options;
  options.format = TableFormat::kCsv;
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, file, options));
  BURGEON_ASSIGN_OR_RETURN(const Columns columns, ColumnsOf(reader->column_names(), file));
  const TimeFormat iso8601;
  size_t count = 0;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) break;
    if (!batch->bad_rows.empty()) {
      return InvalidArgument(file, ":", batch->bad_rows[0].line, ": ", batch->bad_rows[0].reason);
    }
    for (int64_t row = 0; row < batch->rows(); ++row) {
      const int64_t line = batch->lines[static_cast<size_t>(row)];
      const auto bad = [&](std::string_view column, std::string_view text,
                           const std::string& want) {
        return InvalidArgument(file, ":", line, ": ", column, ": '", Printable(text), "' is not ",
                               want);
      };
      const std::string_view date = TextAt(*batch, columns.date, row);
      const std::string_view currency = TextAt(*batch, columns.currency, row);
      const std::string_view rate = TextAt(*batch, columns.rate, row);
      const auto time = iso8601.Parse(date);
      if (!time || *time % kMicrosPerDay != 0) return bad("date", date, "a date, YYYY-MM-DD");
      if (!MinorUnitsOf(currency)) return bad("currency", currency, "a currency of ISO 4217");
      const auto number = ParseDecimal(rate);
      if (!number || number->mantissa <= 0) return bad("rate", rate, "a number above 0");
      if (currency == out.base_ && Compare(*number, Decimal{.mantissa = 1}) != 0) {
        return bad("rate", rate, Concat("1, of the base currency ", out.base_));
      }
      if (++count > kMaxRates) return InvalidArgument(file, ":", line, ": more than ", kMaxRates);
      out.rates_[std::string(currency)].push_back({*time / kMicrosPerDay, *number, line});
    }
  }
  for (auto& [currency, rates] : out.rates_) {
    std::stable_sort(rates.begin(), rates.end(),
                     [](const Rate& a, const Rate& b) { return a.day < b.day; });
    const auto twice = std::adjacent_find(
        rates.begin(), rates.end(), [](const Rate& a, const Rate& b) { return a.day == b.day; });
    if (twice == rates.end()) continue;
    return InvalidArgument(file, ":", std::next(twice)->line, ": the rate of ", currency,
                           " on that day stands in line ", twice->line, " already");
  }
  return out;
}

std::optional<Decimal> CurrencyRates::RateAt(std::string_view currency, TimeMicros time) const {
  if (currency == base_) return Decimal{.mantissa = 1};
  const auto found = rates_.find(currency);
  if (found == rates_.end()) return std::nullopt;
  const int64_t day = time / kMicrosPerDay;  // times begin at 1970
  const auto after = std::upper_bound(found->second.begin(), found->second.end(), day,
                                      [](int64_t at, const Rate& rate) { return at < rate.day; });
  if (after == found->second.begin()) return std::nullopt;
  const Rate& rate = *std::prev(after);
  if (day - rate.day > max_age_days_) return std::nullopt;
  return rate.rate;
}

bool CurrencyRates::Convert(Event* event, std::vector<FieldChange>* changes,
                            FieldProblem* problem) const {
  if (!event->value_micros || event->currency == base_) return true;
  const std::string before = MoneyText(*event->value_micros, event->currency);
  const auto refuse = [&](std::string wanted) {
    *problem = {"value", before, std::move(wanted)};
    return false;
  };
  const auto rate = RateAt(event->currency, event->event_time);
  if (!rate) {
    return refuse(Concat("a currency with a rate to ", base_, " on ",
                         FormatTime(event->event_time).substr(0, 10), " or in the ", max_age_days_,
                         " days before"));
  }
  // Money has up to 19 digits and a Decimal 18, so the product is taken of whole millionths.
  using Wide = __int128;
  Wide product = static_cast<Wide>(*event->value_micros) * rate->mantissa;
  Wide divisor = 1;
  for (int i = 0; i < rate->scale; ++i) divisor *= 10;
  const Wide rest = product % divisor;
  product /= divisor;
  if (rest >= divisor - rest && rest > 0) ++product;
  if (-rest >= divisor + rest && rest < 0) --product;
  if (product > INT64_MAX || product < INT64_MIN) {
    return refuse(Concat("an amount below 9.2e12 of ", base_));
  }
  event->value_micros = static_cast<int64_t>(product);
  event->currency = base_;
  if (changes != nullptr) {
    changes->push_back(
        {"value", Concat("currency=", base_), before, MoneyText(*event->value_micros, base_)});
  }
  return true;
}

}  // namespace burgeon
