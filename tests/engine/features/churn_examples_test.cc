#include "engine/features/churn_examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SnapshotOptions Granted() {
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  return options;
}

absl::StatusOr<ChurnExamples> Build(const MemoryEvents& events, TimeMicros as_of,
                                    const ChurnOptions& options) {
  ThreadPool pool(2);
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, EventLog::Read(pool, events));
  return BuildChurnExamples(pool, log, Granted(), as_of, options);
}

constexpr ChurnOptions kShort = {.activity_window_days = 10, .prediction_window_days = 5};

TEST(ChurnExamplesTest, PopulationAndLabelEndWhereTheySay) {
  MemoryEvents events;
  events.Purchase("a-too-old", "cup", Day(90));  // T - 10 days: outside
  events.Purchase("b-oldest", "cup", Day(90) + 1);
  events.Purchase("c-stays", "cup", Day(95));
  events.Purchase("c-stays", "cup", Day(105));  // the last moment of the window
  events.Purchase("d-goes", "cup", Day(100));   // at T
  events.Purchase("d-goes", "cup", Day(105) + 1);
  events.Purchase("e-late", "cup", Day(99));
  events.Purchase("e-late", "cup", Day(102)).known_at = Day(106);
  events.Purchase("f-returns", "cup", Day(99));
  events.Add("f-returns", "cup", EventType::kReturn, Day(102));
  events.Purchase("g-new", "cup", Day(101));
  events.Add("h-looks", "cup", EventType::kView, Day(99));
  const auto examples = Build(events, Day(100), kShort);
  ASSERT_TRUE(examples.ok()) << examples.status();
  EXPECT_THAT(examples->customers,
              ElementsAre("b-oldest", "c-stays", "d-goes", "e-late", "f-returns"));
  EXPECT_THAT(examples->churned, ElementsAre(1, 0, 1, 1, 1));
  EXPECT_EQ(examples->features.values.rows(), 5);
  EXPECT_EQ(examples->features.values.at(1, 0), 5) << examples->features.names[0];
  EXPECT_EQ(examples->as_of, Day(100));
}

TEST(ChurnExamplesTest, ConsentForScoreDecidesWhoIsThere) {
  MemoryEvents events;
  for (const char* id : {"ann", "bea", "cat", "dot"}) events.Purchase(id, "cup", Day(99));
  events.Purchase("ann", "cup", Day(105));
  events.Consent("bea", "score", false, Day(98));      // before T
  events.Consent("cat", "score", false, Day(103));     // in the window
  events.Consent("dot", "recommend", false, Day(98));  // for something else
  const auto examples = Build(events, Day(100), kShort);
  ASSERT_TRUE(examples.ok()) << examples.status();
  EXPECT_THAT(examples->customers, ElementsAre("ann", "dot"));
}

TEST(ChurnExamplesTest, RefusesWhatCannotBeKnown) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(50));
  events.Purchase("ann", "cup", Day(104));
  const auto open = Build(events, Day(100), kShort);
  EXPECT_EQ(open.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(open.status()), HasSubstr("last event is of 2011-04-15T00:00:00Z"));
  const auto nobody = Build(events, Day(80), kShort);
  EXPECT_EQ(nobody.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(nobody.status()), HasSubstr("no customer"));
  EXPECT_EQ(Build(events, INT64_MAX, kShort).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Build(events, Day(50), {.prediction_window_days = 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ChurnExamplesTest, NothingAfterTheWindowIsSeen) {
  const MemoryEvents world = MakeWorld(200, 150, 6);
  MemoryEvents planted = world;
  PlantFuture(Day(110), &planted);
  const ChurnOptions options = {.activity_window_days = 60, .prediction_window_days = 30};
  const auto without = Build(world, Day(80), options);
  const auto with = Build(planted, Day(80), options);
  ASSERT_TRUE(without.ok() && with.ok());
  ASSERT_GT(without->size(), 50);
  EXPECT_EQ(without->customers, with->customers);
  EXPECT_EQ(without->churned, with->churned);
  EXPECT_EQ(without->features.values.values(), with->features.values.values());
}

TEST(ChurnExamplesTest, FeaturesDoNotSeeTheWindowOfTheLabel) {
  const MemoryEvents world = MakeWorld(200, 150, 6);
  MemoryEvents planted = world;
  for (int c = 0; c < 200; ++c) planted.Purchase(Concat("c", 10'000 + c), "i100", Day(85));
  const ChurnOptions options = {.activity_window_days = 60, .prediction_window_days = 30};
  const auto without = Build(world, Day(80), options);
  const auto with = Build(planted, Day(80), options);
  ASSERT_TRUE(without.ok() && with.ok());
  EXPECT_EQ(without->features.values.values(), with->features.values.values());
  EXPECT_THAT(without->churned, testing::Contains(1));
  EXPECT_THAT(with->churned, testing::Each(0));
}

TEST(ChurnExamplesTest, Append) {
  const MemoryEvents world = MakeWorld(50, 150, 6);
  const ChurnOptions options = {.activity_window_days = 60, .prediction_window_days = 30};
  const auto first = Build(world, Day(60), options);
  const auto second = Build(world, Day(80), options);
  ASSERT_TRUE(first.ok() && second.ok());
  ChurnExamples joined;
  AppendChurnExamples(*first, &joined);
  AppendChurnExamples(*second, &joined);
  EXPECT_EQ(joined.size(), first->size() + second->size());
  EXPECT_EQ(joined.as_of, Day(80));
  EXPECT_EQ(joined.features.values.rows(), joined.size());
  EXPECT_EQ(joined.features.values.at(first->size(), 3), second->features.values.at(0, 3));
  EXPECT_EQ(joined.customers.back(), second->customers.back());
}

TEST(ParseChurnOptionsTest, ReadsAndChecks) {
  auto config = Config::Parse("churn: {prediction_window_days: 60, train_step_days: 7}", "c.yaml");
  ASSERT_TRUE(config.ok());
  const ChurnOptions options = ParseChurnOptions(config->root().Child("churn"));
  EXPECT_TRUE(config->Finish().ok());
  EXPECT_EQ(options.prediction_window_days, 60);
  EXPECT_EQ(options.train_step_days, 7);
  EXPECT_EQ(options.activity_window_days, ChurnOptions().activity_window_days);
  auto bad = Config::Parse("churn: {prediction_window_days: 0}", "c.yaml");
  ASSERT_TRUE(bad.ok());
  ParseChurnOptions(bad->root().Child("churn"));
  EXPECT_THAT(MessageOf(bad->Finish()), HasSubstr("churn.prediction_window_days"));
}

}  // namespace
}  // namespace burgeon
