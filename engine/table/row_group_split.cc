#include "engine/table/row_group_split.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {

RowGroupSlice::Coded RowGroupSlice::Recode(const RowGroupValues& values, size_t begin,
                                           size_t rows) {
  Coded out;
  std::vector<int32_t> own(values.dictionary.size(), -1);
  for (const int32_t code : values.codes.subspan(begin, rows)) {
    int32_t& mine = own[static_cast<size_t>(code)];
    if (mine < 0) {
      mine = static_cast<int32_t>(out.words.size());
      out.words.push_back(values.dictionary[static_cast<size_t>(code)]);
    }
    out.codes.push_back(mine);
  }
  return out;
}

RowGroupSlice::RowGroupSlice(const RowGroup& of, int64_t begin, int64_t end) {
  BURGEON_CHECK(0 <= begin && begin <= end && end <= of.rows);
  const auto first = static_cast<size_t>(begin);
  const auto rows = static_cast<size_t>(end - begin);
  const auto cut = [&](auto values) {
    return values.empty() ? values : values.subspan(first, rows);
  };
  group_.rows = end - begin;
  for (const RowGroupValues& values : of.columns) {
    RowGroupValues part{
        .ints = cut(values.ints), .doubles = cut(values.doubles), .nulls = cut(values.nulls)};
    if (!values.codes.empty()) {
      const Coded& coded = coded_.emplace_back(Recode(values, first, rows));
      part.dictionary = coded.words;
      part.codes = coded.codes;
    }
    group_.columns.push_back(part);
  }
}

int64_t LargestDictionaryBytes(const RowGroup& group) {
  int64_t largest = 0;
  for (const RowGroupValues& values : group.columns) {
    auto bytes = static_cast<int64_t>(values.dictionary.size() * sizeof(uint32_t));
    for (const std::string_view word : values.dictionary) {
      bytes += static_cast<int64_t>(word.size());
    }
    largest = std::max(largest, bytes);
  }
  return largest;
}

}  // namespace burgeon
