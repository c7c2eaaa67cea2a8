#include "engine/simulation/world_config.h"

#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr DoubleRange kShare = {0, 1};

void ParseFunnel(const ConfigNode& node, FunnelConfig* funnel) {
  funnel->mean_steps = node.GetDouble("mean_steps", funnel->mean_steps, {1, 1000});
  funnel->search = node.GetDouble("search", funnel->search, kShare);
  funnel->click = node.GetDouble("click", funnel->click, kShare);
  funnel->favourite = node.GetDouble("favourite", funnel->favourite, kShare);
  funnel->add_to_cart = node.GetDouble("add_to_cart", funnel->add_to_cart, kShare);
  funnel->remove = node.GetDouble("remove", funnel->remove, kShare);
  funnel->checkout = node.GetDouble("checkout", funnel->checkout, kShare);
  funnel->purchase = node.GetDouble("purchase", funnel->purchase, kShare);
  funnel->extra_unit = node.GetDouble("extra_unit", funnel->extra_unit, {0, 0.95});
  funnel->discounted = node.GetDouble("discounted", funnel->discounted, kShare);
  funnel->cancel = node.GetDouble("cancel", funnel->cancel, kShare);
  funnel->return_line = node.GetDouble("return_line", funnel->return_line, kShare);
  funnel->store_lines = node.GetDouble("store_lines", funnel->store_lines, {1, 1000});
}

void ParseFeedback(const ConfigNode& node, FeedbackConfig* feedback) {
  feedback->survey_days = node.GetDouble("survey_days", feedback->survey_days, {1, 100'000});
  feedback->survey_answered = node.GetDouble("survey_answered", feedback->survey_answered, kShare);
  feedback->review = node.GetDouble("review", feedback->review, kShare);
  feedback->complaint = node.GetDouble("complaint", feedback->complaint, kShare);
  feedback->support_call = node.GetDouble("support_call", feedback->support_call, kShare);
  feedback->csat_after_support =
      node.GetDouble("csat_after_support", feedback->csat_after_support, kShare);
}

absl::Status CheckRange(const char* field, double value, double min, double max) {
  if (value >= min && value <= max) return absl::OkStatus();
  return InvalidArgument(field, ": ", value, " is not a number from ", min, " to ", max);
}

}  // namespace

void ParseWorldConfig(const ConfigNode& node, WorldConfig* config) {
  WorldConfig& c = *config;
  c.present_at_start = node.GetDouble("present_at_start", c.present_at_start, kShare);
  c.rate_shape = node.GetDouble("rate_shape", c.rate_shape, {0.05, 1000});
  c.hazard_shape = node.GetDouble("hazard_shape", c.hazard_shape, {0.05, 1000});
  c.hazard_mean_per_day = node.GetDouble("hazard_mean_per_day", c.hazard_mean_per_day, {0, 10});
  c.regular = node.GetDouble("regular", c.regular, kShare);
  c.year_amplitude = node.GetDouble("year_amplitude", c.year_amplitude, {0, 0.9});
  c.taste_groups = static_cast<int>(node.GetInt("taste_groups", c.taste_groups, {1, 1000}));
  c.taste_strength = node.GetDouble("taste_strength", c.taste_strength, {0, 10});
  c.taste_noise = node.GetDouble("taste_noise", c.taste_noise, {0, 10});
  c.zipf = node.GetDouble("zipf", c.zipf, {0, 3});
  c.spend_sigma = node.GetDouble("spend_sigma", c.spend_sigma, {0, 2});
  c.login = node.GetDouble("login", c.login, kShare);
  c.cookie_days = node.GetInt("cookie_days", c.cookie_days, {1, 10'000});
  c.consent_change_per_year =
      node.GetDouble("consent_change_per_year", c.consent_change_per_year, {0, 365});
  const ConfigNode granted = node.Child("consent_granted");
  constexpr std::array<const char*, 4> kNames = {"recommend", "score", "audience", "export"};
  for (size_t p = 0; p < 4; ++p) {
    c.consent_granted[p] = granted.GetDouble(kNames[p], c.consent_granted[p], kShare);
  }
  c.late = node.GetDouble("late", c.late, kShare);
  ParseFunnel(node.Child("funnel"), &c.funnel);
  ParseFeedback(node.Child("feedback"), &c.feedback);
}

absl::Status CheckWorldConfig(const WorldConfig& config) {
  BURGEON_RETURN_IF_ERROR(
      CheckRange("customers", static_cast<double>(config.customers), 1, 1'000'000'000));
  BURGEON_RETURN_IF_ERROR(CheckRange("items", static_cast<double>(config.items), 1, 100'000'000));
  BURGEON_RETURN_IF_ERROR(CheckRange("days", static_cast<double>(config.days), 1, 20'000));
  BURGEON_RETURN_IF_ERROR(
      CheckRange("events per customer", config.events_per_customer, 1, 1'000'000));
  constexpr TimeMicros kLast = TimeMicros{6'000'000'000} * kMicrosPerSecond;  // 2160
  if (config.start < kMicrosPerDay || config.end() > kLast) {
    return InvalidArgument("start: ", FormatTime(config.start), " and ", config.days,
                           " days are not within 1970-01-02 to 2160");
  }
  return absl::OkStatus();
}

}  // namespace burgeon
