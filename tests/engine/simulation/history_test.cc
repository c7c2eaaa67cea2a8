#include "engine/simulation/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "engine/simulation/person_ids.h"

namespace burgeon {
namespace {

// Everybody there all the time, with Poisson sessions.
WorldConfig Steady() {
  WorldConfig config;
  config.items = 300;
  config.days = 200;
  config.present_at_start = 1;
  config.hazard_mean_per_day = 0;
  config.regular = 0;
  config.seed = 5;
  return config;
}

std::vector<PersonHistory> Histories(const World& world, uint64_t persons) {
  std::vector<PersonHistory> histories(persons);
  for (uint64_t p = 0; p < persons; ++p) world.MakeHistory(p, &histories[p]);
  return histories;
}

std::map<EventType, double> Counts(const std::vector<PersonHistory>& histories) {
  std::map<EventType, double> counts;
  for (const PersonHistory& history : histories) {
    for (const SimEvent& event : history.events) ++counts[event.type];
  }
  return counts;
}

// `successes` of `trials` at probability p, within five standard deviations.
void ExpectShare(double successes, double trials, double p) {
  ASSERT_GT(trials, 100);
  EXPECT_NEAR(successes / trials, p, 5 * std::sqrt(p * (1 - p) / trials));
}

uint32_t SessionsOf(const PersonHistory& history) {
  uint32_t sessions = 0;
  for (const SimEvent& event : history.events) sessions = std::max(sessions, event.session);
  return sessions;
}

TEST(History, SessionsArePoissonWithThePersonsRate) {
  const WorldConfig config = Steady();
  const World world(config);
  double standardised = 0;
  double squares = 0;
  constexpr uint64_t kPersons = 2000;
  for (uint64_t p = 0; p < kPersons; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    const Person& person = history.person;
    const double expected =
        person.rate_per_day *
        (world.calendar().OperationalDays(person.hour_profile, config.end() + person.offset()) -
         world.calendar().OperationalDays(person.hour_profile, config.start + person.offset()));
    const double z = (SessionsOf(history) - expected) / std::sqrt(expected);
    standardised += z;
    squares += z * z;
  }
  EXPECT_NEAR(standardised / kPersons, 0, 5 / std::sqrt(kPersons));
  // var(z^2) = 2 + 1 / expected of a Poisson count; expectations of a tenth are not rare here.
  EXPECT_NEAR(squares / kPersons, 1, 5 * std::sqrt(12.0 / kPersons));
}

TEST(History, FunnelStepsHaveTheirRates) {
  const WorldConfig config = Steady();
  const World world(config);
  const std::vector<PersonHistory> histories = Histories(world, 1500);
  std::map<EventType, double> counts = Counts(histories);
  const FunnelConfig& funnel = config.funnel;
  const double views = counts[EventType::kView];
  ExpectShare(counts[EventType::kSearch], views, funnel.search);
  ExpectShare(counts[EventType::kClick], views, funnel.click);
  ExpectShare(counts[EventType::kFavourite], views, funnel.favourite);
  ExpectShare(counts[EventType::kRemoveFromCart], counts[EventType::kAddToCart], funnel.remove);
  // Cancels come within a day, returns within 30: those after the end are not there.
  const double lines = counts[EventType::kPurchase];
  EXPECT_LT(counts[EventType::kCancel], lines * funnel.cancel * 1.3);
  double early = 0;
  double returned = 0;
  std::set<std::pair<uint64_t, uint32_t>> seen;
  for (const PersonHistory& history : histories) {
    for (const SimEvent& event : history.events) {
      const bool in_time = event.time < config.end() - 31 * kMicrosPerDay;
      if (event.type == EventType::kPurchase && in_time) ++early;
      if (event.type == EventType::kReturn && event.time < config.end() - 31 * kMicrosPerDay) {
        ++returned;
      }
    }
  }
  EXPECT_GT(returned, 0);
  EXPECT_LT(returned / early, funnel.return_line);
}

TEST(History, AddToCartGoesWithThePerson) {
  const World world(Steady());
  double expected = 0;
  double variance = 0;
  double added = 0;
  for (uint64_t p = 0; p < 1000; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    for (const SimEvent& event : history.events) {
      if (event.type == EventType::kAddToCart) ++added;
      if (event.type != EventType::kView) continue;
      expected += history.person.add_to_cart;
      variance += history.person.add_to_cart * (1 - history.person.add_to_cart);
    }
  }
  EXPECT_NEAR(added, expected, 5 * std::sqrt(variance));
}

TEST(History, LinesBoughtAndTheirValueAreAsTheTruthSays) {
  WorldConfig config = Steady();
  config.year_amplitude = 0;
  config.days = 364;  // whole weeks, nearly all months
  const World world(config);
  double expected = 0;
  double lines = 0;
  double expected_euro = 0;
  double euro = 0;
  for (uint64_t p = 0; p < 1500; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    const double sessions = history.person.rate_per_day * 364;
    const double per_session = ExpectedLinesPerSession(config, history.person);
    expected += sessions * per_session;
    expected_euro +=
        sessions * per_session * ExpectedLineEuro(config, world.catalogue(), history.person);
    const Region& region = RegionOf(history.person.region);
    for (const SimEvent& event : history.events) {
      if (event.type != EventType::kPurchase) continue;
      ++lines;
      const double minor = region.minor_digits == 0 ? 1 : 0.01;
      euro += event.quantity * event.price_cents * minor / region.per_euro;
    }
  }
  // Lines of one session come together; four times a Poisson's deviation is ample.
  EXPECT_NEAR(lines, expected, 4 * 4 * std::sqrt(expected));
  EXPECT_NEAR(euro / expected_euro, 1, 0.06);
}

TEST(History, EventsPerCustomerComeOutAboutAsAsked) {
  WorldConfig config;
  config.events_per_customer = 120;
  const World world(config);
  double events = 0;
  for (uint64_t p = 0; p < 3000; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    events += static_cast<double>(history.events.size());
  }
  EXPECT_NEAR(events / 3000, 120, 18);
}

TEST(History, NothingHappensBeforeTheStartOrAfterTheEndOrDeath) {
  WorldConfig config;
  config.hazard_mean_per_day = 1.0 / 60;
  const World world(config);
  for (uint64_t p = 0; p < 500; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    TimeMicros before = history.person.start;
    for (const SimEvent& event : history.events) {
      EXPECT_GE(event.time, before);
      EXPECT_LT(event.time, std::min(history.person.death, config.end()));
      EXPECT_GE(event.known_at, event.time);
      EXPECT_LE(event.known_at, event.time + 9 * kMicrosPerDay);
      EXPECT_EQ(event.time % 1000, 0);
      EXPECT_EQ(event.known_at % 1000, 0);
      before = event.time;
    }
  }
}

TEST(History, OfAPersonDoesNotDependOnTheOthers) {
  WorldConfig small;
  small.customers = 10;
  WorldConfig large = small;
  large.customers = 1'000'000;
  PersonHistory a;
  PersonHistory b;
  World(small).MakeHistory(7, &a);
  World(large).MakeHistory(7, &b);
  ASSERT_EQ(a.events.size(), b.events.size());
  for (size_t k = 0; k < a.events.size(); ++k) {
    EXPECT_EQ(a.events[k].time, b.events[k].time);
    EXPECT_EQ(a.events[k].item, b.events[k].item);
    EXPECT_EQ(a.events[k].type, b.events[k].type);
  }
}

TEST(History, LinksNameUsedIdsAndComeOnce) {
  const World world(Steady());
  for (uint64_t p = 0; p < 200; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    std::map<uint16_t, TimeMicros> linked;
    for (const SimEvent& event : history.events) {
      if (event.type != EventType::kIdLink) continue;
      const auto slot = static_cast<uint16_t>(event.detail);
      EXPECT_TRUE(linked.emplace(slot, event.time).second);
      EXPECT_EQ(event.id_slot, kAccountSlot);
    }
    for (const UsedId& used : history.ids) {
      if (used.slot == kAccountSlot) continue;
      EXPECT_EQ(linked.contains(used.slot), used.linked_at != INT64_MAX);
      if (linked.contains(used.slot)) {
        EXPECT_EQ(linked[used.slot], used.linked_at);
      }
    }
    std::set<uint16_t> slots;
    for (const UsedId& used : history.ids) EXPECT_TRUE(slots.insert(used.slot).second);
    for (const SimEvent& event : history.events) EXPECT_TRUE(slots.contains(event.id_slot));
  }
}

TEST(History, ConsentAtTheEndIsWhatWasSaidLast) {
  WorldConfig config = Steady();
  config.consent_change_per_year = 6;
  const World world(config);
  for (uint64_t p = 0; p < 200; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    std::map<uint32_t, bool> last;
    for (const SimEvent& event : history.events) {
      if (event.type == EventType::kConsent) last[event.detail] = event.granted;
    }
    ASSERT_EQ(last.size(), 4U);
    for (const auto& [purpose, granted] : last) {
      EXPECT_EQ(granted, history.consent_at_end[purpose]);
    }
  }
}

TEST(History, ItemsFollowZipfWhenNobodyHasTaste) {
  WorldConfig config = Steady();
  config.taste_strength = 0;
  config.items = 200;
  const World world(config);
  std::vector<double> counts(200, 0);
  std::array<double, kCells> cells = {};
  double views = 0;
  for (uint64_t p = 0; p < 1500; ++p) {
    PersonHistory history;
    world.MakeHistory(p, &history);
    for (const SimEvent& event : history.events) {
      if (event.type != EventType::kView) continue;
      ++counts[event.item];
      ++cells[world.catalogue().item(event.item).cell];
      ++views;
    }
  }
  // Seasons move cells against each other, so an item is compared within its cell.
  double chi_square = 0;
  double freedom = 0;
  for (uint32_t i = 0; i < 200; ++i) {
    const int cell = world.catalogue().item(i).cell;
    const double expected = cells[static_cast<size_t>(cell)] * world.catalogue().popularity(i) /
                            world.catalogue().cell_popularity(cell);
    if (expected < 10) continue;
    chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
    ++freedom;
  }
  ASSERT_GT(freedom, 50);
  EXPECT_LT(chi_square, freedom + 5 * std::sqrt(2 * freedom));
}

}  // namespace
}  // namespace burgeon
