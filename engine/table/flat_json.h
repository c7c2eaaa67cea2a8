// The one row of a JSON object without objects, arrays or escapes in it, in one pass and without a
// copy. Internal to this room.
//
//   FlatJson flat(&plan);                                  // where FlatJson::Fits(plan)
//   TextColumn::Slice row[columns];
//   if (!flat.Parse(piece, begin, size, row)) ...          // then JsonRows reads it
//
// Objects of one source mostly have the same keys in the same order, written the same way: what
// stands between two values ({"user": or , "item": ) is compared as a whole with what stood there
// in the object before, and read as JSON only where it differs. Strings are looked through 16 bytes
// at a time. Not thread-safe; the plan may be shared.
#ifndef BURGEON_ENGINE_TABLE_FLAT_JSON_H_
#define BURGEON_ENGINE_TABLE_FLAT_JSON_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table/json_plan.h"
#include "engine/table/table.h"

namespace burgeon {

class FlatJson {
 public:
  // Whether every column is one path of the object: no rows of arrays, no second choices.
  static bool Fits(const JsonPlan& plan);
  explicit FlatJson(const JsonPlan* plan);

  // The object at piece[begin, begin + size), behind which kJsonPadding bytes are readable: a slice
  // of `piece` for each column, the values that JsonRows gives. False for any other text, a wrong
  // one among them; JsonRows then says what is in it, or what is wrong with it.
  bool Parse(const char* piece, size_t begin, size_t size, TextColumn::Slice* row);

 private:
  static constexpr size_t kShortGap = 16;
  // What stands before a value, from the end of the one before it.
  struct Gap {
    std::string text;
    uint64_t words[2] = {};  // its first kShortGap bytes, zeros behind it
    uint64_t masks[2] = {};  // those that it has
    int column = -1;         // of the value; -1: nobody wants it
  };

  bool StartsWith(const Gap& gap) const;
  bool LearnGap(size_t number);
  bool TakeValue(const char* piece, TextColumn::Slice* slice);
  bool TakeString(std::string_view* text);
  bool TakeNumber();
  bool TakeWord(std::string_view word);
  bool TakeByte(char wanted);
  void SkipBlanks();
  int ColumnOf(std::string_view key) const;

  const JsonPlan& plan_;
  std::vector<int> columns_;     // of each slot
  std::vector<uint64_t> given_;  // of each column: the object that gave it last
  uint64_t object_ = 0;
  std::vector<Gap> gaps_;  // of the objects before, by place
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_FLAT_JSON_H_
