// Top-k cases on device memory: what the tests of the forms of cuda/top_k.h have in common.
#ifndef BURGEON_TESTS_CUDA_TOP_K_DEVICE_H_
#define BURGEON_TESTS_CUDA_TOP_K_DEVICE_H_

#include <gtest/gtest.h>

#include <bit>
#include <functional>
#include <vector>

#include "cuda/device_buffer.h"
#include "cuda/top_k.h"
#include "tests/support/top_k_cases.h"

namespace burgeon::cuda {

using TopKForm = std::function<absl::Status(const TopKView& view, int64_t kept, TopKLists lists)>;

// Lists of `c` by one form: the same rows and the same bits of scores as `wanted`.
inline void ExpectLists(const Stream& stream, const TopKInput& input, int64_t k,
                        const TopKForm& form, const TopKResult& wanted) {
  const auto queries = DeviceBuffer<float>::Of(stream, input.queries);
  const auto items = DeviceBuffer<float>::Of(stream, input.items);
  const auto offsets = DeviceBuffer<int64_t>::Of(stream, input.excluded.offsets);
  const auto columns = DeviceBuffer<uint32_t>::Of(stream, input.excluded.columns);
  const auto allowed = DeviceBuffer<uint64_t>::Of(stream, input.allowed);
  ASSERT_TRUE(queries.ok() && items.ok() && offsets.ok() && columns.ok() && allowed.ok());
  const int64_t kept = PlanTopK(input.queries.rows, input.items.rows, k).kept;
  const int64_t entries = input.queries.rows * kept;
  const auto rows = DeviceBuffer<uint32_t>::Allocate(stream, entries);
  const auto scores = DeviceBuffer<float>::Allocate(stream, entries);
  const auto counts = DeviceBuffer<int32_t>::Allocate(stream, input.queries.rows);
  ASSERT_TRUE(rows.ok() && scores.ok() && counts.ok());
  const TopKView view = {.queries = queries->data(),
                         .query_count = input.queries.rows,
                         .rows = items->data(),
                         .row_count = input.items.rows,
                         .dim = input.items.cols,
                         .excluded_offsets = offsets->data(),
                         .excluded_columns = columns->data(),
                         .allowed = allowed->data()};
  const absl::Status status = form(view, kept, {rows->data(), scores->data(), counts->data()});
  ASSERT_TRUE(status.ok()) << status;

  std::vector<uint32_t> host_rows(static_cast<size_t>(entries));
  std::vector<float> host_scores(static_cast<size_t>(entries));
  std::vector<int32_t> host_counts(static_cast<size_t>(input.queries.rows));
  ASSERT_TRUE(rows->CopyToHost(std::span(host_rows)).ok());
  ASSERT_TRUE(scores->CopyToHost(std::span(host_scores)).ok());
  ASSERT_TRUE(counts->CopyToHost(std::span(host_counts)).ok());
  for (int64_t q = 0; q < input.queries.rows; ++q) {
    const auto list = wanted.list(q);
    ASSERT_EQ(host_counts[static_cast<size_t>(q)], static_cast<int64_t>(list.size())) << q;
    for (size_t i = 0; i < list.size(); ++i) {
      const size_t at = static_cast<size_t>(q * kept) + i;
      ASSERT_EQ(host_rows[at], list[i].item.value) << "query " << q << ", place " << i;
      ASSERT_EQ(std::bit_cast<uint32_t>(host_scores[at]), std::bit_cast<uint32_t>(list[i].score))
          << "query " << q << ", place " << i;
    }
  }
}

inline void ExpectBruteForce(const Stream& stream, const TopKCase& c, const TopKForm& form) {
  SCOPED_TRACE(c.name);
  if (c.queries.rows() == 0 || c.items.rows() == 0) return;  // TopK itself sees to these
  ExpectLists(stream, c.input(), c.k, form, BruteForceTopK(c.input(), c.k));
}

}  // namespace burgeon::cuda

#endif  // BURGEON_TESTS_CUDA_TOP_K_DEVICE_H_
