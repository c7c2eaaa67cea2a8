#include "engine/index/faiss_guard.h"

#include <faiss/impl/FaissException.h>
#include <faiss/utils/distances.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <limits>
#include <new>
#include <stdexcept>

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(GuardFaiss, TurnsExceptionsIntoStatus) {
  const absl::Status faiss_error =
      GuardFaiss("building", [] { throw faiss::FaissException("not enough points"); });
  EXPECT_EQ(faiss_error.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(MessageOf(faiss_error), HasSubstr("building: FAISS: not enough points"));
  EXPECT_EQ(GuardFaiss("building", [] { throw std::bad_alloc(); }).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GuardFaiss("building", [] { throw std::length_error("vector"); }).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(GuardFaiss, RunsOnOneOpenMpThreadWithoutBlasAndPutsTheThreadsBack) {
  omp_set_num_threads(3);
  int inside = 0;
  int threshold = 0;
  ASSERT_TRUE(GuardFaiss("looking", [&] {
                inside = omp_get_max_threads();
                threshold = faiss::distance_compute_blas_threshold;
              }).ok());
  EXPECT_EQ(inside, 1);
  EXPECT_EQ(threshold, std::numeric_limits<int>::max());
  EXPECT_EQ(omp_get_max_threads(), 3);
  ASSERT_FALSE(GuardFaiss("failing", [] { throw std::bad_alloc(); }).ok());
  EXPECT_EQ(omp_get_max_threads(), 3);
}

}  // namespace
}  // namespace burgeon
