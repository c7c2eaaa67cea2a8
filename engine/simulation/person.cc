#include "engine/simulation/person.h"

#include <algorithm>
#include <cmath>

namespace burgeon {
namespace {

constexpr std::array<Region, kRegions> kRegionTable = {{
    {"London", "GB", "Etc/GMT", 0, "GBP", 0.85, 2, false, 0.16, 0.0},
    {"Berlin", "DE", "Etc/GMT-1", 1, "EUR", 1.0, 2, false, 0.14, 0.1},
    {"Paris", "FR", "Etc/GMT-1", 1, "EUR", 1.0, 2, false, 0.12, -0.1},
    {"New York", "US", "Etc/GMT+5", -5, "USD", 1.1, 2, false, 0.16, 0.1},
    {"Los Angeles", "US", "Etc/GMT+8", -8, "USD", 1.1, 2, false, 0.1, 0.0},
    {"Shanghai", "CN", "Etc/GMT-8", 8, "CNY", 7.8, 2, true, 0.16, 0.0},
    {"Beijing", "CN", "Etc/GMT-8", 8, "CNY", 7.8, 2, true, 0.1, -0.1},
    {"Tokyo", "JP", "Etc/GMT-9", 9, "JPY", 160, 0, false, 0.06, 0.0},
}};
constexpr std::array<std::string_view, kSimChannels> kChannelNames = {"web",   "app",   "social",
                                                                      "store", "email", "phone"};
constexpr std::array<double, kSimChannels> kChannelBase = {0.42, 0.3, 0.08, 0.1, 0.07, 0.03};
constexpr double kMaxAddToCart = 0.6;
constexpr double kMeanDiscount = (5 + 10 + 20 + 30) / 4.0 / 100;
constexpr uint64_t kTasteGroups = 1000;  // first entity of Stream::kCatalogue for the groups

// Share of customers still there t days after their start: (1 + t h / s)^-s, the Pareto of the
// second kind that Exp(hazard) with hazard ~ Gamma(s, h / s) gives.
double Survival(const WorldConfig& config, double t) {
  return std::pow(1 + t * config.hazard_mean_per_day / config.hazard_shape, -config.hazard_shape);
}

void DrawLife(const WorldConfig& config, Person* person) {
  Draws draws(config.seed, Stream::kTimes, person->number);
  const bool present = draws.Chance(config.present_at_start);
  const double joined = draws.Uniform() * static_cast<double>(config.days);
  person->start = config.start;
  if (!present) {
    person->start += static_cast<TimeMicros>(joined * 86'400'000) * 1000;  // whole milliseconds
  }
  person->hazard_per_day =
      draws.Gamma(config.hazard_shape) * config.hazard_mean_per_day / config.hazard_shape;
  const double life_days = draws.Exponential() / person->hazard_per_day;  // infinite at hazard 0
  person->death = life_days < 1e6
                      ? person->start + static_cast<TimeMicros>(life_days * 86'400'000) * 1000
                      : INT64_MAX;
}

double SomeKept(double mean_steps, double kept) {
  // P(at least one of n steps is kept), n = 1 + Geometric: 1 - z p / (1 - q z) at z = 1 - kept.
  const double p = 1 / mean_steps;
  const double z = 1 - kept;
  return 1 - z * p / (1 - (1 - p) * z);
}

double BrowsedLines(const FunnelConfig& funnel, double add_to_cart) {
  return funnel.mean_steps * add_to_cart * (1 - funnel.remove) * funnel.checkout * funnel.purchase;
}

}  // namespace

std::string_view SimChannelName(SimChannel channel) {
  return kChannelNames[static_cast<size_t>(channel)];
}
const Region& RegionOf(int region) { return kRegionTable[static_cast<size_t>(region)]; }

Person MakePerson(const WorldConfig& config, const PersonModel& model, uint64_t number) {
  Person person;
  person.number = number;
  Draws draws(config.seed, Stream::kPerson, number);
  std::array<double, kRegions> shares;
  double sum = 0;
  for (size_t r = 0; r < kRegions; ++r) shares[r] = sum += kRegionTable[r].share;
  person.region = static_cast<int>(draws.Pick(shares));
  person.hour_profile = static_cast<int>(draws.Below(3));
  person.taste_group = static_cast<int>(draws.Below(static_cast<uint32_t>(config.taste_groups)));
  Draws centre(config.seed, Stream::kCatalogue,
               kTasteGroups + static_cast<uint64_t>(person.taste_group));
  const double scale = 1 / std::sqrt(1 + config.taste_noise * config.taste_noise);
  for (double& x : person.taste) {
    x = scale * (centre.Normal() + config.taste_noise * draws.Normal());
  }
  person.rate_per_day =
      model.mean_rate_per_day * draws.Gamma(config.rate_shape) / config.rate_shape;
  if (draws.Chance(config.regular)) person.rhythm = draws.Chance(0.5) ? 2 : 4;
  const double sigma = config.spend_sigma;
  person.spend = std::exp(sigma * draws.Normal() - sigma * sigma / 2);
  person.add_to_cart = std::min(kMaxAddToCart, config.funnel.add_to_cart * person.spend);
  sum = 0;
  for (size_t c = 0; c < kSimChannels; ++c) {
    person.channels[c] = sum += kChannelBase[c] * draws.Exponential();
  }
  for (double& share : person.channels) share /= sum;
  person.satisfaction = draws.Normal();
  for (size_t p = 0; p < 4; ++p) person.consent[p] = draws.Chance(config.consent_granted[p]);
  DrawLife(config, &person);
  return person;
}

PersonModel MakePersonModel(const WorldConfig& config) {
  const double exposure = ExpectedExposureDays(config);
  const double beside_sessions =
      6 + exposure * (config.consent_change_per_year / 365 +
                      config.feedback.survey_answered / config.feedback.survey_days);
  const double wanted =
      std::max(config.events_per_customer - beside_sessions, config.events_per_customer * 0.1);
  return {wanted / (exposure * ExpectedEventsPerSession(config))};
}

CellWeights CellWeightsOf(const WorldConfig& config, const Catalogue& catalogue,
                          const Person& person) {
  CellWeights weights;
  for (int cell = 0; cell < kCells; ++cell) {
    double dot = 0;
    for (size_t k = 0; k < kTasteDims; ++k) dot += person.taste[k] * catalogue.cell_taste(cell)[k];
    weights[static_cast<size_t>(cell)] =
        catalogue.cell_popularity(cell) * std::exp(config.taste_strength * dot);
  }
  return weights;
}

CellWeights CumulativeInMonth(const Catalogue& catalogue, const CellWeights& weights, int month) {
  CellWeights cumulative;
  double sum = 0;
  for (int cell = 0; cell < kCells; ++cell) {
    const auto at = static_cast<size_t>(cell);
    cumulative[at] = sum += weights[at] * catalogue.Season(cell / kStyles, month);
  }
  return cumulative;
}

double ExpectedExposureDays(const WorldConfig& config) {
  // Trapezium rule, a day a step: for who is there at the start the integral of the survival
  // function over the world; for who joins at a uniform time the mean of such integrals.
  double from_start = 0;
  double joining = 0;
  for (int64_t day = 0; day < config.days; ++day) {
    const auto t = static_cast<double>(day);
    const double step = (Survival(config, t) + Survival(config, t + 1)) / 2;
    from_start += step;
    joining += step * (1 - (t + 0.5) / static_cast<double>(config.days));
  }
  return config.present_at_start * from_start + (1 - config.present_at_start) * joining;
}

double ExpectedEventsPerSession(const WorldConfig& config) {
  const FunnelConfig& funnel = config.funnel;
  const FeedbackConfig& feedback = config.feedback;
  const double after_line = 1 + funnel.cancel + (1 - funnel.cancel) * funnel.return_line +
                            feedback.review + feedback.complaint;
  const double kept = funnel.add_to_cart * (1 - funnel.remove);
  const double browsing = 1 +
                          funnel.mean_steps * (1 + funnel.search + funnel.click + funnel.favourite +
                                               funnel.add_to_cart * (1 + funnel.remove)) +
                          SomeKept(funnel.mean_steps, kept) * funnel.checkout +
                          BrowsedLines(funnel, funnel.add_to_cart) * after_line;
  const double store = 1 + funnel.store_lines * after_line;
  const double phone = feedback.support_call * (1 + feedback.csat_after_support) +
                       (1 - feedback.support_call) * after_line;
  constexpr auto kStore = static_cast<size_t>(SimChannel::kStore);
  constexpr auto kPhone = static_cast<size_t>(SimChannel::kPhone);
  return (1 - kChannelBase[kStore] - kChannelBase[kPhone]) * browsing +
         kChannelBase[kStore] * store + kChannelBase[kPhone] * phone;
}

double ExpectedLinesPerSession(const WorldConfig& config, const Person& person) {
  double lines = 0;
  for (size_t c = 0; c < kSimChannels; ++c) {
    const double share = person.channels[c] - (c == 0 ? 0 : person.channels[c - 1]);
    switch (static_cast<SimChannel>(c)) {
      case SimChannel::kStore:
        lines += share * config.funnel.store_lines;
        break;
      case SimChannel::kPhone:
        lines += share * (1 - config.feedback.support_call);
        break;
      default:
        lines += share * BrowsedLines(config.funnel, person.add_to_cart);
    }
  }
  return lines;
}

double ExpectedLineEuro(const WorldConfig& config, const Catalogue& catalogue,
                        const Person& person) {
  const CellWeights weights = CellWeightsOf(config, catalogue, person);
  double price = 0;
  for (int month = 0; month < 12; ++month) {
    double sum = 0;
    double money = 0;
    for (int cell = 0; cell < kCells; ++cell) {
      const double weight =
          weights[static_cast<size_t>(cell)] * catalogue.Season(cell / kStyles, month);
      sum += weight;
      money += weight * catalogue.cell_price(cell);
    }
    price += money / sum / 12;
  }
  const double q = config.funnel.extra_unit;
  return price * (1 + q / (1 - q)) * (1 - config.funnel.discounted * kMeanDiscount);
}

}  // namespace burgeon
