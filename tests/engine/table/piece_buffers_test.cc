#include "engine/table/piece_buffers.h"

#include <gtest/gtest.h>

#include <utility>

namespace burgeon {
namespace {

TEST(PieceBuffersTest, ABufferIsUsedAgainWhenItsLastHolderIsGone) {
  const auto buffers = PieceBuffers::Make(100);
  std::shared_ptr<char[]> first = buffers->Take(100);
  const char* const place = first.get();
  std::shared_ptr<char[]> copy = first;
  first.reset();
  std::shared_ptr<char[]> second = buffers->Take(50);
  EXPECT_NE(second.get(), place);
  copy.reset();
  EXPECT_EQ(buffers->Take(1).get(), place);
}

TEST(PieceBuffersTest, LargerOnesAndOnesThatOutliveIt) {
  auto buffers = PieceBuffers::Make(100);
  const std::shared_ptr<char[]> large = buffers->Take(1000);
  large[999] = 'x';
  const std::shared_ptr<char[]> usual = buffers->Take(100);
  buffers.reset();
  usual[99] = 'y';
  EXPECT_EQ(large[999], 'x');
  EXPECT_EQ(usual[99], 'y');
}

}  // namespace
}  // namespace burgeon
