// What follows a purchase, and what comes beside the sessions: surveys and consent.
#include <algorithm>
#include <cmath>

#include "engine/simulation/history_maker.h"

namespace burgeon::internal {
namespace {

TimeMicros Days(double days) {
  return static_cast<TimeMicros>(days * 86'400'000) * 1000;  // whole milliseconds
}

int Clamped(double score, int low, int high) {
  return std::clamp(static_cast<int>(std::lround(score)), low, high);
}

}  // namespace

double ChannelEffect(SimChannel channel) {
  constexpr std::array<double, kSimChannels> kEffects = {0.0, 0.2, -0.1, 0.4, 0.0, -0.5};
  return kEffects[static_cast<size_t>(channel)];
}

SimSentiment SentimentOf(SimFeedback kind, int score) {
  const int low = kind == SimFeedback::kNps ? 6 : 2;
  const int high = kind == SimFeedback::kNps ? 9 : 4;
  if (score <= low) return SimSentiment::kNegative;
  return score >= high ? SimSentiment::kPositive : SimSentiment::kNeutral;
}

double HistoryMaker::Opinion(Draws& draws, SimChannel channel, double item_quality) const {
  return 0.6 * person_.satisfaction + RegionOf(person_.region).satisfaction +
         ChannelEffect(channel) + 0.5 * item_quality + 0.6 * draws.Normal();
}

void HistoryMaker::SetScore(SimEvent* event, SimFeedback kind, int score) const {
  event->feedback = kind;
  event->detail = static_cast<uint32_t>(score);
  event->sentiment = SentimentOf(kind, score);
}

void HistoryMaker::AfterPurchase(const SimEvent& purchase) {
  Draws draws(config_.seed, Stream::kAfter, person_.number, purchase.sequence);
  const double quality = static_cast<double>(world_.catalogue().item(purchase.item).quality);
  const auto undo = [&](EventType type, TimeMicros time) {
    SimEvent& event = AddAt(time, purchase.channel, purchase.id_slot, type);
    event.session = purchase.session;
    event.item = purchase.item;
    event.price_cents = purchase.price_cents;
    event.quantity = purchase.quantity;
  };
  if (draws.Chance(config_.funnel.cancel)) {
    undo(EventType::kCancel, purchase.time + Days(draws.Uniform()));
  } else if (draws.Chance(config_.funnel.return_line)) {
    undo(EventType::kReturn, purchase.time + Days(2 + 28 * draws.Uniform()));
  }
  if (draws.Chance(config_.feedback.review)) {
    SimEvent& review = AddAt(purchase.time + Days(3 + 17 * draws.Uniform()), SimChannel::kWeb,
                             kAccountSlot, EventType::kFeedback);
    review.item = purchase.item;
    SetScore(&review, SimFeedback::kReview,
             Clamped(3.9 + Opinion(draws, purchase.channel, 2 * quality), 1, 5));
    constexpr std::array<SimTopic, 3> kTopics = {SimTopic::kQuality, SimTopic::kPrice,
                                                 SimTopic::kDelivery};
    review.topic = kTopics[draws.Below(3)];
  }
  if (draws.Chance(config_.feedback.complaint)) Complain(draws, purchase);
}

void HistoryMaker::Complain(Draws& draws, const SimEvent& purchase) {
  SimEvent& complaint = AddAt(purchase.time + Days(1 + 9 * draws.Uniform()), SimChannel::kEmail,
                              kEmailSlot, EventType::kFeedback);
  complaint.item = purchase.item;
  complaint.feedback = SimFeedback::kComplaint;
  complaint.sentiment = SimSentiment::kNegative;
  complaint.topic = static_cast<SimTopic>(draws.Below(kSimTopics));
  if (draws.Chance(config_.feedback.csat_after_support)) {
    const SimEvent about = complaint;
    Csat(draws, about, about.topic);
  }
}

void HistoryMaker::Csat(Draws& draws, const SimEvent& about, SimTopic topic) {
  const double opinion = Opinion(draws, about.channel, 0);
  SimEvent& csat = AddAt(about.time + Days(0.04 + 0.5 * draws.Uniform()), about.channel,
                         about.id_slot, EventType::kFeedback);
  SetScore(&csat, SimFeedback::kCsat, Clamped(3.6 + opinion, 1, 5));
  csat.topic = topic;
}

void HistoryMaker::Surveys() {
  Draws draws(config_.seed, Stream::kFeedback, person_.number);
  TimeMicros time = person_.start;
  for (;;) {
    // At least half of the mean between two surveys: nobody is asked twice in a week.
    time += Days(config_.feedback.survey_days * (0.5 + 0.5 * draws.Exponential()));
    if (time >= last_time_) return;
    if (!draws.Chance(config_.feedback.survey_answered)) continue;
    // Asked about the channel of the moment.
    const auto channel = static_cast<SimChannel>(draws.Pick(person_.channels));
    const uint16_t slot = channel == SimChannel::kEmail ? kEmailSlot : kAccountSlot;
    const double opinion = Opinion(draws, channel, 0);
    SimEvent& answer = AddAt(time, channel, slot, EventType::kFeedback);
    SetScore(&answer, SimFeedback::kNps, Clamped(7.6 + 1.9 * opinion, 0, 10));
    answer.topic = static_cast<SimTopic>(draws.Below(kSimTopics));
  }
}

void HistoryMaker::Consent() {
  history_->consent_at_end = person_.consent;
  const auto say = [this](TimeMicros time, size_t purpose, bool granted) {
    SimEvent& event = AddAt(time, SimChannel::kWeb, kAccountSlot, EventType::kConsent);
    event.detail = static_cast<uint32_t>(purpose);
    event.granted = granted;
  };
  for (size_t p = 0; p < 4; ++p) say(person_.start, p, person_.consent[p]);
  if (!(config_.consent_change_per_year > 0)) return;
  Draws draws(config_.seed, Stream::kConsent, person_.number);
  TimeMicros time = person_.start;
  for (;;) {
    time += Days(draws.Exponential() * 365 / config_.consent_change_per_year);
    if (time >= last_time_) return;
    const size_t purpose = draws.Below(4);
    history_->consent_at_end[purpose] = !history_->consent_at_end[purpose];
    say(time, purpose, history_->consent_at_end[purpose]);
  }
}

}  // namespace burgeon::internal
