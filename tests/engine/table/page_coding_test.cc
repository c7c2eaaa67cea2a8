#include "engine/table/page_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace burgeon {
namespace {

std::string Bytes(std::initializer_list<int> bytes) { return {bytes.begin(), bytes.end()}; }

// What Encodings.md says of reading, a bit at a time.
class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}
  uint64_t Take(int width) {
    uint64_t out = 0;
    for (int i = 0; i < width; ++i, ++at_) {
      const auto byte = static_cast<unsigned char>(bytes_.at(at_ / 8));
      out |= static_cast<uint64_t>(byte >> (at_ % 8) & 1) << i;
    }
    return out;
  }
  uint64_t Varint() {
    uint64_t out = 0;
    for (int shift = 0;; shift += 7) {
      const uint64_t byte = Take(8);
      out |= (byte & 0x7F) << shift;
      if (byte < 0x80) return out;
    }
  }
  int64_t Signed() {
    const uint64_t zigzag = Varint();
    return static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
  }
  void ToByte() { at_ = (at_ + 7) / 8 * 8; }
  bool done() const { return at_ / 8 >= bytes_.size(); }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

std::vector<int32_t> ReadRuns(std::string_view bytes, int width, size_t count) {
  Bits bits(bytes);
  std::vector<int32_t> out;
  while (!bits.done()) {
    const uint64_t head = bits.Varint();
    const uint64_t values = (head & 1) != 0 ? (head >> 1) * 8 : head >> 1;
    if ((head & 1) != 0) {
      for (uint64_t i = 0; i < values; ++i) out.push_back(static_cast<int32_t>(bits.Take(width)));
    } else {
      const auto value = static_cast<int32_t>(bits.Take((width + 7) / 8 * 8));
      out.insert(out.end(), values, value);
    }
  }
  EXPECT_LT(out.size(), count + 8);
  out.resize(count);
  return out;
}

std::vector<int64_t> ReadDifferences(std::string_view bytes) {
  Bits bits(bytes);
  const uint64_t block = bits.Varint();
  const uint64_t minis = bits.Varint();
  const uint64_t count = bits.Varint();
  auto value = static_cast<uint64_t>(bits.Signed());
  std::vector<int64_t> out;
  if (count > 0) out.push_back(static_cast<int64_t>(value));
  while (out.size() < count) {
    const auto least = static_cast<uint64_t>(bits.Signed());
    std::vector<int> widths;
    for (uint64_t m = 0; m < minis; ++m) widths.push_back(static_cast<int>(bits.Take(8)));
    for (const int width : widths) {
      for (uint64_t i = 0; i < block / minis; ++i) {
        value += bits.Take(width) + least;
        if (out.size() < count) out.push_back(static_cast<int64_t>(value));
      }
    }
  }
  EXPECT_TRUE(bits.done());
  return out;
}

TEST(PageCoding, VarintsHaveSevenBitsAByte) {
  std::string out;
  for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{300}}) {
    AppendVarint(value, &out);
  }
  EXPECT_EQ(out, Bytes({0, 0x7F, 0x80, 0x01, 0xAC, 0x02}));
  out.clear();
  AppendVarint(UINT64_MAX, &out);
  EXPECT_EQ(out, std::string(9, '\xFF') + '\x01');
  EXPECT_EQ(ZigZag(0), 0U);
  EXPECT_EQ(ZigZag(-1), 1U);
  EXPECT_EQ(ZigZag(1), 2U);
  EXPECT_EQ(ZigZag(INT64_MIN), UINT64_MAX);
}

// The example of Encodings.md: 0 to 7 in three bits each.
TEST(PageCoding, LiteralsArePackedLowestBitsFirst) {
  std::string out;
  AppendRuns(std::vector<int32_t>{0, 1, 2, 3, 4, 5, 6, 7}, 3, &out);
  EXPECT_EQ(out, Bytes({0x03, 0x88, 0xC6, 0xFA}));
}

TEST(PageCoding, EqualValuesAreARunBehindWholeGroups) {
  std::string out;
  AppendRuns(std::vector<int32_t>(100, 4), 3, &out);
  EXPECT_EQ(out, Bytes({0xC8, 0x01, 0x04}));
  out.clear();
  // One literal borrows seven of the twenty, so that thirteen are a run.
  std::vector<int32_t> codes(21, 0x123);
  codes[0] = 0;
  AppendRuns(codes, 16, &out);
  std::string literals = Bytes({0x03, 0, 0});
  for (int i = 0; i < 7; ++i) literals += Bytes({0x23, 0x01});
  EXPECT_EQ(out, literals + Bytes({26, 0x23, 0x01}));
}

