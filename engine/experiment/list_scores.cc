#include "engine/experiment/list_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/experiment/ranking_metrics.h"

namespace burgeon {
namespace {

constexpr int64_t kCustomersPerBlock = 64;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct ItemFacts {
  std::vector<double> popularity;        // [items] p(i)
  std::vector<double> self_information;  // [items]
  std::vector<double> inverse_norm;      // [items] of the vectors; empty without
};

// 1 / length of each row; 0 of a row of zeros. (A copy of unit rows would double what the vectors
// of a large catalogue take.)
std::vector<double> InverseNorms(const MatrixView<const float>& vectors) {
  std::vector<double> inverse;
  for (int64_t i = 0; i < vectors.rows; ++i) {
    double square = 0;
    for (const float x : vectors.row(i)) square += static_cast<double>(x) * static_cast<double>(x);
    inverse.push_back(square > 0 ? 1 / std::sqrt(square) : 0);
  }
  return inverse;
}

ItemFacts FactsOf(const CsrView& train, const MatrixView<const float>& vectors) {
  std::vector<int64_t> counts(static_cast<size_t>(train.cols), 0);
  for (const uint32_t item : train.columns) ++counts[item];
  int64_t customers = 0;
  for (int64_t u = 0; u < train.rows(); ++u) customers += train.row_columns(u).empty() ? 0 : 1;
  const auto all = static_cast<double>(std::max(customers, int64_t{1}));
  ItemFacts facts;
  for (const int64_t count : counts) {
    facts.popularity.push_back(static_cast<double>(count) / all);
    facts.self_information.push_back(std::log2(all) -
                                     std::log2(static_cast<double>(std::max(count, int64_t{1}))));
  }
  facts.inverse_norm = InverseNorms(vectors);
  return facts;
}

// Means over the first k items of a list, for each k, item by item.
class ListWalk {
 public:
  ListWalk(const ItemFacts& facts, const MatrixView<const float>& vectors)
      : facts_(facts), vectors_(vectors), sum_(static_cast<size_t>(vectors.cols)) {}

  void Add(uint32_t item) {
    ++count_;
    popularity_ += facts_.popularity[item];
    information_ += facts_.self_information[item];
    if (vectors_.rows == 0) return;
    const auto row = vectors_.row(static_cast<int64_t>(item));
    const double scale = facts_.inverse_norm[item];
    // The cosines with all items before it.
    for (size_t j = 0; j < row.size(); ++j) {
      const double x = scale * static_cast<double>(row[j]);
      cosines_ += x * sum_[j];
      sum_[j] += x;
    }
  }
  double novelty() const { return count_ > 0 ? information_ / count_ : kNone; }
  double popularity() const { return count_ > 0 ? popularity_ / count_ : kNone; }
  double diversity() const {
    if (vectors_.rows == 0 || count_ < 2) return kNone;
    return 1 - cosines_ / (count_ * (count_ - 1) / 2);
  }

 private:
  const ItemFacts& facts_;
  const MatrixView<const float>& vectors_;
  std::vector<double> sum_;  // of unit vectors
  double count_ = 0;
  double popularity_ = 0;
  double information_ = 0;
  double cosines_ = 0;
};

class Scorer {
 public:
  explicit Scorer(const ListEvaluationInput& input)
      : input_(input), facts_(FactsOf(input.train, input.item_vectors)) {}

  void Score(size_t row, ListScores* scores) const {
    const int64_t u = scores->customers[row];
    const auto ranked = input_.lists->list(u);
    const auto out = scores->values.row(static_cast<int64_t>(row));
    ListWalk walk(facts_, input_.item_vectors);
    size_t walked = 0;
    for (size_t k = 0; k < scores->ks.size(); ++k) {
      const size_t listed = std::min(ranked.size(), static_cast<size_t>(scores->ks[k]));
      while (walked < listed) walk.Add(ranked[walked++]);
      const ListMetrics m = ScoreList(ranked, input_.relevant.row_columns(u), scores->ks[k]);
      const auto set = [&](ListMetric metric, double value) {
        out[scores->column(metric, k)] = value;
      };
      set(ListMetric::kRecall, m.recall);
      set(ListMetric::kPrecision, m.precision);
      set(ListMetric::kNdcg, m.ndcg);
      set(ListMetric::kMap, m.map);
      set(ListMetric::kMrr, m.mrr);
      set(ListMetric::kHitRate, m.hit_rate);
      set(ListMetric::kNovelty, walk.novelty());
      set(ListMetric::kDiversity, walk.diversity());
      set(ListMetric::kPopularity, walk.popularity());
    }
    double history = 0;
    const auto items = input_.train.row_columns(u);
    for (const uint32_t item : items) history += facts_.popularity[item];
    out[scores->history_column()] =
        items.empty() ? kNone : history / static_cast<double>(items.size());
  }

 private:
  const ListEvaluationInput& input_;
  ItemFacts facts_;
};

}  // namespace

std::string_view ListMetricName(ListMetric metric) {
  switch (metric) {
    case ListMetric::kRecall:
      return "recall";
    case ListMetric::kPrecision:
      return "precision";
    case ListMetric::kNdcg:
      return "ndcg";
    case ListMetric::kMap:
      return "map";
    case ListMetric::kMrr:
      return "mrr";
    case ListMetric::kHitRate:
      return "hit_rate";
    case ListMetric::kNovelty:
      return "novelty";
    case ListMetric::kDiversity:
      return "diversity";
    case ListMetric::kPopularity:
      return "popularity";
  }
  return "unknown";
}

ListScores ScoreLists(ThreadPool& pool, const ListEvaluationInput& input, std::vector<int> ks) {
  BURGEON_CHECK(!ks.empty() && ks.front() >= 1 && std::ranges::is_sorted(ks));
  BURGEON_CHECK(input.lists->size() == input.relevant.rows() &&
                input.train.rows() == input.relevant.rows() &&
                input.train.cols == input.relevant.cols);
  BURGEON_CHECK(input.item_vectors.rows == 0 || input.item_vectors.rows == input.train.cols);
  ListScores scores;
  scores.ks = std::move(ks);
  for (int64_t u = 0; u < input.relevant.rows(); ++u) {
    if (!input.relevant.row_columns(u).empty()) {
      scores.customers.push_back(static_cast<uint32_t>(u));
    }
  }
  const auto customers = static_cast<int64_t>(scores.customers.size());
  scores.values = DoubleMatrix(customers, static_cast<int64_t>(scores.columns()));
  const Scorer scorer(input);
  pool.ParallelFor(customers, kCustomersPerBlock, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) scorer.Score(static_cast<size_t>(row), &scores);
  });
  return scores;
}

}  // namespace burgeon
