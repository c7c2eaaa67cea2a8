#include "engine/recommend/diversify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "engine/base/philox.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

constexpr size_t kPool = 12;
constexpr int64_t kDim = 5;

// A ranked pool over items with embeddings, some alike, one without any.
struct Pool {
  explicit Pool(uint64_t seed)
      : embeddings(NormalVectors(2 * kPool, kDim, seed)), groups(2 * kPool) {
    const Philox random(seed, 9);
    for (size_t i = 0; i < kPool; ++i) {
      const auto item = static_cast<uint32_t>(2 * i + random.Below(i, 2));
      ranked.push_back({ItemRow(item), static_cast<float>(random.Normal(100 + i))});
    }
    std::sort(ranked.begin(), ranked.end(),
              [](const auto& a, const auto& b) { return a.score > b.score; });
    const auto first = embeddings.row(ranked[0].item.value);
    std::copy(first.begin(), first.end(), embeddings.row(ranked[1].item.value).begin());
    std::ranges::fill(embeddings.row(ranked[7].item.value), 0.0F);
    for (size_t i = 0; i < groups.size(); ++i) {
      groups[i] = static_cast<uint32_t>(random.Below(200 + i, 4));  // 0: none
    }
  }
  double Cosine(size_t i, size_t j) const {
    const auto a = embeddings.row(ranked[i].item.value);
    const auto b = embeddings.row(ranked[j].item.value);
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (size_t k = 0; k < a.size(); ++k) {
      dot += double{a[k]} * b[k];
      aa += double{a[k]} * a[k];
      bb += double{b[k]} * b[k];
    }
    return aa == 0 || bb == 0 ? 0 : dot / std::sqrt(aa * bb);
  }
  double Relevance(size_t i) const {
    const double low = ranked.back().score;
    return (ranked[i].score - low) / (double{ranked.front().score} - low);
  }

  FloatMatrix embeddings;
  std::vector<uint32_t> groups;
  std::vector<ScoredItem> ranked;
};

// The greedy choice by definition: `value` of a whole list, largest first, at each step.
std::vector<size_t> Greedy(size_t steps,
                           const std::function<double(const std::vector<size_t>&)>& value) {
  std::vector<size_t> chosen;
  while (chosen.size() < steps) {
    size_t best = kPool;
    double best_value = 0;
    for (size_t i = 0; i < kPool; ++i) {
      if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
      std::vector<size_t> with = chosen;
      with.push_back(i);
      const double v = value(with);
      if (best == kPool || v > best_value + 1e-12) {
        best = i;
        best_value = v;
      }
    }
    chosen.push_back(best);
  }
  return chosen;
}

std::vector<size_t> First(std::vector<size_t> order, size_t steps) {
  order.resize(steps);
  return order;
}

// By elimination with pivots; small matrices.
double Determinant(std::vector<std::vector<double>> m) {
  double det = 1;
  for (size_t c = 0; c < m.size(); ++c) {
    size_t pivot = c;
    for (size_t r = c; r < m.size(); ++r) {
      if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
    }
    if (m[pivot][c] == 0) return 0;
    if (pivot != c) det = -det;
    std::swap(m[pivot], m[c]);
    det *= m[c][c];
    for (size_t r = c + 1; r < m.size(); ++r) {
      const double factor = m[r][c] / m[c][c];
      for (size_t k = c; k < m.size(); ++k) m[r][k] -= factor * m[c][k];
    }
  }
  return det;
}

TEST(Diversify, StrengthZeroAndNoneAreByRank) {
  const Pool pool(1);
  for (const DiversityKind kind :
       {DiversityKind::kNone, DiversityKind::kMmr, DiversityKind::kDpp}) {
    const auto order = DiversifiedOrder(pool.ranked, pool.embeddings.view(), {},
                                        {.kind = kind, .strength = 0}, kPool);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(order.size(), kPool);
  }
}

TEST(Diversify, MmrIsTheGreedyChoiceOfItsDefinition) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Pool pool(seed);
    for (const double s : {0.2, 0.5, 1.0}) {
      // The value of a list is that of its last item, given those before it.
      const auto expected = Greedy(6, [&](const std::vector<size_t>& list) {
        double nearest = list.size() == 1 ? 0 : -1;
        for (size_t t = 0; t + 1 < list.size(); ++t) {
          nearest = std::max(nearest, pool.Cosine(list[t], list.back()));
        }
        return (1 - s) * pool.Relevance(list.back()) - s * nearest;
      });
      const auto order = DiversifiedOrder(pool.ranked, pool.embeddings.view(), {},
                                          {.kind = DiversityKind::kMmr, .strength = s}, 6);
      EXPECT_EQ(First(order, 6), expected) << "seed " << seed << " strength " << s;
      // Behind them the others, by rank; every place once.
      EXPECT_TRUE(std::is_sorted(order.begin() + 6, order.end()));
      std::vector<size_t> places = order;
      std::sort(places.begin(), places.end());
      for (size_t i = 0; i < kPool; ++i) EXPECT_EQ(places[i], i);
    }
  }
}

