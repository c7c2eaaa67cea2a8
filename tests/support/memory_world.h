// A small made-up log with all that a snapshot must keep apart: purchases, returns, views, consent,
// item descriptions; and what of it lies in the future of a time T.
#ifndef BURGEON_TESTS_SUPPORT_MEMORY_WORLD_H_
#define BURGEON_TESTS_SUPPORT_MEMORY_WORLD_H_

#include <cstdint>

#include "engine/base/philox.h"
#include "tests/support/memory_events.h"

namespace burgeon {

// `customers` customers who buy on days 0 .. last_day, each with a pace of their own, so that the
// time since the last order says something about the next. Reproducible.
inline MemoryEvents MakeWorld(int customers, int last_day, uint64_t seed) {
  MemoryEvents world;
  const Philox random(seed, 0);
  uint64_t draw = 0;
  for (int c = 0; c < customers; ++c) {
    const std::string id = Concat("c", 10'000 + c);
    const double gap = 5 + 60 * random.Uniform(draw++);
    const double leaves = 2.0 * last_day * random.Uniform(draw++);
    double day = gap * random.Uniform(draw++);
    int order = 0;
    while (day < last_day && day < leaves) {
      const int lines = 1 + static_cast<int>(random.Below(draw++, 4));
      for (int line = 0; line < lines; ++line) {
        const std::string item = Concat("i", 100 + random.Below(draw++, 40));
        Event& bought = world.Purchase(id, item, Day(day));
        bought.session_id = Concat(id, "-", order);
        bought.quantity = static_cast<double>(1 + random.Below(draw++, 9));
        bought.value_micros = static_cast<int64_t>(1'000'000 + random.Below(draw++, 40'000'000));
        bought.currency = "GBP";
        if (random.Uniform(draw++) < 0.08) {
          Event& back = world.Add(id, item, EventType::kReturn, Day(day + 1.5));
          back.quantity = 1;
          back.value_micros = 1'000'000;
        }
      }
      if (random.Uniform(draw++) < 0.5) world.Add(id, "i100", EventType::kView, Day(day + 0.1));
      ++order;
      day += gap * (0.3 + 1.4 * random.Uniform(draw++));
    }
    if (c % 7 == 3) world.Consent(id, "score", false, Day(last_day * 0.2));
    if (c % 14 == 3) world.Consent(id, "all", true, Day(last_day * 0.3));
  }
  for (int i = 0; i < 40; ++i) {
    world.Describe(Concat("i", 100 + i), Concat("thing ", i), Day(-1), Day(-1));
  }
  return world;
}

// Adds what nobody could know at `t`: for each kind of future, for many customers.
inline void PlantFuture(TimeMicros t, MemoryEvents* world) {
  const int64_t day = kMicrosPerDay;
  for (int c = 0; c < 200; ++c) {
    const std::string id = Concat("c", 10'000 + c);
    // Happens later, and is known later or (a clock that runs ahead) already now.
    world->Purchase(id, "i100", t + 1);
    world->Purchase(id, "new-item", t + 3 * day).known_at = t - day;
    world->Add(id, "i101", EventType::kReturn, t + 2 * day);
    // Happened long ago and comes in late; the order it belongs to was there already.
    world->Purchase(id, "i102", t - 20 * day).known_at = t + 1;
    world->Purchase(id, "late-item", t - 400 * day).known_at = t + 30 * day;
    Event& late_return = world->Add(id, "i103", EventType::kReturn, t - 2 * day);
    late_return.known_at = t + day;
    late_return.quantity = 1e6;
    Event& same_session = world->Purchase(id, "i104", t - 30 * day);
    same_session.session_id = id + "-0";
    same_session.known_at = t + 2;
    // Consent given and taken back later, or dated back.
    world->Consent(id, "all", c % 2 == 0, t + day);
    world->Consent(id, "score", c % 3 == 0, t - 5 * day).known_at = t + 5 * day;
  }
  world->Purchase("a-new-customer", "i100", t + day);
  world->Purchase("a-late-customer", "i100", t - 3 * day).known_at = t + day;
  for (int i = 0; i < 40; ++i) {
    const std::string item = Concat("i", 100 + i);
    world->Describe(item, "renamed later", t + day, t + day);
    world->Describe(item, "renamed earlier, heard of later", t - day, t + day);
    world->Describe(item, "announced for later", t + day, t - day);
  }
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_MEMORY_WORLD_H_
