#include "training/recommender/train_two_tower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/ops/top_k.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/train_recommender.h"
#include "training/recommender/two_tower_network.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr int64_t kGroups = 4;

TwoTowerOptions Small() {
  TwoTowerOptions options;
  options.dim = 16;
  options.hidden = 8;
  options.learning_rate = 0.01;
  options.warmup_steps = 4;
  options.batch_size = 32;
  options.epochs = 15;
  options.patience = 0;
  return options;
}

// Item i is of group i % 4: its only feature.
CsrMatrix GroupsAsFeatures(int64_t items) {
  CsrMatrix out;
  out.cols = kGroups;
  for (int64_t i = 0; i < items; ++i) {
    out.columns.push_back(static_cast<uint32_t>(i % kGroups));
    out.offsets.push_back(i + 1);
  }
  return out;
}

class TrainTwoTowerTest : public testing::Test {
 protected:
  absl::StatusOr<RecommenderModel> Train(const TwoTowerOptions& options,
                                         ThreadPool* pool = nullptr) {
    ExecutionContext context(pool == nullptr ? &pool_ : pool);
    report_.lines.clear();
    return TrainTwoTower(context, world_.train.view(), features_.view(), options, &report_);
  }
  double Recall(const RecommenderModel& model) {
    const auto metrics = EvaluateModel(context_, model, world_.train.view(), world_.train.view(),
                                       world_.test.view(), 10);
    EXPECT_TRUE(metrics.ok()) << metrics.status();
    return metrics.ok() ? metrics->recall : 0;
  }
  const TasteGroups world_ = MakeTasteGroups(160, 60, kGroups);
  CsrMatrix features_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

// Every form finds what the group of a customer takes; by chance it would be a sixth.
TEST_F(TrainTwoTowerTest, LearnsTastes) {
  std::vector<TwoTowerOptions> forms(4, Small());
  forms[1].negatives = 20;
  forms[2].layers = 2;
  forms[3].share_tables = true;
  for (const TwoTowerOptions& options : forms) {
    const auto model = Train(options);
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ(model->kind, RecommenderKind::kTwoTower);
    EXPECT_GT(Recall(*model), 0.8)
        << options.negatives << " " << options.layers << " " << options.share_tables;
  }
}

TEST_F(TrainTwoTowerTest, TheScoreIsACosineOverTheTemperature) {
  TwoTowerOptions options = Small();
  options.epochs = 2;
  options.layers = 1;
  options.temperature = 0.2;
  const auto model = Train(options);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto length = [](std::span<const float> row) {
    double square = 0;
    for (const float x : row) square += static_cast<double>(x) * static_cast<double>(x);
    return std::sqrt(square);
  };
  EXPECT_NEAR(length(model->customer_embeddings.row(3)), 1, 1e-5);
  EXPECT_NEAR(length(model->item_embeddings.row(3)), 5, 5e-5);
}

TEST_F(TrainTwoTowerTest, ANewItemIsKnownByItsFeatures) {
  // Nobody takes the last four items, one of each group.
  CsrMatrix train;
  train.cols = world_.train.cols;
  for (int64_t u = 0; u < world_.train.rows(); ++u) {
    for (const uint32_t item : world_.train.view().row_columns(u)) {
      if (item < 56) train.columns.push_back(item);
    }
    train.offsets.push_back(std::ssize(train.columns));
  }
  const CsrMatrix features = GroupsAsFeatures(60);
  TwoTowerOptions options = Small();
  options.id_dropout = 0.3;
  const auto model = TrainTwoTower(context_, train.view(), features.view(), options, &report_);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->two_tower.features(), kGroups);
  int right = 0;
  for (int64_t u = 0; u < train.rows(); ++u) {
    int64_t best = 56;
    for (int64_t i = 57; i < 60; ++i) {
      const auto score = [&](int64_t item) {
        return CanonicalScore(model->customer_embeddings.row(u), model->item_embeddings.row(item));
      };
      if (score(i) > score(best)) best = i;
    }
    right += best % kGroups == u % kGroups ? 1 : 0;
  }
  EXPECT_GT(right, 150);  // of 160
  // It is what the item tower makes of the features alone.
  const FloatMatrix embedded =
      EncodeItems(pool_, model->two_tower, model->two_tower.item_features.view());
  EXPECT_TRUE(std::ranges::equal(embedded.row(57 % kGroups), model->item_embeddings.row(57)));
  CsrMatrix few = GroupsAsFeatures(59);
  EXPECT_THAT(
      MessageOf(TrainTwoTower(context_, train.view(), few.view(), options, &report_).status()),
      HasSubstr("features of 59 items, and 60 items"));
}

