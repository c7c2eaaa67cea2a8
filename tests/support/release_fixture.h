// A small valid release for tests of publishing, queries and serving: 40 customers "c00".. x 30
// items "i00".., reproducible. A header, so that only programs that use it link the engine.
//
//   - spectral model of 8 dimensions; every customer's embedding is the fold-in of their events
//   - customer 39 never bought anything (a zero embedding: popularity answers); everyone else has
//     3 to 9 items; "seen" holds one item more than "interactions", as after a return
//   - consent by row: 3 of 10 none; 7 of 10 recommend alone; everyone else all purposes
//   - a logistic churn model; rows 5, 15, 25, 35 are not active (NaN)
//   - an HNSW index over items, a flat one over customers; item 4 has no label
//   - item attributes: brand b0, b1, b2 in turn, item 5 none; price the number of the item; stock
//     0 to 3 in turn
#ifndef BURGEON_TESTS_SUPPORT_RELEASE_FIXTURE_H_
#define BURGEON_TESTS_SUPPORT_RELEASE_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/philox.h"
#include "engine/base/thread_pool.h"
#include "engine/models/churn_model.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "engine/release/release_data.h"

namespace burgeon {

inline constexpr int kSmallCustomers = 40;
inline constexpr int kSmallItems = 30;
inline constexpr int kSmallDim = 8;

namespace release_fixture_internal {

inline Vocabulary MakeIds(std::string_view prefix, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(Concat(prefix, i < 10 ? "0" : "", i));
  auto vocabulary = Vocabulary::FromIds(std::move(ids));
  BURGEON_CHECK(vocabulary.ok());
  return *std::move(vocabulary);
}

inline FloatMatrix MakeNormal(int64_t rows, int64_t cols, const Philox& random) {
  FloatMatrix matrix(rows, cols);
  for (int64_t i = 0; i < rows * cols; ++i) {
    matrix.values()[static_cast<size_t>(i)] =
        static_cast<float>(random.Normal(static_cast<uint64_t>(i)));
  }
  return matrix;
}

// Items of every customer; those of one third of customers lean to one third of items, so that
// neighbours have something in common.
inline void MakeHistories(uint64_t seed, ReleaseData* data) {
  const Philox random(seed, 1);
  uint64_t draw = 0;
  for (int c = 0; c < kSmallCustomers; ++c) {
    std::set<uint32_t> items;
    const uint64_t wanted = c == kSmallCustomers - 1 ? 0 : 3 + random.Below(draw++, 7);
    while (items.size() < wanted) {
      const bool own_group = random.Uniform(draw++) < 0.7;
      const uint64_t group = own_group ? static_cast<uint64_t>(c % 3) : random.Below(draw++, 3);
      items.insert(static_cast<uint32_t>(group * 10 + random.Below(draw++, 10)));
    }
    for (const uint32_t item : items) {
      data->interactions.columns.push_back(item);
      data->interactions.values.push_back(static_cast<float>(1 + random.Below(draw++, 3)));
    }
    data->interactions.offsets.push_back(std::ssize(data->interactions.columns));
    if (!items.empty()) items.insert(static_cast<uint32_t>(random.Below(draw++, kSmallItems)));
    data->seen.columns.insert(data->seen.columns.end(), items.begin(), items.end());
    data->seen.offsets.push_back(std::ssize(data->seen.columns));
  }
  data->interactions.cols = kSmallItems;
  data->seen.cols = kSmallItems;
}

inline void MakeModel(ThreadPool& pool, uint64_t seed, ReleaseData* data) {
  RecommenderModel& model = data->recommender;
  model.kind = RecommenderKind::kSpectral;
  model.item_embeddings = MakeNormal(kSmallItems, kSmallDim, Philox(seed, 2));
  model.fold_in_items = MakeNormal(kSmallItems, kSmallDim, Philox(seed, 3));
  for (int k = 0; k < kSmallDim; ++k) {
    model.filter.push_back(1.0F / static_cast<float>(1 + k));
  }
  model.popularity.resize(kSmallItems);
  for (size_t i = 0; i < data->interactions.columns.size(); ++i) {
    model.popularity[data->interactions.columns[i]] += data->interactions.values[i];
  }
  ExecutionContext context(&pool);
  auto folded = FoldIn(context, model, {.weights = data->interactions.view()});
  BURGEON_CHECK(folded.ok());
  model.customer_embeddings = *std::move(folded);
}

inline void MakeChurn(ThreadPool& pool, uint64_t seed, ReleaseData* data) {
  data->features.names = {"recency_days", "orders_180d", "monetary_180d"};
  data->features.values = FloatMatrix(kSmallCustomers, 3);
  const Philox random(seed, 4);
  for (int c = 0; c < kSmallCustomers; ++c) {
    const auto at = static_cast<uint64_t>(3 * c);
    data->features.values.at(c, 0) = static_cast<float>(random.Below(at, 180));
    data->features.values.at(c, 1) = static_cast<float>(1 + random.Below(at + 1, 12));
    data->features.values.at(c, 2) = static_cast<float>(random.Uniform(at + 2) * 500);
  }
  ChurnModel churn;
  churn.kind = ChurnKind::kLogistic;
  churn.feature_names = data->features.names;
  churn.mean = {4, 1.5F, 5};
  churn.scale = {1, 0.5F, 1.25F};
  churn.networks.push_back(
      {{.weight = {FloatMatrix(1, 3, {0.75F, -0.5F, -0.25F})}, .bias = {{-0.5F}}}, 1});
  auto risk = PredictChurn(pool, churn, data->features.values.view());
  BURGEON_CHECK(risk.ok());
  data->churn = std::move(churn);
  data->churn_risk = *std::move(risk);
  for (size_t c = 5; c < kSmallCustomers; c += 10) {
    data->churn_risk[c] = std::numeric_limits<float>::quiet_NaN();
  }
}

inline void AddColumn(std::string name, AttributeType type, const std::vector<std::string>& texts,
                      ReleaseData* data) {
  auto column = MakeItemAttribute(std::move(name), type, texts);
  BURGEON_CHECK(column.ok());
  data->item_attributes.columns.push_back(*std::move(column));
}

inline void MakeAttributes(ReleaseData* data) {
  std::vector<std::string> brand;
  std::vector<std::string> price;
  std::vector<std::string> stock;
  for (int i = 0; i < kSmallItems; ++i) {
    brand.push_back(i == 5 ? "" : Concat("b", i % 3));
    price.push_back(Concat(i));
    stock.push_back(Concat(i % 4));
  }
  AddColumn("brand", AttributeType::kText, brand, data);
  AddColumn("price", AttributeType::kNumber, price, data);
  AddColumn("stock", AttributeType::kNumber, stock, data);
}

}  // namespace release_fixture_internal

// Another seed gives another release of the same shape.
inline ReleaseData MakeSmallRelease(ThreadPool& pool, uint64_t seed = 1) {
  namespace internal = release_fixture_internal;
  ReleaseData data;
  data.snapshot_id = "0123456789abcdef";
  data.as_of = 1'323'435'000 * kMicrosPerSecond;  // 2011-12-09T12:50:00Z
  data.customers = internal::MakeIds("c", kSmallCustomers);
  data.items = internal::MakeIds("i", kSmallItems);
  for (int i = 0; i < kSmallItems; ++i) {
    data.item_label.push_back(i == 4 ? "" : Concat("Item ", i));
  }
  internal::MakeAttributes(&data);
  for (int c = 0; c < kSmallCustomers; ++c) {
    ConsentBits bits;
    for (const Purpose purpose : kAllPurposes) {
      bits.Set(purpose, c % 10 != 3 && (c % 10 != 7 || purpose == Purpose::kRecommend));
    }
    data.consent.push_back(bits);
  }
  data.consent_policy.when_unsaid = ConsentDefault::kGranted;
  data.event_weights.weight[static_cast<size_t>(EventType::kPurchase)] = 1;
  data.event_weights.weight[static_cast<size_t>(EventType::kView)] = 0.1F;
  internal::MakeHistories(seed, &data);
  internal::MakeModel(pool, seed, &data);
  internal::MakeChurn(pool, seed, &data);
  data.item_index.kind = IndexKind::kHnsw;
  data.item_index.similarity = Similarity::kInnerProduct;
  data.customer_index.kind = IndexKind::kFlat;
  data.customer_index.similarity = Similarity::kCosine;
  data.config_sha256 = std::string(64, 'c');
  data.metrics_json = R"({"recommender":{"ndcg@20":0.25}})";
  return data;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_RELEASE_FIXTURE_H_
