#include "engine/ops/packed_items.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

TEST(PackedItemsTest, BFloat16RoundsToNearestEven) {
  EXPECT_EQ(ToBf16(1.0F), 0x3f80);
  EXPECT_EQ(FromBf16(0x3f80), 1.0F);
  EXPECT_EQ(ToBf16(std::bit_cast<float>(0x3f808000U)), 0x3f80);  // a tie, to even
  EXPECT_EQ(ToBf16(std::bit_cast<float>(0x3f818000U)), 0x3f82);
  EXPECT_EQ(ToBf16(std::bit_cast<float>(0x3f808001U)), 0x3f81);
  EXPECT_EQ(ToBf16(-1.5F), 0xbfc0);
  EXPECT_EQ(ToBf16(1e-40F), 0);  // below the normal range
  EXPECT_EQ(ToBf16(0.0F), 0);
}

TEST(PackedItemsTest, FloatAboveIsNotBelow) {
  for (const double x : {0.0, 1.0, 1.0 + 1e-12, 0.1, 1e-45, 3e-50, 1e30}) {
    EXPECT_GE(static_cast<double>(FloatAbove(x)), x);
    EXPECT_LE(static_cast<double>(FloatAbove(x)), x * (1 + 1e-6) + 2e-45);
  }
}

class PackedItemsShapeTest : public testing::TestWithParam<std::pair<int64_t, int64_t>> {};

// Reads every value back from both forms, and holds what was lost to the difference.
TEST_P(PackedItemsShapeTest, HoldsEveryValue) {
  const auto [rows, cols] = GetParam();
  const Philox random(5, 1);
  FloatMatrix items(rows, cols);
  for (size_t i = 0; i < items.values().size(); ++i) {
    items.values()[i] = static_cast<float>(random.Normal(i));
  }
  ThreadPool pool(2);
  const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16AndInt8);
  ASSERT_TRUE(packed.ok()) << packed.status();
  ASSERT_TRUE(packed->usable());
  ASSERT_TRUE(packed->has_int8());
  std::vector<bool> seen(static_cast<size_t>(rows));
  double before = std::numeric_limits<double>::infinity();
  for (int64_t p = 0; p < rows; ++p) {
    const uint32_t row = packed->item(p);
    EXPECT_FALSE(seen[row]);
    seen[row] = true;
    const int64_t g = p / PackedItems::kGroup;
    const int64_t half = p % PackedItems::kGroup / 16;
    double square = 0;
    double bf16_lost = 0;
    double int8_lost = 0;
    for (int64_t j = 0; j < cols; ++j) {
      const double x = items.at(row, j);
      const PackedItems::Line& line = packed->bf16_group(g)[(j / 32 * 2 + half) * 16 + j % 32 / 2];
      const float rounded = FromBf16(line.bf16[p % 16 * 2 + j % 2]);
      EXPECT_NEAR(rounded, x, std::abs(x) / 256);
      const uint8_t byte = packed->int8_vector(p / 16)[j / 4].u8[p % 16 * 4 + j % 4];
      const double scale = packed->int8_scales(p / 16)[p % 16];
      const double value = scale * (static_cast<int>(byte) - 128);
      EXPECT_LE(std::abs(value - x), scale * 0.501);
      square += x * x;
      bf16_lost += (rounded - x) * (rounded - x);
      int8_lost += (value - x) * (value - x);
    }
    EXPECT_LE(square, before) << "place " << p;
    before = square;
    EXPECT_LE(std::sqrt(square), packed->length(g));
    EXPECT_LE(std::sqrt(bf16_lost), packed->bf16_lost(g));
    EXPECT_LE(std::sqrt(int8_lost), packed->int8_lost(p / 16)[p % 16]);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, PackedItemsShapeTest,
                         testing::Values(std::pair{0, 8}, std::pair{1, 1}, std::pair{31, 33},
                                         std::pair{32, 32}, std::pair{33, 5}, std::pair{100, 70}));

TEST(PackedItemsTest, ItemsOfOneLengthKeepTheirOrder) {
  ThreadPool pool(1);
  const FloatMatrix items(4, 2, {0, 1, 3, 4, 1, 0, 5, 0});
  const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16);
  ASSERT_TRUE(packed.ok()) << packed.status();
  const uint32_t order[] = {1, 3, 0, 2};
  for (int64_t p = 0; p < 4; ++p) EXPECT_EQ(packed->item(p), order[p]);
  EXPECT_FALSE(packed->has_int8());
}

TEST(PackedItemsTest, NamesTheRowThatIsNotFiniteAndRefusesVeryLongOnes) {
  ThreadPool pool(2);
  FloatMatrix items(3000, 7);
  items.at(2900, 3) = 1e20F;
  const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16AndInt8);
  ASSERT_TRUE(packed.ok()) << packed.status();
  EXPECT_FALSE(packed->usable());
  items.at(2999, 6) = std::numeric_limits<float>::infinity();
  const auto bad = PackedItems::Pack(pool, items.view(), PackedForms::kBf16);
  EXPECT_EQ(MessageOf(bad.status()), "items: row 2999 holds a value that is not finite");
}

}  // namespace
}  // namespace burgeon
