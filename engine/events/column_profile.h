// What a sample of a table's column holds: for `burgeon map`.
#ifndef BURGEON_ENGINE_EVENTS_COLUMN_PROFILE_H_
#define BURGEON_ENGINE_EVENTS_COLUMN_PROFILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/table/table.h"

namespace burgeon {

// How its texts are written. A kind holds when at least kEnough of the values that are there have
// it.
enum class ColumnKind { kEmpty, kTime, kInteger, kNumber, kWords, kText };
inline constexpr double kEnough = 0.98;

struct ColumnProfile {
  std::string name;
  ColumnKind kind = ColumnKind::kEmpty;
  int64_t rows = 0;
  int64_t missing = 0;  // null, or one of null_like
  int64_t distinct = 0;
  int64_t negative = 0;
  int64_t whole_with_point = 0;  // "17850.0"
  int64_t with_fraction = 0;     // "2.55"
  double min = 0;                // of numbers
  double max = 0;
  int64_t not_before = 0;   // values that are not below the one before them
  std::string time_format;  // of kTime
  std::string time_note;    // what is not certain about it; "" nothing
  double time_share = 0;    // of the values that read as such
  bool time_has_zone = false;
  std::map<std::string, int64_t> values;     // kWords: each with its count
  std::map<std::string, int64_t> null_like;  // texts such as "NULL", with their count

  int64_t present() const { return rows - missing; }
};

// Gathers one column; Finish once at the end.
class ColumnProfiler {
 public:
  explicit ColumnProfiler(std::string name);
  void Add(bool null, std::string_view text);
  ColumnProfile Finish();

 private:
  ColumnProfile profile_;
  StringMap<int64_t> counts_;
  std::vector<std::string> first_;  // values, for the formats of time
  int64_t integers_ = 0;
  int64_t numbers_ = 0;
  int64_t bytes_ = 0;
  double last_ = 0;
};

// The time format that most of the texts have, and what it leaves open; share 0 when there is none.
struct TimeGuess {
  std::string format;
  std::string note;
  double share = 0;
  bool has_zone = false;
};
TimeGuess GuessTimeFormat(const std::vector<std::string>& texts);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_COLUMN_PROFILE_H_
