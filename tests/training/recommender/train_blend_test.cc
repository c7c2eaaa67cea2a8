#include "training/recommender/train_blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/models/model_top_k.h"
#include "tests/support/taste_groups.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

BlendMember Member(float weight, RecommenderKind kind) {
  BlendMember member;
  member.weight = weight;
  member.recommender.kind = kind;
  member.recommender.spectral.rank = 6;
  member.recommender.spectral.oversample = 8;
  member.recommender.als.dim = 5;
  member.recommender.als.epochs = 3;
  member.recommender.item_knn.embedding.rank = 4;
  member.recommender.ease.embedding.rank = 4;
  member.recommender.sequence.dim = 8;
  member.recommender.sequence.epochs = 1;
  member.recommender.sequence.patience = 0;
  return member;
}

// All scores of a model by its own formula, [customers, items], in double.
std::vector<double> Scores(const RecommenderModel& model, const CsrView& interactions) {
  std::vector<double> out;
  for (int64_t u = 0; u < model.customer_embeddings.rows(); ++u) {
    std::vector<double> row(static_cast<size_t>(interactions.cols));
    if (!model.has_operator() || model.kind == RecommenderKind::kBlend) {
      for (size_t i = 0; i < row.size(); ++i) {
        for (int64_t k = 0; k < model.dim(); ++k) {
          row[i] += static_cast<double>(model.customer_embeddings.at(u, k)) *
                    static_cast<double>(model.item_embeddings.at(static_cast<int64_t>(i), k));
        }
      }
    }
    if (model.has_operator()) {
      for (const uint32_t h : interactions.row_columns(u)) {
        const auto columns = model.item_operator.view().row_columns(h);
        const auto values = model.item_operator.view().row_values(h);
        for (size_t e = 0; e < columns.size(); ++e) {
          row[columns[e]] += static_cast<double>(values[e]);
        }
      }
    }
    out.insert(out.end(), row.begin(), row.end());
  }
  return out;
}

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x * x;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

