// The basis on a device. Its steps are held to their definitions in tridiagonal_test.cc and
// rotate_tile_test.cc; here, that they are put together rightly.
#include "cuda/als_basis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/cuda/tridiagonal_case.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

constexpr int kRows = 70;
constexpr double kLambda = 3;
constexpr float kUnobservedWeight = 0.5F;

class AlsBasisTest : public CudaDeviceTest {};

// s := L^-1 Q'y, by the host from z = Q'y of the device, goes back to (A + lambda I)^-1 y.
void ExpectInverse(const Stream& stream, int dim) {
  const std::vector<double> gram = RandomGram(dim, 8);
  const Philox random(4, 2);
  std::vector<float> fixed(static_cast<size_t>(kRows * dim));
  for (size_t i = 0; i < fixed.size(); ++i) fixed[i] = static_cast<float>(random.Normal(i));
  const auto gram_on =
      DeviceBuffer<float>::Of(stream, std::vector<float>(gram.begin(), gram.end()));
  const auto fixed_on = DeviceBuffer<float>::Of(stream, fixed);
  ASSERT_TRUE(gram_on.ok() && fixed_on.ok());
  const auto basis =
      AlsBasis::Make(stream, gram_on->data(), dim, kUnobservedWeight, fixed_on->data(), kRows);
  ASSERT_TRUE(basis.ok()) << basis.status();
  const int width = basis->items().width;
  ASSERT_EQ(width, RoundUpToEdge(dim));

  std::vector<double> scaled = gram;
  for (double& value : scaled) value *= static_cast<double>(kUnobservedWeight);
  TridiagonalCase host(scaled);
  host.Reduce(1);
  const std::vector<double> q = host.Basis(1);
  std::vector<float> root(static_cast<size_t>(width));
  InverseRoots(host.t, kLambda, width, root.data());
  std::vector<float> roots;
  std::vector<uint32_t> rows;
  std::vector<float> sums(fixed.size());
  for (int row = 0; row < kRows; ++row) {
    roots.insert(roots.end(), root.begin(), root.end());
    rows.push_back(static_cast<uint32_t>(kRows - 1 - row));
    double e = 0;
    for (int k = 0; k < dim; ++k) {
      double z = 0;
      for (int i = 0; i < dim; ++i) z += q[i * dim + k] * fixed[row * dim + i];
      const double below = k > 0 ? host.t.beside[k - 1] * root[k - 1] : 0;
      e = (z - below * e) * root[k];
      sums[row * dim + k] = static_cast<float>(e);
    }
  }
  const auto rows_on = DeviceBuffer<uint32_t>::Of(stream, rows);
  const auto roots_on = DeviceBuffer<float>::Of(stream, roots);
  const auto factors_on = DeviceBuffer<float>::Of(stream, sums);
  ASSERT_TRUE(rows_on.ok() && roots_on.ok() && factors_on.ok());
  const absl::Status status =
      basis->RotateBack(stream, rows_on->data(), kRows, roots_on->data(), factors_on->data());
  ASSERT_TRUE(status.ok()) << status;
  std::vector<float> x(fixed.size());
  ASSERT_TRUE(factors_on->CopyToHost(std::span(x)).ok());
  for (int row = 0; row < kRows; ++row) {
    for (int i = 0; i < dim; ++i) {
      double product = kLambda * x[row * dim + i];
      for (int j = 0; j < dim; ++j) product += scaled[i * dim + j] * x[row * dim + j];
      ASSERT_NEAR(product, fixed[row * dim + i], 2e-3) << dim << ": " << row << ", " << i;
    }
  }
}

TEST_F(AlsBasisTest, ThereAndBackIsTheInverse) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const int dim : {1, 2, 5, 33, 256}) ExpectInverse(*stream, dim);
}

// z of the device has the lengths and products of y.
TEST_F(AlsBasisTest, RotationKeepsProducts) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  constexpr int kDim = 30;
  const Philox random(4, 3);
  std::vector<float> fixed(kRows * kDim);
  for (size_t i = 0; i < fixed.size(); ++i) fixed[i] = static_cast<float>(random.Normal(i));
  const std::vector<double> gram = RandomGram(kDim, 60);
  const auto gram_on =
      DeviceBuffer<float>::Of(*stream, std::vector<float>(gram.begin(), gram.end()));
  const auto fixed_on = DeviceBuffer<float>::Of(*stream, fixed);
  ASSERT_TRUE(gram_on.ok() && fixed_on.ok());
  const auto basis = AlsBasis::Make(*stream, gram_on->data(), kDim, 1, fixed_on->data(), kRows);
  ASSERT_TRUE(basis.ok()) << basis.status();
  ASSERT_EQ(basis->items().width, 32);
  std::vector<float> z(kRows * 32);
  ASSERT_TRUE(basis->rotated().CopyToHost(std::span(z)).ok());
  for (int a = 0; a < kRows; ++a) {
    for (int b = 0; b <= a; ++b) {
      double before = 0;
      double after = 0;
      for (int k = 0; k < kDim; ++k) {
        before += static_cast<double>(fixed[a * kDim + k]) * fixed[b * kDim + k];
        after += static_cast<double>(z[a * 32 + k]) * z[b * 32 + k];
      }
      ASSERT_NEAR(after, before, 1e-4) << a << ", " << b;
    }
    EXPECT_EQ(z[a * 32 + 30], 0.0F);
    EXPECT_EQ(z[a * 32 + 31], 0.0F);
  }
}

}  // namespace
}  // namespace burgeon::cuda
