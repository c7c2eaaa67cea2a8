#include "engine/recommend/neighbours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class NeighboursTest : public testing::Test {
 protected:
  ThreadPool pool_{1};
  RecommenderWorld world_{pool_, 120, 60, IndexKind::kFlat};
};

TEST_F(NeighboursTest, NearestLeaveOutSelfAndThoseNotAllowed) {
  std::vector<uint8_t> allowed(120, 0);
  for (const size_t c : {3U, 40U, 41U, 80U, 119U}) allowed[c] = 1;
  const auto embedding = world_.model.customer_embeddings.row(40);
  const auto found =
      NearestCustomers(*world_.customer_index, allowed, embedding, CustomerRow(40), 10);
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<uint32_t> rows;
  for (const Neighbor& n : *found) rows.push_back(n.row);
  // 119 has no embedding, hence no cosine.
  EXPECT_THAT(rows, testing::UnorderedElementsAre(3, 41, 80));
  EXPECT_TRUE(std::is_sorted(found->begin(), found->end(),
                             [](const auto& a, const auto& b) { return a.score > b.score; }));
  const auto two = NearestCustomers(*world_.customer_index, allowed, embedding, CustomerRow(40), 2);
  EXPECT_THAT(*two, SizeIs(2));
  EXPECT_EQ((*two)[0].row, rows[0]);
}

TEST_F(NeighboursTest, ScoresAreTheSumsOfTheContract) {
  const RecommenderParts parts = world_.parts();
  const RecommendQuery query{.customer = CustomerRow(7)};
  const auto embedding = world_.model.customer_embeddings.row(7);
  const RecommendOptions options{.k = 60, .neighbours = 15};
  const auto items = RecommendFromNeighbours(parts, query, embedding, options);
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_FALSE(items->empty());

  const auto near = NearestCustomers(*world_.customer_index, {}, embedding, CustomerRow(7), 15);
  std::map<uint32_t, float> cosine;  // by row
  for (const Neighbor& n : *near) {
    if (n.score > 0) cosine[n.row] = n.score;
  }
  std::map<uint32_t, double> expected;
  for (const auto& [row, score] : cosine) {
    const auto columns = parts.interactions.row_columns(row);
    const auto weights = parts.interactions.row_values(row);
    for (size_t j = 0; j < columns.size(); ++j) {
      expected[columns[j]] += static_cast<double>(score) * weights[j];
    }
  }
  for (const uint32_t item : parts.seen.row_columns(7)) expected.erase(item);
  ASSERT_EQ(items->size(), expected.size());
  for (const ScoredItem& item : *items) {
    EXPECT_EQ(item.score, static_cast<float>(expected.at(item.item.value)));
  }
}

TEST_F(NeighboursTest, NobodyNearMeansNothing) {
  RecommenderParts parts = world_.parts();
  const std::vector<uint8_t> nobody(120, 0);
  parts.neighbour_allowed = nobody;
  const RecommendQuery query{.customer = CustomerRow(7)};
  const auto items =
      RecommendFromNeighbours(parts, query, world_.model.customer_embeddings.row(7), {});
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_THAT(*items, IsEmpty());
}

}  // namespace
}  // namespace burgeon
