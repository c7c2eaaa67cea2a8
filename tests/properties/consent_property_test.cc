// Consent over random histories: who is in a snapshot for a purpose as known at T is who a slow
// reading of the rules says, and no answer of a release names anybody else.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/base/philox.h"
#include "tests/support/memory_events.h"
#include "tests/support/query_fixture.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

class RandomConsents {
 public:
  RandomConsents(uint64_t seed, uint64_t round) : random_(seed, 400 + round) {
    for (int k = 0; k < 60; ++k) {
      const std::string id = Concat("c", Below(9));
      const double day = static_cast<double>(Below(30));
      const double lag = Below(3) == 0 ? static_cast<double>(Below(15)) : 0;
      Event& event = Below(3) == 0 ? events_.Purchase(id, Concat("i", Below(5)), Day(day))
                                   : events_.Consent(id, purpose(), Below(2) == 0, Day(day));
      event.known_at = Day(day + lag);
    }
    when_unsaid_ = Below(2) == 0 ? ConsentDefault::kGranted : ConsentDefault::kDenied;
  }

  const MemoryEvents& events() const { return events_; }
  ConsentDefault when_unsaid() const { return when_unsaid_; }
  uint64_t Below(uint64_t bound) { return random_.Below(draw_++, bound); }

  // The rules, slowly: of what is seen at T, the latest by (event_time, known_at, event_id) that
  // speaks of the purpose counts.
  std::set<std::string> Allowed(Purpose purpose, TimeMicros as_of) const {
    std::map<std::string, std::pair<std::tuple<TimeMicros, TimeMicros, std::string>, bool>> said;
    std::set<std::string> seen;
    for (const Event& event : events_.events) {
      if (event.event_time > as_of || event.known_at > as_of) continue;
      seen.insert(event.customer_id);
      if (event.type != EventType::kConsent) continue;
      const std::string& about = event.properties.at("purpose");
      if (about != "all" && about != PurposeName(purpose)) continue;
      const auto order = std::make_tuple(event.event_time, event.known_at, event.event_id);
      const bool granted = event.properties.at("granted") == "true";
      const auto found = said.find(event.customer_id);
      if (found == said.end() || found->second.first < order) {
        said[event.customer_id] = {order, granted};
      }
    }
    std::set<std::string> allowed;
    for (const std::string& customer : seen) {
      const auto found = said.find(customer);
      const bool granted =
          found == said.end() ? when_unsaid_ == ConsentDefault::kGranted : found->second.second;
      if (granted) allowed.insert(customer);
    }
    return allowed;
  }

 private:
  std::string_view purpose() {
    const uint64_t which = Below(5);
    return which == 4 ? "all" : PurposeName(kAllPurposes[which]);
  }

  Philox random_;
  uint64_t draw_ = 0;
  MemoryEvents events_;
  ConsentDefault when_unsaid_ = ConsentDefault::kDenied;
};

TEST(ConsentProperty, SnapshotsHoldWhoConsentsAsKnownAtT) {
  const uint64_t seed = TestSeed();
  ThreadPool pool(2);
  for (int round = 0; round < PropertyRounds(150); ++round) {
    RandomConsents world(seed, static_cast<uint64_t>(round));
    const auto log = EventLog::Read(pool, world.events());
    ASSERT_TRUE(log.ok()) << MessageOf(log.status());
    for (int look = 0; look < 4; ++look) {
      const TimeMicros as_of = Day(static_cast<double>(world.Below(46)));
      for (const Purpose purpose : kAllPurposes) {
        SnapshotOptions options;
        options.as_of = as_of;
        options.purpose = purpose;
        options.consent.when_unsaid = world.when_unsaid();
        const auto snapshot = BuildSnapshot(pool, *log, options);
        ASSERT_TRUE(snapshot.ok()) << MessageOf(snapshot.status());
        const std::set<std::string> there(snapshot->customers.ids().begin(),
                                          snapshot->customers.ids().end());
        ASSERT_EQ(there, world.Allowed(purpose, as_of))
            << "round " << round << ", " << PurposeName(purpose) << " at " << FormatTime(as_of);
      }
    }
  }
}

// The small release under random erasures and changes of consent.
class ConsentAnswers : public QueryTest {
 protected:
  std::string IdOf(uint64_t row) const { return data().customers.id(static_cast<uint32_t>(row)); }
  bool May(const std::string& id, Purpose purpose) const {
    const auto row = data().customers.Find(id);
    EXPECT_TRUE(row.has_value()) << id;
    return overlay_.Apply(id, data().consent[*row]).Allows(purpose);
  }
};

TEST_F(ConsentAnswers, NameNobodyWithoutConsent) {
  const uint64_t seed = TestSeed();
  for (int round = 0; round < PropertyRounds(60); ++round) {
    const Philox random(seed, 500 + static_cast<uint64_t>(round));
    uint64_t draw = 0;
    overlay_ = {};
    for (uint64_t k = random.Below(draw++, 30); k > 0; --k) {
      const std::string id = IdOf(random.Below(draw++, kSmallCustomers));
      if (random.Below(draw++, 4) == 0) {
        Erase(id);
      } else {
        const Purpose purpose = kAllPurposes[random.Below(draw++, 4)];
        SetConsent(id, purpose, random.Below(draw++, 2) == 0);
      }
    }
    for (const Purpose purpose : kAllPurposes) {
      std::set<std::string> expected;
      for (uint64_t row = 0; row < kSmallCustomers; ++row) {
        if (May(IdOf(row), purpose)) expected.insert(IdOf(row));
      }
      std::set<std::string> listed;
      for (const CustomerRow row : CustomersFor(view(), purpose)) {
        listed.insert(data().customers.id(row.value));
      }
      EXPECT_EQ(listed, expected) << PurposeName(purpose);
    }
    LookalikeRequest lookalike;
    lookalike.options.min_seeds = 1;
    lookalike.options.min_audience = 1;
    lookalike.options.size = 15;
    for (uint64_t row = 0; row < kSmallCustomers; ++row) {
      const std::string id = IdOf(row);
      const auto list = AnswerRecommend(context_, view(), {.customer_id = id});
      EXPECT_EQ(list.ok(), May(id, Purpose::kRecommend)) << id;
      if (row % 3 == 0) lookalike.seeds.push_back(id);
      const auto similar = SimilarCustomers(view(), id, 10);
      EXPECT_TRUE(May(id, Purpose::kRecommend) || !similar.ok()) << id;
      if (!similar.ok()) continue;
      for (const SimilarEntry& entry : *similar) {
        EXPECT_TRUE(May(entry.id, Purpose::kRecommend)) << entry.id;
      }
    }
    const auto churn = AnswerChurn(view(), std::nullopt);
    ASSERT_TRUE(churn.ok());
    for (const ChurnRow& row : churn->rows) EXPECT_TRUE(May(row.customer_id, Purpose::kScore));
    const auto audience = AnswerLookalike(context_, view(), lookalike);
    if (!audience.ok()) {
      EXPECT_EQ(audience.status().code(), absl::StatusCode::kFailedPrecondition);
      continue;
    }
    for (const auto& [id, score] : audience->members) {
      EXPECT_TRUE(May(id, Purpose::kAudience)) << id;
    }
    for (const std::string& id : audience->unknown_seeds) {
      EXPECT_FALSE(May(id, Purpose::kAudience)) << id;
    }
  }
}

}  // namespace
}  // namespace burgeon
