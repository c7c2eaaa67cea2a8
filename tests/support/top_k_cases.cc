#include "tests/support/top_k_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

FloatMatrix Normal(int64_t rows, int64_t cols, uint64_t seed) {
  const Philox random(seed, /*stream=*/1);
  FloatMatrix m(rows, cols);
  for (size_t i = 0; i < m.values().size(); ++i) {
    m.values()[i] = static_cast<float>(random.Normal(i));
  }
  return m;
}

// Each entry of queries x items with this probability.
CsrMatrix RandomMask(int64_t rows, int64_t cols, double share, uint64_t seed) {
  const Philox random(seed, /*stream=*/2);
  CsrMatrix m;
  m.cols = cols;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      if (random.Uniform(static_cast<uint64_t>(i * cols + j)) < share) {
        m.columns.push_back(static_cast<uint32_t>(j));
      }
    }
    m.offsets.push_back(static_cast<int64_t>(m.columns.size()));
  }
  return m;
}

std::vector<uint64_t> RandomBits(int64_t items, double share, uint64_t seed) {
  const Philox random(seed, /*stream=*/3);
  std::vector<uint64_t> bits(static_cast<size_t>((items + 63) / 64));
  for (int64_t i = 0; i < items; ++i) {
    if (random.Uniform(static_cast<uint64_t>(i)) < share) {
      bits[static_cast<size_t>(i / 64)] |= uint64_t{1} << (i % 64);
    }
  }
  return bits;
}

TopKCase Plain(std::string name, int64_t queries, int64_t items, int64_t dim, int k) {
  TopKCase c;
  c.name = std::move(name);
  c.queries = Normal(queries, dim, 11);
  c.items = Normal(items, dim, 12);
  c.k = k;
  return c;
}

void AddShapes(std::vector<TopKCase>* cases) {
  const auto shape = [&](int64_t queries, int64_t items, int64_t dim, int k) {
    cases->push_back(Plain("queries " + std::to_string(queries) + " items " +
                               std::to_string(items) + " dim " + std::to_string(dim) + " k " +
                               std::to_string(k),
                           queries, items, dim, k));
  };
  shape(0, 33, 8, 5);
  shape(5, 0, 8, 5);
  shape(3, 7, 0, 2);  // no dimensions: every score is 0, rows decide
  shape(1, 1, 1, 1);
  shape(1, 1023, 31, 10);
  shape(2, 1023, 32, 10);
  shape(31, 33, 33, 32);
  shape(32, 1023, 1, 33);
  shape(33, 31, 1023, 31);
  shape(33, 32, 64, 1023);  // k past the number of items
  shape(257, 2050, 17, 1);  // one past a block of queries, and of item tiles
  shape(7, 3000, 48, 700);
}

void AddMasks(std::vector<TopKCase>* cases) {
  TopKCase c = Plain("excluded by query", 40, 1500, 24, 20);
  c.excluded = RandomMask(40, 1500, 0.3, 21);
  cases->push_back(c);
  c.name = "excluded and allowed";
  c.allowed = RandomBits(1500, 0.5, 22);
  cases->push_back(c);
  c.name = "k past what is allowed";
  c.allowed = RandomBits(1500, 0.01, 23);
  c.k = 1400;
  cases->push_back(c);
  c.name = "nothing allowed";
  c.allowed.assign(c.allowed.size(), 0);
  cases->push_back(c);
  c = Plain("everything excluded for odd queries", 9, 130, 5, 7);
  c.excluded.cols = 130;
  for (int64_t q = 0; q < 9; ++q) {
    for (uint32_t i = 0; q % 2 == 1 && i < 130; ++i) c.excluded.columns.push_back(i);
    c.excluded.offsets.push_back(static_cast<int64_t>(c.excluded.columns.size()));
  }
  cases->push_back(c);
}

void AddTies(std::vector<TopKCase>* cases) {
  TopKCase c = Plain("all scores equal", 8, 2500, 6, 12);
  for (int64_t i = 1; i < c.items.rows(); ++i)
    std::ranges::copy(c.items.row(0), c.items.row(i).begin());
  cases->push_back(c);

  c = Plain("few distinct items", 12, 2500, 16, 30);
  for (int64_t i = 7; i < c.items.rows(); ++i) {
    std::ranges::copy(c.items.row(i % 7), c.items.row(i).begin());
  }
  c.excluded = RandomMask(12, 2500, 0.2, 31);
  cases->push_back(c);

  c = Plain("zero queries", 8, 1100, 16, 30);
  std::ranges::fill(c.queries.values(), 0.0F);
  cases->push_back(c);
}

