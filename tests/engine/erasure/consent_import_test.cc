#include "engine/erasure/consent_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/erasure/consent_history.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;  // 2025-11-22T12:00:00Z

class ConsentImportTest : public testing::Test {
 protected:
  absl::StatusOr<ConsentImport> Read(const std::string& content) {
    EXPECT_TRUE(files_.MakeDirectories("in").ok());
    EXPECT_TRUE(WriteFileAtomically(files_, "in/c.csv", content).ok());
    return ReadConsentFile(files_, "in/c.csv", kNoon);
  }
  std::string Refusal(const std::string& row) {
    const auto read = Read("customer_id,purpose,granted,time\n1,score,true,\n" + row + "\n");
    EXPECT_TRUE(absl::IsInvalidArgument(read.status())) << read.status();
    return MessageOf(read.status());
  }

  FaultFileSystem files_;
  Workspace workspace_{"w"};
  FixedClock clock_{kNoon};
};

TEST_F(ConsentImportTest, RowsBecomeStatements) {
  const auto read = Read(
      "note,customer_id,purpose,granted,time\n"
      "x,17850,audience,false,2025-11-21T12:00:00Z\n"
      "y,17850,all,true,\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->rows, 2);
  ASSERT_EQ(read->records.size(), 5U);
  EXPECT_EQ(read->records[0].customer, "17850");
  EXPECT_EQ(read->records[0].purpose, Purpose::kAudience);
  EXPECT_FALSE(read->records[0].granted);
  EXPECT_EQ(read->records[0].time, kNoon - kMicrosPerDay);
  for (size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(read->records[i].purpose, kAllPurposes[i - 1]);
    EXPECT_TRUE(read->records[i].granted);
    EXPECT_EQ(read->records[i].time, kNoon);
  }
}

TEST_F(ConsentImportTest, OneWrongRowAndNoneIsTaken) {
  EXPECT_THAT(Refusal(",score,true,"), HasSubstr("in/c.csv:3: customer_id ''"));
  EXPECT_THAT(Refusal("1,marketing,true,"), HasSubstr("in/c.csv:3: purpose 'marketing'"));
  EXPECT_THAT(Refusal("1,score,yes,"), HasSubstr("granted 'yes'; wanted true or false"));
  EXPECT_THAT(Refusal("1,score,true,soon"), HasSubstr("time 'soon'"));
  EXPECT_THAT(Refusal("1,score,true,2025-11-22T12:00:01Z"), HasSubstr("not to come"));
  EXPECT_THAT(Refusal("1,score"), HasSubstr("in/c.csv:3"));
  EXPECT_THAT(MessageOf(Read("customer_id,granted\n1,true\n").status()),
              HasSubstr("no column 'purpose'"));
}

TEST_F(ConsentImportTest, TheHistoryIsInTheOrderInWhichItCounts) {
  const std::vector<ConsentRecord> records = {
      {"a", Purpose::kScore, true, kNoon},
      {"a", Purpose::kScore, false, kNoon - kMicrosPerDay},  // recorded later, said before
      {"b", Purpose::kScore, false, kNoon}};
  ASSERT_TRUE(AppendConsentRecords(files_, workspace_, clock_, records).ok());
  ASSERT_TRUE(AppendErasure(files_, workspace_, clock_, "c").ok());
  const auto history = ConsentHistory(files_, workspace_, {"a", "c"});
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->size(), 2U);
  EXPECT_FALSE((*history)[0].granted);
  EXPECT_TRUE((*history)[1].granted);
  EXPECT_EQ((*history)[1].source, "overlay");
  const ConsentOverride latest = LatestOf(*history);
  EXPECT_TRUE(latest.granted.Allows(Purpose::kScore));
  EXPECT_FALSE(latest.changed.Allows(Purpose::kExport));
}

}  // namespace
}  // namespace burgeon
