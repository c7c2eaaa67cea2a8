#include "cuda/gram.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cuda/device_buffer.h"
#include "engine/base/matrix.h"
#include "engine/base/philox.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

TEST(PlanGramTest, RunsCoverTheRowsWithinTheMemoryForPartialSums) {
  for (const int64_t rows : {0, 1, 255, 256, 257, 5000, 1'000'000, 20'000'000}) {
    for (const int64_t dim : {1, 33, 256, 1024, 5000}) {
      const GramRuns runs = PlanGram(rows, dim);
      EXPECT_GE(runs.count * runs.rows, rows) << rows << " " << dim;
      EXPECT_LT((runs.count - 1) * runs.rows, std::max<int64_t>(1, rows)) << rows << " " << dim;
      EXPECT_LE(runs.count, 256);
      if (runs.count > 1) {
        EXPECT_LE(runs.count * dim * dim * 8, int64_t{128} << 20);
      }
    }
  }
}

class GramCudaTest : public CudaDeviceTest {};

TEST_F(GramCudaTest, IsTheSumInDoubleRounded) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const Philox random(9, 0);
  for (const int64_t dim : {1, 15, 17, 33, 64, 65, 130}) {
    for (const int64_t rows : {0, 1, 31, 1023}) {
      FloatMatrix matrix(rows, dim);
      for (size_t i = 0; i < matrix.values().size(); ++i) {
        matrix.values()[i] = static_cast<float>(random.Normal(i));
      }
      const auto on_device = DeviceBuffer<float>::Of(*stream, std::as_const(matrix).view());
      const auto gram = DeviceBuffer<float>::Allocate(*stream, dim * dim);
      ASSERT_TRUE(on_device.ok() && gram.ok());
      ASSERT_TRUE(Gram(*stream, on_device->data(), rows, dim, gram->data()).ok());
      FloatMatrix result(dim, dim);
      ASSERT_TRUE(gram->CopyToHost(std::span(result.values())).ok());
      for (int64_t i = 0; i < dim; ++i) {
        for (int64_t j = 0; j < dim; ++j) {
          double sum = 0;
          for (int64_t r = 0; r < rows; ++r) {
            sum += static_cast<double>(matrix.at(r, i)) * matrix.at(r, j);
          }
          ASSERT_NEAR(result.at(i, j), sum, 1e-6 * static_cast<double>(rows))
              << rows << " x " << dim << " at " << i << ", " << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace burgeon::cuda
