#include "engine/simulation/row_encoder.h"

#include <gtest/gtest.h>

#include <array>

namespace burgeon {
namespace {

TEST(RowEncoder, CsvQuotesOnlyWhatMustBe) {
  const std::array<std::string, 5> fields = {"a", "", "b,c", "say \"x\"", "two\nlines"};
  std::string out;
  AppendCsvRow(fields, &out);
  EXPECT_EQ(out, "a,,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\"\n");
}

TEST(RowEncoder, JsonLeavesOutWhatIsNotThere) {
  const std::array<std::string_view, 3> names = {"id", "none", "text"};
  const std::array<std::string, 3> fields = {"1", "", "a \"b\" \\ \n 鞋"};
  std::string out;
  AppendJsonRow(names, fields, &out);
  EXPECT_EQ(out, "{\"id\":\"1\",\"text\":\"a \\\"b\\\" \\\\ \\u000a 鞋\"}\n");
}

}  // namespace
}  // namespace burgeon