class TrainBlendTest : public testing::Test {
 protected:
  RecommenderData Data() const {
    const CsrView train = world_.train.view();
    // Any order does.
    return {.interactions = train, .sequences = {train.offsets, train.columns, {}}};
  }
  absl::StatusOr<RecommenderModel> Train(const std::vector<BlendMember>& members) {
    return TrainBlend(context_, Data(), {.members = members, .ranker = {}}, &report_);
  }
  std::vector<double> WeightedSum(const std::vector<BlendMember>& members) {
    std::vector<double> want;
    for (const BlendMember& member : members) {
      const auto alone =
          TrainRecommender(context_, Data(), member.recommender.kind, member.recommender, &report_);
      EXPECT_TRUE(alone.ok()) << alone.status();
      if (!alone.ok()) return want;
      const std::vector<double> scores = Scores(*alone, world_.train.view());
      want.resize(scores.size());
      const double scale = static_cast<double>(member.weight) / RootMeanSquare(scores);
      for (size_t k = 0; k < want.size(); ++k) want[k] += scale * scores[k];
    }
    return want;
  }
  const TasteGroups world_ = MakeTasteGroups(90, 70, 5);
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(TrainBlendTest, IsTheWeightedSumOfItsMembersOnOneScale) {
  using enum RecommenderKind;
  for (const std::vector<BlendMember>& members :
       {std::vector{Member(2, kSpectral), Member(0.5F, kAls)},
        std::vector{Member(0.7F, kEase), Member(1, kSpectral), Member(1.5F, kItemKnn)},
        std::vector{Member(1, kSequence), Member(0.3F, kItemKnn)}}) {
    const auto blend = Train(members);
    ASSERT_TRUE(blend.ok()) << blend.status();
    EXPECT_EQ(blend->kind, kBlend);
    const std::vector<double> got = Scores(*blend, world_.train.view());
    const std::vector<double> want = WeightedSum(members);
    ASSERT_EQ(got.size(), want.size());
    // Scores are of the order of the weights.
    for (size_t k = 0; k < want.size(); ++k) EXPECT_NEAR(got[k], want[k], 2e-4) << k;
  }
}

TEST_F(TrainBlendTest, ListsAreByTheSumAndComeBackFromTensors) {
  using enum RecommenderKind;
  const auto blend = Train({Member(1, kSpectral), Member(0.4F, kItemKnn), Member(1, kAls)});
  ASSERT_TRUE(blend.ok()) << blend.status();
  TensorFile file;
  AddModelTensors(*blend, &file);
  const auto read = ReadModelTensors(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(EmbeddingsSha256(*read), EmbeddingsSha256(*blend));
  const CsrView histories = world_.train.view();
  const auto folded = FoldIn(context_, *read, {.weights = histories});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_EQ(folded->values(), blend->customer_embeddings.values());
  const auto lists = ModelTopK(
      context_, *read,
      {.embeddings = folded->view(), .histories = histories, .excluded = histories, .allowed = {}},
      {.k = 3});
  ASSERT_TRUE(lists.ok()) << lists.status();
  const std::vector<double> scores = Scores(*blend, histories);
  for (int64_t u = 0; u < histories.rows(); ++u) {
    double last = HUGE_VAL;
    for (const ScoredItem& one : lists->list(u)) {
      EXPECT_NEAR(one.score, scores[static_cast<size_t>(u * histories.cols + one.item.value)],
                  1e-5);
      EXPECT_LE(one.score, last);
      last = one.score;
    }
    // Nothing that is not listed scores more.
    for (uint32_t j = 0; j < histories.cols; ++j) {
      const auto listed = lists->list(u);
      const auto same = [j](const ScoredItem& one) { return one.item.value == j; };
      if (std::ranges::binary_search(histories.row_columns(u), j) ||
          std::ranges::any_of(listed, same)) {
        continue;
      }
      EXPECT_LE(scores[static_cast<size_t>(u * histories.cols + j)], last + 1e-5);
    }
  }
}

TEST_F(TrainBlendTest, SameBitsForAnyThreads) {
  using enum RecommenderKind;
  const std::vector<BlendMember> members = {Member(1, kAls), Member(0.3F, kEase)};
  const auto two = Train(members);
  ASSERT_TRUE(two.ok()) << two.status();
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto threaded = TrainBlend(other, Data(), {.members = members, .ranker = {}}, &report_);
  ASSERT_TRUE(threaded.ok()) << threaded.status();
  EXPECT_EQ(EmbeddingsSha256(*threaded), EmbeddingsSha256(*two));
  EXPECT_EQ(threaded->item_operator.values, two->item_operator.values);
}

TEST_F(TrainBlendTest, MembersOfAConfig) {
  auto config = Config::Parse(
      "recommender: {model: blend, blend: {members: [{model: als, als: {dim: 7}}, "
      "{weight: 0.25, model: ease}]}}",
      "test");
  ASSERT_TRUE(config.ok()) << config.status();
  RecommenderOptions options = ParseRecommenderOptions(config->root().Child("recommender"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.kind, RecommenderKind::kBlend);
  ASSERT_EQ(options.blend.members.size(), 2U);
  EXPECT_EQ(options.blend.members[0].weight, 1);
  EXPECT_EQ(options.blend.members[0].recommender.kind, RecommenderKind::kAls);
  EXPECT_EQ(options.blend.members[0].recommender.als.dim, 7);
  EXPECT_EQ(options.blend.members[1].weight, 0.25F);
  SetSeed(8, &options);
  EXPECT_EQ(options.blend.members[0].recommender.als.seed, 8U);

  auto nested = Config::Parse("blend: {members: [{model: blend}]}", "test");
  ASSERT_TRUE(nested.ok());
  ParseRecommenderOptions(nested->root());
  EXPECT_THAT(MessageOf(nested->Finish()), HasSubstr("a blend has no blends among its members"));
}

TEST_F(TrainBlendTest, Refusals) {
  using enum RecommenderKind;
  EXPECT_THAT(MessageOf(Train({}).status()), HasSubstr("blend: 0 members; from 1 to 16"));
  EXPECT_THAT(MessageOf(Train({Member(0, kAls)}).status()),
              HasSubstr("member 1: weight 0 is not a positive number"));
  EXPECT_THAT(MessageOf(Train({Member(1, kBlend)}).status()), HasSubstr("is a blend itself"));
  EXPECT_THAT(MessageOf(Train({Member(1, kEase), Member(1, kItemKnn)}).status()),
              HasSubstr("one with embeddings (spectral, als, sequence) is needed"));
  BlendMember bad = Member(1, kEase);
  bad.recommender.ease.regularization = -1;
  EXPECT_THAT(MessageOf(Train({Member(1, kAls), bad}).status()),
              HasSubstr("blend: member 2: ease: regularization -1"));
}

}  // namespace
}  // namespace burgeon
