#include "cli/recommender_evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

RecommenderEvaluation Small() {
  RecommenderEvaluation evaluation;
  evaluation.title = "a split";
  evaluation.split = {{"split", "time"}};
  RecommenderQuality& quality = evaluation.quality;
  quality.ks = {10};
  quality.customers = 7;
  quality.items = 9;
  quality.baseline = "popularity";
  quality.groups = {{"new", "at most 2 train items", 3}};
  for (const char* name : {"mine", "popularity"}) {
    ModelQuality model;
    model.name = name;
    model.cuts.resize(1);
    model.cuts[0].metrics.fill({0.25, 0.125, 0.5});
    model.cuts[0].metrics[static_cast<size_t>(ListMetric::kDiversity)] = {kNone, kNone, kNone};
    model.cuts[0].popularity_lift = {-0.5, kNone, kNone};
    model.exposure.resize(1);
    model.exposure[0].coverage = 0.75;
    model.groups = {model.cuts};
    if (model.name == "mine") {
      model.difference.resize(1);
      model.difference[0].fill({{0.0625, 0.03125, 0.09375}, 0.99});
    }
    quality.models.push_back(model);
  }
  return evaluation;
}

TEST(RecommenderEvaluationTest, JsonHoldsWhatIsDefined) {
  const nlohmann::json json = EvaluationJson(Small());
  EXPECT_EQ(json["split"], "time");
  EXPECT_EQ(json["k"], nlohmann::json({10}));
  EXPECT_EQ(json["groups"][0]["rule"], "at most 2 train items");
  EXPECT_EQ(json["model_order"], nlohmann::json({"mine", "popularity"}));
  const nlohmann::json& mine = json["models"]["mine"];
  EXPECT_EQ(mine["recall@10"], 0.25);
  EXPECT_EQ(mine["intervals"]["recall@10"], nlohmann::json({0.125, 0.5}));
  EXPECT_FALSE(mine.contains("diversity@10"));
  EXPECT_EQ(mine["popularity_lift@10"], -0.5);
  EXPECT_FALSE(mine["intervals"].contains("popularity_lift@10"));
  EXPECT_EQ(mine["coverage@10"], 0.75);
  EXPECT_EQ(mine["groups"]["new"]["ndcg@10"], 0.25);
  EXPECT_EQ(mine["groups"]["new"]["customers"], 3);
  EXPECT_EQ(mine["difference"]["map@10"]["low"], 0.03125);
  EXPECT_EQ(mine["difference"]["map@10"]["share_above"], 0.99);
  EXPECT_FALSE(json["models"]["popularity"].contains("difference"));
  EXPECT_FALSE(mine.contains("embeddings_sha256"));
}

TEST(RecommenderEvaluationTest, TextIsATable) {
  std::ostringstream out;
  Session session({}, out, out);
  SayEvaluation(session, Small());
  const std::string text = out.str();
  EXPECT_THAT(text, HasSubstr("a split\n"));
  EXPECT_THAT(text, HasSubstr("recall@10"));
  EXPECT_THAT(text, HasSubstr("0.2500 [0.1250, 0.5000]"));
  EXPECT_THAT(text, HasSubstr("new customers: at most 2 train items, 3"));
  EXPECT_THAT(text, HasSubstr("0.0625 [0.0312, 0.0938]"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace burgeon
