#include "training/churn/train_network.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// Label 1 where x0 and x1 have the same sign: nothing a linear model can tell.
NetworkExamples SameSign(int64_t rows, uint64_t seed) {
  NetworkExamples examples;
  examples.features = FloatMatrix(rows, 3);
  const Philox random(seed, 0);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      const double value = random.Normal(static_cast<uint64_t>(3 * i + j));
      examples.features.at(i, j) = static_cast<float>(value);
    }
    examples.label.push_back(examples.features.at(i, 0) * examples.features.at(i, 1) > 0 ? 1 : 0);
  }
  return examples;
}

ChurnTrainOptions Quick() {
  ChurnTrainOptions options;
  options.hidden = 16;
  options.epochs = 30;
  options.batch_size = 100;
  options.learning_rate = 0.01F;
  options.weight_decay = 0;
  return options;
}

TEST(TrainChurnNetworkTest, LearnsWhatIsNotLinear) {
  ThreadPool pool(2);
  const auto trained = TrainChurnNetwork(pool, SameSign(1000, 1), SameSign(500, 2), Quick(), 1);
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_LT(trained->validation_log_loss, 0.3);  // ln 2 = .69 without knowledge
  EXPECT_GE(trained->best_epoch, 1);
  EXPECT_LE(trained->epochs, 30);
}

TEST(TrainChurnNetworkTest, TheSameBitsForAnyNumberOfThreads) {
  ChurnTrainOptions options = Quick();
  options.epochs = 5;
  options.shards = 3;  // 100 rows: 34, 34, 32; and a last batch of 50
  ThreadPool one(1), two(2), four(4);
  const NetworkExamples train = SameSign(350, 1);
  const NetworkExamples validation = SameSign(100, 2);
  const auto a = TrainChurnNetwork(one, train, validation, options, 7);
  const auto b = TrainChurnNetwork(two, train, validation, options, 7);
  const auto c = TrainChurnNetwork(four, train, validation, options, 7);
  const auto other = TrainChurnNetwork(four, train, validation, options, 8);
  ASSERT_TRUE(a.ok() && b.ok() && c.ok() && other.ok());
  for (size_t l = 0; l < 3; ++l) {
    EXPECT_EQ(a->network.weight[l].values(), b->network.weight[l].values());
    EXPECT_EQ(a->network.weight[l].values(), c->network.weight[l].values());
    EXPECT_EQ(a->network.bias[l], c->network.bias[l]);
    EXPECT_NE(a->network.weight[l].values(), other->network.weight[l].values());
  }
}

TEST(TrainChurnNetworkTest, ShardsChangeTheSumOnlyByRounding) {
  ChurnTrainOptions options = Quick();
  options.epochs = 3;
  ThreadPool pool(1);
  const NetworkExamples train = SameSign(300, 1);
  const NetworkExamples validation = SameSign(100, 2);
  options.shards = 1;
  const auto whole = TrainChurnNetwork(pool, train, validation, options, 7);
  options.shards = 7;
  const auto parts = TrainChurnNetwork(pool, train, validation, options, 7);
  ASSERT_TRUE(whole.ok() && parts.ok());
  EXPECT_NEAR(whole->validation_log_loss, parts->validation_log_loss, 1e-3);
}

TEST(TrainChurnNetworkTest, StopsWhenValidationGetsNoBetter) {
  // Labels without any connection to the features: the best is soon found.
  NetworkExamples train = SameSign(200, 1);
  NetworkExamples validation = SameSign(200, 2);
  for (size_t i = 0; i < 200; ++i) {
    train.label[i] = Philox(9, 0).Uniform(i) < 0.5 ? 1 : 0;
    validation.label[i] = Philox(9, 1).Uniform(i) < 0.5 ? 1 : 0;
  }
  ChurnTrainOptions options = Quick();
  options.epochs = 500;
  options.patience = 4;
  ThreadPool pool(2);
  const auto trained = TrainChurnNetwork(pool, train, validation, options, 1);
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_LT(trained->epochs, 500);
  EXPECT_EQ(trained->epochs, trained->best_epoch + 4);
}

TEST(TrainChurnNetworkTest, RefusesNothingAndDivergence) {
  ThreadPool pool(1);
  EXPECT_EQ(TrainChurnNetwork(pool, {}, SameSign(10, 1), Quick(), 1).status().code(),
            absl::StatusCode::kInvalidArgument);
  NetworkExamples broken = SameSign(100, 1);
  broken.features.at(3, 1) = std::nanf("");
  const auto trained = TrainChurnNetwork(pool, broken, SameSign(10, 1), Quick(), 1);
  EXPECT_EQ(trained.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(MessageOf(trained.status()), HasSubstr("epoch 1 is not finite"));
}

}  // namespace
}  // namespace burgeon
