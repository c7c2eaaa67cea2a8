// What a simulated world is made of. Every default can be set in the `simulation` section of a
// configuration; docs/simulation.md gives the formulas each number stands in.
#ifndef BURGEON_ENGINE_SIMULATION_WORLD_CONFIG_H_
#define BURGEON_ENGINE_SIMULATION_WORLD_CONFIG_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/config/config.h"

namespace burgeon {

enum class WorldFormat { kCsv, kJsonLines, kParquet };

// How often each step of a session is taken.
struct FunnelConfig {
  double mean_steps = 4;  // items looked at in a session, at least 1
  double search = 0.25;   // a step begins with a search
  double click = 0.35;    // after a view: pictures, reviews, size table
  double favourite = 0.04;
  double add_to_cart = 0.14;  // times the person's spend level, at most 0.6
  double remove = 0.15;       // of a line in the cart, before the end of the session
  double checkout = 0.65;     // of a session with something in the cart
  double purchase = 0.8;      // of a checkout
  double extra_unit = 0.2;    // a line has 1 + Geometric units: mean 1 + q / (1 - q)
  double discounted = 0.25;   // lines with 5, 10, 20 or 30 percent off
  double cancel = 0.02;       // of a line, within a day
  double return_line = 0.06;  // of a line not cancelled, after 2 to 30 days
  double store_lines = 1.6;   // lines of a visit to a shop, mean; at least 1
};

struct FeedbackConfig {
  double survey_days = 90;  // mean time between two surveys sent to a person
  double survey_answered = 0.35;
  double review = 0.08;       // of a line bought
  double complaint = 0.015;   // of a line bought
  double support_call = 0.7;  // of contacts by phone; the others are orders
  double csat_after_support = 0.5;
};

struct WorldConfig {
  int64_t customers = 1000;
  int64_t items = 500;
  int64_t days = 365;
  uint64_t seed = 1;
  TimeMicros start = TimeMicros{1'704'067'200} * kMicrosPerSecond;  // 2024-01-01
  double events_per_customer = 100;  // mean over all, those who come late and go early included
  WorldFormat format = WorldFormat::kCsv;

  double present_at_start = 0.6;  // share of customers there on day 0; the others join evenly
  double rate_shape = 1.5;        // Gamma shape of the session rate over customers
  double hazard_shape = 2;        // Gamma shape of the churn hazard; 0 customers leave at hazard 0
  double hazard_mean_per_day = 1.0 / 400;
  double regular = 0.4;         // share of customers with Erlang gaps instead of Poisson ones
  double year_amplitude = 0.2;  // of the intensity, highest at the turn of the year
  int taste_groups = 12;
  double taste_strength = 1.5;  // 0: everyone likes the same
  double taste_noise = 0.5;     // of a person within the group
  double zipf = 1.0;            // exponent of item popularity
  double spend_sigma = 0.6;     // of the logarithm of the spend level
  double login = 0.6;           // of web and app sessions
  int64_t cookie_days = 60;     // a browser's cookie lives so long
  double consent_change_per_year = 0.4;
  std::array<double, 4> consent_granted = {0.92, 0.88, 0.8, 0.6};  // in the order of Purpose
  double late = 0.04;  // share of events that arrive late (median 6 h, at most 7 days)
  FunnelConfig funnel = {};
  FeedbackConfig feedback = {};

  TimeMicros end() const { return start + days * kMicrosPerDay; }
};

// Reads the section's fields over those in *config; problems are remembered by the node.
void ParseWorldConfig(const ConfigNode& node, WorldConfig* config);
// kInvalidArgument names the field: sizes out of range.
absl::Status CheckWorldConfig(const WorldConfig& config);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_WORLD_CONFIG_H_
