#include "training/recommender/train_graph_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

using Dense = std::vector<std::vector<double>>;
constexpr size_t kItems = 40;

Dense Square(size_t n) { return Dense(n, std::vector<double>(n, 0)); }

Dense Times(const Dense& a, const Dense& b) {
  Dense c = Square(a.size());
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t k = 0; k < a.size(); ++k) {
      for (size_t j = 0; j < a.size(); ++j) c[i][j] += a[i][k] * b[k][j];
    }
  }
  return c;
}

class TrainGraphFilterTest : public testing::Test {
 protected:
  TrainGraphFilterTest() : data_(MakeTasteGroups(60, kItems, 3).train) {
    for (size_t k = 0; k < data_.columns.size(); ++k) {
      data_.values.push_back(0.5F + static_cast<float>(k % 4));
    }
    options_.embedding.rank = 4;
    options_.ideal_weight = 0;
    options_.keep_entries = 0;
  }

  absl::StatusOr<RecommenderModel> Train(const CsrView& data) {
    return TrainGraphFilter(context_, data, options_, &report_);
  }

  // D_i of the header.
  std::vector<double> ItemSums() const {
    std::vector<double> sums(kItems, 0);
    for (size_t k = 0; k < data_.columns.size(); ++k) sums[data_.columns[k]] += data_.values[k];
    return sums;
  }

  // P of the header, in double.
  Dense Adjacency(double a, double b) const {
    const std::vector<double> sums = ItemSums();
    Dense p = Square(kItems);
    for (int64_t u = 0; u < data_.rows(); ++u) {
      const auto columns = data_.view().row_columns(u);
      const auto values = data_.view().row_values(u);
      double mine = 0;
      for (const float w : values) mine += w;
      for (size_t x = 0; x < columns.size(); ++x) {
        for (size_t y = 0; y < columns.size(); ++y) {
          const double i = sums[columns[x]];
          const double j = sums[columns[y]];
          p[columns[x]][columns[y]] +=
              double{values[x]} * double{values[y]} / std::pow(mine, 2 * a) / std::pow(i * j, b);
        }
      }
    }
    return p;
  }

  void ExpectOperator(const Dense& expected, double tolerance) {
    const auto model = Train(data_.view());
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ(model->kind, RecommenderKind::kGraphFilter);
    const CsrView found = model->item_operator.view();
    for (uint32_t i = 0; i < kItems; ++i) {
      std::vector<double> row(kItems, 0);
      const auto columns = found.row_columns(i);
      for (size_t k = 0; k < columns.size(); ++k) row[columns[k]] = found.row_values(i)[k];
      for (size_t j = 0; j < kItems; ++j) {
        EXPECT_NEAR(row[j], expected[i][j], tolerance * (1 + std::abs(expected[i][j])))
            << i << " " << j;
      }
    }
  }

  CsrMatrix data_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  GraphFilterOptions options_;
  TrainingReport report_;
};

TEST_F(TrainGraphFilterTest, PolynomialAsTheDenseFormula) {
  options_.coefficients = {2, -1, 0.25};
  options_.customer_exponent = 0.6F;
  options_.item_exponent = 0.4F;
  options_.degree_exponent = 0.3F;
  const Dense p = Adjacency(0.6, 0.4);
  const Dense square = Times(p, p);
  const Dense cube = Times(square, p);
  const std::vector<double> sums = ItemSums();
  Dense expected = Square(kItems);
  for (size_t i = 0; i < kItems; ++i) {
    for (size_t j = 0; j < kItems; ++j) {
      if (sums[i] == 0 || sums[j] == 0) continue;
      expected[i][j] =
          (2 * p[i][j] - square[i][j] + 0.25 * cube[i][j]) * std::pow(sums[j] / sums[i], 0.3);
    }
  }
  ExpectOperator(expected, 1e-5);
}

// The Chebyshev form against Lagrange's, on matrices: sum_n h(t_n) prod_(m != n) (M - t_m I) /
// (t_n - t_m), M = I - 2 P.
TEST_F(TrainGraphFilterTest, PlateauAsTheLagrangeInterpolation) {
  options_.response = GraphResponse::kPlateau;
  options_.degree = 4;
  options_.flatness = 1.5F;
  Dense m = Adjacency(0.5, 0.5);
  for (size_t i = 0; i < kItems; ++i) {
    for (size_t j = 0; j < kItems; ++j) m[i][j] = (i == j ? 1.0 : 0.0) - 2 * m[i][j];
  }
  std::vector<double> nodes;
  for (int n = 0; n < 5; ++n) nodes.push_back(std::cos((2 * n + 1) * std::numbers::pi / 10));
  const std::vector<double> sums = ItemSums();
  Dense expected = Square(kItems);
  for (const double node : nodes) {
    Dense product = Square(kItems);
    const double size = std::pow(std::abs(node), 1.5);
    for (size_t i = 0; i < kItems; ++i) product[i][i] = 0.5 + (node < 0 ? 0.5 : -0.5) * size;
    for (const double other : nodes) {
      if (other == node) continue;
      Dense factor = m;
      for (size_t i = 0; i < kItems; ++i) factor[i][i] -= other;
      product = Times(product, factor);
      for (auto& row : product) {
        for (double& value : row) value /= node - other;
      }
    }
    for (size_t i = 0; i < kItems; ++i) {
      for (size_t j = 0; j < kItems; ++j) {
        if (sums[i] > 0 && sums[j] > 0) expected[i][j] += product[i][j];
      }
    }
  }
  ExpectOperator(expected, 1e-5);
}

