#include "engine/table/text_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

// What is left behind the mark, or the error.
absl::StatusOr<std::string> Skip(const std::string& text) {
  MemoryFileSystem files;
  files.contents["f"] = text;
  ByteWindow window(MakeFileSource(*files.OpenForRead("f")), 1);
  BURGEON_RETURN_IF_ERROR(SkipByteOrderMark(window, "f", "CSV"));
  BURGEON_RETURN_IF_ERROR(window.FillTo(100));
  return std::string(window.bytes());
}

TEST(SkipByteOrderMarkTest, SkipsOnlyThatOfUtf8) {
  EXPECT_EQ(*Skip("\xEF\xBB\xBF"
                  "abc"),
            "abc");
  EXPECT_EQ(*Skip("\xEF\xBB\xBF"), "");
  EXPECT_EQ(*Skip("abc"), "abc");
  EXPECT_EQ(*Skip("a"), "a");
}

TEST(SkipByteOrderMarkTest, RefusesWhatIsNoText) {
  const std::string utf32("\0\0\xFE\xFF\0\0\0a", 8);
  for (const std::string& text :
       {std::string("\xFF\xFE"), std::string("\xFE\xFF"), utf32, std::string("\x1F\x8B\x08"),
        std::string("PK\x03\x04"), std::string("PAR1"), std::string()}) {
    const auto status = Skip(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(MessageOf(status), HasSubstr("f: "));
  }
}

TEST(TextProblemTest, AtEveryPlaceInALongText) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string good(size, 'x');
    EXPECT_EQ(TextProblem(good), "");
    for (size_t i = 0; i < size; ++i) {
      std::string text = good;
      text[i] = '\0';
      EXPECT_THAT(std::string(TextProblem(text)), HasSubstr("NUL byte")) << i << " of " << size;
      text[i] = '\xFF';
      EXPECT_EQ(TextProblem(text), "is not valid UTF-8") << i << " of " << size;
      text[i] = '\x01';
      EXPECT_EQ(TextProblem(text), "") << i << " of " << size;
    }
    EXPECT_EQ(TextProblem(good + "\xC3\xA9" + good), "");
    EXPECT_EQ(TextProblem(good + "\xC3"), "is not valid UTF-8");
  }
}

}  // namespace
}  // namespace burgeon
