#include "engine/table/json_cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/base/text.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

// The string at the beginning of a text, or the problem in angle brackets.
std::string ReadString(const std::string& text, char padding = '"') {
  const std::string padded = text + std::string(kJsonPadding, padding);
  JsonCursor cursor;
  cursor.Begin(std::string_view(padded).substr(0, text.size()));
  std::string_view out;
  return cursor.ReadString(&out) ? std::string(out) : "<" + cursor.problem() + ">";
}

TEST(JsonCursorTest, StringsOfEveryLengthAtEveryPlace) {
  for (size_t before = 0; before < 20; ++before) {
    for (size_t size = 0; size < 40; ++size) {
      const std::string text(size, 'x');
      const std::string padded =
          std::string(before, ' ') + '"' + text + '"' + std::string(kJsonPadding, '"');
      JsonCursor cursor;
      cursor.Begin(std::string_view(padded).substr(0, before + size + 2));
      std::string_view out;
      ASSERT_TRUE(cursor.ReadString(&out)) << cursor.problem();
      EXPECT_EQ(out, text);
      EXPECT_EQ(cursor.Peek(), '\0');
    }
  }
}

TEST(JsonCursorTest, AStringEndsWithinTheTextOnly) {
  for (size_t size = 0; size < 40; ++size) {
    EXPECT_EQ(ReadString("\"" + std::string(size, 'x')),
              "<is not JSON: the end of a string is wanted where it ends>")
        << size;
    EXPECT_EQ(ReadString("\"" + std::string(size, 'x') + "\\"),
              "<is not JSON: the end of a string is wanted where it ends>")
        << size;
  }
}

TEST(JsonCursorTest, Escapes) {
  EXPECT_EQ(ReadString(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(ReadString(R"("a\u00e9\u20AC\ud83C\udF31z")"),
            "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8C\xB1z");
  EXPECT_EQ(ReadString(R"("\u0000")"), std::string(1, '\0'));
  for (const char* bad : {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud800")", R"("\udc00")",
                          R"("\ud800\u0041")", R"("\ud800x\udc00")", R"("\u+123")"}) {
    EXPECT_THAT(ReadString(bad), HasSubstr("an escape of JSON is wanted")) << bad;
  }
}

TEST(JsonCursorTest, ControlBytesAndBadUtf8) {
  for (int c = 0; c < 0x20; ++c) {
    EXPECT_THAT(ReadString("\"abcdefgh" + std::string(1, static_cast<char>(c)) + "\""),
                HasSubstr("without control characters"))
        << c;
  }
  EXPECT_EQ(ReadString("\"h\xC3\xA9\""), "h\xC3\xA9");
  EXPECT_THAT(ReadString("\"h\xE9\""), HasSubstr("text in UTF-8 is wanted"));
  EXPECT_THAT(ReadString("\"\\n\xE9\""), HasSubstr("text in UTF-8 is wanted"));
  EXPECT_THAT(ReadString("\"0123456789\xED\xA0\x80\""), HasSubstr("text in UTF-8 is wanted"));
}

// Any bytes between quotes: read as another parser reads them, and refused when it refuses them.
TEST(JsonCursorTest, AgreesWithAnotherParserOnRandomStrings) {
  const char* seed_text = std::getenv("BURGEON_TEST_SEED");
  const auto seed = static_cast<unsigned>(seed_text != nullptr ? std::atoi(seed_text) : 20261122);
  std::printf("BURGEON_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const std::array<std::string, 16> parts = {
      "a",        "bcdefghij", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83c", "\\udf31",
      "\xC3\xA9", "\xE9",      "\t",  "/",    "\\u",  "{",       "0123456", "\x7f"};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "\"";
    for (size_t i = random() % 6; i > 0; --i) text += parts[random() % parts.size()];
    text += '"';
    const auto other = nlohmann::json::parse(text, nullptr, false);
    const std::string ours = ReadString(text);
    if (other.is_discarded()) {
      EXPECT_TRUE(ours.starts_with("<is not JSON: ")) << Printable(text) << " gives " << ours;
    } else {
      ++good;
      EXPECT_EQ(ours, other.get<std::string>()) << Printable(text);
    }
  }
  EXPECT_GT(good, 2'000);
}

TEST(JsonCursorTest, NumbersAsWritten) {
  const auto read = [](const std::string& text) {
    const std::string padded = text + std::string(kJsonPadding, '0');
    JsonCursor cursor;
    cursor.Begin(std::string_view(padded).substr(0, text.size()));
    std::string_view out;
    if (!cursor.ReadNumber(&out)) return "<" + cursor.problem() + ">";
    return cursor.Peek() == '\0' ? std::string(out) : std::string(out) + " and more";
  };
  for (const char* good : {"0", "-0", "17", "17.0", "1.50", "-2.5e-3", "1E+3", "1e-999", "0.1e5",
                           "12345678901234567890123"}) {
    EXPECT_EQ(read(good), good);
  }
  for (const char* bad : {"", "-", "+1", ".5", "1.", "1e", "1e+", "NaN", "x", "1e999"}) {
    EXPECT_THAT(read(bad), HasSubstr("<is not JSON: ")) << bad;
  }
  EXPECT_EQ(read("01"), "0 and more");
}

TEST(JsonCursorTest, WordsAndPlaces) {
  const std::string padded = "  true" + std::string(kJsonPadding, ' ');
  JsonCursor cursor;
  cursor.Begin(std::string_view(padded).substr(0, 6));
  EXPECT_EQ(cursor.Peek(), 't');
  EXPECT_FALSE(cursor.ReadWord("null"));
  EXPECT_EQ(cursor.problem(), "is not JSON: a value is wanted at byte 3");
  cursor.Begin(std::string_view(padded).substr(0, 5));
  EXPECT_EQ(cursor.Peek(), 't');
  EXPECT_FALSE(cursor.ReadWord("true"));
}

}  // namespace
}  // namespace burgeon
