#include "engine/release/keep_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/release/release_tensors.h"
#include "tests/support/release_fixture.h"
#include "tests/support/sequence_release.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

std::function<bool(std::string_view)> Is(std::string name) {
  return [name = std::move(name)](std::string_view id) { return id == name; };
}

TEST(KeepRowsTest, WhoIsNamedByIdOrAliasGoes) {
  Vocabulary customers = *Vocabulary::FromIds({"a", "b", "c"});
  ASSERT_TRUE(customers.SetAliases({{"b-cookie", 1}, {"c-cookie", 2}}).ok());
  EXPECT_THAT(RowsWithout(customers, Is("a")), ElementsAre(1, 2));
  EXPECT_THAT(RowsWithout(customers, Is("b-cookie")), ElementsAre(0, 2));
  EXPECT_THAT(RowsWithout(customers, Is("nobody")), ElementsAre(0, 1, 2));
  const std::vector<uint32_t> rows = {0, 2};
  const Vocabulary kept = KeepRows(customers, rows);
  EXPECT_THAT(kept.ids(), ElementsAre("a", "c"));
  EXPECT_EQ(kept.Find("c-cookie"), 1U);
  EXPECT_EQ(kept.Find("b-cookie"), std::nullopt);
}

TEST(KeepRowsTest, TheOrderGoesWithItsCustomer) {
  ThreadPool pool(1);
  const ReleaseData data = MakeSmallSequenceRelease(pool);
  const ReleaseData kept = KeepCustomers(data, RowsWithout(data.customers, Is("c05")));
  ASSERT_TRUE(CheckReleaseData(kept).ok()) << CheckReleaseData(kept);
  ASSERT_EQ(kept.order.rows(), kSmallCustomers - 1);
  EXPECT_EQ(std::ssize(kept.order.items),
            std::ssize(data.order.items) - std::ssize(data.order.view().row(5)));
  for (uint32_t row = 0; row < kept.customers.size(); ++row) {
    const uint32_t old = *data.customers.Find(kept.customers.id(row));
    EXPECT_TRUE(std::ranges::equal(kept.order.view().row(row), data.order.view().row(old)));
  }
  EXPECT_EQ(KeepCustomers(MakeSmallRelease(pool), std::vector<uint32_t>{1, 2}).order.rows(), 0);
  const ItemSequences timed = {.offsets = {0, 2, 3}, .items = {4, 1, 2}, .times = {7, 8, 9}};
  const std::vector<uint32_t> second = {1};
  EXPECT_THAT(KeepRows(timed, second).times, ElementsAre(9));
}

TEST(KeepRowsTest, AReleaseWithoutSomebodyFitsTogether) {
  ThreadPool pool(1);
  const ReleaseData data = MakeSmallRelease(pool);
  const ReleaseData kept = KeepCustomers(data, RowsWithout(data.customers, Is("c05")));
  ASSERT_TRUE(CheckReleaseData(kept).ok()) << CheckReleaseData(kept);
  EXPECT_EQ(kept.customers.size(), kSmallCustomers - 1);
  EXPECT_EQ(kept.customers.Find("c05"), std::nullopt);
  for (uint32_t row = 0; row < kept.customers.size(); ++row) {
    const uint32_t old = *data.customers.Find(kept.customers.id(row));
    EXPECT_EQ(kept.consent[row], data.consent[old]);
    EXPECT_TRUE(
        std::ranges::equal(kept.seen.view().row_columns(row), data.seen.view().row_columns(old)));
    EXPECT_TRUE(std::ranges::equal(kept.interactions.view().row_values(row),
                                   data.interactions.view().row_values(old)));
    EXPECT_TRUE(std::ranges::equal(kept.features.values.row(row), data.features.values.row(old)));
    EXPECT_TRUE(std::ranges::equal(kept.recommender.customer_embeddings.row(row),
                                   data.recommender.customer_embeddings.row(old)));
  }
  EXPECT_EQ(kept.recommender.item_embeddings.values(), data.recommender.item_embeddings.values());
  // What most bought, of those who stay and consent to recommend: counted here once more.
  std::vector<float> popularity(kSmallItems, 0);
  for (uint32_t row = 0; row < data.customers.size(); ++row) {
    if (row == 5 || !data.consent[row].Allows(Purpose::kRecommend)) continue;
    const auto columns = data.interactions.view().row_columns(row);
    const auto values = data.interactions.view().row_values(row);
    for (size_t i = 0; i < columns.size(); ++i) popularity[columns[i]] += values[i];
  }
  EXPECT_EQ(kept.recommender.popularity, popularity);  // small whole numbers: exact
}

}  // namespace
}  // namespace burgeon
