// Top-k by sorting, with tiles so small that lists grow over many of them.
#include "cuda/top_k_sort.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/cuda/top_k_device.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class TopKSortTest : public CudaDeviceTest {};

TEST_F(TopKSortTest, ListsGrowOverManyTiles) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const TopKCase& c : TopKCases()) {
    for (const auto& [keys, rows] : {std::pair{5000, 64}, std::pair{1, 333}}) {
      ExpectBruteForce(*stream, c, [&](const TopKView& view, int64_t kept, TopKLists lists) {
        return TopKSort(*stream, view, {.count = view.query_count},
                        PlanTopK(view.query_count, view.row_count, kept, keys, rows), lists);
      });
    }
  }
}

// All queries are listed, by two calls that choose every third query and the others.
TEST_F(TopKSortTest, ChosenQueriesGoWhereTheyBelong) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  for (const TopKCase& c : TopKCases()) {
    ExpectBruteForce(
        *stream, c, [&](const TopKView& view, int64_t kept, TopKLists lists) -> absl::Status {
          std::vector<int64_t> ids[2];
          for (int64_t q = view.query_count - 1; q >= 0; --q) ids[q % 3 == 0].push_back(q);
          for (const auto& part : ids) {
            if (part.empty()) continue;
            BURGEON_ASSIGN_OR_RETURN(const auto chosen, DeviceBuffer<int64_t>::Of(*stream, part));
            BURGEON_RETURN_IF_ERROR(TopKSort(*stream, view, {chosen.data(), chosen.size()},
                                             PlanTopK(chosen.size(), view.row_count, kept, 4000),
                                             lists));
          }
          return absl::OkStatus();
        });
  }
}

}  // namespace
}  // namespace burgeon::cuda
