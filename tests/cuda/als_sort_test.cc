#include "cuda/als_sort.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class AlsSortTest : public CudaDeviceTest {};

// Row u has u % 40 entries.
TEST_F(AlsSortTest, EveryRowIsInItsClassOnce) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  constexpr int kRows = 1'000;
  std::vector<int64_t> offsets = {0};
  for (int row = 0; row < kRows; ++row) offsets.push_back(offsets.back() + row % 40);
  const auto offsets_on = DeviceBuffer<int64_t>::Of(*stream, offsets);
  const auto columns_on = DeviceBuffer<uint32_t>::Of(
      *stream, std::vector<uint32_t>(static_cast<size_t>(offsets.back())));
  // T of two dimensions: its eigenvalues are 0 and 2.
  std::vector<double> t = {1, 1, 1, 0, 2};
  const auto t_on = DeviceBuffer<double>::Of(*stream, t);
  ASSERT_TRUE(offsets_on.ok() && columns_on.ok() && t_on.ok());
  const AlsStepView view = {
      .offsets = offsets_on->data(), .columns = columns_on->data(), .row_count = kRows};
  const Tridiagonal tridiagonal = {
      .dim = 2, .diagonal = t_on->data(), .beside = t_on->data() + 2, .bound = t_on->data() + 4};
  const auto counted = CountRowsUpTo(*stream, view, 12);
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(*counted, kRows / 40 * 12);

  const ItemLimits limits = {{4, 4, 8, 12, 12, 12}};
  // lambda is 1e-6 times the entries, too little for fp32 up to about 20 of them; and 1.
  for (const float exponent : {1.0F, 0.0F}) {
    const RowProblem problem = {.fixed_count = 1,
                                .dim = 2,
                                .regularization = exponent > 0 ? 1e-6F : 1.0F,
                                .regularization_exponent = exponent};
    const auto sorted = SortRows(*stream, view, problem, limits, tridiagonal);
    ASSERT_TRUE(sorted.ok()) << sorted.status();
    std::vector<uint32_t> rows(kRows);
    ASSERT_TRUE(sorted->rows.CopyToHost(std::span(rows)).ok());
    EXPECT_EQ(std::set<uint32_t>(rows.begin(), rows.end()).size(), size_t{kRows});
    EXPECT_EQ(sorted->begin(kRowClasses), kRows);
    EXPECT_EQ(sorted->item_rows(), exponent > 0 ? 0 : kRows / 40 * 12);
    for (int c = 0; c < kRowClasses; ++c) {
      for (int64_t at = sorted->begin(c); at < sorted->begin(c + 1); ++at) {
        const int count = static_cast<int>(rows[static_cast<size_t>(at)]) % 40;
        EXPECT_EQ(c, c < kItemClasses ? ItemClass(limits, count) : FactorClass(count));
      }
    }
  }
}

}  // namespace
}  // namespace burgeon::cuda
