#include "engine/recommend/content_embedding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Tokens = std::vector<std::vector<std::string>>;

TEST(ContentTokens, AreWordsValuesWithWhatLiesAboveAndOctaves) {
  ItemAttributes attributes;
  const auto add = [&](std::string name, AttributeType type,
                       const std::vector<std::string>& texts) {
    auto column = MakeItemAttribute(std::move(name), type, texts);
    ASSERT_TRUE(column.ok()) << column.status();
    attributes.columns.push_back(*std::move(column));
  };
  add("category", AttributeType::kText, {"home > light > lantern", ""});
  add("price", AttributeType::kNumber, {"4", "0.1"});
  EXPECT_THAT(
      ContentTokens("RED, red Lantern-3 \xE7\x81\xAF", attributes, 0),
      ElementsAre("3", "category=home", "category=home > light", "category=home > light > lantern",
                  "lantern", "price~4", "red", "\xE7\x81\xAF"));
  EXPECT_THAT(ContentTokens("", attributes, 1), ElementsAre("price~0"));
}

// Solves the normal equations in double, by elimination.
std::vector<std::vector<double>> Ridge(const std::vector<std::vector<double>>& x,
                                       MatrixView<const float> y, double ridge) {
  const size_t n = x[0].size();
  const auto dim = static_cast<size_t>(y.cols);
  std::vector<std::vector<double>> a(n, std::vector<double>(n + dim, 0));
  for (size_t i = 0; i < n; ++i) {
    a[i][i] = ridge;
    for (size_t row = 0; row < x.size(); ++row) {
      for (size_t j = 0; j < n; ++j) a[i][j] += x[row][i] * x[row][j];
      for (size_t d = 0; d < dim; ++d) {
        a[i][n + d] += x[row][i] * y.row(static_cast<int64_t>(row))[d];
      }
    }
  }
  for (size_t c = 0; c < n; ++c) {
    for (size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double factor = a[r][c] / a[c][c];
      for (size_t k = c; k < n + dim; ++k) a[r][k] -= factor * a[c][k];
    }
  }
  std::vector<std::vector<double>> w(n, std::vector<double>(dim));
  for (size_t i = 0; i < n; ++i) {
    for (size_t d = 0; d < dim; ++d) w[i][d] = a[i][n + d] / a[i][i];
  }
  return w;
}

TEST(ContentEmbedding, IsTheRidgeRegressionOfItsContract) {
  // Six tokens a .. f; each item has some of them.
  constexpr size_t kTokens = 6;
  const Philox random(3, 0);
  Tokens tokens(40);
  std::vector<std::vector<double>> x;
  for (size_t i = 0; i < tokens.size(); ++i) {
    for (size_t t = 0; t < kTokens; ++t) {
      if (random.Uniform(i * kTokens + t) < 0.4) {
        tokens[i].push_back(std::string(1, static_cast<char>('a' + t)));
      }
    }
    std::vector<double> row(kTokens + 1, 0);
    for (const std::string& token : tokens[i]) {
      row[static_cast<size_t>(token[0] - 'a')] = 1 / std::sqrt(tokens[i].size());
    }
    row[kTokens] = 1;
    x.push_back(row);
  }
  const FloatMatrix y = NormalVectors(40, 3, 5);
  ThreadPool one(1);
  ThreadPool three(3);
  ExecutionContext context(&one);
  ExecutionContext other(&three);
  const auto map = LearnContentMap(context, tokens, y.view(), {.ridge = 0.7});
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->tokens(), static_cast<int64_t>(kTokens));
  const auto w = Ridge(x, y.view(), 0.7);
  const Tokens asked = {{"a", "c", "nothing"}, {}, {"f"}};
  const FloatMatrix got = map->Embed(context, asked);
  for (int64_t d = 0; d < 3; ++d) {
    const auto k = static_cast<size_t>(d);
    // A token the map does not know counts for nothing, its length neither.
    EXPECT_NEAR(got.at(0, d), (w[0][k] + w[2][k]) / std::sqrt(2.0) + w[kTokens][k], 1e-4);
    EXPECT_NEAR(got.at(1, d), w[kTokens][k], 1e-4);
    EXPECT_NEAR(got.at(2, d), w[5][k] + w[kTokens][k], 1e-4);
  }
  EXPECT_EQ(map->Known(asked[0]), 2);
  EXPECT_EQ(map->Known(asked[1]), 0);
  const auto again = LearnContentMap(other, tokens, y.view(), {.ridge = 0.7});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->Embed(other, asked).values(), got.values());
}

TEST(ContentEmbedding, RareTokensAndThoseBeyondTheLimitAreLeftOut) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  const Tokens tokens = {{"a", "b"}, {"a", "b", "c"}, {"a", "d"}, {"d"}};
  const FloatMatrix y = NormalVectors(4, 2, 1);
  EXPECT_EQ(LearnContentMap(context, tokens, y.view(), {})->tokens(), 3);  // c has one item
  const auto two = LearnContentMap(context, tokens, y.view(), {.max_tokens = 2});
  EXPECT_EQ(two->Known({"a"}), 1);  // three items
  EXPECT_EQ(two->Known({"b"}), 1);  // two, as d: the smaller text
  EXPECT_EQ(two->Known({"d"}), 0);
}

TEST(ContentEmbedding, WhatCannotBeLearntIsSaid) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  const FloatMatrix y = NormalVectors(2, 2, 1);
  EXPECT_EQ(LearnContentMap(context, {}, FloatMatrix(0, 2).view(), {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const Tokens tokens = {{"a"}, {"a"}};
  EXPECT_THAT(MessageOf(LearnContentMap(context, tokens, y.view(), {.ridge = 0}).status()),
              HasSubstr("ridge is 0"));
  EXPECT_THAT(MessageOf(LearnContentMap(context, {tokens.data(), 1}, y.view(), {}).status()),
              HasSubstr("1 items, but 2 embeddings"));
}

}  // namespace
}  // namespace burgeon
