#include "training/recommender/evaluate_sequences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

// After item i comes item i + 3 of 20: the last item of a walk follows from the one before.
std::string Walks() {
  std::string text;
  for (int user = 0; user < 120; ++user) {
    text += Concat("u", user);
    for (int t = 0; t < 5; ++t) text += Concat(" i", (user + 3 * t) % 20);
    text += "\n";
  }
  return text;
}

class EvaluateSequencesTest : public testing::Test {
 protected:
  EvaluateSequencesTest() {
    options_.path = "walks.txt";
    options_.recommender.sequence.dim = 16;
    options_.recommender.sequence.epochs = 30;
    options_.recommender.sequence.patience = 0;
    options_.recommender.sequence.learning_rate = 0.01;
    options_.recommender.sequence.batch_size = 32;
    options_.recommender.item_knn.embedding.rank = 8;
    options_.comparison.ks = {1, 5};
    options_.comparison.bootstrap.replicates = 0;
    options_.comparison.runs = {{.name = "sequence",
                                 .model = RecommenderKind::kSequence,
                                 .recommender = options_.recommender}};
  }
  absl::StatusOr<SequenceEvaluation> Evaluate(const std::string& text) {
    files_.contents["walks.txt"] = text;
    return EvaluateSequences(context_, files_, options_);
  }
  SequenceEvaluationOptions options_;
  MemoryFileSystem files_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(EvaluateSequencesTest, TheOrderSaysWhatPopularityCannot) {
  for (const SequencePart part : {SequencePart::kTest, SequencePart::kValidation}) {
    options_.part = part;
    const auto got = Evaluate(Walks());
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(got->customers, 120);
    EXPECT_EQ(got->items, 20);
    EXPECT_EQ(got->test_customers, 120);
    EXPECT_EQ(got->train_items, part == SequencePart::kTest ? 480 : 360);
    ASSERT_EQ(got->quality.models.front().name, "sequence");
    const auto recall = [&](size_t model) {
      return got->quality.models[model].cuts[0].of(ListMetric::kRecall).value;
    };
    EXPECT_GT(recall(0), 0.9);
    EXPECT_EQ(got->quality.models.back().name, "popularity");
    EXPECT_LT(recall(got->quality.models.size() - 1), 0.3);
  }
}

TEST_F(EvaluateSequencesTest, NothingToFindIsAnError) {
  EXPECT_EQ(Evaluate("a 1\nb 2\n").status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
