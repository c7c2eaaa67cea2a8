// The files' share of one block of customers; made side by side, written in order. For
// world_writer.cc.
#ifndef BURGEON_ENGINE_SIMULATION_WORLD_BLOCK_H_
#define BURGEON_ENGINE_SIMULATION_WORLD_BLOCK_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation/defects.h"
#include "engine/simulation/history.h"

namespace burgeon {

inline constexpr int64_t kBlockCustomers = 256;

struct WorldBlock {
  std::string events;          // CSV or JSON lines
  std::vector<EventRow> rows;  // for Parquet
  int64_t event_rows = 0;
  std::array<int64_t, kEventTypes> by_type = {};
  std::string customers;
  int64_t customer_rows = 0;
  std::string partner;
  std::string broker;
  std::string truth_customers;
  std::string truth_ids;
  std::string truth_feedback;
  std::vector<PlantedDefect> event_defects;  // rows counted from the block's first
  std::vector<PlantedDefect> customer_defects;
};

inline constexpr std::string_view kTruthCustomerHeader =
    "id,start,death,alive_at_end,hazard_per_day,sessions_per_day,rhythm,spend,add_to_cart,"
    "expected_lines_per_session,expected_line_euro,expected_euro_per_day,satisfaction,"
    "taste_group,taste_0,taste_1,taste_2,taste_3,taste_4,taste_5,taste_6,taste_7,"
    "region,income_band,recommend,score,audience,export\n";
inline constexpr std::string_view kTruthIdHeader = "id,kind,customer,first_used,linked_at\n";
inline constexpr std::string_view kTruthFeedbackHeader = "event_id,kind,topic,sentiment,language\n";

// Customers begin .. end - 1.
WorldBlock MakeBlock(const World& world, const DefectPlanter& planter, int64_t begin, int64_t end);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_WORLD_BLOCK_H_
