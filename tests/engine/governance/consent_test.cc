#include "engine/governance/consent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

using testing::HasSubstr;

Event Consent(const std::string& purpose, const std::string& granted) {
  Event event;
  event.customer_id = "17850";
  event.type = EventType::kConsent;
  event.properties = {{"purpose", purpose}, {"granted", granted}};
  return event;
}

TEST(Consent, PurposesHaveNames) {
  for (const Purpose purpose : kAllPurposes) {
    EXPECT_EQ(ParsePurpose(PurposeName(purpose)), purpose);
  }
  EXPECT_FALSE(ParsePurpose("all"));
  EXPECT_FALSE(ParsePurpose(""));
}

TEST(Consent, TheDefaultMustBeStated) {
  auto granted = Config::Parse("consent: {default: granted}", "a.yaml");
  const ConsentPolicy policy = ParseConsentPolicy(granted->root().Child("consent"));
  EXPECT_TRUE(granted->Finish().ok());
  for (const Purpose purpose : kAllPurposes) EXPECT_TRUE(policy.initial().Allows(purpose));

  auto denied = Config::Parse("consent: {default: denied}", "a.yaml");
  EXPECT_EQ(ParseConsentPolicy(denied->root().Child("consent")).initial(), ConsentBits{});
  EXPECT_TRUE(denied->Finish().ok());

  auto missing = Config::Parse("other: 1", "a.yaml");
  missing->root().GetInt("other", 0);
  ParseConsentPolicy(missing->root().Child("consent"));
  EXPECT_THAT(MessageOf(missing->Finish()), HasSubstr("consent.default"));
}

TEST(Consent, AnEventSetsOnePurposeOrAll) {
  ConsentBits bits;
  ASSERT_TRUE(ApplyConsentEvent(Consent("score", "true"), &bits).ok());
  EXPECT_TRUE(bits.Allows(Purpose::kScore));
  EXPECT_FALSE(bits.Allows(Purpose::kRecommend));
  ASSERT_TRUE(ApplyConsentEvent(Consent("all", "true"), &bits).ok());
  ASSERT_TRUE(ApplyConsentEvent(Consent("export", "false"), &bits).ok());
  EXPECT_TRUE(bits.Allows(Purpose::kRecommend));
  EXPECT_TRUE(bits.Allows(Purpose::kScore));
  EXPECT_TRUE(bits.Allows(Purpose::kAudience));
  EXPECT_FALSE(bits.Allows(Purpose::kExport));
}

TEST(Consent, AnythingElseIsRefusedAndChangesNothing) {
  ConsentBits bits;
  bits.Set(Purpose::kScore, true);
  const ConsentBits before = bits;
  Event purchase = Consent("score", "false");
  purchase.type = EventType::kPurchase;
  EXPECT_EQ(ApplyConsentEvent(purchase, &bits).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(ApplyConsentEvent(Consent("scoring", "false"), &bits)),
              HasSubstr("purpose 'scoring'"));
  EXPECT_THAT(MessageOf(ApplyConsentEvent(Consent("score", "yes"), &bits)),
              HasSubstr("granted 'yes'"));
  Event silent = Consent("score", "false");
  silent.properties.erase("granted");
  EXPECT_THAT(MessageOf(ApplyConsentEvent(silent, &bits)), HasSubstr("no property 'granted'"));
  EXPECT_EQ(bits, before);
}

ConsentBits Bits(std::initializer_list<Purpose> purposes) {
  ConsentBits bits;
  for (const Purpose purpose : purposes) bits.Set(purpose, true);
  return bits;
}

TEST(ConsentOverrideTest, TheLaterStatementCountsPurposeByPurpose) {
  ConsentOverride said;
  said.Say(Purpose::kScore, false, 10);
  said.Say(Purpose::kExport, true, 10);
  const ConsentBits base = Bits({Purpose::kScore, Purpose::kAudience});
  EXPECT_EQ(said.ApplyTo(base, kNothingSaid), Bits({Purpose::kExport, Purpose::kAudience}));
  EXPECT_EQ(said.ApplyTo(base, {0, 11, 0, 9}),
            Bits({Purpose::kScore, Purpose::kAudience, Purpose::kExport}));
  said.Say(Purpose::kScore, true, 9);  // overtaken
  EXPECT_FALSE(said.granted.Allows(Purpose::kScore));
  said.Say(Purpose::kScore, true, 10);  // at once: the one said last
  EXPECT_TRUE(said.granted.Allows(Purpose::kScore));
}

TEST(ConsentOverrideTest, AnErasedCustomerConsentsToNothing) {
  ConsentOverride said;
  said.Say(Purpose::kScore, true, 10);
  said.erased = true;
  EXPECT_EQ(said.ApplyTo(Bits({Purpose::kExport}), kNothingSaid), ConsentBits{});
}

TEST(ConsentOverrideTest, OfTwoIdsOfAPersonAtOnceTheRefusalCountsInEitherOrder) {
  ConsentOverride grants;
  grants.Say(Purpose::kScore, true, 10);
  ConsentOverride refuses;
  refuses.Say(Purpose::kScore, false, 10);
  ConsentOverride later;
  later.Say(Purpose::kScore, true, 11);
  for (auto [a, b] : {std::pair(grants, refuses), std::pair(refuses, grants)}) {
    a.Join(b);
    EXPECT_TRUE(a.changed.Allows(Purpose::kScore));
    EXPECT_FALSE(a.granted.Allows(Purpose::kScore));
    a.Join(later);
    EXPECT_TRUE(a.granted.Allows(Purpose::kScore));
    a.Join(b);
    EXPECT_TRUE(a.granted.Allows(Purpose::kScore));
  }
}

}  // namespace
}  // namespace burgeon
