#include "engine/governance/quality_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<QualityOptions> Parse(std::string_view yaml) {
  auto config = Config::Parse(yaml, "q.yaml");
  if (!config.ok()) return config.status();
  QualityOptions options = ParseQualityOptions(config->root());
  BURGEON_RETURN_IF_ERROR(config->Finish());
  return options;
}

TEST(QualityRulesTest, AWholeSection) {
  const auto options = Parse(R"(
gate: true
min_score: 0.9
min_scores: {completeness: 0.95, drift: 0.5}
builtin_rules: false
memory_limit_mib: 64
rows_shown: 7
near_duplicate_seconds: 2.5
max_staleness_days: 3
conceal: [email]
columns: {price: number, at: time}
drift: {reference: p.json, max_psi: 0.3, max_distance: 0.2, max_null_shift: 0.05, max_rate_ratio: 2}
rules:
  - {name: a, expression: price > 0, field: price, severity: error, max_share: 0.01, weight: 3}
  - {name: b, field: price, range: {min: 0}}
  - {name: c, unique: [x, y], where: x is not null}
  - {name: d, near_duplicates: [x], time: at, within_seconds: 1.5, dimension: accuracy}
  - {name: e, field: x, references: {store: items}}
  - {name: f, field: x, required: true, severity: info}
store_rules:
  - {name: a, field: item, pattern: "[0-9]+"}
)");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_TRUE(options->gate);
  EXPECT_FALSE(options->builtin_rules);
  EXPECT_EQ(options->min_score, 0.9);
  EXPECT_THAT(options->min_scores, ElementsAre(0, 0.95, 0, 0, 0, 0.5));
  EXPECT_EQ(options->memory_limit_mib, 64);
  EXPECT_EQ(options->rows_shown, 7);
  EXPECT_EQ(options->near_duplicate_seconds, 2.5);
  EXPECT_EQ(options->max_staleness_days, 3);
  EXPECT_THAT(options->conceal, ElementsAre("email"));
  EXPECT_EQ(options->columns.at("at"), ExpressionType::kTime);
  EXPECT_THAT(options->drift_reference, testing::EndsWith("p.json"));
  EXPECT_EQ(options->drift.max_rate_ratio, 2);
  ASSERT_EQ(options->rules.size(), 6U);
  const QualityRule& a = options->rules[0];
  EXPECT_EQ(a.kind, RuleKind::kExpression);
  EXPECT_EQ(a.severity, Severity::kError);
  EXPECT_EQ(a.max_share, 0.01);
  EXPECT_EQ(a.weight, 3);
  EXPECT_EQ(options->rules[1].min, "0");
  EXPECT_EQ(options->rules[1].dimension, QualityDimension::kAccuracy);
  EXPECT_THAT(options->rules[2].columns, ElementsAre("x", "y"));
  EXPECT_EQ(options->rules[2].dimension, QualityDimension::kUniqueness);
  EXPECT_EQ(options->rules[3].within_micros, 1'500'000);
  EXPECT_EQ(options->rules[3].dimension, QualityDimension::kAccuracy);
  EXPECT_EQ(options->rules[4].reference.store, "items");
  EXPECT_EQ(options->rules[5].weight, 0);  // info takes no part in scores
  EXPECT_EQ(options->store_rules[0].expression, "[0-9]+");
}

TEST(QualityRulesTest, NothingWrittenIsTheDefaults) {
  const auto options = Parse("{}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_FALSE(options->gate);
  EXPECT_TRUE(options->builtin_rules);
  EXPECT_EQ(options->min_score, 0);
  EXPECT_TRUE(options->rules.empty());
}

TEST(QualityRulesTest, MistakesAreNamedWithTheirLine) {
  const auto problem = [](std::string_view yaml) { return MessageOf(Parse(yaml).status()); };
  EXPECT_THAT(problem("rules:\n  - {name: a}\n"),
              HasSubstr("does not say what it wants: one of expression, required, in, range"));
  EXPECT_THAT(problem("rules:\n  - {name: a, required: true, in: [b], field: x}\n"),
              HasSubstr("only one may stand"));
  EXPECT_THAT(problem("rules:\n  - {name: a, required: true}\n"), HasSubstr("field"));
  EXPECT_THAT(problem("rules:\n  - {name: a, required: false, field: x}\n"), HasSubstr("'false'"));
  EXPECT_THAT(problem("rules:\n  - {name: a, in: [], field: x}\n"), HasSubstr("is empty"));
  EXPECT_THAT(problem("rules:\n  - {name: a, range: {}, field: x}\n"),
              HasSubstr("neither min nor max"));
  EXPECT_THAT(problem("rules:\n  - {name: a, expression: x, sevrity: error}\n"),
              HasSubstr("sevrity"));
  EXPECT_THAT(problem("rules:\n  - {name: a, expression: x, severity: bad}\n"),
              HasSubstr("severity"));
  EXPECT_THAT(problem("rules:\n  - {name: a, expression: x}\n  - {name: a, expression: y}\n"),
              HasSubstr("'a' is another rule's name too"));
  EXPECT_THAT(problem("rules:\n  - {name: a, field: x, references: {store: shops}}\n"),
              HasSubstr("store"));
  EXPECT_THAT(problem("rules:\n  - {name: a, near_duplicates: [x], within_seconds: 1}\n"),
              HasSubstr("time"));
  EXPECT_THAT(problem("columns: {a: money}\n"), HasSubstr("number, text, time or bool"));
  EXPECT_THAT(problem("min_score: 2\n"), HasSubstr("min_score"));
  EXPECT_THAT(problem("min_scores: {beauty: 1}\n"), HasSubstr("beauty"));
}

TEST(QualityRulesTest, RulesReadLikeSentences) {
  const auto options = Parse(R"(
rules:
  - {name: a, field: p, range: {min: 1, max: 2}}
  - {name: b, field: p, in: [x, y], where: q > 1}
  - {name: c, field: p, one_value_per: [k]}
  - {name: d, near_duplicates: [k, l], time: t, within_seconds: 2}
  - {name: e, field: p, references: {store: customers}}
)");
  ASSERT_TRUE(options.ok()) << options.status();
  std::vector<std::string> texts;
  for (const QualityRule& rule : options->rules) texts.push_back(DescribeRule(rule));
  EXPECT_THAT(texts, ElementsAre("p from 1 to 2", "p is one of x, y, where q > 1",
                                 "one p for each k", "no two rows with the same k, l within 2 s",
                                 "p is in the customers of the store"));
}

TEST(QualityRulesTest, DimensionsHaveNames) {
  for (int i = 0; i < kQualityDimensions; ++i) {
    const auto dimension = static_cast<QualityDimension>(i);
    EXPECT_EQ(ParseDimension(DimensionName(dimension)), dimension);
  }
  EXPECT_EQ(ParseDimension("beauty"), std::nullopt);
}

}  // namespace
}  // namespace burgeon