TEST_F(TrainTwoTowerTest, TheBestEpochIsKept) {
  TwoTowerOptions options = Small();
  options.patience = 2;
  options.evaluate_every = 3;
  for (const bool refit : {true, false}) {
    options.refit = refit;
    const auto model = Train(options);
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_THAT(report_.lines, Contains(HasSubstr("kept epoch")));
    EXPECT_GT(Recall(*model), 0.7);
    EXPECT_EQ(std::ranges::any_of(report_.lines,
                                  [](const std::string& line) {
                                    return line.find(" on all") != std::string::npos;
                                  }),
              refit);
  }
}

TEST_F(TrainTwoTowerTest, SameBitsForAnyThreads) {
  features_ = GroupsAsFeatures(60);
  for (const int negatives : {0, 15}) {
    TwoTowerOptions options = Small();
    options.epochs = 2;
    options.layers = 1;
    options.negatives = negatives;
    options.patience = 1;
    options.evaluate_every = 1;
    const auto two = Train(options);
    ASSERT_TRUE(two.ok()) << two.status();
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      const auto other = Train(options, &pool);
      ASSERT_TRUE(other.ok()) << other.status();
      EXPECT_EQ(EmbeddingsSha256(*other), EmbeddingsSha256(*two)) << threads;
    }
    options.seed = 2;
    EXPECT_NE(EmbeddingsSha256(*Train(options)), EmbeddingsSha256(*two));
  }
}

// Stopped after each of its epochs, of the choice and of the refit, it ends with the same bits.
TEST_F(TrainTwoTowerTest, GoesOnWithTheSameBits) {
  TwoTowerOptions options = Small();
  options.epochs = 4;
  options.layers = 1;
  options.negatives = 15;
  options.patience = 1;
  options.evaluate_every = 2;
  for (const bool refit : {true, false}) {
    options.refit = refit;
    const auto whole = Train(options);
    ASSERT_TRUE(whole.ok()) << whole.status();
    FaultFileSystem files;
    const FixedClock clock(0);
    int stops = 0;
    while (true) {
      StopFlag stop;
      stop.Request();
      auto run = TrainingRun::Start(
          files, clock,
          {.checkpoint_folder = "kept",
           .start = stops == 0 ? TrainingStart::kAnew : TrainingStart::kLatestCheckpoint,
           .stop = &stop});
      ASSERT_TRUE(run.ok()) << run.status();
      TrainingReport report;
      report.run = &*run;
      const auto model = TrainTwoTower(context_, world_.train.view(), {}, options, &report);
      if (model.ok()) {
        EXPECT_EQ(EmbeddingsSha256(*model), EmbeddingsSha256(*whole)) << refit;
        break;
      }
      ASSERT_EQ(model.status().code(), absl::StatusCode::kCancelled) << model.status();
      ASSERT_LT(++stops, 20);
    }
    EXPECT_GE(stops, 2);
  }
}

