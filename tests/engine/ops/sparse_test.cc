#include "engine/ops/sparse.h"

#include <gtest/gtest.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

TEST(SparseTest, SumsInTheOrderOfTheRow) {
  const Philox random(5, 1);
  for (const int64_t cols : {0, 1, 127, 128, 129, 300}) {
    CsrMatrix a;
    a.cols = 90;
    for (int64_t i = 0; i < 70; ++i) {
      for (uint32_t j = 0; j < 90; ++j) {
        const double draw = random.Uniform(static_cast<uint64_t>(i * 90 + j));
        if (draw > 0.2 && i != 33) continue;
        a.columns.push_back(j);
        a.values.push_back(static_cast<float>(draw));
      }
      a.offsets.push_back(static_cast<int64_t>(a.columns.size()));
    }
    FloatMatrix x(90, cols);
    for (size_t k = 0; k < x.values().size(); ++k) {
      x.values()[k] = static_cast<float>(random.Normal(100'000 + k));
    }
    ThreadPool pool(2);
    ExecutionContext context(&pool);
    for (const bool weighted : {true, false}) {
      CsrView view = a.view();
      if (!weighted) view.values = {};
      FloatMatrix y(70, cols, std::vector<float>(static_cast<size_t>(70 * cols), 7.0F));
      SparseTimesDense(context, view, x.view(), y.view());
      for (int64_t i = 0; i < 70; ++i) {
        for (int64_t j = 0; j < cols; ++j) {
          float sum = 0;
          for (int64_t k = a.offsets[static_cast<size_t>(i)];
               k < a.offsets[static_cast<size_t>(i) + 1]; ++k) {
            const auto at = static_cast<size_t>(k);
            sum += (weighted ? a.values[at] : 1.0F) * x.at(a.columns[at], j);
          }
          ASSERT_EQ(y.at(i, j), sum) << cols << " columns: " << i << ", " << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