// Items that differ by units in the last place of one value: no fp32 sum can order them.
void AddNearTies(std::vector<TopKCase>* cases) {
  TopKCase c = Plain("near ties", 9, 1300, 257, 25);
  const Philox random(41, /*stream=*/4);
  for (int64_t i = 1; i < c.items.rows(); ++i) {
    std::ranges::copy(c.items.row(0), c.items.row(i).begin());
    const auto j = static_cast<int64_t>(random.Below(static_cast<uint64_t>(i), 257));
    c.items.at(i, j) = std::nextafter(c.items.at(i, j), i % 2 == 0 ? 1e9F : -1e9F);
  }
  cases->push_back(c);

  // Large terms that cancel, then a small one that decides: fp32 loses it.
  c = Plain("cancellation", 9, 1300, 258, 25);
  for (int64_t q = 0; q < c.queries.rows(); ++q) {
    for (int64_t j = 0; j < 257; ++j) c.queries.at(q, j) = 1;
  }
  for (int64_t i = 0; i < c.items.rows(); ++i) {
    for (int64_t j = 0; j < 128; ++j) {
      c.items.at(i, j) = c.items.at(i, 255 - j) = 1e4F * std::abs(c.items.at(i, j)) + 1;
      c.items.at(i, 255 - j) *= -1;
    }
    c.items.at(i, 256) = static_cast<float>((i * 7919) % 1300) * 1e-4F;
    c.items.at(i, 257) = 0;
  }
  cases->push_back(c);
}

void AddExtremes(std::vector<TopKCase>* cases) {
  TopKCase c = Plain("scores past fp32", 9, 1100, 8, 15);
  for (float& x : c.queries.values()) x *= 1e25F;
  for (float& x : c.items.values()) x *= 1e15F;
  cases->push_back(c);

  c = Plain("terms past fp32 that cancel", 9, 1100, 3, 15);
  for (int64_t q = 0; q < 9; ++q)
    std::ranges::copy(std::array{1e30F, -1e30F, 1.0F}, c.queries.row(q).begin());
  for (int64_t i = 0; i < 1100; ++i) c.items.at(i, 0) = c.items.at(i, 1) = 1e30F;
  cases->push_back(c);

  c = Plain("scores below the normal range of fp32", 9, 1100, 8, 15);
  for (float& x : c.queries.values()) x *= 1e-22F;
  for (float& x : c.items.values()) x *= 1e-22F;
  cases->push_back(c);

  c = Plain("one item longer than all others", 33, 3000, 32, 10);
  for (int64_t j = 0; j < 32; ++j) c.items.at(1500, j) *= 1e6F;
  cases->push_back(c);
}

}  // namespace

std::vector<TopKCase> TopKCases() {
  std::vector<TopKCase> cases;
  AddShapes(&cases);
  AddMasks(&cases);
  AddTies(&cases);
  AddNearTies(&cases);
  AddExtremes(&cases);
  return cases;
}

TopKResult BruteForceTopK(const TopKInput& input, int k) {
  TopKResult result;
  result.offsets = {0};
  for (int64_t q = 0; q < input.queries.rows; ++q) {
    std::vector<bool> out(static_cast<size_t>(input.items.rows));
    if (!input.excluded.offsets.empty()) {
      for (const uint32_t i : input.excluded.row_columns(q)) out[i] = true;
    }
    std::vector<ScoredItem> list;
    for (uint32_t i = 0; i < input.items.rows; ++i) {
      if (out[i]) continue;
      if (!input.allowed.empty() && (input.allowed[i / 64] >> (i % 64) & 1) == 0) continue;
      double sum = 0;
      for (int64_t j = 0; j < input.queries.cols; ++j) {
        sum += static_cast<double>(input.queries.row(q)[static_cast<size_t>(j)]) *
               static_cast<double>(input.items.row(i)[static_cast<size_t>(j)]);
      }
      list.push_back({ItemRow(i), static_cast<float>(sum)});
    }
    std::ranges::stable_sort(list, [](const ScoredItem& a, const ScoredItem& b) {
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    if (list.size() > static_cast<size_t>(k)) list.resize(static_cast<size_t>(k));
    result.items.insert(result.items.end(), list.begin(), list.end());
    result.offsets.push_back(static_cast<int64_t>(result.items.size()));
  }
  return result;
}

void ExpectTopKMatchesBruteForce(ExecutionContext& context, const TopKCase& test_case) {
  SCOPED_TRACE("top-k case: " + test_case.name);
  const TopKInput input = test_case.input();
  const auto got = TopK(context, input, {.k = test_case.k});
  ASSERT_TRUE(got.ok()) << got.status();
  const TopKResult want = BruteForceTopK(input, test_case.k);
  ASSERT_EQ(got->offsets, want.offsets);
  for (int64_t q = 0; q < input.queries.rows; ++q) {
    const auto a = got->list(q);
    const auto b = want.list(q);
    for (size_t r = 0; r < b.size(); ++r) {
      ASSERT_EQ(a[r].item.value, b[r].item.value) << "query " << q << " rank " << r + 1;
      ASSERT_EQ(std::bit_cast<uint32_t>(a[r].score), std::bit_cast<uint32_t>(b[r].score))
          << "query " << q << " rank " << r + 1 << ": " << a[r].score << " for " << b[r].score;
    }
  }
}

}  // namespace burgeon