TEST(Diversify, DppRaisesTheDeterminantMost) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Pool pool(seed);
    for (const double s : {0.3, 0.6, 1.0}) {
      const double alpha = (1 - s) / (2 * s);
      const auto expected = Greedy(4, [&](const std::vector<size_t>& list) {
        std::vector<std::vector<double>> kernel(list.size(), std::vector<double>(list.size()));
        for (size_t a = 0; a < list.size(); ++a) {
          for (size_t b = 0; b < list.size(); ++b) {
            const double cosine = a == b ? 1 : pool.Cosine(list[a], list[b]);
            kernel[a][b] = std::exp(alpha * (pool.Relevance(list[a]) + pool.Relevance(list[b]))) *
                           (1 + cosine) / 2;
          }
        }
        return Determinant(kernel);
      });
      const auto order = DiversifiedOrder(pool.ranked, pool.embeddings.view(), {},
                                          {.kind = DiversityKind::kDpp, .strength = s}, 4);
      EXPECT_EQ(First(order, 4), expected) << "seed " << seed << " strength " << s;
    }
  }
}

TEST(Diversify, DppLeavesWhatAddsNothingToTheEnd) {
  // Ten items in two directions: the kernel has rank 3 at most.
  FloatMatrix embeddings(10, 2);
  std::vector<ScoredItem> ranked;
  for (uint32_t i = 0; i < 10; ++i) {
    embeddings.at(i, i % 2) = 1;
    ranked.push_back({ItemRow(i), 10.0F - static_cast<float>(i)});
  }
  const auto order = DiversifiedOrder(ranked, embeddings.view(), {},
                                      {.kind = DiversityKind::kDpp, .strength = 0.5}, 10);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(Diversify, CalibratedIsTheGreedyChoiceOfItsDefinition) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Pool pool(seed);
    const std::vector<uint32_t> items = {0, 3, 5, 8, 11, 17};
    const std::vector<float> weights = {1, 2, 1, 4, 1, 3};
    std::map<uint32_t, double> p;
    double total = 0;
    for (size_t h = 0; h < items.size(); ++h) {
      if (pool.groups[items[h]] == 0) continue;
      p[pool.groups[items[h]]] += weights[h];
      total += weights[h];
    }
    for (const double s : {0.3, 0.9}) {
      const auto expected = Greedy(8, [&](const std::vector<size_t>& list) {
        double relevance = 0;
        std::map<uint32_t, double> q;
        double listed = 0;
        for (const size_t i : list) {
          relevance += pool.Relevance(i);
          const uint32_t group = pool.groups[pool.ranked[i].item.value];
          if (group == 0) continue;
          q[group] += 1;
          listed += 1;
        }
        double divergence = 0;
        for (const auto& [group, weight] : p) {
          const double share = weight / total;
          const double of_list = listed > 0 ? q[group] / listed : 0;
          divergence += share * std::log(share / (0.99 * of_list + 0.01 * share));
        }
        return (1 - s) * relevance - s * divergence;
      });
      const auto order = DiversifiedOrder(
          pool.ranked, pool.embeddings.view(), {.items = items, .weights = weights},
          {.kind = DiversityKind::kCalibrated, .strength = s, .group = pool.groups}, 8);
      EXPECT_EQ(First(order, 8), expected) << "seed " << seed << " strength " << s;
    }
    // Nothing to calibrate to: by rank.
    const auto order =
        DiversifiedOrder(pool.ranked, pool.embeddings.view(), {},
                         {.kind = DiversityKind::kCalibrated, .group = pool.groups}, 8);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
}

TEST(Diversify, EqualScoresAreNoRelevance) {
  FloatMatrix embeddings(3, 2, {1, 0, 1, 0, 0, 1});
  const std::vector<ScoredItem> ranked = {{ItemRow(0), 2}, {ItemRow(1), 2}, {ItemRow(2), 2}};
  const auto order = DiversifiedOrder(ranked, embeddings.view(), {},
                                      {.kind = DiversityKind::kMmr, .strength = 0.1}, 3);
  EXPECT_THAT(order, ElementsAre(0, 2, 1));
  EXPECT_TRUE(
      DiversifiedOrder({}, embeddings.view(), {}, {.kind = DiversityKind::kMmr}, 3).empty());
}

}  // namespace
}  // namespace burgeon
