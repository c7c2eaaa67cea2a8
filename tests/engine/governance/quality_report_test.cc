#include "engine/governance/quality_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace burgeon {
namespace {

using testing::ElementsAre;

RuleResult Rule(const std::string& name, QualityDimension dimension, const std::string& field,
                double weight, int64_t failing, int64_t checked) {
  RuleResult rule;
  rule.name = name;
  rule.dimension = dimension;
  rule.field = field;
  rule.unit = "rows";
  rule.weight = weight;
  rule.failing = failing;
  rule.checked = checked;
  return rule;
}

QualityReport Sample() {
  QualityReport report;
  report.columns = {"a", "b"};
  report.rules = {Rule("r1", QualityDimension::kAccuracy, "a", 1, 10, 100),
                  Rule("r2", QualityDimension::kAccuracy, "b", 3, 50, 100),
                  Rule("r3", QualityDimension::kCompleteness, "a", 1, 0, 100),
                  Rule("r4", QualityDimension::kAccuracy, "a", 1, 0, 0),      // looked at nothing
                  Rule("r5", QualityDimension::kAccuracy, "a", 0, 99, 100)};  // without a weight
  return report;
}

// accuracy: 1 - (1 * 0.1 + 3 * 0.5) / 4 = 0.6; completeness 1; the whole (0.6 + 1) / 2 = 0.8.
// a: 1 - (0.1 + 0) / 2 = 0.95; b: 0.5.
TEST(QualityReportTest, ScoresByHand) {
  QualityReport report = Sample();
  Judge({}, &report);
  EXPECT_DOUBLE_EQ(report.dimensions[0].score, 0.6);
  EXPECT_DOUBLE_EQ(report.dimensions[1].score, 1);
  EXPECT_EQ(report.dimensions[2].weight, 0);
  EXPECT_DOUBLE_EQ(report.score, 0.8);
  EXPECT_DOUBLE_EQ(report.field_scores.at("a").score, 0.95);
  EXPECT_DOUBLE_EQ(report.field_scores.at("b").score, 0.5);
  EXPECT_EQ(report.verdict, "warn");
}

TEST(QualityReportTest, MinimumsFail) {
  QualityReport report = Sample();
  QualityOptions options;
  options.min_score = 0.8;
  options.min_scores = {0.6, 1, 1, 0, 0, 0};  // consistency has no rules, so no score to be low
  Judge(options, &report);
  EXPECT_EQ(report.verdict, "warn");
  options.min_score = 0.81;
  options.min_scores[0] = 0.61;
  Judge(options, &report);
  EXPECT_EQ(report.verdict, "fail");
  EXPECT_THAT(report.failures, ElementsAre("accuracy score 0.6 is below the minimum of 0.61",
                                           "the whole score 0.8 is below the minimum of 0.81"));
}

TEST(QualityReportTest, NothingBrokenPasses) {
  QualityReport report;
  report.rules = {Rule("r", QualityDimension::kAccuracy, "", 1, 0, 10),
                  Rule("s", QualityDimension::kAccuracy, "", 0, 5, 10)};
  Judge({}, &report);
  EXPECT_EQ(report.verdict, "pass");
  EXPECT_EQ(report.score, 1);
}

TEST(QualityReportTest, Json) {
  QualityReport report = Sample();
  report.source = "shop";
  report.rows = 100;
  report.examples["r1"].push_back(
      {.row = 3, .ingest = 0, .line = 5, .weight = 1, .values = {"x", "y"}, .rules = {"r1"}});
  report.worst_rows = report.examples["r1"];
  report.fields.push_back({.name = "a", .rows = 100, .missing = 4, .distinct = 2});
  Judge({}, &report);
  const nlohmann::json json = ReportJson(report);
  EXPECT_EQ(json["score"], 0.8);
  EXPECT_EQ(json["verdict"], "warn");
  EXPECT_EQ(json["dimensions"].size(), 2U);
  EXPECT_EQ(json["rules"][0]["failing"], 10);
  EXPECT_EQ(json["rules"][0]["share"], 0.1);
  EXPECT_EQ(json["rules"][0]["examples"][0]["line"], 5);
  EXPECT_EQ(json["worst_rows"][0]["values"]["b"], "y");
  EXPECT_EQ(json["fields"][0]["missing"], 4);
}

}  // namespace
}  // namespace burgeon
