#include "engine/insight/satisfaction_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

Event& Feedback(MemoryEvents& events, std::string_view customer, std::string_view kind,
                std::string_view score, double day) {
  Event& event = events.Add(customer, "", EventType::kFeedback, Day(day));
  event.properties = {{"kind", std::string(kind)}};
  if (!score.empty()) event.properties["score"] = score;
  return event;
}

AnswerLog Collect(const MemoryEvents& events, double as_of_day,
                  ConsentDefault when_unsaid = ConsentDefault::kGranted) {
  ThreadPool pool(2);
  const auto log = EventLog::Read(pool, events);
  EXPECT_TRUE(log.ok()) << MessageOf(log.status());
  SnapshotOptions options;
  options.as_of = Day(as_of_day);
  options.consent.when_unsaid = when_unsaid;
  options.purpose = Purpose::kScore;
  const auto snapshot = BuildSnapshot(pool, *log, options);
  EXPECT_TRUE(snapshot.ok()) << MessageOf(snapshot.status());
  const auto answers = CollectAnswers(pool, events, *snapshot);
  EXPECT_TRUE(answers.ok()) << MessageOf(answers.status());
  return *answers;
}

TEST(SatisfactionAnswers, TakesEachKindOnItsScale) {
  MemoryEvents events;
  Feedback(events, "ann", "nps", "9", 1);
  Feedback(events, "ann", "csat", "4", 2);
  Feedback(events, "ann", "review", "3", 3).item_id = "cup";
  Event& effort = Feedback(events, "ann", "survey", "6", 4);
  effort.properties["survey"] = "ces";
  effort.channel = "phone";
  Feedback(events, "ann", "survey", "6", 5);  // of something else: counted by its kind
  Feedback(events, "ann", "complaint", "", 6);
  const AnswerLog log = Collect(events, 10);
  ASSERT_EQ(log.answers.size(), 4U);
  EXPECT_EQ(log.answers[0].kind, AnswerKind::kNps);
  EXPECT_EQ(log.answers[0].scale_max, 10);
  EXPECT_EQ(log.answers[1].scale_max, 5);
  EXPECT_EQ(log.answers[2].item, "cup");
  EXPECT_EQ(log.answers[3].kind, AnswerKind::kEffort);
  EXPECT_EQ(log.answers[3].scale_max, 7);
  EXPECT_EQ(log.answers[3].channel, "phone");
  EXPECT_THAT(log.by_kind, UnorderedElementsAre(Pair("nps", 1), Pair("csat", 1), Pair("review", 1),
                                                Pair("survey", 2), Pair("complaint", 1)));
  EXPECT_EQ(log.unreadable, 0);
}

TEST(SatisfactionAnswers, SeesOnlyWhatWasKnown) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(0));
  Feedback(events, "ann", "nps", "9", 1);
  Feedback(events, "ann", "nps", "2", 1).known_at = Day(5);  // arrived late
  Feedback(events, "ann", "nps", "3", 6);
  EXPECT_EQ(Collect(events, 4).answers.size(), 1U);
  EXPECT_EQ(Collect(events, 4).by_kind.at("nps"), 1);
  EXPECT_EQ(Collect(events, 5).answers.size(), 2U);
  EXPECT_EQ(Collect(events, 6).answers.size(), 3U);
}

TEST(SatisfactionAnswers, LeavesOutWhoDoesNotConsentToScoring) {
  MemoryEvents events;
  Feedback(events, "ann", "nps", "9", 1);
  Feedback(events, "bob", "nps", "1", 1);
  Feedback(events, "bob", "complaint", "", 2);
  events.Consent("bob", "score", false, Day(3));
  EXPECT_EQ(Collect(events, 2).answers.size(), 2U);  // before bob said so
  const AnswerLog log = Collect(events, 4);
  ASSERT_EQ(log.answers.size(), 1U);
  EXPECT_EQ(log.answers[0].score, 9);
  EXPECT_EQ(log.without_consent, 2);
  EXPECT_THAT(log.by_kind, ElementsAre(Pair("nps", 1)));
  const AnswerLog denied = Collect(events, 4, ConsentDefault::kDenied);
  EXPECT_EQ(denied.answers.size(), 0U);
  EXPECT_EQ(denied.without_consent, 3);
}

TEST(SatisfactionAnswers, FindsTheCustomerByEveryLinkedId) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(0));
  Feedback(events, "cookie", "nps", "9", 1);
  Event& link = events.Add("ann", "", EventType::kIdLink, Day(2));
  link.properties["linked_id"] = "cookie";
  Feedback(events, "ann", "nps", "4", 3);
  const AnswerLog before = Collect(events, 1);
  const AnswerLog after = Collect(events, 4);
  ASSERT_EQ(before.answers.size(), 1U);
  ASSERT_EQ(after.answers.size(), 2U);
  EXPECT_EQ(after.answers[0].customer, after.answers[1].customer);
}

TEST(SatisfactionAnswers, ScoresOffTheirScaleAreCountedAndLeftOut) {
  MemoryEvents events;
  Feedback(events, "ann", "nps", "11", 1);
  Feedback(events, "ann", "nps", "nine", 1);
  Feedback(events, "ann", "csat", "0", 1);
  Feedback(events, "ann", "csat", "6", 1).properties["scale_max"] = "7";
  Feedback(events, "ann", "nps", "4", 1).properties["scale_max"] = "5";
  const AnswerLog log = Collect(events, 2);
  ASSERT_EQ(log.answers.size(), 1U);
  EXPECT_EQ(log.answers[0].scale_max, 7);
  EXPECT_EQ(log.unreadable, 4);
}

}  // namespace
}  // namespace burgeon
