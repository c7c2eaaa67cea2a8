// Top-k on device memory, with tiles so small that lists grow over many of them.
#include "cuda/top_k.h"

#include <gtest/gtest.h>

#include <vector>

#include "cuda/device_buffer.h"
#include "tests/support/cuda_device.h"
#include "tests/support/top_k_cases.h"

namespace burgeon::cuda {
namespace {

class TopKTest : public CudaDeviceTest {
 protected:
  // Lists of `c` as (row, score), by tiles of at most `keys` keys and `rows` rows.
  void ExpectBruteForce(const TopKCase& c, int64_t keys, int64_t rows) {
    SCOPED_TRACE(Concat(c.name, ", tiles of ", keys, " keys and ", rows, " rows"));
    const auto stream = Stream::Create(device_.ordinal);
    ASSERT_TRUE(stream.ok()) << stream.status();
    const TopKInput input = c.input();
    const auto queries = DeviceBuffer<float>::Of(*stream, input.queries);
    const auto items = DeviceBuffer<float>::Of(*stream, input.items);
    const auto offsets = DeviceBuffer<int64_t>::Of(*stream, input.excluded.offsets);
    const auto columns = DeviceBuffer<uint32_t>::Of(*stream, input.excluded.columns);
    const auto allowed = DeviceBuffer<uint64_t>::Of(*stream, input.allowed);
    ASSERT_TRUE(queries.ok() && items.ok() && offsets.ok() && columns.ok() && allowed.ok());
    const TopKTiling tiling = PlanTopK(input.queries.rows, input.items.rows, c.k, keys, rows);
    const int64_t entries = input.queries.rows * tiling.kept;
    const auto list_rows = DeviceBuffer<uint32_t>::Allocate(*stream, entries);
    const auto scores = DeviceBuffer<float>::Allocate(*stream, entries);
    const auto counts = DeviceBuffer<int32_t>::Allocate(*stream, input.queries.rows);
    ASSERT_TRUE(list_rows.ok() && scores.ok() && counts.ok());
    const TopKView view = {.queries = queries->data(),
                           .query_count = input.queries.rows,
                           .rows = items->data(),
                           .row_count = input.items.rows,
                           .dim = input.items.cols,
                           .excluded_offsets = offsets->data(),
                           .excluded_columns = columns->data(),
                           .allowed = allowed->data()};
    const absl::Status status =
        TopK(*stream, view, tiling, {list_rows->data(), scores->data(), counts->data()});
    ASSERT_TRUE(status.ok()) << status;

    std::vector<uint32_t> host_rows(static_cast<size_t>(entries));
    std::vector<int32_t> host_counts(static_cast<size_t>(input.queries.rows));
    ASSERT_TRUE(list_rows->CopyToHost(std::span(host_rows)).ok());
    ASSERT_TRUE(counts->CopyToHost(std::span(host_counts)).ok());
    const TopKResult wanted = BruteForceTopK(input, c.k);
    for (int64_t q = 0; q < input.queries.rows; ++q) {
      const auto list = wanted.list(q);
      ASSERT_EQ(host_counts[static_cast<size_t>(q)], static_cast<int64_t>(list.size())) << q;
      for (size_t i = 0; i < list.size(); ++i) {
        ASSERT_EQ(host_rows[static_cast<size_t>(q * tiling.kept) + i], list[i].item.value)
            << "query " << q << ", place " << i;
      }
    }
  }
};

TEST_F(TopKTest, ListsGrowOverManyTiles) {
  for (const TopKCase& c : TopKCases()) {
    ExpectBruteForce(c, /*keys=*/5000, /*rows=*/64);
    ExpectBruteForce(c, /*keys=*/1, /*rows=*/333);
  }
}

}  // namespace
}  // namespace burgeon::cuda
