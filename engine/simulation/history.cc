#include "engine/simulation/history.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/simulation/history_maker.h"

namespace burgeon {

World::World(const WorldConfig& config)
    : config_(config), catalogue_(config), calendar_(config), model_(MakePersonModel(config)) {}

void World::MakeHistory(uint64_t person, PersonHistory* history) const {
  history->person = MakePerson(config_, model_, person);
  history->events.clear();
  history->ids.clear();
  internal::HistoryMaker(*this, history).Make();
}

namespace internal {
namespace {

constexpr TimeMicros kMilli = 1000;
// Between two lines of an order, so that the same item twice does not look like a copied row.
constexpr TimeMicros kBetweenLines = 3 * kMicrosPerSecond;

TimeMicros Seconds(double seconds) { return static_cast<TimeMicros>(seconds * 1000) * kMilli; }

}  // namespace

HistoryMaker::HistoryMaker(const World& world, PersonHistory* history)
    : world_(world),
      config_(world.config()),
      history_(history),
      person_(history->person),
      weights_(CellWeightsOf(config_, world.catalogue(), person_)),
      last_time_(std::min(person_.death, config_.end())) {}

void HistoryMaker::Make() {
  Use(kAccountSlot, person_.start);
  history_->ids[0].linked_at = person_.start;
  Consent();
  Use(kEmailSlot, person_.start);
  Link(kEmailSlot, person_.start, SimChannel::kWeb);
  Sessions();
  Surveys();
  Finish();
}

void HistoryMaker::Sessions() {
  const Calendar& calendar = world_.calendar();
  const int profile = person_.hour_profile;
  if (person_.start >= last_time_) return;
  if (person_.start > config_.start) OneSession(person_.start, true);
  double now = calendar.OperationalDays(profile, person_.start + person_.offset());
  const double end = calendar.OperationalDays(profile, last_time_ + person_.offset());
  Draws gaps(config_.seed, Stream::kTimes, person_.number, 1);
  for (;;) {
    const double gap =
        person_.rhythm == 1 ? gaps.Exponential() : gaps.Gamma(person_.rhythm) / person_.rhythm;
    now += gap / person_.rate_per_day;
    if (!(now < end)) return;
    const TimeMicros local = calendar.LocalTime(profile, now);
    const TimeMicros time = (local - person_.offset()) / kMilli * kMilli;
    if (time >= last_time_) return;
    OneSession(std::max(time, person_.start), false);
  }
}

void HistoryMaker::OneSession(TimeMicros time, bool registration) {
  Session session{.draws = Draws(config_.seed, Stream::kSessions, person_.number, sessions_)};
  session.now = time;
  session.number = ++sessions_;
  session.month = MonthOf(time);
  session.channel = registration ? (session.draws.Chance(0.5) ? SimChannel::kWeb : SimChannel::kApp)
                                 : static_cast<SimChannel>(session.draws.Pick(person_.channels));
  ChooseId(registration, &session);
  switch (session.channel) {
    case SimChannel::kStore:
      return VisitShop(&session);
    case SimChannel::kPhone:
      return Call(&session);
    default:
      return Browse(&session);
  }
}

void HistoryMaker::ChooseId(bool registration, Session* session) {
  uint16_t own = kAccountSlot;
  double login = config_.login;
  switch (session->channel) {
    case SimChannel::kWeb:
      own = static_cast<uint16_t>(kFirstCookieSlot + (session->now - person_.start) /
                                                         (config_.cookie_days * kMicrosPerDay));
      break;
    case SimChannel::kApp:
      own = kDeviceSlot;
      break;
    case SimChannel::kSocial:
      own = kSocialSlot;
      login = config_.login / 2;
      break;
    case SimChannel::kStore:
      own = kCardSlot;
      break;
    case SimChannel::kEmail:
      own = kEmailSlot;
      break;
    case SimChannel::kPhone:
      break;
  }
  Use(own, session->now);
  const bool known = own == kAccountSlot || own == kEmailSlot || own == kCardSlot;
  if (own == kCardSlot) Link(own, session->now, session->channel);
  const bool logged_in = !known && (registration || session->draws.Chance(login));
  if (logged_in) Link(own, session->now + kMicrosPerSecond, session->channel);
  session->id_slot = logged_in ? uint16_t{kAccountSlot} : own;
}

uint32_t HistoryMaker::PickItem(Session* session) {
  if (session->month != month_) {
    month_ = session->month;
    cumulative_ = CumulativeInMonth(world_.catalogue(), weights_, month_);
  }
  const size_t cell = session->draws.Pick(cumulative_);
  return world_.catalogue().PickInCell(cell, session->draws);
}

void HistoryMaker::Browse(Session* session) {
  const FunnelConfig& funnel = config_.funnel;
  Draws& draws = session->draws;
  Add(*session, EventType::kVisit);
  std::vector<uint32_t> cart;
  const uint32_t steps = 1 + draws.Geometric(1 / funnel.mean_steps);
  for (uint32_t k = 0; k < steps; ++k) Step(session, &cart);
  std::vector<uint32_t> kept;
  for (const uint32_t item : cart) {
    if (draws.Chance(funnel.remove)) {
      session->now += Seconds(4 * draws.Exponential());
      Add(*session, EventType::kRemoveFromCart).item = item;
    } else {
      kept.push_back(item);
    }
  }
  if (kept.empty() || !draws.Chance(funnel.checkout)) return;
  session->now += Seconds(5 + 10 * draws.Exponential());
  Add(*session, EventType::kCheckout);
  if (!draws.Chance(funnel.purchase)) return;
  session->now += Seconds(20 + 40 * draws.Exponential());
  for (const uint32_t item : kept) {
    Buy(session, item);
    session->now += kBetweenLines;
  }
}

void HistoryMaker::Step(Session* session, std::vector<uint32_t>* cart) {
  const FunnelConfig& funnel = config_.funnel;
  Draws& draws = session->draws;
  const uint32_t item = PickItem(session);
  session->now += Seconds(2 + 4 * draws.Exponential());
  if (draws.Chance(funnel.search)) {
    Add(*session, EventType::kSearch).detail =
        static_cast<uint32_t>(world_.catalogue().item(item).category());
    session->now += Seconds(1 + 3 * draws.Exponential());
  }
  // log dwell ~ Normal(log 18, 0.9): about what is reported of page dwell times, which are
  // log-normal or Weibull (Liu, White, Dumais, SIGIR 2010).
  const double dwell = std::min(std::exp(2.89 + 0.9 * draws.Normal()), 3600.0);
  SimEvent& view = Add(*session, EventType::kView);
  view.item = item;
  view.detail = static_cast<uint32_t>(dwell * 10);
  if (draws.Chance(funnel.click)) {
    session->now += Seconds(dwell * 0.3);
    Add(*session, EventType::kClick).item = item;
  }
  if (draws.Chance(funnel.favourite)) {
    Add(*session, EventType::kFavourite).item = item;
  }
  session->now += Seconds(dwell * 0.7);
  if (draws.Chance(person_.add_to_cart)) {
    Add(*session, EventType::kAddToCart).item = item;
    cart->push_back(item);
  }
}

void HistoryMaker::Buy(Session* session, uint32_t item) {
  Draws& draws = session->draws;
  constexpr std::array<uint32_t, 4> kDiscounts = {5, 10, 20, 30};
  const Region& region = RegionOf(person_.region);
  const uint32_t off = draws.Chance(config_.funnel.discounted) ? kDiscounts[draws.Below(4)] : 0;
  const double minor = region.minor_digits == 0 ? 0.01 : 1;
  const double price = world_.catalogue().item(item).price_cents * region.per_euro * minor *
                       (1 - static_cast<double>(off) / 100);
  SimEvent& event = Add(*session, EventType::kPurchase);
  event.item = item;
  event.price_cents = std::max(1, static_cast<int32_t>(std::lround(price)));
  event.quantity = static_cast<uint16_t>(
      1 + std::min(draws.Geometric(1 - config_.funnel.extra_unit), uint32_t{60'000}));
  event.detail = off;
  if (event.time < last_time_) AfterPurchase(SimEvent(event));
}

void HistoryMaker::VisitShop(Session* session) {
  Add(*session, EventType::kVisit);
  session->now += Seconds(300 + 600 * session->draws.Exponential());
  const uint32_t lines = 1 + session->draws.Geometric(1 / config_.funnel.store_lines);
  for (uint32_t k = 0; k < lines; ++k) {
    Buy(session, PickItem(session));
    session->now += kBetweenLines;
  }
}

void HistoryMaker::Call(Session* session) {
  Draws& draws = session->draws;
  if (!draws.Chance(config_.feedback.support_call)) return Buy(session, PickItem(session));
  SimEvent& call = Add(*session, EventType::kFeedback);
  const double opinion = Opinion(draws, SimChannel::kPhone, 0);
  SetScore(&call, SimFeedback::kSupport, 0);
  call.topic = static_cast<SimTopic>(draws.Below(kSimTopics));
  call.sentiment = opinion < -0.4  ? SimSentiment::kNegative
                   : opinion < 0.4 ? SimSentiment::kNeutral
                                   : SimSentiment::kPositive;
  if (draws.Chance(config_.feedback.csat_after_support)) Csat(draws, SimEvent(call), call.topic);
}

SimEvent& HistoryMaker::Add(const Session& session, EventType type) {
  SimEvent& event = AddAt(session.now, session.channel, session.id_slot, type);
  event.session = session.number;
  return event;
}

SimEvent& HistoryMaker::AddAt(TimeMicros time, SimChannel channel, uint16_t id_slot,
                              EventType type) {
  SimEvent event;
  event.time = time;
  event.person = person_.number;
  event.sequence = static_cast<uint32_t>(history_->events.size());
  event.id_slot = id_slot;
  event.channel = channel;
  event.type = type;
  history_->events.push_back(event);
  return history_->events.back();
}

UsedId* HistoryMaker::Find(uint16_t slot) {
  for (auto used = history_->ids.rbegin(); used != history_->ids.rend(); ++used) {
    if (used->slot == slot) return &*used;
  }
  return nullptr;
}

void HistoryMaker::Use(uint16_t slot, TimeMicros time) {
  if (Find(slot) == nullptr) history_->ids.push_back({slot, time, INT64_MAX});
}

void HistoryMaker::Link(uint16_t slot, TimeMicros time, SimChannel channel) {
  UsedId* used = Find(slot);
  if (used->linked_at != INT64_MAX || time >= last_time_) return;
  used->linked_at = time;
  AddAt(time, channel, kAccountSlot, EventType::kIdLink).detail = slot;
}

void HistoryMaker::Finish() {
  std::vector<SimEvent>& events = history_->events;
  std::erase_if(events, [this](const SimEvent& e) { return e.time >= last_time_; });
  std::sort(events.begin(), events.end(), [](const SimEvent& a, const SimEvent& b) {
    return std::tie(a.time, a.sequence) < std::tie(b.time, b.sequence);
  });
  // Known a few seconds after it happened; from a shop after the closing of the day, at two in the
  // morning local time; and some come late: an app that was off line, a till that was.
  Draws lags(config_.seed, Stream::kLags, person_.number);
  for (SimEvent& event : events) {
    TimeMicros lag = Seconds(3 * lags.Exponential());
    if (lags.Chance(config_.late)) {
      lag = std::min(Seconds(6 * 3600 * std::exp(lags.Normal())), 7 * kMicrosPerDay);
    }
    event.known_at = event.time + lag;
    if (event.channel == SimChannel::kStore) {
      const TimeMicros local = event.known_at + person_.offset() - 2 * 3600 * kMicrosPerSecond;
      event.known_at =
          (DayNumber(local) + 1) * kMicrosPerDay - person_.offset() + 2 * 3600 * kMicrosPerSecond;
    }
  }
}

}  // namespace internal
}  // namespace burgeon
