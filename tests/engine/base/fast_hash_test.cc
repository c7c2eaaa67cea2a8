#include "engine/base/fast_hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace burgeon {
namespace {

// The empty text's XXH3 128 is a published test vector of xxHash.
TEST(FastHashTest, IsXxh3) {
  EXPECT_EQ(Hash128Of(""), (Hash128{0x99aa06d3014798d8ULL, 0x6001c324468d497fULL}));
}

TEST(FastHashTest, TextsThatDifferInOneBitHaveDifferentHashes) {
  std::set<Hash128> seen;
  for (size_t length = 0; length < 300; ++length) {
    std::string text(length, 'a');
    EXPECT_TRUE(seen.insert(Hash128Of(text)).second);
    for (size_t i = 0; i < length; ++i) {
      text[i] ^= 1;
      EXPECT_TRUE(seen.insert(Hash128Of(text)).second) << length << " " << i;
      text[i] ^= 1;
    }
  }
}

}  // namespace
}  // namespace burgeon
