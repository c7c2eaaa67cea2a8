#include "engine/events/read_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The options of a source, or what is wrong with them.
std::string Problem(const std::string& yaml, ReadOptions* out = nullptr) {
  auto config = Config::Parse(yaml, "t.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  const ReadOptions options = ParseReadOptions(config->root());
  if (out != nullptr) *out = options;
  return std::string(MessageOf(config->Finish()));
}

TEST(ReadOptionsTest, EveryField) {
  ReadOptions read;
  EXPECT_EQ(Problem("{format: csv, delimiter: tab, columns: [a, b]}", &read), "");
  EXPECT_EQ(read.format, TableFormat::kCsv);
  EXPECT_EQ(read.delimiter, '\t');
  EXPECT_THAT(read.column_names, ElementsAre("a", "b"));
  EXPECT_EQ(Problem("{format: fixed_width, columns: [a, b], widths: [3, 10]}", &read), "");
  EXPECT_THAT(read.widths, ElementsAre(3, 10));
  EXPECT_EQ(Problem(R"(
format: json_lines
explode: o.items
rows:
  - {row: link, value: "p|a", present: [u], where: {type: [x, y], n: ["1"]}}
  - {row: attribute, each: traits}
)",
                    &read),
            "");
  EXPECT_EQ(read.explode, "o.items");
  ASSERT_EQ(read.extra_rows.size(), 2U);
  EXPECT_EQ(read.extra_rows[0].row, "link");
  EXPECT_EQ(read.extra_rows[0].value, "p|a");
  EXPECT_THAT(read.extra_rows[0].present, ElementsAre("u"));
  ASSERT_EQ(read.extra_rows[0].where.size(), 2U);
  EXPECT_EQ(read.extra_rows[0].where[0].first, "type");
  EXPECT_THAT(read.extra_rows[0].where[0].second, ElementsAre("x", "y"));
  EXPECT_EQ(read.extra_rows[1].each, "traits");
}

TEST(ReadOptionsTest, WhatCannotBe) {
  EXPECT_THAT(Problem("format: xml"), HasSubstr("format: 'xml' is none of automatic, csv"));
  EXPECT_THAT(Problem("delimiter: ab"), HasSubstr("'ab' is not one character or `tab`"));
  EXPECT_THAT(Problem("{format: fixed_width, columns: [a]}"), HasSubstr("widths: is missing"));
  EXPECT_THAT(Problem("{format: csv, columns: [a], widths: [3]}"),
              HasSubstr("has a meaning only with `format: fixed_width`"));
  EXPECT_THAT(Problem("{format: fixed_width, columns: [a], widths: [0]}"),
              HasSubstr("'0' is not an integer from 1"));
  EXPECT_THAT(Problem("{format: fixed_width, widths: [1]}"), HasSubstr("columns: is missing"));
  EXPECT_THAT(Problem("{format: csv, explode: a}"), HasSubstr("explode: has a meaning only for"));
  EXPECT_THAT(Problem("rows: [{row: a, each: t, value: v}]"), HasSubstr("stands beside `each`"));
  EXPECT_THAT(Problem("rows: [{each: t}]"), HasSubstr("row: is missing"));
}

TEST(ReadOptionsTest, TheColumnsThatAMappingNames) {
  auto config = Config::Parse(R"(
name: s
format: json_lines
explode: l
rows: [{row: r, each: t}]
fields:
  customer: {column: c}
  channel: {constant: web}
  time: {column: t1}
  known_at: {column: t2}
  type: {rules: [{column: k, equals: x, type: view}], column: e, default: view}
  properties: {p: c, q: {column: w}}
customer_attributes: {n: {column: a}}
)",
                              "t.yaml");
  ASSERT_TRUE(config.ok());
  const SourceConfig source = ParseSourceConfig(config->root());
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_THAT(source.read.json_columns, ElementsAre("c", "t1", "t2", "k", "e", "w", "a", "#element",
                                                    "#row", "#name", "#value"));
  EXPECT_THAT(source.read.columns, IsEmpty());
}

}  // namespace
}  // namespace burgeon
