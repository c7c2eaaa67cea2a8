#include "engine/events/row_digest.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TextBatch Row(const std::vector<std::string>& values) {
  TextBatch out;
  out.columns.resize(values.size());
  for (size_t c = 0; c < values.size(); ++c) out.columns[c].Append(values[c]);
  out.lines = {2};
  return out;
}

TEST(UnmappedDigest, IsOfTheColumnsThatAreNotUsed) {
  const ColumnIndex columns = ColumnIndex::Of({"a", "b", "c"}, "x.csv");
  const UnmappedDigest digest(columns, {1, 1});
  const uint64_t first = digest.Of(Row({"x", "used", "y"}), 0);
  EXPECT_NE(first, 0U);
  EXPECT_EQ(digest.Of(Row({"x", "otherwise", "y"}), 0), first);
  EXPECT_NE(digest.Of(Row({"x", "used", "z"}), 0), first);
  EXPECT_NE(digest.Of(Row({"y", "used", "x"}), 0), first) << "the names count";
  EXPECT_NE(digest.Of(Row({"xy", "used", ""}), 0), digest.Of(Row({"x", "used", "y"}), 0));
}

TEST(UnmappedDigest, CountsNothingThatIsEmptyAndNoOrderOfColumns) {
  const UnmappedDigest digest(ColumnIndex::Of({"a", "b"}, "x.csv"), {});
  EXPECT_EQ(digest.Of(Row({"", ""}), 0), 0U);
  const UnmappedDigest wider(ColumnIndex::Of({"c", "b", "a"}, "x.csv"), {});
  EXPECT_EQ(digest.Of(Row({"x", "y"}), 0), wider.Of(Row({"", "y", "x"}), 0));
  const UnmappedDigest all_used(ColumnIndex::Of({"a", "b"}, "x.csv"), {1, 0});
  EXPECT_EQ(all_used.Of(Row({"x", "y"}), 0), 0U);
}

}  // namespace
}  // namespace burgeon
