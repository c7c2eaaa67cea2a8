#include "engine/events/quarantine.h"

#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

TextBatch TwoColumns() {
  TextBatch out;
  out.columns.resize(2);
  out.columns[0].Append("ann\"");
  out.columns[1].AppendNull();
  out.lines = {12};
  return out;
}

TEST(Quarantine, ALineHoldsTheRowAndWhy) {
  EXPECT_EQ(QuarantineLine(TwoColumns(), 0, {"who", "when"}, {"time", "", "a value"}, {}),
            R"({"line":12,"field":"time","value":"","reason":"wanted a value",)"
            R"("row":{"who":"ann\"","when":null}})");
}

TEST(Quarantine, AConcealedColumnIsShownNowhere) {
  EXPECT_EQ(QuarantineLine(TwoColumns(), 0, {"who", "when"}, {"customer", "ann\"", "an id"},
                           Concealed{0, "P"}),
            R"({"line":12,"field":"customer","value":"P","reason":"wanted an id",)"
            R"("row":{"who":"P","when":null}})");
}

TEST(Quarantine, ARowThatIsNoneKeepsItsTextIfItMay) {
  const BadRow bad{3, "2 fields, 4 wanted", "a,\xff"};
  EXPECT_EQ(QuarantineLine(bad, true),
            "{\"line\":3,\"field\":\"row\",\"value\":\"\",\"reason\":\"2 fields, 4 wanted\","
            "\"raw\":\"a,\xef\xbf\xbd\"}");
  EXPECT_EQ(QuarantineLine(bad, false),
            R"({"line":3,"field":"row","value":"","reason":"2 fields, 4 wanted"})");
}

TEST(Quarantine, TheFileIsMadeWithTheFirstLine) {
  FaultFileSystem files;
  QuarantineFile none(files, "tmp");
  EXPECT_TRUE(none.Finish().ok());
  EXPECT_TRUE(none.empty());
  EXPECT_FALSE(files.Exists(none.path()));
  QuarantineFile some(files, "tmp");
  ASSERT_TRUE(some.Add("one").ok());
  ASSERT_TRUE(some.Add("two").ok());
  ASSERT_TRUE(some.Finish().ok());
  EXPECT_EQ(files.Content(some.path()), "one\ntwo\n");
}

}  // namespace
}  // namespace burgeon
