#include "engine/simulation/world_block.h"

#include <algorithm>
#include <tuple>

#include "engine/simulation/attribute_rows.h"
#include "engine/simulation/event_row.h"
#include "engine/simulation/feedback_text.h"
#include "engine/simulation/person_ids.h"
#include "engine/simulation/row_encoder.h"

namespace burgeon {
namespace {

const std::array<std::string_view, kEventColumns>& Names() {
  static const auto names = [] {
    std::array<std::string_view, kEventColumns> all;
    for (size_t k = 0; k < kEventColumns; ++k) all[k] = EventColumnName(k);
    return all;
  }();
  return names;
}

void AddRow(const World& world, const EventRow& row, WorldBlock* block) {
  ++block->event_rows;
  switch (world.config().format) {
    case WorldFormat::kCsv:
      return AppendCsvRow(row, &block->events);
    case WorldFormat::kJsonLines:
      return AppendJsonRow(Names(), row, &block->events);
    case WorldFormat::kParquet:
      block->rows.push_back(row);
  }
}

void AddEvents(const World& world, const DefectPlanter& planter, EventRowMaker& maker,
               std::vector<SimEvent>& events, WorldBlock* block) {
  std::sort(events.begin(), events.end(), [](const SimEvent& a, const SimEvent& b) {
    return std::tie(a.known_at, a.person, a.sequence) < std::tie(b.known_at, b.person, b.sequence);
  });
  EventRow row;
  EventRow second;
  for (const SimEvent& event : events) {
    ++block->by_type[static_cast<size_t>(event.type)];
    maker.Make(event, &row);
    Damage damage = planter.DamageEvent(event, &row, &second);
    if (damage.rows > 0) AddRow(world, row, block);
    if (damage.rows > 1) AddRow(world, second, block);
    if (!damage.planted) continue;
    damage.defect.row = damage.rows == 0 ? 0 : block->event_rows;
    block->event_defects.push_back(std::move(damage.defect));
  }
}

void AddFeedbackTruth(const PersonHistory& history, WorldBlock* block) {
  const bool chinese = RegionOf(history.person.region).chinese;
  for (const SimEvent& event : history.events) {
    if (event.type != EventType::kFeedback) continue;
    block->truth_feedback +=
        Concat(event.person, "-", event.sequence, ",", SimFeedbackName(event.feedback), ",",
               SimTopicName(event.topic), ",", SimSentimentName(event.sentiment), ",",
               chinese ? "zh" : "en", "\n");
  }
}

void AddCustomerRows(const World& world, const DefectPlanter& planter, const Person& person,
                     WorldBlock* block) {
  std::vector<std::vector<std::string>> rows = CustomerRows(world.config(), person);
  if (const Defect* defect = planter.DefectOfCustomer(person.number); defect != nullptr) {
    constexpr size_t kCountry = 4;
    constexpr size_t kRegion = 5;
    PlantedDefect planted{defect->kind, 0, rows[0][0], "", "", ""};
    if (defect->kind == DefectKind::kMissingAttribute) {
      planted.field = "region";
      planted.truth = rows[0][kRegion];
      for (auto& row : rows) row[kRegion].clear();
    } else {
      planted.field = "country";
      planted.truth = rows[0][kCountry];
      planted.planted = planted.truth == "CN" ? "DE" : "CN";
      std::vector<std::string> again = rows[0];
      again[kCountry] = planted.planted;
      rows.insert(rows.begin() + 1, std::move(again));
    }
    planted.row = block->customer_rows + 1;
    block->customer_defects.push_back(std::move(planted));
  }
  for (const auto& row : rows) AppendCsvRow(row, &block->customers);
  block->customer_rows += static_cast<int64_t>(rows.size());
  AppendCsvRow(PartnerRow(world.config(), person), &block->partner);
  AppendCsvRow(BrokerRow(world.config(), person), &block->broker);
}

void AddTruth(const World& world, const PersonHistory& history, WorldBlock* block) {
  const WorldConfig& config = world.config();
  const Person& person = history.person;
  const std::string account = PersonId(config.seed, person.number, kAccountSlot);
  const double lines = ExpectedLinesPerSession(config, person);
  const double euro = ExpectedLineEuro(config, world.catalogue(), person);
  const bool ends = person.death != INT64_MAX;
  std::string line = Concat(
      account, ",", FormatTime(person.start), ",", ends ? FormatTime(person.death) : "", ",",
      person.death >= config.end(), ",", person.hazard_per_day, ",", person.rate_per_day, ",",
      person.rhythm, ",", person.spend, ",", person.add_to_cart, ",", lines, ",", euro, ",",
      person.rate_per_day * lines * euro, ",", person.satisfaction, ",", person.taste_group);
  for (const double x : person.taste) line += Concat(",", x);
  line += Concat(",", RegionOf(person.region).name, ",", AttributesOf(config, person).income_band);
  for (const bool granted : history.consent_at_end) line += Concat(",", granted);
  block->truth_customers += line + "\n";
  for (const UsedId& used : history.ids) {
    block->truth_ids +=
        Concat(PersonId(config.seed, person.number, used.slot), ",", IdKindOf(used.slot), ",",
               account, ",", FormatTime(used.first_used), ",",
               used.linked_at == INT64_MAX ? "" : FormatTime(used.linked_at), "\n");
  }
}

}  // namespace

WorldBlock MakeBlock(const World& world, const DefectPlanter& planter, int64_t begin, int64_t end) {
  WorldBlock block;
  EventRowMaker maker(world);
  std::vector<SimEvent> events;
  PersonHistory history;
  for (int64_t c = begin; c < end; ++c) {
    world.MakeHistory(static_cast<uint64_t>(c), &history);
    maker.Add(history);
    events.insert(events.end(), history.events.begin(), history.events.end());
    AddFeedbackTruth(history, &block);
    AddCustomerRows(world, planter, history.person, &block);
    AddTruth(world, history, &block);
  }
  AddEvents(world, planter, maker, events, &block);
  return block;
}

}  // namespace burgeon
