#include "engine/base/copy_text.h"

#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

TEST(CopyText, TextsOfAnySizeAndNothingBesideThem) {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (size_t size = 0; size <= text.size(); ++size) {
    std::string to(size + 2, '#');
    const char* const end = CopyText(std::string_view(text).substr(0, size), to.data() + 1);
    EXPECT_EQ(to, "#" + text.substr(0, size) + "#");
    EXPECT_EQ(end, to.data() + 1 + size);
  }
}

}  // namespace
}  // namespace burgeon
