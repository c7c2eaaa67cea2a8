#include "engine/base/ids.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace burgeon {
namespace {

TEST(RowIdTest, OrdersByNumberAndDoesNotMix) {
  EXPECT_LT(CustomerRow(1), CustomerRow(2));
  EXPECT_EQ(ItemRow(), ItemRow(0));
  static_assert(!std::is_same_v<CustomerRow, ItemRow>);
  static_assert(!std::is_convertible_v<uint32_t, CustomerRow>);
  static_assert(!std::is_constructible_v<ItemRow, CustomerRow>);
}

}  // namespace
}  // namespace burgeon
