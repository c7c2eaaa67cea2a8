#include "serving/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

std::string ConsentProblem(std::string_view body) {
  const auto post = ParseConsentBody(body);
  EXPECT_TRUE(absl::IsInvalidArgument(post.status())) << body;
  return MessageOf(post.status());
}

TEST(ChangesTest, AConsentPostIsRead) {
  const auto one = ParseConsentBody(
      R"({"customer_id": "17850", "purpose": "audience", "granted": false,
          "time": "2025-11-22T12:00:00Z"})");
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->customer_id, "17850");
  EXPECT_THAT(one->purposes, ElementsAre(Purpose::kAudience));
  EXPECT_FALSE(one->granted);
  EXPECT_EQ(one->time, 1'763'812'800 * kMicrosPerSecond);
  const auto all = ParseConsentBody(R"({"customer_id": "a", "purpose": "all", "granted": true})");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(all->purposes, ElementsAreArray(kAllPurposes));
  EXPECT_EQ(all->time, std::nullopt);
}

TEST(ChangesTest, AWrongConsentPostNamesItsField) {
  EXPECT_EQ(ConsentProblem(R"({"purpose": "all", "granted": true})"), "customer_id: missing");
  EXPECT_EQ(ConsentProblem(R"({"customer_id": "a", "granted": true})"), "purpose: missing");
  EXPECT_EQ(ConsentProblem(R"({"customer_id": "a", "purpose": "all"})"), "granted: missing");
  EXPECT_THAT(ConsentProblem(R"({"customer_id": "a", "purpose": "ads", "granted": true})"),
              HasSubstr("purpose: 'ads' is not one of"));
  EXPECT_THAT(ConsentProblem(R"({"customer_id": "a", "purpose": "all", "granted": "yes"})"),
              HasSubstr("granted: string, want true or false"));
  EXPECT_THAT(
      ConsentProblem(R"({"customer_id": "a", "purpose": "all", "granted": true, "time": "soon"})"),
      HasSubstr("time: 'soon' is not"));
  EXPECT_THAT(ConsentProblem(R"({"customer_id": "", "purpose": "all", "granted": true})"),
              HasSubstr("customer_id: is empty"));
  EXPECT_THAT(ConsentProblem(R"({"customer": "a"})"), HasSubstr("customer: not a field"));
  EXPECT_THAT(ConsentProblem("[]"), HasSubstr("want an object"));
}

TEST(ChangesTest, AnErasePostIsReadWithItsLimits) {
  const auto ids = ParseEraseBody(R"({"customer_ids": ["a", "b"]})");
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_THAT(*ids, ElementsAre("a", "b"));
  EXPECT_THAT(MessageOf(ParseEraseBody("{}").status()), HasSubstr("customer_ids: missing"));
  EXPECT_THAT(MessageOf(ParseEraseBody(R"({"customer_ids": []})").status()),
              HasSubstr("0 entries, want 1 to 1000"));
  EXPECT_THAT(MessageOf(ParseEraseBody(R"({"customer_ids": [1]})").status()),
              HasSubstr("customer_ids[0]"));
}

TEST(ChangesTest, AnswersAreJson) {
  ConsentPost post{.customer_id = "raw", .purposes = {Purpose::kScore}, .granted = true};
  EXPECT_EQ(ConsentJson("stored", post),
            "{\"customer_id\":\"stored\",\"purposes\":[\"score\"],\"granted\":true,"
            "\"recorded\":true}\n");
  EXPECT_EQ(EraseJson(3), "{\"erased_ids\":3,\"recorded\":true}\n");
}

}  // namespace
}  // namespace burgeon
