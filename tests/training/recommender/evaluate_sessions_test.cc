#include "training/recommender/evaluate_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

// After item i comes item i + 3 of 20.
TEST(EvaluateSessionsTest, EveryModelIsMeasuredOnTheSameQueries) {
  MemoryFileSystem files;
  std::string& train = files.contents["train"];
  std::string& test = files.contents["test"];
  for (int s = 0; s < 200; ++s) {
    for (int t = 0; t < 4; ++t) train += Concat(t == 0 ? "" : " ", (s + 3 * t) % 20);
    train += "\n";
  }
  for (int s = 0; s < 20; ++s) test += Concat(s, " ", (s + 3) % 20, "\t", (s + 6) % 20, "\n");
  test += "1\tnobody\n";  // never clicked in train
  SessionEvaluationOptions options;
  options.train_path = "train";
  options.test_path = "test";
  options.k = 3;
  options.sequence.dim = 16;
  options.sequence.epochs = 20;
  options.sequence.patience = 0;
  options.sequence.learning_rate = 0.01;
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  const auto got = EvaluateSessions(context, files, options);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->sessions, 200);
  EXPECT_EQ(got->clicks, 800);
  EXPECT_EQ(got->items, 20);
  EXPECT_EQ(got->queries, 21);
  EXPECT_EQ(got->unknown, 1);
  ASSERT_EQ(got->models.size(), 3U);
  EXPECT_EQ(got->models[0].name, "sequence");
  EXPECT_GT(got->models[0].mrr, 0.9 * 20 / 21);
  EXPECT_EQ(got->models[1].name, "session_knn");
  EXPECT_GT(got->models[1].hit_rate, 0.5);
  // Every item was clicked as often: the first three rows are listed to everyone.
  EXPECT_EQ(got->models[2].name, "popularity");
  EXPECT_NEAR(got->models[2].hit_rate, 3.0 / 21, 1e-9);
  EXPECT_NEAR(got->models[2].mrr, (1 + 0.5 + 1.0 / 3) / 21, 1e-9);
}

}  // namespace
}  // namespace burgeon
