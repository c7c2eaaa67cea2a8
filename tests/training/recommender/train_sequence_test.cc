#include "training/recommender/train_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"
#include "engine/dataset/sequence_file.h"
#include "engine/ops/top_k.h"
#include "tests/support/fault_file_system.h"
#include "training/recommender/sequence_network.h"
#include "training/recommender/sequence_validation.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr int64_t kItems = 30;

// After item i comes item i + 7, of 30; where a walk begins is drawn.
ItemSequences Walks(int64_t rows, uint64_t seed) {
  const Philox random(seed, 1);
  ItemSequences out;
  for (int64_t u = 0; u < rows; ++u) {
    auto item = static_cast<uint32_t>(random.Below(static_cast<uint64_t>(u), kItems));
    for (int64_t t = 0; t < 4 + u % 4; ++t) {
      out.items.push_back(item);
      item = (item + 7) % kItems;
    }
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

SequenceOptions Small() {
  SequenceOptions options;
  options.dim = 16;
  options.length = 8;
  options.dropout = 0.1;
  options.learning_rate = 0.01;
  options.batch_size = 32;
  options.epochs = 12;
  options.patience = 0;
  return options;
}

class TrainSequenceTest : public testing::Test {
 protected:
  absl::StatusOr<RecommenderModel> Train(const SequenceOptions& options,
                                         ThreadPool* pool = nullptr) {
    ExecutionContext context(pool == nullptr ? &pool_ : pool);
    report_.lines.clear();
    return TrainSequence(context, interactions_.view(), walks_.view(), options, &report_);
  }
  const ItemSequences walks_ = Walks(200, 3);
  // Walks of at most seven steps of 7 in 30 come to no item twice.
  const CsrMatrix interactions_ = [this] {
    return LeaveLastItemOut(walks_.view(), kItems, SequencePart::kTest).train;
  }();
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(TrainSequenceTest, LearnsWhatFollowsWhat) {
  const auto model = Train(Small());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->kind, RecommenderKind::kSequence);
  ItemSequences asked;
  for (uint32_t item = 0; item < kItems; ++item) {
    asked.items.push_back(item);
    asked.offsets.push_back(item + 1);
  }
  const CsrMatrix nothing = {
      .offsets = std::vector<int64_t>(kItems + 1), .columns = {}, .values = {}, .cols = kItems};
  const auto found =
      FoldIn(context_, *model, {.weights = nothing.view(), .sequence = asked.view()});
  ASSERT_TRUE(found.ok()) << found.status();
  int right = 0;
  for (int64_t i = 0; i < kItems; ++i) {
    int64_t best = 0;
    float score = -1e9F;
    for (int64_t j = 0; j < kItems; ++j) {
      const float s = CanonicalScore(found->row(i), model->item_embeddings.row(j));
      if (s > score) {
        score = s;
        best = j;
      }
    }
    right += best == (i + 7) % kItems ? 1 : 0;
  }
  EXPECT_GE(right, 29);
}

TEST_F(TrainSequenceTest, SampledNegativesLearnItToo) {
  SequenceOptions options = Small();
  options.negatives = 12;
  options.epochs = 20;
  options.patience = 2;
  options.refit = false;
  const auto model = Train(options);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto validation = HoldOutLast(walks_.view(), kItems);
  ASSERT_TRUE(validation.ok()) << validation.status();
  const auto quality =
      ValidateSequences(context_, *validation, model->encoder, model->item_embeddings.view());
  ASSERT_TRUE(quality.ok()) << quality.status();
  EXPECT_GT(quality->ndcg, 0.95);
  EXPECT_THAT(report_.lines, Contains(HasSubstr("kept epoch")));
}

TEST_F(TrainSequenceTest, RefitTrainsOnEverythingForTheEpochsThatWereBest) {
  SequenceOptions options = Small();
  options.patience = 1;
  options.epochs = 6;
  options.evaluate_every = 2;
  const auto model = Train(options);
  ASSERT_TRUE(model.ok()) << model.status();
  int best = 0;
  for (const std::string& line : report_.lines) {
    const size_t at = line.find("kept epoch ");
    if (at == 0) best = static_cast<int>(*ParseInt64(line.substr(11, line.find(':') - 11)));
  }
  ASSERT_GT(best, 0);
  SequenceOptions as_given = Small();
  as_given.epochs = best;
  const auto plain = Train(as_given);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(EmbeddingsSha256(*plain), EmbeddingsSha256(*model));
}

TEST_F(TrainSequenceTest, SameBitsForAnyThreads) {
  SequenceOptions options = Small();
  options.epochs = 2;
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

// Stopped after each of its epochs, of the choice and of the refit, it ends with the same bits.
TEST_F(TrainSequenceTest, GoesOnWithTheSameBits) {
  SequenceOptions options = Small();
  options.epochs = 4;
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
      const auto model =
          TrainSequence(context_, interactions_.view(), walks_.view(), options, &report);
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

TEST_F(TrainSequenceTest, ACustomersEmbeddingIsTheFoldInOfItsItems) {
  SequenceOptions options = Small();
  options.epochs = 1;
  const auto model = Train(options);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto row = walks_.view().row(17);
  const std::vector<int64_t> offsets = {0, std::ssize(row)};
  const CsrMatrix nothing = {.offsets = {0, 0}, .columns = {}, .values = {}, .cols = kItems};
  const auto folded =
      FoldIn(context_, *model, {.weights = nothing.view(), .sequence = {offsets, row, {}}});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_TRUE(std::ranges::equal(folded->row(0), model->customer_embeddings.row(17)));
  EXPECT_THAT(MessageOf(FoldIn(context_, *model, {.weights = nothing.view()}).status()),
              HasSubstr("wants the items in order of time"));
  // Written and read, it is the same.
  TensorFile file;
  AddModelTensors(*model, &file);
  const auto read = ReadModelTensors(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(EmbeddingsSha256(*read), EmbeddingsSha256(*model));
}

TEST_F(TrainSequenceTest, Refusals) {
  SequenceOptions options = Small();
  options.heads = 3;
  EXPECT_EQ(MessageOf(Train(options).status()), "sequence: heads 3 is not a divisor of dim");
  options = Small();
  options.epochs = 0;
  EXPECT_EQ(MessageOf(Train(options).status()), "sequence: epochs 0 is not at least 1");
  const auto no_order = TrainSequence(context_, interactions_.view(), {}, Small(), &report_);
  EXPECT_THAT(MessageOf(no_order.status()), HasSubstr("it needs items in order of time"));
  const ItemSequences single = {.offsets = std::vector<int64_t>(201), .items = {}, .times = {}};
  EXPECT_EQ(TrainSequence(context_, interactions_.view(), single.view(), Small(), &report_)
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
  ItemSequences outside = walks_;
  outside.items[5] = kItems;
  EXPECT_THAT(
      MessageOf(TrainSequence(context_, interactions_.view(), outside.view(), Small(), &report_)
                    .status()),
      HasSubstr("which is not below 30"));
}

TEST_F(TrainSequenceTest, OptionsOfAConfig) {
  auto config = Config::Parse(
      "recommender: {model: sequence, sequence: {dim: 32, heads: 4, refit: false, negatives: 9}}",
      "test");
  ASSERT_TRUE(config.ok()) << config.status();
  const RecommenderOptions options = ParseRecommenderOptions(config->root().Child("recommender"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.kind, RecommenderKind::kSequence);
  EXPECT_EQ(options.sequence.dim, 32);
  EXPECT_EQ(options.sequence.heads, 4);
  EXPECT_FALSE(options.sequence.refit);
  EXPECT_EQ(options.sequence.negatives, 9);
  EXPECT_TRUE(KeepsCheckpoints(options.kind));
}

TEST(SequenceValidationTest, TheLastItemWhereItIsNew) {
  // Three items; two; three whose last is a repeat.
  const ItemSequences sequences = {
      .offsets = {0, 3, 5, 8}, .items = {4, 2, 1, 3, 0, 2, 1, 2}, .times = {}};
  const auto got = HoldOutLast(sequences.view(), 5);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->train.items, (std::vector<uint32_t>{4, 2, 3, 0, 2, 1}));
  EXPECT_EQ(got->train.offsets, (std::vector<int64_t>{0, 2, 4, 6}));
  EXPECT_EQ(got->held_out.columns, (std::vector<uint32_t>{1}));
  EXPECT_EQ(got->seen.columns, (std::vector<uint32_t>{2, 4, 0, 3, 1, 2}));
  const ItemSequences short_ones = {.offsets = {0, 2}, .items = {1, 2}, .times = {}};
  EXPECT_EQ(HoldOutLast(short_ones.view(), 5).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(SequenceNetworkTest, TheLossFalls) {
  const ItemSequences walks = Walks(100, 5);
  ThreadPool pool(2);
  auto network = SequenceNetwork::Create(pool, kItems, Small());
  ASSERT_TRUE(network.ok()) << network.status();
  const auto first = network->RunEpoch(walks.view(), 1);
  ASSERT_TRUE(first.ok()) << first.status();
  double last = 0;
  for (int epoch = 2; epoch <= 8; ++epoch) last = *network->RunEpoch(walks.view(), epoch);
  EXPECT_LT(last, 0.6 * *first);
  TensorFile wrong;
  network->Save(&wrong);
  SequenceOptions other = Small();
  other.dim = 8;
  auto smaller = SequenceNetwork::Create(pool, kItems, other);
  ASSERT_TRUE(smaller.ok()) << smaller.status();
  EXPECT_EQ(smaller->Restore(wrong).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
