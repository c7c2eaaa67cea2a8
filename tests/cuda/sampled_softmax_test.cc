// What engine/ops/sampled_softmax_cuda.h cannot show: nothing to do is done without a launch, and
// one query by hand. The formula is held to its reference in
// tests/engine/ops/sampled_softmax_cuda_test.cc, and the source of the tiles in
// softmax_tile_test.cc.
#include "cuda/sampled_softmax.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cuda/device_buffer.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

class SampledSoftmaxTest : public CudaDeviceTest {};

TEST_F(SampledSoftmaxTest, NothingToDo) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_TRUE(SampledSoftmax(*stream, {.dim = 8}, nullptr, {}).ok());
}

// q = (1, 0), p = (2, 1), c = (0, 3), (1, 1); T = 1: logits 2, 0, 1.
TEST_F(SampledSoftmaxTest, OneQueryByHand) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto q = DeviceBuffer<float>::Of(*stream, std::vector<float>{1, 0});
  const auto p = DeviceBuffer<float>::Of(*stream, std::vector<float>{2, 1});
  const auto c = DeviceBuffer<float>::Of(*stream, std::vector<float>{0, 3, 1, 1});
  const auto loss = DeviceBuffer<float>::Allocate(*stream, 1);
  const auto dq = DeviceBuffer<float>::Allocate(*stream, 2);
  const auto dp = DeviceBuffer<float>::Allocate(*stream, 2);
  const auto dc = DeviceBuffer<float>::Allocate(*stream, 4);
  ASSERT_TRUE(q.ok() && p.ok() && c.ok() && loss.ok() && dq.ok() && dp.ok() && dc.ok());
  const SampledSoftmaxView view = {.queries = q->data(),
                                   .positives = p->data(),
                                   .candidates = c->data(),
                                   .query_count = 1,
                                   .candidate_count = 2,
                                   .dim = 2};
  const absl::Status status =
      SampledSoftmax(*stream, view, loss->data(), {dq->data(), dp->data(), dc->data()});
  ASSERT_TRUE(status.ok()) << status;
  std::vector<float> got(1);
  ASSERT_TRUE(loss->CopyToHost(std::span(got)).ok());
  const double total = std::exp(2.0) + 1 + std::exp(1.0);
  EXPECT_NEAR(got[0], std::log(total) - 2, 1e-5);
  const double share[] = {1 / total, std::exp(1.0) / total};  // of the candidates
  got.resize(2);
  ASSERT_TRUE(dq->CopyToHost(std::span(got)).ok());
  const double missed = share[0] + share[1];
  EXPECT_NEAR(got[0], share[1] - 2 * missed, 0.01);
  EXPECT_NEAR(got[1], 3 * share[0] + share[1] - missed, 0.01);
  ASSERT_TRUE(dp->CopyToHost(std::span(got)).ok());
  EXPECT_NEAR(got[0], -missed, 0.01);
  EXPECT_NEAR(got[1], 0, 1e-6);
  got.resize(4);
  ASSERT_TRUE(dc->CopyToHost(std::span(got)).ok());
  EXPECT_NEAR(got[0], share[0], 0.01);
  EXPECT_NEAR(got[2], share[1], 0.01);
}

}  // namespace
}  // namespace burgeon::cuda
