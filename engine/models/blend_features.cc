#include "engine/models/blend_features.h"

#include "engine/ops/scored_lists.h"

namespace burgeon {
namespace {

// Column m: the part of member m.
void AddMemberParts(const RecommenderModel& blend, std::span<const float> embedding,
                    std::span<const ScoredItem> list, DoubleMatrix* parts) {
  size_t begin = 0;
  for (size_t m = 0; m < blend.members.size(); ++m) {
    const auto dim = static_cast<size_t>(blend.members[m].dim());
    for (size_t i = 0; i < list.size(); ++i) {
      const auto item = blend.item_embeddings.row(list[i].item.value).subspan(begin, dim);
      parts->at(static_cast<int64_t>(i), static_cast<int64_t>(m)) =
          InnerProduct(embedding.subspan(begin, dim), item);
    }
    begin += dim;
  }
}

}  // namespace

int64_t BlendParts(const RecommenderModel& blend) {
  return std::ssize(blend.members) + (blend.has_operator() ? 1 : 0);
}

FloatMatrix TrendsOfList(const ListRanker& ranker, std::span<const ScoredItem> list) {
  FloatMatrix out(std::ssize(list), ranker.trends.rows());
  for (int64_t i = 0; i < out.rows(); ++i) {
    for (int64_t t = 0; t < out.cols(); ++t) {
      out.at(i, t) = ranker.trends.at(t, list[static_cast<size_t>(i)].item.value);
    }
  }
  return out;
}

BlendFeatures::BlendFeatures(const RecommenderModel& blend)
    : blend_(blend),
      sums_(static_cast<size_t>(blend.has_operator() ? blend.item_operator.cols : 0), 0) {}

FloatMatrix BlendFeatures::Of(std::span<const float> embedding, std::span<const uint32_t> items,
                              std::span<const float> weights, std::span<const ScoredItem> list,
                              MatrixView<const float> trends) {
  DoubleMatrix parts(std::ssize(list), BlendParts(blend_));
  AddMemberParts(blend_, embedding, list, &parts);
  if (blend_.has_operator()) {
    const CsrView rows = blend_.item_operator.view();
    for (size_t h = 0; h < items.size(); ++h) {
      const double weight = weights.empty() ? 1.0 : weights[h];
      const auto columns = rows.row_columns(items[h]);
      const auto values = rows.row_values(items[h]);
      for (size_t e = 0; e < columns.size(); ++e) sums_[columns[e]] += weight * values[e];
    }
    for (size_t i = 0; i < list.size(); ++i) {
      parts.at(static_cast<int64_t>(i), parts.cols() - 1) = sums_[list[i].item.value];
    }
    for (const uint32_t item : items) {
      for (const uint32_t column : rows.row_columns(item)) sums_[column] = 0;
    }
  }
  std::vector<uint32_t> pool;
  pool.reserve(list.size());
  for (const ScoredItem& one : list) pool.push_back(one.item.value);
  return RankerFeatures({.items = pool,
                         .parts = parts.view(),
                         .popularity = blend_.popularity,
                         .trends = trends,
                         .history_items = std::ssize(items)});
}

}  // namespace burgeon
