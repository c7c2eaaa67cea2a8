#include "engine/recommend/diversify.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/index/vector_scorer.h"

namespace burgeon {
namespace {

constexpr double kSmallestGain = 1e-10;  // of a determinant, against the item alone
constexpr double kSmoothing = 0.01;      // of the list's distribution (Steck's alpha)

std::vector<double> Relevance(std::span<const ScoredItem> pool) {
  std::vector<double> relevance(pool.size(), 0);
  if (pool.empty()) return relevance;
  double low = pool.front().score;
  double high = low;
  for (const ScoredItem& entry : pool) {
    low = std::min(low, static_cast<double>(entry.score));
    high = std::max(high, static_cast<double>(entry.score));
  }
  if (!(high > low)) return relevance;
  for (size_t i = 0; i < pool.size(); ++i) {
    relevance[i] = (static_cast<double>(pool[i].score) - low) / (high - low);
  }
  return relevance;
}

// What the three have in common: `chosen` grows by the best of the rest, `steps` times.
class Chooser {
 public:
  Chooser(std::span<const ScoredItem> pool, MatrixView<const float> embeddings,
          const Diversity& diversity)
      : pool_(pool),
        embeddings_(embeddings),
        strength_(diversity.strength),
        relevance_(Relevance(pool)) {
    for (const ScoredItem& entry : pool) {
      norms_.push_back(EuclideanNorm(embeddings.row(entry.item.value)));
    }
  }
  virtual ~Chooser() = default;

  std::vector<size_t> Order(size_t steps) {
    std::vector<size_t> order;
    std::vector<uint8_t> chosen(pool_.size(), 0);
    while (order.size() < std::min(steps, pool_.size())) {
      size_t best = pool_.size();
      double best_gain = 0;
      for (size_t i = 0; i < pool_.size(); ++i) {
        if (chosen[i] != 0 || !MayChoose(i)) continue;
        const double gain = Gain(i);
        if (best == pool_.size() || gain > best_gain) {
          best = i;
          best_gain = gain;
        }
      }
      if (best == pool_.size()) break;
      chosen[best] = 1;
      order.push_back(best);
      Choose(best, chosen);
    }
    for (size_t i = 0; i < pool_.size(); ++i) {
      if (chosen[i] == 0) order.push_back(i);
    }
    return order;
  }

 protected:
  virtual bool MayChoose(size_t) const { return true; }
  virtual double Gain(size_t i) const = 0;
  virtual void Choose(size_t best, const std::vector<uint8_t>& chosen) = 0;

  double Cosine(size_t i, size_t j) const {
    if (norms_[i] == 0 || norms_[j] == 0) return 0;
    const auto a = embeddings_.row(pool_[i].item.value);
    const auto b = embeddings_.row(pool_[j].item.value);
    double dot = 0;
    for (size_t k = 0; k < a.size(); ++k) dot += static_cast<double>(a[k]) * b[k];
    return dot / (norms_[i] * norms_[j]);
  }

  std::span<const ScoredItem> pool_;
  MatrixView<const float> embeddings_;
  double strength_;
  std::vector<double> relevance_;
  std::vector<double> norms_;
};

class MmrChooser : public Chooser {
 public:
  MmrChooser(std::span<const ScoredItem> pool, MatrixView<const float> embeddings,
             const Diversity& diversity)
      : Chooser(pool, embeddings, diversity), nearest_(pool.size(), 0) {}

 private:
  double Gain(size_t i) const override {
    return (1 - strength_) * relevance_[i] - strength_ * nearest_[i];
  }
  void Choose(size_t best, const std::vector<uint8_t>& chosen) override {
    for (size_t i = 0; i < nearest_.size(); ++i) {
      if (chosen[i] != 0) continue;
      const double cosine = Cosine(i, best);
      nearest_[i] = first_ ? cosine : std::max(nearest_[i], cosine);
    }
    first_ = false;
  }

