#include "engine/release/release_manifest.h"

#include <nlohmann/json.hpp>

#include "engine/storage/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/release_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ReleaseManifestTest : public testing::Test {
 protected:
  ReleaseManifestTest() {
    manifest_ = DescribeRelease(MakeSmallRelease(pool_));
    manifest_.created_at = 1'763'812'800 * kMicrosPerSecond + 123'456;  // 2025-11-22T12:00:00.123Z
    manifest_.tensors = DigestOf("tensors");
    manifest_.item_index = DigestOf("items");
    manifest_.customer_index = DigestOf("");
    manifest_.golden = {
        {CustomerRow(3), RecommendMethod::kModel, {{ItemRow(7), 0.1F}, {ItemRow(2), -0.0F}}},
        {CustomerRow(0), RecommendMethod::kPopularity, {}}};
    SetReleaseId(&manifest_);
  }

  ThreadPool pool_{1};
  ReleaseManifest manifest_;
};

TEST_F(ReleaseManifestTest, GivesBackEveryField) {
  const std::string text = ReleaseManifestText(manifest_);
  const auto read = ParseReleaseManifest(text, "m");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ReleaseManifestText(*read), text);
  EXPECT_EQ(read->customers, 40);
  EXPECT_EQ(read->items, 30);
  EXPECT_EQ(read->dim, 8);
  EXPECT_EQ(read->recommender, "spectral");
  EXPECT_EQ(read->churn, "logistic");
  EXPECT_EQ(read->tensors, manifest_.tensors);
  EXPECT_EQ(read->scalars.as_of, manifest_.scalars.as_of);
  EXPECT_EQ(read->scalars.event_weights.weight, manifest_.scalars.event_weights.weight);
  EXPECT_EQ(read->scalars.consent_policy.when_unsaid, ConsentDefault::kGranted);
  EXPECT_EQ(read->scalars.customer_index.similarity, Similarity::kCosine);
  ASSERT_EQ(read->golden.size(), 2U);
  EXPECT_EQ(read->golden[0].items, manifest_.golden[0].items);
  EXPECT_TRUE(std::signbit(read->golden[0].items[1].score));
  EXPECT_EQ(read->golden[1].method, RecommendMethod::kPopularity);
}

TEST_F(ReleaseManifestTest, TheIdIsTimeAndContent) {
  EXPECT_THAT(manifest_.id, StartsWith("20251122T120000Z-"));
  EXPECT_TRUE(IsReleaseId(manifest_.id));
  ReleaseManifest same = manifest_;
  SetReleaseId(&same);
  EXPECT_EQ(same.id, manifest_.id);
  same.scalars.config_sha256 = "another";
  SetReleaseId(&same);
  EXPECT_NE(same.id, manifest_.id);
}

TEST_F(ReleaseManifestTest, KnowsAnIdFromAPath) {
  EXPECT_TRUE(IsReleaseId("20261122T154500Z-1a2b3c4d"));
  for (const char* const text :
       {"", "..", "20261122T154500Z-1a2b3c4", "20261122T154500Z-1a2b3c4d5",
        "20261122T154500Z-1a2b3c4G", "2026112xT154500Z-1a2b3c4d", ".tmp-20261122T154500Z",
        "20261122T154500Z/1a2b3c4d", "20261122T154500Z-1A2B3C4D"}) {
    EXPECT_FALSE(IsReleaseId(text)) << text;
  }
}

TEST_F(ReleaseManifestTest, EveryMissingFieldIsNamed) {
  const auto whole = nlohmann::json::parse(ReleaseManifestText(manifest_), nullptr, false);
  for (const auto& [name, value] : whole.items()) {
    if (name == "created_at") continue;  // for people
    auto json = whole;
    json.erase(name);
    const auto read = ParseReleaseManifest(json.dump(), "w/manifest.json");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << name;
    EXPECT_THAT(MessageOf(read.status()), StartsWith("w/manifest.json: field '" + name));
  }
}

TEST_F(ReleaseManifestTest, EveryFieldOfAnotherTypeIsNamed) {
  const auto whole = nlohmann::json::parse(ReleaseManifestText(manifest_), nullptr, false);
  for (const auto& [name, value] : whole.items()) {
    if (name == "created_at") continue;
    auto json = whole;
    json[name] = nullptr;
    const auto read = ParseReleaseManifest(json.dump(), "m");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << name;
    EXPECT_THAT(MessageOf(read.status()), StartsWith("m: field '" + name + "' is null; "));
  }
}

TEST_F(ReleaseManifestTest, ValuesOutOfRangeAreNamed) {
  const auto whole = nlohmann::json::parse(ReleaseManifestText(manifest_), nullptr, false);
  const auto problem = [&](const char* pointer, const nlohmann::json& value) {
    auto json = whole;
    json[nlohmann::json::json_pointer(pointer)] = value;
    const auto read = ParseReleaseManifest(json.dump(), "m");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << pointer;
    return MessageOf(read.status());
  };
  EXPECT_EQ(problem("/schema_version", 1),
            "m: field 'schema_version' is 1; a whole number from 2 to 2 was wanted");
  EXPECT_THAT(problem("/id", "../x"), HasSubstr("field 'id' is \"../x\""));
  EXPECT_THAT(problem("/shape/customers", 0), HasSubstr("'shape.customers' is 0"));
  EXPECT_THAT(problem("/shape/items", 2'000'000'000), HasSubstr("'shape.items'"));
  EXPECT_THAT(problem("/consent_default", "maybe"), HasSubstr("granted or denied"));
  EXPECT_THAT(problem("/event_weights/view", 1e300), HasSubstr("a number that fits 32 bits"));
  EXPECT_THAT(problem("/indexes/item/kind", "pq"), HasSubstr("flat, hnsw or ivf"));
  EXPECT_THAT(problem("/indexes/customer/similarity", "inner_product"), HasSubstr("cosine"));
  EXPECT_THAT(problem("/indexes/item/ivf_lists", -1), HasSubstr("'indexes.item.ivf_lists' is -1"));
  EXPECT_THAT(problem("/files/item.index/sha256", "00"), HasSubstr("64 hexadecimal digits"));
  EXPECT_THAT(problem("/files/item.index/bytes", -1), HasSubstr("'files.item.index.bytes' is -1"));
  EXPECT_THAT(problem("/golden", nlohmann::json::array()), HasSubstr("1 to 1000 lists"));
  EXPECT_THAT(problem("/golden/0/method", "neighbours"), HasSubstr("model or popularity"));
  EXPECT_THAT(problem("/golden/0/item_rows/0", -1), HasSubstr("'golden[0].item_rows[0]' is -1"));
  EXPECT_THAT(problem("/golden/0/score_bits", {1}), HasSubstr("as many as item_rows"));
}

TEST_F(ReleaseManifestTest, EveryTruncationIsRefused) {
  const std::string text = ReleaseManifestText(manifest_);
  for (size_t length = 0; length + 1 < text.size(); length += 7) {
    EXPECT_FALSE(ParseReleaseManifest(text.substr(0, length), "m").ok()) << length;
  }
}

TEST_F(ReleaseManifestTest, EverySingleBitFlipIsRefused) {
  const std::string text = ReleaseManifestText(manifest_);
  ASSERT_TRUE(ParseReleaseManifest(text, "m").ok());
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const auto read = ParseReleaseManifest(damaged, "m");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << bit;
  }
}

}  // namespace
}  // namespace burgeon
