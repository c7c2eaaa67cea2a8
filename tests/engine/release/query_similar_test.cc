#include <gmock/gmock.h>

#include "engine/index/vector_scorer.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST_F(QueryTest, SimilarItemsAreTheNearestByCosine) {
  const auto entries = SimilarItems(view(), "i07", 5);
  ASSERT_TRUE(entries.ok()) << entries.status();
  const FloatMatrix& items = data().recommender.item_embeddings;
  std::vector<Neighbor> expected;
  for (uint32_t i = 0; i < kSmallItems; ++i) {
    if (i != 7) expected.push_back({i, *CanonicalCosine(items.row(7), items.row(i))});
  }
  KeepBest(5, &expected);
  ASSERT_EQ(entries->size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ((*entries)[i].id, data().items.id(expected[i].row));
    EXPECT_EQ((*entries)[i].label, data().item_label[expected[i].row]);
    EXPECT_EQ((*entries)[i].score, expected[i].score);
  }
}

TEST_F(QueryTest, SimilarCustomersHoldNeitherSelfNorAnyoneWithoutConsent) {
  Erase("c11");
  SetConsent("c13", Purpose::kRecommend, true);
  const auto entries = SimilarCustomers(view(), "c02", 100);
  ASSERT_TRUE(entries.ok()) << entries.status();
  std::set<std::string> expected;
  for (const CustomerRow row : CustomersFor(view(), Purpose::kRecommend)) {
    expected.insert(data().customers.id(row.value));
  }
  expected.erase("c02");
  expected.erase("c39");  // no embedding, hence no cosine
  std::set<std::string> found;
  for (const SimilarEntry& entry : *entries) found.insert(entry.id);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found.size(), entries->size());
  for (size_t i = 1; i < entries->size(); ++i) {
    EXPECT_GE((*entries)[i - 1].score, (*entries)[i].score);
  }
  // k is reached although the nearest are masked.
  EXPECT_EQ(SimilarCustomers(view(), "c02", 3)->size(), 3U);
}

TEST_F(QueryTest, WhoHasNoEmbeddingIsSimilarToNobody) {
  const auto entries = SimilarCustomers(view(), "c39", 5);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_TRUE(entries->empty());
}

TEST_F(QueryTest, BadSimilarRequestsAreNamed) {
  EXPECT_EQ(SimilarItems(view(), "nothing", 5).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(SimilarItems(view(), "i01", 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(SimilarItems(view(), "", 5).status()), HasSubstr("item_id: an empty id"));
  EXPECT_EQ(SimilarCustomers(view(), "c13", 5).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(SimilarCustomers(view(), "c01", 0).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
