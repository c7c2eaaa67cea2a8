// An event of the world as the row of its file, and as the event that an ingest of that row gives.
#ifndef BURGEON_ENGINE_SIMULATION_EVENT_ROW_H_
#define BURGEON_ENGINE_SIMULATION_EVENT_ROW_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/simulation/history.h"

namespace burgeon {

enum EventColumn : uint8_t {
  kEventIdColumn,
  kTimeColumn,
  kKnownAtColumn,
  kCustomerColumn,
  kTypeColumn,
  kItemColumn,
  kQuantityColumn,
  kUnitPriceColumn,  // of a unit, discount taken off, in `currency`
  kCurrencyColumn,
  kSessionColumn,
  kChannelColumn,
  kQueryColumn,
  kDwellColumn,     // seconds
  kDiscountColumn,  // percent
  kPurposeColumn,
  kGrantedColumn,
  kLinkedIdColumn,
  kIdKindColumn,      // of `customer`, in a link
  kLinkedKindColumn,  // of `linked_id`
  kKindColumn,
  kScoreColumn,
  kScaleMaxColumn,
  kTextColumn,
  kLanguageColumn,
};
inline constexpr size_t kEventColumns = 24;
std::string_view EventColumnName(size_t column);

// "" : nothing there.
using EventRow = std::array<std::string, kEventColumns>;

// Writes the rows of a block of persons; keeps the texts of their ids, and of the last date. One a
// thread.
class EventRowMaker {
 public:
  explicit EventRowMaker(const World& world) : world_(world) {}
  // Persons in order of their numbers, without a hole, before any of their rows.
  void Add(const PersonHistory& history);
  void Make(const SimEvent& event, EventRow* row);

 private:
  struct KnownPerson {
    const Region* region = nullptr;
    std::vector<std::pair<uint16_t, std::string>> ids;  // slot, text
    const std::string& IdOf(uint16_t slot) const;
  };
  void MakeFeedback(const SimEvent& event, const Region& region, EventRow* row) const;

  const World& world_;
  uint64_t first_ = 0;
  std::vector<KnownPerson> persons_;
  TimeText time_;
  TimeText known_at_;
};

// The event that ingest makes of the row, but for source, ingest, line and ingested_at.
Event EventOfRow(const SimEvent& event, const EventRow& row);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_EVENT_ROW_H_
