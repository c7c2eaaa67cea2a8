#include "engine/ops/sparse_product.h"

#include <gtest/gtest.h>

#include "tests/support/sparse_cases.h"

namespace burgeon {
namespace {

TEST(SparseProductTest, HasTheOrderOfTheContract) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  for (const SparseCase& c : SparseCases()) ExpectProductsMatch(context, c);
}

TEST(SparseProductDeathTest, ShapesMustFit) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  const CsrMatrix a = ZipfMatrix(3, 4, 4, 1);
  const auto product = SparseProduct::Create(context, a.view());
  ASSERT_TRUE(product.ok());
  const FloatMatrix x(3, 2);
  FloatMatrix y(3, 2);
  EXPECT_DEATH(static_cast<void>(product->Times(x.view(), y.view())), "cols_");
}

}  // namespace
}  // namespace burgeon
