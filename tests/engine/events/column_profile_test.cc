#include "engine/events/column_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

ColumnProfile Profile(const std::vector<std::string>& texts) {
  ColumnProfiler profiler("c");
  for (const std::string& text : texts) profiler.Add(false, text);
  return profiler.Finish();
}

TEST(ColumnProfileTest, NumbersAndWhatIsMissing) {
  const ColumnProfile c = Profile({"17850.0", "12.0", "NULL", "", "-3.0", "NULL"});
  EXPECT_EQ(c.kind, ColumnKind::kNumber);
  EXPECT_EQ(c.rows, 6);
  EXPECT_EQ(c.missing, 3);
  EXPECT_EQ(c.distinct, 3);
  EXPECT_EQ(c.whole_with_point, 3);
  EXPECT_EQ(c.with_fraction, 0);
  EXPECT_EQ(c.negative, 1);
  EXPECT_EQ(c.min, -3);
  EXPECT_EQ(c.max, 17850);
  EXPECT_THAT(c.null_like, ElementsAre(Pair("NULL", 2)));
  EXPECT_EQ(Profile({"1", "2", "3"}).kind, ColumnKind::kInteger);
  EXPECT_EQ(Profile({"", ""}).kind, ColumnKind::kEmpty);
}

TEST(ColumnProfileTest, WordsAreCountedAndTextIsNot) {
  std::vector<std::string> words;
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    words.push_back(i % 3 == 0 ? "buy" : "view");
    texts.push_back(Concat("text ", i));
  }
  const ColumnProfile c = Profile(words);
  EXPECT_EQ(c.kind, ColumnKind::kWords);
  EXPECT_THAT(c.values, ElementsAre(Pair("buy", 34), Pair("view", 66)));
  EXPECT_EQ(Profile(texts).kind, ColumnKind::kText);
}

TEST(ColumnProfileTest, FormatsOfTime) {
  const auto format = [](const std::vector<std::string>& texts) {
    const ColumnProfile c = Profile(texts);
    return c.kind == ColumnKind::kTime ? c.time_format : "none";
  };
  EXPECT_EQ(format({"2011-12-09 12:50:00", "2010-12-01 08:26:00"}), "iso8601");
  EXPECT_EQ(format({"2011-12-09T12:50:00Z"}), "iso8601");
  EXPECT_EQ(format({"19970101", "19980630"}), "%E4Y%m%d");
  EXPECT_EQ(format({"1511848894", "1511880878"}), "unix_seconds");
  EXPECT_EQ(format({"1511848894000"}), "unix_milliseconds");
  EXPECT_EQ(format({"1772355600000000"}), "unix_microseconds");
  EXPECT_EQ(format({"2019-10-01 00:00:00 UTC"}), "iso8601");
  EXPECT_EQ(format({"31/12/2010 08:26", "01/02/2011 09:00"}), "%d/%m/%Y %H:%M");
  EXPECT_EQ(format({"12/31/2010 08:26", "01/02/2011 09:00"}), "%m/%d/%Y %H:%M");
  EXPECT_EQ(format({"2053013552326770905"}), "none");
  EXPECT_EQ(format({"999477", "1000001"}), "none");
}

TEST(ColumnProfileTest, DayAndMonthThatCannotBeToldApart) {
  EXPECT_THAT(GuessTimeFormat({"01/02/2011", "03/04/2011"}).note,
              HasSubstr("cannot be told apart"));
  EXPECT_EQ(GuessTimeFormat({"01/02/2011", "31/04/2011", "31/03/2011"}).note, "");
  EXPECT_EQ(GuessTimeFormat({}).share, 0);
}

TEST(ColumnProfileTest, AFewTimesOutOfRangeAreNoMatter) {
  std::vector<std::string> texts(99, "1511848894");
  texts.push_back("-1511848894");
  EXPECT_EQ(Profile(texts).time_format, "unix_seconds");
  texts.insert(texts.end(), 5, "12");
  EXPECT_NE(Profile(texts).kind, ColumnKind::kTime);
}

}  // namespace
}  // namespace burgeon
