// cuda/als_step.h on the cases of tests/support/als_step_cases.h, in a form of the test's choice.
#ifndef BURGEON_TESTS_CUDA_ALS_ON_DEVICE_H_
#define BURGEON_TESTS_CUDA_ALS_ON_DEVICE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cuda/als_step.h"
#include "cuda/device_buffer.h"
#include "engine/base/philox.h"
#include "tests/support/als_step_cases.h"

namespace burgeon::cuda {

inline absl::StatusOr<FloatMatrix> StepOnDevice(const Stream& stream, const AlsStepCase& c,
                                                AlsForm form) {
  BURGEON_ASSIGN_OR_RETURN(const auto offsets, DeviceBuffer<int64_t>::Of(stream, c.rows.offsets));
  BURGEON_ASSIGN_OR_RETURN(const auto columns, DeviceBuffer<uint32_t>::Of(stream, c.rows.columns));
  BURGEON_ASSIGN_OR_RETURN(const auto values, DeviceBuffer<float>::Of(stream, c.rows.values));
  BURGEON_ASSIGN_OR_RETURN(const auto fixed, DeviceBuffer<float>::Of(stream, c.fixed.values()));
  BURGEON_ASSIGN_OR_RETURN(const auto factors, DeviceBuffer<float>::Of(stream, c.start.values()));
  BURGEON_RETURN_IF_ERROR(AlsStep(stream,
                                  {.offsets = offsets.data(),
                                   .columns = columns.data(),
                                   .values = values.data(),
                                   .row_count = c.start.rows(),
                                   .fixed = fixed.data(),
                                   .fixed_count = c.fixed.rows(),
                                   .dim = c.fixed.cols(),
                                   .factors = factors.data()},
                                  {.unobserved_weight = c.params.unobserved_weight,
                                   .regularization = c.params.regularization,
                                   .regularization_exponent = c.params.regularization_exponent,
                                   .block_size = c.params.block_size,
                                   .form = form}));
  FloatMatrix got = c.start;
  BURGEON_RETURN_IF_ERROR(factors.CopyToHost(std::span<float>(got.values())));
  return got;
}

inline void ExpectStepMatchesReference(const Stream& stream, const AlsStepCase& c, AlsForm form) {
  SCOPED_TRACE(c.name);
  const auto got = StepOnDevice(stream, c, form);
  ASSERT_TRUE(got.ok()) << got.status();
  const DoubleMatrix want = ReferenceAlsStep(c);
  for (int64_t row = 0; row < got->rows(); ++row) {
    double largest = 0;
    for (const double x : want.row(row)) largest = std::max(largest, std::abs(x));
    for (int64_t j = 0; j < got->cols(); ++j) {
      ASSERT_NEAR(got->at(row, j), want.at(row, j), 5e-4 * largest)
          << "form " << static_cast<int>(form) << ": row " << row << ", dimension " << j;
    }
  }
}

// `rows` rows over 250 items, of 0, step, 2 step .. entries, with weights.
inline AlsStepCase LengthsCase(int64_t rows, int64_t step, int64_t dim) {
  constexpr int64_t kItems = 250;
  const Philox random(6, 0);
  AlsStepCase c;
  c.name = Concat(rows, " lengths, dim ", dim);
  c.params = {.unobserved_weight = 0.1F, .regularization = 0.01F};
  c.rows.cols = kItems;
  c.fixed = FloatMatrix(kItems, dim);
  c.start = FloatMatrix(rows, dim);
  for (size_t i = 0; i < c.fixed.values().size(); ++i) {
    c.fixed.values()[i] = static_cast<float>(0.3 * random.Normal(i));
  }
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t count = row * step % (kItems + 1);
    for (int64_t i = 0; i < count; ++i) {
      c.rows.columns.push_back(static_cast<uint32_t>(i * kItems / count));
      c.rows.values.push_back(1 + static_cast<float>((row * 7 + i * 3) % 5) / 10);
    }
    c.rows.offsets.push_back(static_cast<int64_t>(c.rows.columns.size()));
  }
  return c;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_TESTS_CUDA_ALS_ON_DEVICE_H_
