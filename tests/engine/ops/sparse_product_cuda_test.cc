// The CUDA form of the sparse products, held to the cases of the CPU form, bit by bit; and what the
// device services owe every operation: an allocation that fails is a Status, and nothing is lost.
#include "engine/ops/sparse_product_cuda.h"

#include <gtest/gtest.h>

#include "tests/support/cuda_device.h"
#include "tests/support/cuda_failures.h"
#include "tests/support/sparse_cases.h"

namespace burgeon {
namespace {

class SparseProductCudaTest : public CudaDeviceTest {
 protected:
  ThreadPool pool_{2};
};

TEST_F(SparseProductCudaTest, HasTheOrderOfTheContract) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  for (const SparseCase& c : SparseCases()) ExpectProductsMatch(*context, c);
}

TEST_F(SparseProductCudaTest, EveryAllocationMayFail) {
  auto context = ExecutionContext::Create(device_, &pool_);
  ASSERT_TRUE(context.ok()) << context.status();
  const CsrMatrix a = ZipfMatrix(20, 6000, 6000, 3);
  const FloatMatrix x = NormalMatrix(6000, 8, 1);
  FloatMatrix y(20, 8);
  ExpectFailingAllocationsAreMet(*context, [&]() -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(const SparseProduct product,
                             SparseProduct::Create(*context, a.view()));
    return product.Times(x.view(), y.view());
  });
}

}  // namespace
}  // namespace burgeon
