#include "engine/table/parquet_footer.h"

#include <gtest/gtest.h>

#include <cstring>

namespace burgeon {
namespace {

std::string Bytes(std::initializer_list<int> bytes) { return {bytes.begin(), bytes.end()}; }

// By hand from parquet.thrift: PageHeader {1: type, 2: unpacked, 3: packed, 7: dictionary {1:
// values, 2: encoding}}, integers as zigzag.
TEST(ParquetFooter, HeaderOfADictionary) {
  std::string out;
  AppendDictionaryHeader({.values = 3, .unpacked = 100, .packed = 60}, &out);
  EXPECT_EQ(out, Bytes({0x15, 4, 0x15, 0xC8, 0x01, 0x15, 120, 0x4C, 0x15, 6, 0x15, 0, 0, 0}));
}

// PageHeader {..., 8: data page V2 {1: values, 2: nulls, 3: rows, 4: encoding, 5: bytes of
// definition levels, 6: of repetition levels, 7: compressed}}.
TEST(ParquetFooter, HeaderOfData) {
  std::string out;
  AppendDataHeader({.sizes = {.values = 10, .unpacked = 50, .packed = 40},
                    .nulls = 2,
                    .level_bytes = 3,
                    .encoding = PageEncoding::kDifferences,
                    .codec = PageCodec::kLz4},
                   &out);
  EXPECT_EQ(out, Bytes({0x15, 6,  0x15, 100, 0x15, 80, 0x5C, 0x15, 20,   0x15, 4,
                        0x15, 20, 0x15, 10,  0x15, 6,  0x15, 0,    0x11, 0,    0}));
}

// What the footer says is read by Arrow in row_group_writer_test.cc.
TEST(ParquetFooter, EndsWithItsSizeAndTheMagic) {
  std::string out = "before";
  AppendFooter({{"n", ColumnType::kInt64}}, {}, &out);
  ASSERT_GT(out.size(), 14U);
  EXPECT_EQ(out.substr(out.size() - 4), "PAR1");
  uint32_t size = 0;
  std::memcpy(&size, out.data() + out.size() - 8, sizeof(size));
  EXPECT_EQ(size, out.size() - 8 - 6);
}

}  // namespace
}  // namespace burgeon
