#include "training/recommender/evaluated_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(EvaluatedModelTest, EveryNameIsReadBack) {
  const std::vector<std::string> names = EvaluatedModelNames();
  EXPECT_THAT(names,
              testing::IsSupersetOf({"spectral", "sequence", "popularity", "popularity_recent"}));
  for (const std::string& name : names) EXPECT_TRUE(ParseEvaluatedModel(name).ok()) << name;
  EXPECT_EQ(*ParseEvaluatedModel("popularity"), EvaluatedModel(PopularityKind::kTotal));
  EXPECT_EQ(*ParseEvaluatedModel("als"), EvaluatedModel(RecommenderKind::kAls));
  EXPECT_THAT(MessageOf(ParseEvaluatedModel("nobody").status()),
              testing::HasSubstr("'nobody' is none of spectral"));
}

}  // namespace
}  // namespace burgeon
