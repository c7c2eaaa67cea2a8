// What hnsw and ivf have in common, checked alike.
#ifndef BURGEON_TESTS_ENGINE_INDEX_APPROXIMATE_INDEX_TEST_H_
#define BURGEON_TESTS_ENGINE_INDEX_APPROXIMATE_INDEX_TEST_H_

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "engine/index/vector_index.h"

namespace burgeon {

// The share of the true k nearest that `index` finds; also checks that every score it gives is the
// canonical one of the flat index.
inline double RecallAgainstFlat(const VectorIndex& index, MatrixView<const float> vectors,
                                MatrixView<const float> queries, int k) {
  IndexParams flat = index.params();
  flat.kind = IndexKind::kFlat;
  const auto exact = BuildIndex(vectors, flat);
  int64_t hits = 0;
  for (int64_t q = 0; q < queries.rows; ++q) {
    const auto wanted = (*exact)->Search(queries.row(q), static_cast<int>(vectors.rows));
    const auto found = index.Search(queries.row(q), k);
    EXPECT_TRUE(found.ok()) << found.status();
    std::map<uint32_t, float> score;
    for (const Neighbor& n : *wanted) score[n.row] = n.score;
    std::set<uint32_t> best;
    for (int i = 0; i < k; ++i) best.insert((*wanted)[static_cast<size_t>(i)].row);
    for (const Neighbor& n : *found) {
      EXPECT_EQ(n.score, score.at(n.row));
      hits += best.contains(n.row) ? 1 : 0;
    }
  }
  return static_cast<double>(hits) / static_cast<double>(queries.rows * k);
}

inline void ExpectSameAnswers(const VectorIndex& a, const VectorIndex& b,
                              MatrixView<const float> queries, int k) {
  for (int64_t q = 0; q < queries.rows; ++q) {
    const auto x = a.Search(queries.row(q), k);
    const auto y = b.Search(queries.row(q), k);
    ASSERT_TRUE(x.ok() && y.ok());
    ASSERT_EQ(x->size(), y->size());
    for (size_t i = 0; i < x->size(); ++i) {
      EXPECT_EQ((*x)[i].row, (*y)[i].row);
      EXPECT_EQ((*x)[i].score, (*y)[i].score);
    }
  }
}

// Every truncation and every flipped bit of a kept index either is kDataLoss or gives an index
// that answers without harm: a changed link can only cost recall.
inline void ExpectDamageIsHarmless(MatrixView<const float> vectors, const IndexParams& params,
                                   const std::string& bytes) {
  const auto check = [&](const std::string& damaged) {
    const auto index = LoadIndex(vectors, params, damaged);
    if (!index.ok()) {
      EXPECT_EQ(index.status().code(), absl::StatusCode::kDataLoss) << index.status();
      return;
    }
    const auto found = (*index)->Search(vectors.row(0), 3);
    ASSERT_TRUE(found.ok()) << found.status();
    for (const Neighbor& n : *found) EXPECT_LT(n.row, vectors.rows);
  };
  for (size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(LoadIndex(vectors, params, bytes.substr(0, size)).ok()) << size;
  }
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += 5) {  // coprime to 8: every bit position
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    check(damaged);
  }
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_INDEX_APPROXIMATE_INDEX_TEST_H_
