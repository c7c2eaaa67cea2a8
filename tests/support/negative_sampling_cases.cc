#include "tests/support/negative_sampling_cases.h"

#include <gtest/gtest.h>

#include "engine/base/check.h"

namespace burgeon {
namespace {

NegativeSamplingCase Make(std::string name, absl::StatusOr<SamplingTable> table, int64_t rows,
                          int64_t columns) {
  BURGEON_CHECK(table.ok());
  NegativeSamplingCase c;
  c.name = std::move(name);
  c.table = *std::move(table);
  c.range = {.seed = 5, .stream = 9, .first = (uint64_t{1} << 40) + 3};
  c.rows = rows;
  c.columns = columns;
  return c;
}

std::vector<int64_t> ZipfCounts(int64_t items) {
  std::vector<int64_t> counts;
  for (int64_t i = 0; i < items; ++i) counts.push_back(i % 10 == 9 ? 0 : 1'000'000 / (i + 1));
  return counts;
}

// Row 0 has seen nothing, the last everything, those between every third item or so.
CsrMatrix Seen(int64_t rows, int64_t items) {
  CsrMatrix seen;
  seen.cols = items;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t step = row == rows - 1 ? 1 : 3;
    for (int64_t item = row % step; item < items && row > 0; item += step) {
      seen.columns.push_back(static_cast<uint32_t>(item));
    }
    seen.offsets.push_back(static_cast<int64_t>(seen.columns.size()));
  }
  return seen;
}

}  // namespace

std::vector<NegativeSamplingCase> NegativeSamplingCases() {
  std::vector<NegativeSamplingCase> cases;
  cases.push_back(Make("uniform", UniformTable(1000), 70, 33));
  cases.push_back(Make("no rows", UniformTable(1000), 0, 33));
  cases.push_back(Make("one item", PopularityTable(std::vector<int64_t>{4}, 0.75), 3, 5));
  cases.push_back(Make("popularity", PopularityTable(ZipfCounts(777), 0.75), 129, 31));
  cases.push_back(Make("seen items", PopularityTable(ZipfCounts(777), 1), 130, 17));
  cases.back().seen = Seen(130, 777);
  cases.push_back(Make("seen items, uniform", UniformTable(1'000'000'000), 5, 7));
  cases.back().seen = Seen(5, 100);
  return cases;
}

NegativeItems Draw(ExecutionContext& context, const NegativeSamplingCase& c) {
  NegativeItems drawn;
  drawn.items = Matrix<uint32_t>(c.rows, c.columns);
  const auto left = SampleNegatives(context, c.table, c.range, c.seen.view(), drawn.items.view());
  EXPECT_TRUE(left.ok()) << c.name << ": " << left.status();
  if (left.ok()) drawn.left = *left;
  return drawn;
}

}  // namespace burgeon
