#include "engine/table/byte_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

std::string Digits(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += static_cast<char>('0' + i % 10);
  return text;
}

TEST(ByteWindowTest, GrowsAtTheEndAndIsDroppedAtTheFront) {
  MemoryFileSystem files;
  files.contents["f"] = Digits(10);
  ByteWindow window(MakeFileSource(*files.OpenForRead("f")), 4);
  EXPECT_EQ(window.bytes(), "");
  ASSERT_EQ(window.Fill(), absl::OkStatus());
  EXPECT_EQ(window.bytes(), "0123");
  window.Drop(3);
  EXPECT_EQ(window.bytes(), "3");
  ASSERT_EQ(window.FillTo(6), absl::OkStatus());
  EXPECT_EQ(window.bytes(), "3456789");
  EXPECT_EQ(window.TakeFileBytes(), 10);
  EXPECT_EQ(window.TakeFileBytes(), 0);
  EXPECT_FALSE(window.at_end());
  ASSERT_EQ(window.FillTo(100), absl::OkStatus());
  EXPECT_TRUE(window.at_end());
  EXPECT_EQ(window.bytes(), "3456789");
}

TEST(ByteWindowTest, EveryPatternOfDropsSeesTheSameBytes) {
  const std::string text = Digits(200);
  for (size_t chunk = 1; chunk < 20; ++chunk) {
    for (size_t drop = 1; drop < 20; ++drop) {
      MemoryFileSystem files;
      files.contents["f"] = text;
      ByteWindow window(MakeFileSource(*files.OpenForRead("f")), chunk);
      std::string seen;
      for (;;) {
        ASSERT_EQ(window.FillTo(drop), absl::OkStatus());
        if (window.bytes().empty()) break;
        const size_t taken = std::min(drop, window.bytes().size());
        seen += window.bytes().substr(0, taken);
        window.Drop(taken);
      }
      ASSERT_EQ(seen, text) << "chunk " << chunk << ", drop " << drop;
    }
  }
}

}  // namespace
}  // namespace burgeon
