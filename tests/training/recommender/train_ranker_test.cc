#include "training/recommender/train_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/philox.h"
#include "engine/models/model_top_k.h"
#include "training/recommender/ranker_network.h"
#include "training/recommender/train_blend.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr TimeMicros kDay = 86'400'000'000;

TEST(HoldOutForRankerTest, TheLastItemOfAnOrderWithAllOfItsEvents) {
  CsrMatrix interactions;
  interactions.cols = 5;
  interactions.offsets = {0, 3, 4, 4};
  interactions.columns = {0, 2, 4, 1};
  interactions.values = {1, 2, 3, 4};
  const ItemSequences sequences = {
      .offsets = {0, 4, 5, 5}, .items = {2, 0, 4, 2, 1}, .times = {10, 20, 30, 40, 50}};
  const RankerSplit split = HoldOutForRanker(interactions.view(), sequences.view(), {});
  EXPECT_THAT(split.held_out.columns, ElementsAre(2));  // who has one item keeps it
  EXPECT_THAT(split.held_out.offsets, ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(split.train.columns, ElementsAre(0, 4, 1));
  EXPECT_THAT(split.train.values, ElementsAre(1, 3, 4));
  EXPECT_THAT(split.sequences.items, ElementsAre(0, 4, 1));
  EXPECT_THAT(split.sequences.times, ElementsAre(20, 30, 50));
  EXPECT_THAT(split.sequences.offsets, ElementsAre(0, 2, 3, 3));
  EXPECT_THAT(split.held_times, ElementsAre(40, 0, 0));
}

TEST(HoldOutForRankerTest, AShareWhereNoOrderIsKnown) {
  CsrMatrix interactions;
  interactions.cols = 10;
  for (int u = 0; u < 3; ++u) {
    for (uint32_t i = 0; i < 10; ++i) interactions.columns.push_back(i);
    interactions.offsets.push_back(std::ssize(interactions.columns));
  }
  const RankerSplit split = HoldOutForRanker(interactions.view(), {}, {.share = 0.3});
  EXPECT_EQ(split.sequences.view().rows(), 0);
  for (int64_t u = 0; u < 3; ++u) {
    EXPECT_EQ(split.held_out.view().row_columns(u).size(), 3U);
    EXPECT_EQ(split.train.view().row_columns(u).size(), 7U);
  }
  // Not the same of each.
  EXPECT_NE(
      std::vector<uint32_t>(split.held_out.columns.begin(), split.held_out.columns.begin() + 3),
      std::vector<uint32_t>(split.held_out.columns.begin() + 3,
                            split.held_out.columns.begin() + 6));
}

// Lists of six places with two features, of which the found item has the larger product: a thing
// that no linear ranker learns.
RankerExamples Products(int64_t lists, uint64_t seed) {
  RankerExamples examples;
  examples.pool = 6;
  examples.features = FloatMatrix(lists * 6, 2);
  const Philox random(seed, 0);
  for (size_t k = 0; k < examples.features.values().size(); ++k) {
    examples.features.values()[k] = static_cast<float>(2 * random.Uniform(k) - 1);
  }
  for (int64_t l = 0; l < lists; ++l) {
    const int64_t size = l % 7 == 0 ? 4 : 6;
    int64_t best = 0;
    const auto product = [&](int64_t i) {
      return examples.features.at(l * 6 + i, 0) * examples.features.at(l * 6 + i, 1);
    };
    for (int64_t i = 1; i < size; ++i) {
      if (product(i) > product(best)) best = i;
    }
    for (int64_t i = 0; i < 6; ++i) {
      examples.label.push_back(i == best ? 1 : 0);
      examples.mask.push_back(i < size ? 1 : 0);
    }
  }
  return examples;
}

RankerOptions Quick() {
  RankerOptions options;
  options.hidden = {16};
  options.learning_rate = 0.02;
  options.weight_decay = 0;
  options.epochs = 40;
  return options;
}

TEST(TrainRankerNetworkTest, LearnsWhatIsNotLinear) {
  ThreadPool pool(2);
  const RankerExamples train = Products(1200, 1);
  const RankerExamples validation = Products(400, 2);
  const auto trained = TrainRankerNetwork(pool, train, validation, Quick());
  ASSERT_TRUE(trained.ok()) << trained.status();
  int right = 0;
  for (int64_t l = 0; l < validation.lists(); ++l) {
    std::pair<double, uint8_t> best = {-HUGE_VAL, 0};
    for (int64_t i = l * 6; i < (l + 1) * 6; ++i) {
      if (validation.mask[static_cast<size_t>(i)] == 0) continue;
      best = std::max(best, {PerceptronOutput(trained->network, validation.features.row(i)),
                             validation.label[static_cast<size_t>(i)]});
    }
    right += best.second;
  }
  EXPECT_GT(right, 360);
  // A linear one cannot.
  RankerOptions linear = Quick();
  linear.hidden = {};
  const auto plain = TrainRankerNetwork(pool, train, validation, linear);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_GT(plain->validation_loss, trained->validation_loss + 0.5);
}

// The loss that training reports is the one that is written: -log of the found item's share.
TEST(TrainRankerNetworkTest, ItsLossIsTheListwiseOne) {
  ThreadPool pool(1);
  const RankerExamples train = Products(64, 3);
  const RankerExamples validation = Products(30, 4);
  RankerOptions options = Quick();
  options.epochs = 1;
  const auto trained = TrainRankerNetwork(pool, train, validation, options);
  ASSERT_TRUE(trained.ok()) << trained.status();
  double sum = 0;
  for (int64_t l = 0; l < validation.lists(); ++l) {
    double all = 0;
    double found = 0;
    for (int64_t i = l * 6; i < (l + 1) * 6; ++i) {
      if (validation.mask[static_cast<size_t>(i)] == 0) continue;
      const double share = std::exp(PerceptronOutput(trained->network, validation.features.row(i)));
      all += share;
      if (validation.label[static_cast<size_t>(i)] == 1) found = share;
    }
    sum -= std::log(found / all);
  }
  EXPECT_NEAR(trained->validation_loss, sum / 30, 1e-5);
}

TEST(TrainRankerNetworkTest, TheSameBitsForAnyNumberOfThreads) {
  ThreadPool one(1);
  ThreadPool four(4);
  const RankerExamples train = Products(200, 5);
  const RankerExamples validation = Products(50, 6);
  RankerOptions options = Quick();
  options.epochs = 3;
  const auto a = TrainRankerNetwork(one, train, validation, options);
  const auto b = TrainRankerNetwork(four, train, validation, options);
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t l = 0; l < a->network.weight.size(); ++l) {
    EXPECT_EQ(a->network.weight[l].values(), b->network.weight[l].values());
  }
  EXPECT_EQ(TrainRankerNetwork(one, {}, validation, options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Of the items of a customer's group the next one is always the one that came into fashion last:
// no member of the blend knows times, the ranker's trends do.
struct Fashion {
  CsrMatrix interactions;
  ItemSequences sequences;
  std::vector<uint32_t> next;  // of each customer, not in the above
};

Fashion MakeFashion() {
  constexpr uint32_t kGroups = 4;
  constexpr uint32_t kEach = 12;
  Fashion world;
  world.interactions.cols = kGroups * kEach;
  const Philox random(9, 0);
  uint64_t draw = 0;
  for (uint32_t u = 0; u < 600; ++u) {
    const uint32_t group = u % kGroups;
    const TimeMicros now = kDay * (u / 6);                          // a customer's last event
    const auto fashion = static_cast<uint32_t>(now / (kDay * 10));  // an item for ten days
    std::vector<uint32_t> items;
    for (uint32_t k = 0; k < kEach; ++k) {
      if (k != fashion && random.Uniform(draw++) < 0.4) items.push_back(k);
    }
    const bool asked = u >= 560;
    if (!asked) items.push_back(fashion);
    std::vector<uint32_t> sorted;
    for (size_t k = 0; k < items.size(); ++k) {
      world.sequences.items.push_back(group * kEach + items[k]);
      world.sequences.times.push_back(!asked && k + 1 == items.size() ? now
                                                                      : kDay * (items[k] % 3));
      sorted.push_back(world.sequences.items.back());
    }
    world.sequences.offsets.push_back(std::ssize(world.sequences.items));
    std::ranges::sort(sorted);
    world.interactions.columns.insert(world.interactions.columns.end(), sorted.begin(),
                                      sorted.end());
    world.interactions.values.resize(world.interactions.columns.size(), 1);
    world.interactions.offsets.push_back(std::ssize(world.interactions.columns));
    world.next.push_back(group * kEach + fashion);
  }
  return world;
}

class RankedBlendTest : public testing::Test {
 protected:
  absl::StatusOr<RecommenderModel> Train(int pool) {
    BlendOptions options;
    options.members.resize(1);
    options.members[0].recommender.kind = RecommenderKind::kAls;
    options.members[0].recommender.als.dim = 6;
    options.members[0].recommender.als.epochs = 4;
    options.ranker.pool = pool;
    options.ranker.trend_days = {3};
    return TrainBlend(
        context_,
        {.interactions = world_.interactions.view(), .sequences = world_.sequences.view()}, options,
        &report_);
  }
  // Of the last 40 customers, how many have the next item first.
  int First(const RecommenderModel& model) {
    int first = 0;
    for (int64_t u = 560; u < 600; ++u) {
      CsrMatrix history;
      history.cols = world_.interactions.cols;
      const auto items = world_.interactions.view().row_columns(u);
      history.columns.assign(items.begin(), items.end());
      history.offsets.push_back(std::ssize(items));
      const auto list = ModelTopK(context_, model,
                                  {.embeddings = model.customer_embeddings.view().Rows(u, u + 1),
                                   .histories = history.view(),
                                   .excluded = history.view(),
                                   .allowed = {}},
                                  {.k = 1});
      EXPECT_TRUE(list.ok()) << list.status();
      if (list.ok() && list->items[0].item.value == world_.next[static_cast<size_t>(u)]) ++first;
    }
    return first;
  }
  const Fashion world_ = MakeFashion();
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(RankedBlendTest, LearnsWhatItsMembersCannotKnow) {
  const auto plain = Train(0);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_FALSE(plain->has_ranker());
  const auto ranked = Train(10);
  ASSERT_TRUE(ranked.ok()) << ranked.status();
  ASSERT_TRUE(ranked->has_ranker());
  EXPECT_GE(First(*ranked), 32);
  EXPECT_LE(First(*plain), 25);
  EXPECT_THAT(report_.lines, testing::Contains(HasSubstr("lists that it did not learn from NDCG")));
}

TEST_F(RankedBlendTest, TooFewListsAreAnErrorThatSaysWhatToDo) {
  BlendOptions options;
  options.members.resize(1);
  options.members[0].recommender.kind = RecommenderKind::kAls;
  options.members[0].recommender.als.dim = 2;
  options.ranker.pool = 5;
  options.ranker.customers = 30;
  const auto model =
      TrainBlend(context_, {.interactions = world_.interactions.view()}, options, &report_);
  EXPECT_EQ(model.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(model.status()), HasSubstr("at least 20 of each are needed"));
}

}  // namespace
}  // namespace burgeon