TEST_F(TrainTwoTowerTest, ACustomersEmbeddingIsTheFoldInOfItsItems) {
  TwoTowerOptions options = Small();
  options.epochs = 1;
  const auto model = Train(options);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto row = world_.train.view().row_columns(17);
  const CsrMatrix one = {.offsets = {0, std::ssize(row)},
                         .columns = {row.begin(), row.end()},
                         .values = {},
                         .cols = world_.train.cols};
  const auto folded = FoldIn(context_, *model, {.weights = one.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_TRUE(std::ranges::equal(folded->row(0), model->customer_embeddings.row(17)));
  TensorFile file;
  AddModelTensors(*model, &file);
  const auto read = ReadModelTensors(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(EmbeddingsSha256(*read), EmbeddingsSha256(*model));
  const auto again = FoldIn(context_, *read, {.weights = one.view()});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->values(), folded->values());
}

TEST_F(TrainTwoTowerTest, Refusals) {
  TwoTowerOptions options = Small();
  options.epochs = 0;
  EXPECT_EQ(MessageOf(Train(options).status()), "two_tower: epochs 0 is not at least 1");
  options = Small();
  options.id_dropout = 1;
  EXPECT_EQ(MessageOf(Train(options).status()), "two_tower: id_dropout 1 is not from 0 to below 1");
  options = Small();
  options.patience = 1;
  options.validation_share = 0;
  EXPECT_THAT(MessageOf(Train(options).status()), HasSubstr("leaves nothing to choose"));
  const CsrMatrix single = {.offsets = {0, 1, 2}, .columns = {0, 1}, .values = {}, .cols = 2};
  const auto nobody = TrainTwoTower(context_, single.view(), {}, Small(), &report_);
  EXPECT_EQ(nobody.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(nobody.status()), HasSubstr("no customer has two items"));
}

TEST_F(TrainTwoTowerTest, OptionsOfAConfig) {
  auto config = Config::Parse(
      "recommender: {model: two_tower, two_tower: {dim: 32, layers: 1, refit: false, negatives: 9, "
      "temperature: 0.2, share_tables: true}}",
      "test");
  ASSERT_TRUE(config.ok()) << config.status();
  RecommenderOptions options = ParseRecommenderOptions(config->root().Child("recommender"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.kind, RecommenderKind::kTwoTower);
  EXPECT_EQ(options.two_tower.dim, 32);
  EXPECT_EQ(options.two_tower.layers, 1);
  EXPECT_TRUE(options.two_tower.share_tables);
  EXPECT_FALSE(options.two_tower.refit);
  EXPECT_EQ(options.two_tower.negatives, 9);
  EXPECT_EQ(options.two_tower.temperature, 0.2);
  EXPECT_TRUE(KeepsCheckpoints(options.kind));
  EXPECT_FALSE(NeedsOrder(options.kind));
  SetSeed(5, &options);
  EXPECT_EQ(options.two_tower.seed, 5U);
}

TEST_F(TrainTwoTowerTest, ThePlanGrowsWithTablesAndScores) {
  const DataCounts data = {.customers = 30'000, .items = 40'000, .interactions = 800'000};
  TwoTowerOptions options;
  options.dim = 512;
  const int64_t all = PeakBytes(PlanTwoTower(options, data));
  EXPECT_GT(all, 24 * data.items * options.dim);  // two tables with their moments
  options.share_tables = true;
  EXPECT_LT(PeakBytes(PlanTwoTower(options, data)), all);
  options.share_tables = false;
  options.negatives = 1000;
  EXPECT_LT(PeakBytes(PlanTwoTower(options, data)), all);
}

TEST(TwoTowerNetworkTest, TheLossFallsAndOtherTensorsAreRefused) {
  const TasteGroups world = MakeTasteGroups(160, 60, kGroups);
  ThreadPool pool(2);
  auto network = TwoTowerNetwork::Create(pool, world.train.view(), {}, Small());
  ASSERT_TRUE(network.ok()) << network.status();
  const auto first = network->RunEpoch(1);
  ASSERT_TRUE(first.ok()) << first.status();
  double last = 0;
  for (int epoch = 2; epoch <= 15; ++epoch) last = *network->RunEpoch(epoch);
  EXPECT_LT(last, 0.8 * *first);
  TensorFile file;
  network->Save(&file);
  TwoTowerOptions other = Small();
  other.dim = 8;
  auto smaller = TwoTowerNetwork::Create(pool, world.train.view(), {}, other);
  ASSERT_TRUE(smaller.ok()) << smaller.status();
  EXPECT_EQ(smaller->Restore(file).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
