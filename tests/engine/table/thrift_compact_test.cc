#include "engine/table/thrift_compact.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

std::string Bytes(std::initializer_list<int> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(CompactWriter, FieldsSayHowFarTheyAreFromTheOneBefore) {
  std::string out;
  CompactWriter to(&out);
  to.Int32(1, -1);
  to.Int64(3, 150);
  to.Bytes(4, "ab");
  to.Bool(6, true);
  to.Bool(7, false);
  to.EndStruct();
  EXPECT_EQ(out, Bytes({0x15, 0x01, 0x26, 0xAC, 0x02, 0x18, 2, 'a', 'b', 0x21, 0x12, 0}));
}

TEST(CompactWriter, AStructCountsItsFieldsForItself) {
  std::string out;
  CompactWriter to(&out);
  to.Int32(2, 0);
  to.BeginStruct(5);
  to.Int32(1, 1);
  to.EndStruct();
  to.Int32(6, 2);
  to.EndStruct();
  EXPECT_EQ(out, Bytes({0x25, 0, 0x3C, 0x15, 2, 0, 0x15, 4, 0}));
}

TEST(CompactWriter, ListsOfFifteenAndMoreHaveTheirSizeBehindTheHead) {
  std::string out;
  CompactWriter to(&out);
  to.BeginList(1, CompactWriter::Kind::kInt32, 2);
  to.Int32Element(1);
  to.Int32Element(-2);
  to.BeginList(2, CompactWriter::Kind::kStruct, 1);
  to.BeginStructElement();
  to.Int32(1, 0);
  to.EndStruct();
  to.BeginList(3, CompactWriter::Kind::kBytes, 15);
  for (int i = 0; i < 15; ++i) to.BytesElement("");
  to.EndStruct();
  EXPECT_EQ(out, Bytes({0x19, 0x25, 2, 3, 0x19, 0x1C, 0x15, 0, 0, 0x19, 0xF8, 15}) +
                     std::string(16, '\0'));
}

}  // namespace
}  // namespace burgeon