TEST(PageCoding, RunsOfAnyLengthAndWidthReadBack) {
  std::mt19937_64 random(1);
  for (int width = 1; width <= 31; ++width) {
    for (int round = 0; round < 20; ++round) {
      std::vector<int32_t> codes;
      while (codes.size() < 300) {
        const auto code = static_cast<int32_t>(random() & ((uint64_t{1} << width) - 1));
        codes.insert(codes.end(), random() % 4 == 0 ? random() % 40 : 1, code);
      }
      codes.resize(random() % 300);
      std::string out;
      AppendRuns(codes, width, &out);
      EXPECT_EQ(ReadRuns(out, width, codes.size()), codes) << width;
    }
  }
}

TEST(PageCoding, CodesSayTheirWidth) {
  const auto coded = [](std::vector<int32_t> codes, size_t words) {
    std::string out;
    AppendDictionaryCodes(codes, words, &out);
    return out;
  };
  EXPECT_EQ(coded({0}, 1), Bytes({1, 0x03, 0x00}));
  EXPECT_EQ(coded({0, 1}, 2), Bytes({1, 0x03, 0x02}));
  EXPECT_EQ(coded({4}, 5), Bytes({3, 0x03, 0x04, 0, 0}));
  EXPECT_EQ(coded({0}, 256)[0], 8);
  EXPECT_EQ(coded({0}, 257)[0], 9);
}

TEST(PageCoding, PresenceIsOneRunOrABitAValue) {
  std::string out;
  AppendPresence(300, {}, &out);
  EXPECT_EQ(out, Bytes({0xD8, 0x04, 0x01}));
  out.clear();
  AppendPresence(9, std::vector<uint8_t>{0, 1, 0, 0, 0, 0, 0, 1, 0}, &out);
  EXPECT_EQ(out, Bytes({0x05, 0x7D, 0x01}));
}

// The examples of Encodings.md, in blocks of 128.
TEST(PageCoding, DifferencesAreLessTheLeastOfThem) {
  std::string out;
  AppendDifferences(std::vector<int64_t>{1, 2, 3, 4, 5}, &out);
  EXPECT_EQ(out, Bytes({0x80, 0x01, 4, 5, 2, /*least 1*/ 2, 0, 0, 0, 0}));
  out.clear();
  AppendDifferences(std::vector<int64_t>{7, 5, 3, 1, 2, 3, 4, 5}, &out);
  // 0, 0, 0, 3, 3, 3, 3 above -2
  EXPECT_EQ(
      out, Bytes({0x80, 0x01, 4, 8, 14, /*least -2*/ 3, 2, 0, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0, 0, 0}));
  out.clear();
  AppendDifferences({}, &out);
  EXPECT_EQ(out, Bytes({0x80, 0x01, 4, 0, 0}));
}

TEST(PageCoding, DifferencesOfAnySizeReadBackAndTakeLittleMoreThanTheValues) {
  std::mt19937_64 random(2);
  for (int width = 0; width <= 64; ++width) {
    for (const size_t count : {1, 2, 32, 33, 129, 130, 257, 1000}) {
      std::vector<int64_t> values;
      for (size_t i = 0; i < count; ++i) {
        values.push_back(width == 0 ? -7 : static_cast<int64_t>(random() >> (64 - width)));
      }
      std::string out;
      AppendDifferences(values, &out);
      EXPECT_EQ(ReadDifferences(out), values) << width << " bits, " << count << " values";
      const size_t minis = count / 32 + 1;
      EXPECT_LE(out.size(), 8 * 32 * minis + 14 * (minis / 4 + 1) + 16);
    }
  }
  const std::vector<int64_t> extremes = {INT64_MIN, INT64_MAX, 0, INT64_MAX, INT64_MIN, -1, 1};
  std::string out;
  AppendDifferences(extremes, &out);
  EXPECT_EQ(ReadDifferences(out), extremes);
}

TEST(PageCoding, WordsHaveTheirSizeBeforeThem) {
  std::string out = "x";
  AppendWords(std::vector<std::string_view>{"ab", "", "c"}, &out);
  EXPECT_EQ(out, "x" + Bytes({2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0, 1, 0, 0, 0, 'c'}));
}

}  // namespace
}  // namespace burgeon
