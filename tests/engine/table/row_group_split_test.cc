#include "engine/table/row_group_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RowGroupSlice, HasTheWordsOfItsRowsAlone) {
  const std::vector<std::string_view> words = {"a", "bb", "ccc", "unused"};
  const std::vector<int32_t> codes = {0, 2, 1, 2};
  const std::vector<int64_t> ints = {1, 2, 3, 4};
  const std::vector<double> doubles = {.1, .2, .3, .4};
  const std::vector<uint8_t> nulls = {0, 1, 0, 1};
  const RowGroup group{4,
                       {{.dictionary = words, .codes = codes},
                        {.ints = ints, .nulls = nulls},
                        {.doubles = doubles}}};
  const RowGroupSlice slice(group, 1, 4);
  const RowGroup& part = slice.group();
  EXPECT_EQ(part.rows, 3);
  EXPECT_THAT(part.columns[0].dictionary, ElementsAre("ccc", "bb"));
  EXPECT_THAT(part.columns[0].codes, ElementsAre(0, 1, 0));
  EXPECT_THAT(part.columns[1].ints, ElementsAre(2, 3, 4));
  EXPECT_THAT(part.columns[1].nulls, ElementsAre(1, 0, 1));
  EXPECT_THAT(part.columns[2].doubles, ElementsAre(.2, .3, .4));
  EXPECT_THAT(part.columns[2].nulls, IsEmpty());
  EXPECT_EQ(LargestDictionaryBytes(group), 4 * 4 + 1 + 2 + 3 + 6);
  EXPECT_EQ(LargestDictionaryBytes(part), 2 * 4 + 3 + 2);
}

}  // namespace
}  // namespace burgeon
