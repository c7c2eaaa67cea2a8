#include "training/recommender/train_ease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"

namespace burgeon {
namespace {

using Dense = std::vector<std::vector<double>>;

// Gauss-Jordan with pivoting.
Dense Inverse(Dense a) {
  const size_t n = a.size();
  Dense inverse(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; ++i) inverse[i][i] = 1;
  for (size_t k = 0; k < n; ++k) {
    size_t pivot = k;
    for (size_t i = k; i < n; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    std::swap(a[k], a[pivot]);
    std::swap(inverse[k], inverse[pivot]);
    const double scale = 1 / a[k][k];
    for (size_t j = 0; j < n; ++j) {
      a[k][j] *= scale;
      inverse[k][j] *= scale;
    }
    for (size_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const double factor = a[i][k];
      for (size_t j = 0; j < n; ++j) {
        a[i][j] -= factor * a[k][j];
        inverse[i][j] -= factor * inverse[k][j];
      }
    }
  }
  return inverse;
}

class TrainEaseTest : public testing::Test {
 protected:
  TrainEaseTest() {
    options_.regularization = 2;
    options_.embedding.rank = 4;
  }
  absl::StatusOr<RecommenderModel> Train(const CsrView& data) {
    return TrainEase(context_, data, options_, &report_);
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  EaseOptions options_;
  TrainingReport report_;
};

TEST_F(TrainEaseTest, AsTheClosedFormInDouble) {
  CsrMatrix data = MakeTasteGroups(60, 40, 3).train;
  for (size_t k = 0; k < data.columns.size(); ++k) {
    data.values.push_back(0.5F + static_cast<float>(k % 4));
  }
  Dense gram(40, std::vector<double>(40, 0));
  for (int64_t u = 0; u < data.rows(); ++u) {
    const auto columns = data.view().row_columns(u);
    const auto values = data.view().row_values(u);
    for (size_t a = 0; a < columns.size(); ++a) {
      for (size_t b = 0; b < columns.size(); ++b) {
        gram[columns[a]][columns[b]] += double{values[a]} * double{values[b]};
      }
    }
  }
  for (size_t i = 0; i < 40; ++i) gram[i][i] += 2;
  const Dense p = Inverse(gram);
  const auto model = Train(data.view());
  ASSERT_TRUE(model.ok()) << model.status();
  const CsrView found = model->item_operator.view();
  for (uint32_t i = 0; i < 40; ++i) {
    std::vector<double> row(40, 0);
    const auto columns = found.row_columns(i);
    for (size_t k = 0; k < columns.size(); ++k) row[columns[k]] = found.row_values(i)[k];
    for (size_t j = 0; j < 40; ++j) {
      EXPECT_NEAR(row[j], i == j ? 0.0 : -p[i][j] / p[j][j], 2e-4) << i << " " << j;
    }
  }
}

TEST_F(TrainEaseTest, FindsTheTasteGroupsAndKeepsItsBits) {
  const TasteGroups world = MakeTasteGroups(200, 100, 4);
  const CsrView train = world.train.view();
  options_.regularization = 20;
  options_.keep_entries = 60;
  const auto model = Train(train);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(std::ssize(model->item_operator.columns), 100 * 60);
  const auto metrics = EvaluateModel(context_, *model, train, train, world.test.view(), 10);
  const auto popular = EvaluatePopularity(model->popularity, train, world.test.view(), 10);
  ASSERT_TRUE(metrics.ok() && popular.ok());
  EXPECT_GT(metrics->recall, 2 * popular->recall);
  ThreadPool alone(1);
  context_ = ExecutionContext(&alone);
  const auto again = Train(train);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->item_operator.values, model->item_operator.values);
}

TEST_F(TrainEaseTest, TooManyItemsAreRefusedBeforeAnythingIsAllocated) {
  CsrMatrix data;
  data.offsets = {0, 1};
  data.columns = {0};
  data.cols = 2'000'000;
  const auto model = Train(data.view());
  EXPECT_EQ(model.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(model.status()),
              testing::HasSubstr("ease.memory_gib allows 16: leave out rare items"));
  // 4 bytes a pair for the Gram matrix; 16 a pair for rows of the operator and their whole.
  EXPECT_EQ(EaseMemoryBytes(1000, options_), 20'000'000);
  options_.keep_entries = 100;
  EXPECT_EQ(EaseMemoryBytes(1000, options_), 8'000'000);
}

TEST_F(TrainEaseTest, Refusals) {
  CsrMatrix empty;
  empty.cols = 3;
  EXPECT_EQ(Train(empty.view()).status().code(), absl::StatusCode::kFailedPrecondition);
  options_.regularization = 0;
  EXPECT_EQ(MessageOf(Train(empty.view()).status()),
            "ease: regularization 0 is not a positive number");
}

}  // namespace
}  // namespace burgeon
