#include "engine/governance/quality_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(NumberSketchTest, QuantilesAreWithinOnePercent) {
  std::mt19937_64 random(TestSeed());
  std::lognormal_distribution<double> draw(2, 2);
  NumberSketch sketch;
  std::vector<double> values;
  for (int i = 0; i < 10'001; ++i) {
    const double value = i % 3 == 0 ? -draw(random) : draw(random);
    values.push_back(value);
    sketch.Add(value);
  }
  std::sort(values.begin(), values.end());
  for (const double q : {0.001, 0.1, 0.25, 0.4, 0.5, 0.9, 0.999}) {
    const double exact = values[static_cast<size_t>(std::ceil(q * 10'001)) - 1];
    EXPECT_NEAR(sketch.Quantile(q), exact, std::abs(exact) * 0.0101) << q;
  }
  EXPECT_EQ(sketch.min(), values.front());
  EXPECT_EQ(sketch.max(), values.back());
}

TEST(NumberSketchTest, ZeroAndNothing) {
  NumberSketch sketch;
  EXPECT_EQ(sketch.Quantile(0.5), 0);
  sketch.Add(0);
  sketch.Add(0);
  sketch.Add(5);
  EXPECT_EQ(sketch.Quantile(0.5), 0);
  EXPECT_NEAR(sketch.Quantile(1), 5, 0.05);
}

// {1,2,3,4} and {3,4,5,6}: at 2 the one has half, the other nothing.
TEST(NumberSketchTest, DistanceIsThatOfKolmogorovAndSmirnov) {
  NumberSketch a;
  NumberSketch b;
  for (const double v : {1, 2, 3, 4}) a.Add(v);
  for (const double v : {3, 4, 5, 6}) b.Add(v);
  EXPECT_DOUBLE_EQ(NumberSketch::Distance(a, b), 0.5);
  EXPECT_DOUBLE_EQ(NumberSketch::Distance(b, a), 0.5);
  EXPECT_DOUBLE_EQ(NumberSketch::Distance(a, a), 0);
}

HashCounts Counts(const std::vector<std::pair<std::string, int>>& texts) {
  HashCounts out;
  for (const auto& [text, count] : texts) {
    for (int i = 0; i < count; ++i) out.Add(text, kMaxCategories);
  }
  return out;
}

// With half a row added to each: p = (50.5, 50.5)/101, q = (80.5, 20.5)/101;
// (0.5-0.79703) ln(0.5/0.79703) + (0.5-0.20297) ln(0.5/0.20297) = 0.13849 + 0.26778 = 0.40627.
TEST(StabilityIndexTest, ByHand) {
  const double psi = StabilityIndex(Counts({{"a", 50}, {"b", 50}}), Counts({{"a", 80}, {"b", 20}}));
  EXPECT_NEAR(psi, 0.4063, 0.0002);
  EXPECT_EQ(StabilityIndex(Counts({{"a", 5}}), Counts({{"a", 5}})), 0);
}

TEST(HashCountsTest, TooManyDifferentOnesAreOnlyCounted) {
  HashCounts counts;
  for (int i = 0; i < 10; ++i) counts.Add(std::to_string(i % 4), 4);
  EXPECT_EQ(counts.counts.size(), 4U);
  EXPECT_EQ(counts.others, 0);
  counts.Add("new", 4);
  counts.Add("0", 4);
  EXPECT_TRUE(counts.counts.empty());
  EXPECT_EQ(counts.others, 12);
}

// A profile of some rows; what the parameters leave alone is drawn the same for all.
struct Shape {
  int64_t rows = 5'000;
  double factor = 1;
  double null_share = 0.02;
  double second_category = 0.3;
  double days = 10;
  std::string form = "A-1";
};
QualityProfile Draw(std::mt19937_64& random, const Shape& shape) {
  QualityProfile profile;
  profile.rows = shape.rows;
  profile.first_event = 0;
  profile.last_event = static_cast<int64_t>(shape.days * static_cast<double>(kMicrosPerDay));
  ColumnProfile& price = profile.columns["price"];
  price.type = ExpressionType::kNumber;
  ColumnProfile& channel = profile.columns["channel"];
  ColumnProfile& code = profile.columns["code"];
  std::lognormal_distribution<double> draw(1, 1);
  std::uniform_real_distribution<double> share(0, 1);
  for (int64_t i = 0; i < shape.rows; ++i) {
    if (share(random) < shape.null_share) {
      price.AddNull();
    } else {
      price.AddNumber(draw(random) * shape.factor);
    }
    channel.AddText(share(random) < shape.second_category ? "app" : "web", "A", false);
    code.AddText(std::to_string(random()), shape.form, false);
  }
  return profile;
}

std::vector<std::string> Drifted(const QualityProfile& before, const QualityProfile& now) {
  std::vector<std::string> out;
  for (const Drift& drift : CompareProfiles(before, now, {})) {
    if (drift.drifted) out.push_back(drift.measure + " " + drift.field);
  }
  return out;
}

TEST(CompareProfilesTest, SameDistributionsDoNotDrift) {
  std::mt19937_64 random(TestSeed());
  for (int round = 0; round < 20; ++round) {
    const int64_t rows = round < 10 ? 5'000 : 300;  // chance weighs more in few rows
    EXPECT_THAT(Drifted(Draw(random, {.rows = rows}), Draw(random, {.rows = rows})),
                testing::IsEmpty());
  }
}

TEST(CompareProfilesTest, EachDriftIsFoundAndOnlyIt) {
  std::mt19937_64 random(TestSeed());
  const QualityProfile before = Draw(random, {});
  using testing::ElementsAre;
  EXPECT_THAT(Drifted(before, Draw(random, {.factor = 3})), ElementsAre("distance price"));
  EXPECT_THAT(Drifted(before, Draw(random, {.null_share = 0.3})), ElementsAre("null_share price"));
  EXPECT_THAT(Drifted(before, Draw(random, {.second_category = 0.7})), ElementsAre("psi channel"));
  EXPECT_THAT(Drifted(before, Draw(random, {.days = 1})), ElementsAre("rows_per_day "));
  EXPECT_THAT(Drifted(before, Draw(random, {.form = "A/1"})), ElementsAre("shape_psi code"));
  QualityProfile without = Draw(random, {});
  without.columns.erase("code");
  EXPECT_THAT(Drifted(before, without), ElementsAre("column code"));
  EXPECT_THAT(Drifted(without, before), ElementsAre("column code"));
}

TEST(ProfileFileTest, WhatIsWrittenIsRead) {
  std::mt19937_64 random(TestSeed());
  QualityProfile profile = Draw(random, {.rows = 400});
  profile.source = "shop \"x\"";
  profile.input = "a.csv";
  profile.input_digest = "abc";
  profile.columns["price"].AddNumber(-3);
  profile.columns["price"].AddNumber(0);
  const std::string text = EncodeProfile(profile);
  const auto read = DecodeProfile(text, "p.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(EncodeProfile(*read), text);
  EXPECT_THAT(Drifted(profile, *read), testing::IsEmpty());
  EXPECT_EQ(read->columns.at("price").numbers.min(), -3);
}

TEST(ProfileFileTest, DamageIsNamed) {
  const auto problem = [](std::string_view text) {
    const auto read = DecodeProfile(text, "p.json");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(read.status());
  };
  EXPECT_THAT(problem("{"), HasSubstr("p.json"));
  EXPECT_THAT(problem("{}"), HasSubstr("burgeon_quality_profile"));
  std::mt19937_64 random(1);
  std::string text = EncodeProfile(Draw(random, {.rows = 5}));
  text.replace(text.find("\"number\""), 8, "\"colour\"");
  EXPECT_THAT(problem(text), HasSubstr("columns.price.type"));
}

}  // namespace
}  // namespace burgeon
