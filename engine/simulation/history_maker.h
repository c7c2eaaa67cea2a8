// The parts of World::MakeHistory; for history*.cc only.
#ifndef BURGEON_ENGINE_SIMULATION_HISTORY_MAKER_H_
#define BURGEON_ENGINE_SIMULATION_HISTORY_MAKER_H_

#include "engine/simulation/draws.h"
#include "engine/simulation/history.h"
#include "engine/simulation/person_ids.h"

namespace burgeon::internal {

class HistoryMaker {
 public:
  HistoryMaker(const World& world, PersonHistory* history);
  void Make();

 private:
  // What is being lived through: the draws of a session, its time, channel and id.
  struct Session {
    Draws draws;
    TimeMicros now = 0;
    SimChannel channel = SimChannel::kWeb;
    uint16_t id_slot = 0;
    uint32_t number = 0;
    int month = 0;
  };

  void Sessions();
  void OneSession(TimeMicros time, bool registration);
  void ChooseId(bool registration, Session* session);
  void Browse(Session* session);
  void Step(Session* session, std::vector<uint32_t>* cart);
  void Buy(Session* session, uint32_t item);
  void VisitShop(Session* session);
  void Call(Session* session);
  // history_after.cc: what follows.
  void AfterPurchase(const SimEvent& purchase);
  void Complain(Draws& draws, const SimEvent& purchase);
  void Csat(Draws& draws, const SimEvent& about, SimTopic topic);
  void Surveys();
  void Consent();

  uint32_t PickItem(Session* session);
  // Adds an event of the session, at its time.
  SimEvent& Add(const Session& session, EventType type);
  SimEvent& AddAt(TimeMicros time, SimChannel channel, uint16_t id_slot, EventType type);
  void Use(uint16_t slot, TimeMicros time);
  void Link(uint16_t slot, TimeMicros time, SimChannel channel);
  UsedId* Find(uint16_t slot);
  // What the person thinks, on a scale of standard deviations: latent satisfaction, region,
  // channel and item together with noise.
  double Opinion(Draws& draws, SimChannel channel, double item_quality) const;
  void SetScore(SimEvent* event, SimFeedback kind, int score) const;
  void Finish();

  const World& world_;
  const WorldConfig& config_;
  PersonHistory* history_;
  const Person& person_;
  CellWeights weights_;
  CellWeights cumulative_ = {};
  int month_ = -1;
  uint32_t sessions_ = 0;
  TimeMicros last_time_ = 0;  // nothing happens at or after it: death, or the end of the world
};

// How a score sounds: NPS 0-6, 7-8, 9-10; five-point scales 1-2, 3, 4-5.
SimSentiment SentimentOf(SimFeedback kind, int score);
// What a channel adds to an opinion.
double ChannelEffect(SimChannel channel);

}  // namespace burgeon::internal

#endif  // BURGEON_ENGINE_SIMULATION_HISTORY_MAKER_H_