  bool first_ = true;
  std::vector<double> nearest_;  // largest cosine to a chosen one
};

// Chen et al., algorithm 1: rows c_i of the Cholesky factor grow by one number a step, d2_i is what
// is left on the diagonal. The quality of an item is kept apart as its logarithm, so that a small
// strength does not overflow: det L = prod q_i^2 det S.
class DppChooser : public Chooser {
 public:
  DppChooser(std::span<const ScoredItem> pool, MatrixView<const float> embeddings,
             const Diversity& diversity)
      : Chooser(pool, embeddings, diversity), left_(pool.size(), 1), rows_(pool.size()) {}

 private:
  bool MayChoose(size_t i) const override { return left_[i] > kSmallestGain; }
  double Gain(size_t i) const override {  // the logarithm of what the determinant is multiplied by
    return relevance_[i] * (1 - strength_) / strength_ + std::log(left_[i]);
  }
  void Choose(size_t best, const std::vector<uint8_t>& chosen) override {
    const double root = std::sqrt(left_[best]);
    for (size_t i = 0; i < left_.size(); ++i) {
      if (chosen[i] != 0) continue;
      double dot = 0;
      for (size_t t = 0; t < rows_[i].size(); ++t) dot += rows_[best][t] * rows_[i][t];
      const double entry = ((1 + Cosine(i, best)) / 2 - dot) / root;
      rows_[i].push_back(entry);
      left_[i] -= entry * entry;
    }
  }

  std::vector<double> left_;
  std::vector<std::vector<double>> rows_;
};

class CalibratedChooser : public Chooser {
 public:
  CalibratedChooser(std::span<const ScoredItem> pool, MatrixView<const float> embeddings,
                    const Diversity& diversity, const HistoryWeights& history)
      : Chooser(pool, embeddings, diversity), group_(diversity.group) {
    double total = 0;
    for (size_t h = 0; h < history.items.size(); ++h) {
      const uint32_t group = group_[history.items[h]];
      if (group == 0) continue;
      const double weight = history.weight(h);
      wanted_[group] += weight;
      total += weight;
    }
    for (auto& [group, share] : wanted_) share /= total;
  }
  bool HasHistory() const { return !wanted_.empty(); }

 private:
  double Gain(size_t i) const override {
    const uint32_t group = group_[pool_[i].item.value];
    const double listed = listed_total_ + (group != 0 ? 1 : 0);
    double divergence = 0;
    for (const auto& [g, p] : wanted_) {
      const auto at = listed_.find(g);
      const double count = (at == listed_.end() ? 0 : at->second) + (g == group ? 1 : 0);
      const double q = listed > 0 ? count / listed : 0;
      divergence += p * std::log(p / ((1 - kSmoothing) * q + kSmoothing * p));
    }
    return (1 - strength_) * relevance_[i] - strength_ * divergence;
  }
  void Choose(size_t best, const std::vector<uint8_t>&) override {
    const uint32_t group = group_[pool_[best].item.value];
    if (group == 0) return;
    listed_[group] += 1;
    listed_total_ += 1;
  }

  std::span<const uint32_t> group_;
  std::map<uint32_t, double> wanted_;  // p
  std::map<uint32_t, double> listed_;  // items on the list
  double listed_total_ = 0;
};

std::vector<size_t> ByRank(size_t count) {
  std::vector<size_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = i;
  return order;
}

}  // namespace

std::vector<size_t> DiversifiedOrder(std::span<const ScoredItem> pool,
                                     MatrixView<const float> item_embeddings,
                                     const HistoryWeights& history, const Diversity& diversity,
                                     size_t steps) {
  if (diversity.strength == 0) return ByRank(pool.size());
  switch (diversity.kind) {
    case DiversityKind::kNone:
      break;
    case DiversityKind::kMmr:
      return MmrChooser(pool, item_embeddings, diversity).Order(steps);
    case DiversityKind::kDpp:
      return DppChooser(pool, item_embeddings, diversity).Order(steps);
    case DiversityKind::kCalibrated: {
      CalibratedChooser chooser(pool, item_embeddings, diversity, history);
      if (chooser.HasHistory()) return chooser.Order(steps);
      break;
    }
  }
  return ByRank(pool.size());
}

}  // namespace burgeon
