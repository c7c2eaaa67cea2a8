// The kernels by themselves: what tests/engine/ops/sparse_product_cuda_test.cc does not reach (sums
// in double, results with a stride), small enough for the sanitizers.
#include "cuda/sparse.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/cuda_device.h"
#include "tests/support/sparse_cases.h"

namespace burgeon::cuda {
namespace {

class SparseCudaTest : public CudaDeviceTest {};

TEST_F(SparseCudaTest, SumsInDoubleIntoAMatrixWithAStride) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Workspace workspace(*stream);
  const CsrMatrix a = ZipfMatrix(5, 2500, 2500, 8);
  const auto matrix = SparseMatrix::Of(*stream, a.view());
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_LE(stream->memory().live_bytes(), SparseMatrix::Bytes(a.view()));
  for (const int64_t width : {3, 32, 36}) {
    const FloatMatrix x = NormalMatrix(2500, width, 4);
    const auto dx = DeviceBuffer<float>::Of(*stream, x.view());
    auto dy = DeviceBuffer<float>::Of(*stream, std::vector<float>(5 * 40, 7.0F));
    ASSERT_TRUE(dx.ok() && dy.ok());
    ASSERT_TRUE(SparseTimesDense(*stream, workspace, *matrix, {dx->data(), width}, width,
                                 SumIn::kDouble, {dy->data(), 40})
                    .ok());
    FloatMatrix y(5, 40);
    ASSERT_TRUE(dy->CopyToHost(y.view()).ok());
    for (int64_t i = 0; i < 5; ++i) {
      const auto columns = a.view().row_columns(i);
      const auto weights = a.view().row_values(i);
      for (int64_t j = 0; j < 40; ++j) {
        double exact = 0;
        double magnitude = 0;
        for (size_t k = 0; k < columns.size() && j < width; ++k) {
          const double product = double{weights[k]} * double{x.at(columns[k], j)};
          exact += product;
          magnitude += std::abs(product);
        }
        if (j >= width) exact = 7;  // past the result nothing is written
        ASSERT_NEAR(y.at(i, j), exact, j < width ? 0x1p-24 * magnitude + 1e-30 : 0.0)
            << width << ": " << i << ", " << j;
      }
    }
  }
}

TEST_F(SparseCudaTest, NothingToDo) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Workspace workspace(*stream);
  const CsrMatrix none;
  const auto matrix = SparseMatrix::Of(*stream, none.view());
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_TRUE(SparseTimesDense(*stream, workspace, *matrix, {}, 0, SumIn::kFloat, {}).ok());
}

}  // namespace
}  // namespace burgeon::cuda