TEST_F(TrainGraphFilterTest, PlateauCoefficientsInterpolateTheResponse) {
  const std::vector<double> c = PlateauCoefficients(8, 2);
  for (int n = 0; n < 9; ++n) {
    const double angle = (2 * n + 1) * std::numbers::pi / 18;
    const double t = std::cos(angle);
    double value = 0;
    for (size_t k = 0; k < c.size(); ++k) value += c[k] * std::cos(static_cast<double>(k) * angle);
    EXPECT_NEAR(value, t < 0 ? (1 + t * t) / 2 : (1 - t * t) / 2, 1e-12) << t;
  }
  EXPECT_NEAR(PlateauCoefficients(1, 1)[0], 0.5, 1e-15);  // h = (1 - t) / 2
  EXPECT_NEAR(PlateauCoefficients(1, 1)[1], -0.5, 1e-15);
}

// With a = b = 1/2 the leading eigenvector of P is sqrt(d) over its norm (a connected graph): the
// ideal low pass of rank 1 and e = 1/2 is the share of an item in all weights.
TEST_F(TrainGraphFilterTest, LinearTermAndIdealLowPassOfRankOne) {
  options_.coefficients = {1};
  options_.ideal_weight = 0.5F;
  options_.ideal_rank = 1;
  options_.ideal_exponent = 0.5F;
  const std::vector<double> sums = ItemSums();
  double all = 0;
  for (const double sum : sums) all += sum;
  Dense expected = Adjacency(0.5, 0.5);
  for (size_t i = 0; i < kItems; ++i) {
    for (size_t j = 0; j < kItems; ++j) {
      if (sums[i] > 0) expected[i][j] += 0.5 * sums[j] / all;
    }
  }
  ExpectOperator(expected, 1e-4);
}

TEST_F(TrainGraphFilterTest, FindsTheTasteGroupsAndKeepsItsBits) {
  const TasteGroups world = MakeTasteGroups(200, 150, 4);  // more than a block of items
  const CsrView train = world.train.view();
  options_.ideal_weight = 0.3F;
  options_.ideal_rank = 8;
  options_.keep_entries = 30;
  const auto model = Train(train);
  ASSERT_TRUE(model.ok()) << model.status();
  for (int64_t i = 0; i < 150; ++i) {
    EXPECT_LE(model->item_operator.view().row_columns(i).size(), 30U);
  }
  const auto metrics = EvaluateModel(context_, *model, train, train, world.test.view(), 10);
  const auto popular = EvaluatePopularity(model->popularity, train, world.test.view(), 10);
  ASSERT_TRUE(metrics.ok() && popular.ok());
  EXPECT_GT(metrics->recall, 2 * popular->recall);
  ThreadPool alone(1);
  context_ = ExecutionContext(&alone);
  const auto again = Train(train);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->item_operator.columns, model->item_operator.columns);
  EXPECT_EQ(again->item_operator.values, model->item_operator.values);
}

TEST_F(TrainGraphFilterTest, Refusals) {
  CsrMatrix empty;
  empty.cols = 3;
  EXPECT_EQ(Train(empty.view()).status().code(), absl::StatusCode::kFailedPrecondition);
  GraphFilterOptions good = options_;
  options_.coefficients = {};
  EXPECT_EQ(MessageOf(Train(data_.view()).status()),
            "graph_filter: 0 coefficients; wanted 1 to 64");
  options_ = good;
  options_.response = GraphResponse::kPlateau;
  options_.item_exponent = 0.25F;
  EXPECT_THAT(MessageOf(Train(data_.view()).status()),
              testing::HasSubstr("item_exponent 0.25; it wants .5 and .5"));
  options_ = good;
  options_.memory_gib = 1e-6;
  const absl::Status status = Train(data_.view()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(status), testing::HasSubstr("40 items need"));
  EXPECT_THAT(MessageOf(status), testing::HasSubstr("set graph_filter.keep_entries"));
}

TEST_F(TrainGraphFilterTest, OptionsOfTheConfig) {
  auto config = Config::Parse(
      "graph_filter: {response: plateau, coefficients: [0.71, 0.1, -0.01], degree: 6, "
      "flatness: 2, ideal_weight: 0.25, embedding: {rank: 9}}",
      "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const GraphFilterOptions options = ParseGraphFilterOptions(config->root().Child("graph_filter"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.response, GraphResponse::kPlateau);
  EXPECT_EQ(options.coefficients, (std::vector<double>{0.71, 0.1, -0.01}));
  EXPECT_EQ(options.degree, 6);
  EXPECT_EQ(options.flatness, 2);
  EXPECT_EQ(options.ideal_weight, 0.25F);
  EXPECT_EQ(options.embedding.rank, 9);
  auto wrong = Config::Parse("graph_filter: {coefficients: [1, much]}", "c.yaml");
  ASSERT_TRUE(wrong.ok()) << wrong.status();
  ParseGraphFilterOptions(wrong->root().Child("graph_filter"));
  EXPECT_THAT(MessageOf(wrong->Finish()), testing::HasSubstr("'much' is not a number"));
}

}  // namespace
}  // namespace burgeon
