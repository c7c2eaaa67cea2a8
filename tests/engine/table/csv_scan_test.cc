#include "engine/table/csv_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/philox.h"
#include "engine/table/csv_machine.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;

std::vector<ScanLevel> SupportedLevels() {
  std::vector<ScanLevel> levels;
  for (const ScanLevel level : kScanLevels) {
    if (IsSupported(level)) levels.push_back(level);
  }
  return levels;
}

std::vector<uint32_t> Ends(const FieldIndex& index) {
  return {index.ends.get(), index.ends.get() + index.end_count};
}
std::vector<uint32_t> RowLasts(const FieldIndex& index) {
  return {index.row_lasts.get(), index.row_lasts.get() + index.row_count};
}
std::vector<uint32_t> Pairs(const FieldIndex& index) {
  return {index.pairs.get(), index.pairs.get() + index.pair_count};
}

TEST(CsvScanTest, TheBestLevelIsSupportedAndTheyHaveNames) {
  EXPECT_TRUE(IsSupported(ScanLevel::kPortable));
  EXPECT_TRUE(IsSupported(BestScanLevel()));
  EXPECT_EQ(ScanLevelName(ScanLevel::kPortable), "portable");
  EXPECT_EQ(ScanLevelName(ScanLevel::kAvx2), "avx2");
  EXPECT_EQ(ScanLevelName(ScanLevel::kAvx512), "avx512");
}

TEST(CsvScanTest, FieldsRowsAndWhatTheyHold) {
  for (const ScanLevel level : SupportedLevels()) {
    FieldIndex index;
    //                   0123 4567 8 9
    IndexFields(level, "a,b\nc,d\r\ne", ',', &index);
    EXPECT_THAT(Ends(index), ElementsAre(1, 3, 5, 7, 10));
    EXPECT_THAT(RowLasts(index), ElementsAre(1, 3, 4));
    EXPECT_FALSE(index.quotes);
    EXPECT_TRUE(index.returns);
    EXPECT_FALSE(index.nul_or_not_ascii);
    //                   0 1 23 4 5 67 8
    IndexFields(level, "\"\n,\"\"\",\xC3\xA9\n", ',', &index);
    EXPECT_THAT(Ends(index), ElementsAre(6, 9));
    EXPECT_THAT(RowLasts(index), ElementsAre(1));
    EXPECT_THAT(Pairs(index), ElementsAre(4));
    EXPECT_TRUE(index.quotes);
    EXPECT_TRUE(index.quoted_line_ends);
    EXPECT_FALSE(index.returns);
    EXPECT_TRUE(index.nul_or_not_ascii);
    IndexFields(level, std::string_view("\0", 1), ',', &index);
    EXPECT_TRUE(index.nul_or_not_ascii);
    IndexFields(level, "", ',', &index);
    EXPECT_EQ(index.end_count, 0U);
    EXPECT_EQ(index.row_count, 0U);
  }
}

TEST(CsvScanTest, RowEndsAcrossCalls) {
  for (const ScanLevel level : SupportedLevels()) {
    const std::string text = "a\r\n\"b\r\nc\",d\r\nlast";
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      RowEndScan scan;
      FindRowEnds(level, std::string_view(text).substr(0, cut), 0, ',', &scan);
      FindRowEnds(level, text, cut, ',', &scan);
      EXPECT_EQ(scan.row_end, 13U) << cut;
      EXPECT_EQ(scan.line_ends, 3) << cut;
      EXPECT_FALSE(scan.in_quotes) << cut;
      EXPECT_FALSE(scan.irregular) << cut;
    }
  }
}

TEST(CsvScanTest, AQuoteThatIsNoneIsTold) {
  for (const ScanLevel level : SupportedLevels()) {
    const auto irregular = [&](std::string_view text) {
      RowEndScan scan;
      FindRowEnds(level, text, 0, ',', &scan);
      return scan.irregular;
    };
    EXPECT_TRUE(irregular("5\" pipe"));
    EXPECT_TRUE(irregular("\"a\"b\"\n"));
    EXPECT_FALSE(irregular("\"a\"b\n"));
    EXPECT_FALSE(irregular("\"a\"\"b\",\"\"\n\"c\"\r\"d\""));
    // The byte before is the last of the block before.
    EXPECT_TRUE(irregular(std::string(64, 'x') + "\""));
    EXPECT_FALSE(irregular(std::string(63, 'x') + ",\"\""));
  }
}

TEST(CsvScanTest, LineEnds) {
  for (const ScanLevel level : SupportedLevels()) {
    EXPECT_EQ(CountLineEnds(level, ""), 0);
    EXPECT_EQ(CountLineEnds(level, "a\nb\r\nc\rd\n\r"), 5);
    for (size_t before = 60; before < 70; ++before) {
      EXPECT_EQ(CountLineEnds(level, std::string(before, 'x') + "\r\n\n\r\r\n"), 4) << before;
    }
  }
}

// Random texts of a few blocks: every instruction set finds what the rules byte by byte give.
TEST(CsvScanTest, EveryInstructionSetAgreesWithTheMachine) {
  const char* replay = std::getenv("BURGEON_TEST_SEED");
  const uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  const uint64_t seeds = replay != nullptr ? 1 : 3000;
  constexpr std::string_view kBytes = "aaaaaaaaaaaa,,,;\n\r\"\"";
  uint64_t regular = 0;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "BURGEON_TEST_SEED=" << seed);
    const Philox random(seed, 3);
    // Quotes that open and close in order are rare among random bytes: half of the texts have none.
    const uint64_t choices = seed % 2 == 0 ? kBytes.size() : kBytes.size() - 2;
    std::string text;
    const uint64_t size = random.Below(0, 300);
    for (uint64_t i = 1; i <= size; ++i) text += kBytes[random.Below(i, choices)];
    for (size_t at = 0; seed % 4 == 0 && at < text.size(); at += 30) {
      if (text[at] == ',') text.insert(at + 1, "\"q,\n\"\"\",");
    }
    RowEndScan wanted_scan;
    FindRowEnds(ScanLevel::kPortable, text, 0, ',', &wanted_scan);
    CsvMachine machine(',');
    for (const char c : text) machine.Next(c);
    EXPECT_EQ(wanted_scan.line_ends, machine.line() - 1);
    FieldIndex wanted;
    IndexFieldsByteByByte(text, ',', &wanted);
    for (const ScanLevel level : SupportedLevels()) {
      RowEndScan scan;
      FindRowEnds(level, text, 0, ',', &scan);
      ASSERT_EQ(scan.irregular, wanted_scan.irregular);
      ASSERT_EQ(scan.line_ends, wanted_scan.line_ends);
      ASSERT_EQ(scan.row_end, wanted_scan.row_end);
      ASSERT_EQ(scan.after_return, text.ends_with('\r'));
      if (scan.irregular || scan.in_quotes) continue;
      ++regular;
      ASSERT_EQ(scan.in_quotes, machine.in_quotes());
      FieldIndex index;
      IndexFields(level, text, ',', &index);
      ASSERT_EQ(Ends(index), Ends(wanted));
      ASSERT_EQ(RowLasts(index), RowLasts(wanted));
      ASSERT_EQ(index.quotes, wanted.quotes);
      ASSERT_EQ(index.returns, wanted.returns);
      ASSERT_EQ(index.quoted_line_ends, wanted.quoted_line_ends);
      ASSERT_EQ(index.nul_or_not_ascii, wanted.nul_or_not_ascii);
    }
  }
  EXPECT_TRUE(replay != nullptr || regular > seeds / 2) << regular;
}

}  // namespace
}  // namespace burgeon
