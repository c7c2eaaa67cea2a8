#include "engine/simulation/job_file.h"

#include <set>

#include "engine/base/text.h"
#include "engine/simulation/event_row.h"

namespace burgeon {
namespace {

constexpr std::string_view kEventFields = R"(    fields:
      event_id: {column: event_id}
      customer: {column: customer}
      item: {column: item}
      time: {column: time, format: iso8601}
      known_at: {column: known_at, format: iso8601}
      type: {column: type}
      quantity: {column: quantity}
      unit_price: {column: unit_price}
      currency: {column: currency}
      session: {column: session}
      channel: {column: channel}
      properties:
)";

constexpr std::string_view kRest = R"(
consent:
  default: denied                # who never said anything

dataset:
  interactions: {view: 0.2, favourite: 0.5, add_to_cart: 0.6, purchase: 1, max_weight: 3}

recommender:
  model: spectral
  spectral: {rank: 32, filter_rank: 16}

churn:
  activity_window_days: 120
  prediction_window_days: 30

index:
  items: {kind: flat}
  customers: {kind: flat}

evaluation:
  window_days: 30
)";

// Names of sources differ, so the second and further files are sources of their own; event ids are
// unique over all of them.
std::string EventSourceOf(const std::string& file, size_t number) {
  std::string text =
      Concat("  - name: world", number == 0 ? "" : Concat("_", number), "\n    input: ", file,
             "\n    party: first\n    origin: simulated\n    licence: none needed\n"
             "    duplicates: drop\n    max_bad_fraction: 0.2\n    lateness_seconds: 691200\n"
             "    currency: {base: EUR, rates: rates.csv}\n",
             kEventFields);
  for (size_t c = kQueryColumn; c < kEventColumns; ++c) {
    text += Concat("        ", EventColumnName(c), ": ", EventColumnName(c), "\n");
  }
  return text;
}

struct TableSource {
  std::string_view name;
  std::string_view file;
  std::string_view kind;
  std::string_view party;
  std::string_view extra;  // lines of the source beside its columns
  std::string_view id;
  std::vector<std::string_view> attributes;
};

std::string Render(const TableSource& table) {
  std::string text =
      Concat("  - name: ", table.name, "\n    input: ", table.file, "\n    kind: ", table.kind,
             "\n    party: ", table.party, "\n    origin: simulated\n    licence: none needed\n",
             table.extra, "    fields:\n      id: {column: ", table.id, "}\n");
  text += "      time: {column: time, format: iso8601}\n";
  text += "      attributes:\n";
  for (const std::string_view name : table.attributes) {
    text += Concat("        ", name, ": {column: ", name, "}\n");
  }
  return text;
}

}  // namespace

std::string JobFile(const WorldConfig& config, const std::vector<std::string>& event_files) {
  std::string text =
      Concat("# A simulated world: ", config.customers, " customers, ", config.items, " items, ",
             config.days, " days from ", FormatTime(config.start), ", seed ", config.seed,
             ".\n# What is true of it lies under truth/.\nsources:\n");
  for (size_t k = 0; k < event_files.size(); ++k) text += EventSourceOf(event_files[k], k);
  text += Render({"items",
                  "items.csv",
                  "items",
                  "first",
                  "",
                  "id",
                  {"description", "department", "category", "style", "brand", "price"}});
  text += Render({"crm",
                  "customers.csv",
                  "customers",
                  "first",
                  "",
                  "id",
                  {"email", "phone", "country", "region", "time_zone", "language", "birth_year",
                   "gender", "loyalty_tier"}});
  text += Render({"partner",
                  "partner_customers.csv",
                  "customers",
                  "second",
                  "",
                  "id",
                  {"region", "income_band", "household_size"}});
  text += Render({"broker",
                  "broker_customers.csv",
                  "customers",
                  "third",
                  "",
                  "id",
                  {"region", "income_band", "age_band"}});
  text += Render({"market",
                  "region_aggregates.csv",
                  "aggregates",
                  "third",
                  "    key: region\n",
                  "region",
                  {"median_income_euro", "online_share", "category_growth_percent"}});
  return text + std::string(kRest);
}

std::string RatesFile(const WorldConfig& config) {
  std::string text = "date,currency,rate\n";
  for (int64_t day = -1; day < config.days + 40; ++day) {
    const std::string date = FormatTime(config.start + day * kMicrosPerDay).substr(0, 10);
    std::set<std::string_view> seen;
    for (int r = 0; r < kRegions; ++r) {
      const Region& region = RegionOf(r);
      if (!seen.insert(region.currency).second) continue;
      text += Concat(date, ",", region.currency, ",", 1 / region.per_euro, "\n");
    }
  }
  return text;
}

}  // namespace burgeon
