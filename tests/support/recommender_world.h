// A small spectral recommender with its interactions and indexes, for tests of recommending.
#ifndef BURGEON_TESTS_SUPPORT_RECOMMENDER_WORLD_H_
#define BURGEON_TESTS_SUPPORT_RECOMMENDER_WORLD_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include "engine/base/philox.h"
#include "engine/recommend/recommend.h"
#include "tests/support/vectors.h"

namespace burgeon {

// Customers and items fall into `kGroups` groups by row, and customers mostly buy within their own.
// The last customer never bought anything.
class RecommenderWorld {
 public:
  static constexpr int64_t kGroups = 4;

  RecommenderWorld(ThreadPool& pool, int64_t customers, int64_t items, IndexKind kind) {
    const Philox random(17, 0);
    uint64_t draw = 0;
    const auto bound = static_cast<uint64_t>(items);
    for (int64_t c = 0; c < customers; ++c) {
      std::set<uint32_t> bought;
      const uint64_t wanted = c + 1 == customers ? 0 : 3 + random.Below(draw++, 6);
      while (bought.size() < wanted) {
        auto item = static_cast<uint32_t>(random.Below(draw++, bound));
        if (random.Uniform(draw++) < 0.8) {
          item = static_cast<uint32_t>((item / kGroups * kGroups + c % kGroups) % items);
        }
        bought.insert(item);
      }
      for (const uint32_t item : bought) {
        interactions.columns.push_back(item);
        interactions.values.push_back(static_cast<float>(1 + random.Below(draw++, 3)));
      }
      interactions.offsets.push_back(static_cast<int64_t>(interactions.columns.size()));
    }
    interactions.cols = items;
    seen = interactions;
    seen.values.clear();
    MakeModel(pool, items);
    auto index = BuildIndex(model.item_embeddings.view(),
                            {.kind = kind, .similarity = Similarity::kInnerProduct});
    EXPECT_TRUE(index.ok()) << index.status();
    item_index = *std::move(index);
    index = BuildIndex(model.customer_embeddings.view(),
                       {.kind = IndexKind::kFlat, .similarity = Similarity::kCosine});
    EXPECT_TRUE(index.ok()) << index.status();
    customer_index = *std::move(index);
  }

  RecommenderParts parts() const {
    return {.model = &model,
            .interactions = interactions.view(),
            .seen = seen.view(),
            .item_index = item_index.get(),
            .customer_index = customer_index.get(),
            .neighbour_allowed = {}};
  }

  RecommenderModel model;
  CsrMatrix interactions;
  CsrMatrix seen;
  std::unique_ptr<VectorIndex> item_index;
  std::unique_ptr<VectorIndex> customer_index;

 private:
  void MakeModel(ThreadPool& pool, int64_t items) {
    constexpr int64_t kDim = 16;
    model.item_embeddings = FloatMatrix(items, kDim);
    const FloatMatrix centre = NormalVectors(kGroups, kDim, 18);
    const FloatMatrix noise = NormalVectors(items, kDim, 19);
    for (int64_t i = 0; i < items; ++i) {
      for (int64_t j = 0; j < kDim; ++j) {
        model.item_embeddings.at(i, j) = centre.at(i % kGroups, j) + 0.4F * noise.at(i, j);
      }
    }
    model.fold_in_items = model.item_embeddings;
    model.filter.assign(static_cast<size_t>(kDim), 0.5F);
    model.popularity.assign(static_cast<size_t>(items), 0);
    for (size_t e = 0; e < interactions.columns.size(); ++e) {
      model.popularity[interactions.columns[e]] += interactions.values[e];
    }
    ExecutionContext context(&pool);
    auto folded = FoldIn(context, model, {.weights = interactions.view()});
    EXPECT_TRUE(folded.ok()) << folded.status();
    model.customer_embeddings = *std::move(folded);
  }
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_RECOMMENDER_WORLD_H_
