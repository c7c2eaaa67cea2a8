// Rows begin .. end of a row group as a group of their own, whose dictionaries have the words of
// these rows alone, in the order they come up. Internal to this room.
//
//   RowGroupSlice first(group, 0, 1000);
//   Write(first.group());                  // views into `group` and into `first`
#ifndef BURGEON_ENGINE_TABLE_ROW_GROUP_SPLIT_H_
#define BURGEON_ENGINE_TABLE_ROW_GROUP_SPLIT_H_

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "engine/table/row_group_file.h"

namespace burgeon {

class RowGroupSlice {
 public:
  RowGroupSlice(const RowGroup& of, int64_t begin, int64_t end);
  RowGroupSlice(const RowGroupSlice&) = delete;
  RowGroupSlice& operator=(const RowGroupSlice&) = delete;
  const RowGroup& group() const { return group_; }

 private:
  struct Coded {
    std::vector<std::string_view> words;
    std::vector<int32_t> codes;
  };
  static Coded Recode(const RowGroupValues& values, size_t begin, size_t rows);

  std::deque<Coded> coded_;  // of string columns
  RowGroup group_;
};

// The bytes that the words of the largest dictionary take, with four for the size of each.
int64_t LargestDictionaryBytes(const RowGroup& group);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_ROW_GROUP_SPLIT_H_
