#include "engine/events/event_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace burgeon {
namespace {

using Properties = std::map<std::string, std::string>;

// "ok", or "field: what was wanted".
std::string Check(EventType type, const Properties& properties, const std::string& customer = "c") {
  Event event;
  event.type = type;
  event.customer_id = customer;
  event.properties = properties;
  FieldProblem problem;
  if (CheckEvent(event, &problem)) return "ok";
  return problem.field + ": " + problem.wanted;
}

TEST(EventRules, MostEventsNeedNothing) {
  for (int type = 0; type < static_cast<int>(EventType::kRating); ++type) {
    EXPECT_EQ(Check(static_cast<EventType>(type), {}, ""), "ok") << type;
  }
  EXPECT_EQ(Check(EventType::kOther, {{"type", "x"}}, ""), "ok");
}

TEST(EventRules, ConsentHasACustomerAPurposeAndAnAnswer) {
  const auto consent = [](const char* purpose, const char* granted, const char* customer = "c") {
    return Check(EventType::kConsent, {{"purpose", purpose}, {"granted", granted}}, customer);
  };
  for (const char* purpose : {"recommend", "score", "audience", "export", "all"}) {
    EXPECT_EQ(consent(purpose, "true"), "ok");
    EXPECT_EQ(consent(purpose, "false"), "ok");
  }
  EXPECT_EQ(consent("marketing", "true"),
            "consent.purpose: one of recommend, score, audience, export, all");
  EXPECT_EQ(consent("all", "yes"), "consent.granted: one of true, false");
  EXPECT_EQ(Check(EventType::kConsent, {{"purpose", "all"}}),
            "consent.granted: one of true, false");
  EXPECT_EQ(consent("all", "true", ""),
            "customer: a customer, whom an event of type consent is about");
}

TEST(EventRules, AttributesHaveANameAndAValue) {
  EXPECT_EQ(Check(EventType::kAttribute, {{"name", "city"}, {"value", "Hull"}}), "ok");
  EXPECT_EQ(Check(EventType::kAttribute, {{"value", "Hull"}}), "attribute.name: an id");
  EXPECT_EQ(Check(EventType::kAttribute, {{"name", "city"}}), "attribute.value: a value");
  EXPECT_EQ(Check(EventType::kAttribute, {{"name", "city"}, {"value", "Hull"}}, ""),
            "customer: a customer, whom an event of type attribute is about");
}

TEST(EventRules, LinksHaveATarget) {
  EXPECT_EQ(Check(EventType::kIdLink, {{"linked_id", "d1"}}), "ok");
  EXPECT_EQ(Check(EventType::kIdLink, {}), "id_link.linked_id: an id");
  EXPECT_EQ(Check(EventType::kIdLink, {{"linked_id", "a\nb"}}),
            "id_link.linked_id: an id without control characters");
  EXPECT_EQ(Check(EventType::kIdLink, {{"linked_id", std::string(513, 'x')}}),
            "id_link.linked_id: an id of at most 512 bytes");
}

TEST(EventRules, FeedbackFollowsItsKind) {
  const auto feedback = [](Properties properties, const char* kind) {
    properties["kind"] = kind;
    return Check(EventType::kFeedback, properties, "");
  };
  EXPECT_EQ(feedback({{"text", "good"}}, "praise"),
            "feedback.kind: one of nps, csat, survey, review, complaint, support");
  for (const char* score : {"0", "10", "7.0"}) {
    EXPECT_EQ(feedback({{"score", score}}, "nps"), "ok") << score;
  }
  for (const char* score : {"-1", "11", "7.5", "good", ""}) {
    EXPECT_EQ(feedback({{"score", score}}, "nps"), "feedback.score: a whole number from 0 to 10")
        << score;
  }
  EXPECT_EQ(feedback({{"score", "3"}, {"scale_max", "5"}}, "nps"),
            "feedback.scale_max: 10, of nps");
  EXPECT_EQ(feedback({{"score", "5"}}, "csat"), "ok");
  EXPECT_EQ(feedback({{"score", "6"}}, "csat"), "feedback.score: a number from 1 to 5");
  EXPECT_EQ(feedback({{"score", "6"}, {"scale_max", "7"}}, "csat"), "ok");
  EXPECT_EQ(feedback({{"score", "0"}}, "csat"), "feedback.score: a number from 1 to 5");
  EXPECT_EQ(feedback({{"text", "fine"}}, "csat"), "feedback.score: a value");
  EXPECT_EQ(feedback({{"score", "4.5"}, {"text", "nice"}}, "review"), "ok");
  EXPECT_EQ(feedback({{"score", "5.5"}}, "review"), "feedback.score: a number from 0 to 5");
  EXPECT_EQ(feedback({{"score", "77"}}, "survey"), "ok") << "no scale, any score";
  EXPECT_EQ(feedback({{"score", "-77"}}, "survey"), "feedback.score: a number from 0");
  EXPECT_EQ(feedback({}, "complaint"), "feedback.text: a score or a text");
  EXPECT_EQ(feedback({{"text", "broken"}, {"scale_max", "0"}}, "complaint"),
            "feedback.scale_max: a number above 0 and at most 1000");
  EXPECT_EQ(feedback({{"text", "broken"}, {"scale_max", "1001"}}, "complaint"),
            "feedback.scale_max: a number above 0 and at most 1000");
}

TEST(EventRules, LanguagesAreTags) {
  const auto language = [](const char* tag) {
    return Check(EventType::kFeedback, {{"kind", "support"}, {"text", "x"}, {"language", tag}});
  };
  for (const char* tag : {"en", "zh-Hans", "zh-Hans-CN", "gsw", "en-GB", "sl-rozaj-1994"}) {
    EXPECT_EQ(language(tag), "ok") << tag;
  }
  for (const char* tag : {"e", "english", "en_GB", "en-", "-en", "12", "en--GB", "en-abcdefghi"}) {
    EXPECT_EQ(language(tag), "feedback.language: a language tag such as en or zh-Hans") << tag;
  }
}

TEST(EventRules, RatingsAndDwellTimesAreNumbers) {
  EXPECT_EQ(Check(EventType::kRating, {{"score", "4.0"}}), "ok");
  EXPECT_EQ(Check(EventType::kRating, {{"score", "6"}, {"scale_max", "5"}}),
            "rating.score: a number from 0 to 5");
  EXPECT_EQ(Check(EventType::kRating, {}), "ok");
  EXPECT_EQ(Check(EventType::kRating, {{"score", "-1"}}), "rating.score: a number from 0");
  EXPECT_EQ(Check(EventType::kView, {{"dwell_seconds", "12.5"}}), "ok");
  EXPECT_EQ(Check(EventType::kView, {{"dwell_seconds", "-1"}}),
            "view.dwell_seconds: a number of seconds from 0");
  EXPECT_EQ(Check(EventType::kVisit, {{"dwell_seconds", "long"}}),
            "visit.dwell_seconds: a number of seconds from 0");
}

}  // namespace
}  // namespace burgeon
