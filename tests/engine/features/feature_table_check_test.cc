#include "engine/features/feature_table_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/features/customer_features.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FeatureTableCheckTest : public testing::Test {
 protected:
  FeatureTableCheckTest() { options_.consent.when_unsaid = ConsentDefault::kGranted; }

  // The features of everybody at two times, as somebody would write them: `recency` and `orders`
  // are computed by `cheat_days` days later events.
  std::string Table(const MemoryEvents& world, double cheat_days) {
    std::string csv = "customer_id,as_of,orders_all,note,monetary_90d\n";
    const auto log = EventLog::Read(pool_, world);
    EXPECT_TRUE(log.ok()) << log.status();
    for (const double day : {40.0, 80.0}) {
      SnapshotOptions at = options_;
      at.as_of = Day(day + cheat_days);
      const auto snapshot = BuildSnapshot(pool_, *log, at);
      EXPECT_TRUE(snapshot.ok()) << snapshot.status();
      const FeatureTable features = BuildCustomerFeatures(pool_, *snapshot);
      const auto column = [&](const std::string& name) {
        return static_cast<size_t>(std::find(features.names.begin(), features.names.end(), name) -
                                   features.names.begin());
      };
      for (uint32_t row = 0; row < snapshot->customers.size(); ++row) {
        const auto values = features.values.row(row);
        csv += Concat(snapshot->customers.id(row), ",", FormatTime(Day(day)), ",",
                      values[column("orders_all")], ",x,", values[column("monetary_90d")], "\n");
      }
    }
    return csv;
  }

  absl::StatusOr<FeatureTableCheck> Check(const MemoryEvents& world, const std::string& csv) {
    files_.contents["t.csv"] = csv;
    BURGEON_ASSIGN_OR_RETURN(const HandedFeatures table, ReadHandedFeatures(files_, "t.csv"));
    EXPECT_THAT(table.unchecked, ElementsAre("note"));
    return CheckHandedFeatures(pool_, world, table, options_);
  }
  std::string Problem(const std::string& csv) {
    files_.contents["t.csv"] = csv;
    return MessageOf(ReadHandedFeatures(files_, "t.csv").status());
  }

  ThreadPool pool_{1};
  MemoryFileSystem files_;
  SnapshotOptions options_;
};

TEST_F(FeatureTableCheckTest, AnHonestTablePasses) {
  const MemoryEvents world = MakeWorld(40, 100, 5);
  const auto check = Check(world, Table(world, 0));
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_FALSE(check->difference.has_value());
  EXPECT_EQ(check->times, 2);
  EXPECT_GT(check->rows, 40);
}

TEST_F(FeatureTableCheckTest, ATableThatKnewADayMoreIsFound) {
  const MemoryEvents world = MakeWorld(40, 100, 5);
  const auto check = Check(world, Table(world, 5));
  ASSERT_TRUE(check.ok()) << check.status();
  ASSERT_TRUE(check->difference.has_value());
  EXPECT_GT(check->rows_that_differ, 0);
  EXPECT_NE(check->difference->first, check->difference->second);
}

TEST_F(FeatureTableCheckTest, TheFirstWrongValueIsNamedWithItsLine) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1)).value_micros = 2'500'000;
  events.Purchase("ann", "cup", Day(3)).value_micros = 1'000'000;
  events.Link("cookie", "ann", Day(2));
  const std::string head = "customer_id,as_of,orders_all,note,monetary_90d\n";
  const auto check = Check(events, head + "ann,2011-01-03,1,,2.5\ncookie,2011-01-03,1,,3.5\n" +
                                       "ann,2011-01-05,2,,3.5\nbea,2011-01-05,1,,1\n");
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->rows, 4);
  EXPECT_EQ(check->rows_that_differ, 2);
  EXPECT_EQ(check->line, 3);
  EXPECT_EQ(check->as_of, Day(2));
  EXPECT_EQ(check->difference->field, "monetary_90d");
  EXPECT_EQ(check->difference->customer, "cookie");
  EXPECT_EQ(check->difference->first, "3.5");
  EXPECT_EQ(check->difference->second, "2.5");
}

TEST_F(FeatureTableCheckTest, ACustomerNobodyKnewThenIsALeak) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(5));
  const auto check = Check(events, "customer_id,as_of,orders_all,note\nann,2011-01-03,0,\n");
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->difference->second, "not known then");
}

TEST_F(FeatureTableCheckTest, ATableThatCannotBeCheckedSaysWhy) {
  EXPECT_THAT(Problem("customer,as_of,orders_all\n"), HasSubstr("no column 'customer_id'"));
  EXPECT_THAT(Problem("customer_id,time,orders_all\n"), HasSubstr("no column 'as_of'"));
  EXPECT_THAT(Problem("customer_id,as_of,x\n"), HasSubstr("is a feature of ours"));
  EXPECT_THAT(Problem("customer_id,as_of,orders_all\na,soon,1\n"),
              HasSubstr("t.csv:2: as_of: 'soon' is not"));
  EXPECT_THAT(Problem("customer_id,as_of,orders_all\na,2011-01-01,many\n"),
              HasSubstr("t.csv:2: orders_all: 'many' is not a number"));
  EXPECT_THAT(Problem("customer_id,as_of,orders_all\n,2011-01-01,1\n"),
              HasSubstr("customer_id: '' is not an id"));
}

}  // namespace
}  // namespace burgeon
