#include "cuda/blas.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cuda/device_buffer.h"
#include "engine/base/matrix.h"
#include "engine/base/sum_order.h"
#include "tests/support/cuda_device.h"
#include "tests/support/sparse_cases.h"

namespace burgeon::cuda {
namespace {

TEST(BlasStatusTest, CodesByKind) {
  EXPECT_TRUE(BlasStatus(0, "x").ok());
  EXPECT_EQ(BlasStatus(3, "x").code(), absl::StatusCode::kResourceExhausted);  // ALLOC_FAILED
  EXPECT_EQ(BlasStatus(8, "x").code(), absl::StatusCode::kUnavailable);        // ARCH_MISMATCH
  EXPECT_EQ(BlasStatus(13, "a product").code(), absl::StatusCode::kInternal);
  EXPECT_EQ(MessageOf(BlasStatus(13, "a product")).substr(0, 19), "cuBLAS: a product: ");
}

class BlasCudaTest : public CudaDeviceTest {};

// Every combination of transposes and strides, beside sums in double.
TEST_F(BlasCudaTest, ProductsOfRowMajorMatrices) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto blas = Blas::Create(*stream);
  ASSERT_TRUE(blas.ok()) << blas.status();
  constexpr int64_t kM = 7, kN = 12, kK = 33, kPad = 5;
  for (const Transpose ta : {Transpose::kNo, Transpose::kYes}) {
    for (const Transpose tb : {Transpose::kNo, Transpose::kYes}) {
      for (const float beta : {0.0F, -2.0F}) {
        const bool a_turned = ta == Transpose::kYes;
        const bool b_turned = tb == Transpose::kYes;
        const FloatMatrix a = NormalMatrix(a_turned ? kK : kM, (a_turned ? kM : kK) + kPad, 1);
        const FloatMatrix b = NormalMatrix(b_turned ? kN : kK, (b_turned ? kK : kN) + kPad, 2);
        const FloatMatrix c = NormalMatrix(kM, kN + kPad, 3);
        const auto da = DeviceBuffer<float>::Of(*stream, a.view());
        const auto db = DeviceBuffer<float>::Of(*stream, b.view());
        const auto dc = DeviceBuffer<float>::Of(*stream, c.view());
        ASSERT_TRUE(da.ok() && db.ok() && dc.ok());
        const absl::Status status =
            blas->Gemm({.a = ta, .b = tb, .m = kM, .n = kN, .k = kK}, 0.5F, {da->data(), a.cols()},
                       {db->data(), b.cols()}, beta, {dc->data(), c.cols()});
        ASSERT_TRUE(status.ok()) << status;
        FloatMatrix found(kM, kN + kPad);
        ASSERT_TRUE(dc->CopyToHost(found.view()).ok());
        for (int64_t i = 0; i < kM; ++i) {
          for (int64_t j = 0; j < kN + kPad; ++j) {
            double exact = double{beta} * double{c.at(i, j)};
            double magnitude = std::abs(exact);
            for (int64_t k = 0; k < kK && j < kN; ++k) {
              const double product = 0.5 * double{a_turned ? a.at(k, i) : a.at(i, k)} *
                                     double{b_turned ? b.at(j, k) : b.at(k, j)};
              exact += product;
              magnitude += std::abs(product);
            }
            if (j >= kN) exact = c.at(i, j);  // past the matrix nothing is written
            ASSERT_NEAR(found.at(i, j), exact, j < kN ? SumErrorBound(kK + 2) * magnitude : 0.0);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace burgeon::cuda
